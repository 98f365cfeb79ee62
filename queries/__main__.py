"""The command line: python -m queries COMMAND.

load, changes, map, convert, show, reconcile, list, check, audit, generations; for what people wrote
backup, restore, export, key and forget; and grant, for who may sign in.
"""

import contextlib
import csv
import io
import json
import math
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from threading import Event

import duckdb

from queries import access, accounts, changes, choices, convert, database, forgetting, load
from queries.absence import theirs
from queries.arguments import parser
from queries.convert import mapping as mappings
from queries.convert.first_rows import first_rows
from queries.convert.unpack import unpack
from queries.disk import is_full, is_open_to_others, keep_private
from queries.load import publish, watch
from queries.load.time_left import Steps
from queries.selection import Selection
from queries.team import archive, journal, locked, looks, records, store
from queries.team.wholes import Whole

PUBLISHED, REFUSED, WRONG_USAGE, ASKED = 0, 1, 2, 3

# Who can run this can read the file of the generation anyway; what they list is recorded.
COMMAND_LINE = access.Viewer("the command line", "admin", None, access.NAMES)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 refused or found wanting, 2 wrong usage."""
    options = parser(__doc__).parse_args(arguments)
    if options.home:
        os.environ["ROUNDTABLE_HOME"] = str(options.home)
    try:
        return _COMMANDS[options.command](options)
    except (database.NoData, load.Refused, store.StoreProblem) as problem:
        _say(str(problem))
        return REFUSED
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError, duckdb.Error) as problem:
        _say(f"{type(problem).__name__}: {problem}")
        return REFUSED


def _load(options) -> int:
    if options.watch:
        return _watch(options)
    steps = Steps(database.home(), "load", _say)
    try:
        report = convert.load(
            options.folder,
            database.home(),
            options.mapping,
            dry_run=options.dry_run,
            progress=steps,
            minimum=options.minimum,
            accept_losses=options.accept_losses,
            release=options.release,
            add=options.add,
            source=options.source,
        )
        if not options.dry_run:
            steps.keep()
    except load.Refused as refused:
        report = refused.report
    except convert.MappingProblem as problem:
        return _asked(options, str(problem))
    if options.json:
        _print(json.dumps(report.as_dict(), default=str, ensure_ascii=False, indent=2))
    else:
        _print(_report_text(report, options.dry_run))
    return REFUSED if report.refusals else PUBLISHED


def _changes(options) -> int:
    """What would change, without changing it; 1 where the folder would be refused."""
    # It loads, so it takes what a load takes, and the load of the same files takes as long.
    steps = Steps(database.home(), "load", _say)
    try:
        would = changes.of(options.folder, database.home(), options.mapping, steps, add=options.add)
    except convert.MappingProblem as problem:
        return _asked(options, str(problem))
    if not would.report.refusals:
        steps.keep()
    if options.json:
        _print(json.dumps(would.as_dict(), default=str, ensure_ascii=False, indent=2))
    else:
        _print("\n".join([*map(str, would.report.findings), ""]))
        if would.schools:
            _print(_table(list(would.schools[0]), would.schools))
    return REFUSED if would.report.refusals else PUBLISHED


def _asked(options, problem: str) -> int:
    """Say why a foreign folder cannot be followed, and what to do."""
    if getattr(options, "json", False):
        _print(json.dumps({"problem": problem}, ensure_ascii=False))
        return REFUSED
    _say(f"{problem}\n")
    _say(f"python -m queries map {options.folder} writes down what it is taken for, and asks.")
    return REFUSED


def _map(options) -> int:
    unpacked: list[str] = []
    if options.unpack:
        _say("unpacking")
        unpack(options.folder, unpacked)
    try:
        looked = convert.look(options.folder, options.mapping, progress=_said_of(options))
    except convert.MappingProblem as wrong:
        _say(str(wrong))
        return WRONG_USAGE
    mapping, sheets, found = looked
    problems = [*unpacked, *map(str, found)]
    for problem in problems:
        _say(problem)
    if options.json:
        told = mappings.as_dict(mapping) | {"problems": problems}
        told["is_foreign"] = convert.is_foreign(options.folder)
        for one, given, sheet in zip(mapping.sheets, told["sheets"], sheets, strict=True):
            given |= first_rows(one, sheet, options.first_rows)
        _print(json.dumps(told, ensure_ascii=False, indent=2))
    if not any(one.holds.value for one in mapping.sheets):
        _print(mappings.in_words(mapping))
        _say(
            f"Nothing in {options.folder} is known here: no file says who was absent on which day."
        )
        return REFUSED
    file = options.out or options.folder / mappings.NAME
    lies_there = file.exists() and not options.out
    if not lies_there:
        file.write_text(mappings.written(mapping), "utf-8")
    if not options.json:
        _print(mappings.in_words(mapping))
        wrote = (
            f"{file} lies there already and was left as it is" if lies_there else f"Wrote {file}"
        )
        _print(f"{wrote}. Answer its questions, if any, and load the folder.")
    return ASKED if mapping.questions() else PUBLISHED


def _said_of(options) -> Callable[[str], None] | None:
    """What says how far a look is: with --json, where standard output is for the answer alone."""
    return _say if options.json else None


def _convert(options) -> int:
    if options.out.exists() and any(options.out.iterdir()):
        _say(f"{options.out} is not empty; name a new folder.")
        return WRONG_USAGE
    try:
        result = convert.convert(options.folder, options.mapping)
    except convert.MappingProblem as problem:
        return _asked(options, str(problem))
    _print("\n".join(map(str, result.findings)))
    convert.write(result, options.out)
    counts = ", ".join(f"{name} {len(table):,}" for name, table in result.files.items())
    _print(f"Wrote {options.out}: rows of {counts}.")
    return REFUSED if any(one.kind == "refused" for one in result.findings) else PUBLISHED


def _watch(options) -> int:
    """Load each new export until Ctrl-C or SIGTERM, whatever is under way then."""
    if options.dry_run or options.json or options.accept_losses:
        _say("--watch goes without --dry-run, --json and --accept-losses.")
        return WRONG_USAGE
    ended = Event()

    def end(*_) -> None:
        # DuckDB makes an error of its own of what is raised while it reckons.
        ended.set()
        raise KeyboardInterrupt

    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, end)
    how = {
        "loading": partial(_load_once, mapping=options.mapping),
        "foreign": lambda folder: bool(options.mapping) or convert.is_foreign(folder),
        "minimum": options.minimum,
        "release": options.release,
        "add": options.add,
    }
    _say_now(f"Watching {options.folder} every {options.every:g} seconds. Ctrl-C ends it.")
    with contextlib.suppress(KeyboardInterrupt):
        watch.watch(options.folder, database.home(), _say_now, ended, options.every, **how)
    _say_now("Stopped watching. What was published stays.")
    return PUBLISHED


def _load_once(folder: Path, home: Path, mapping: Path | None, **options) -> load.Report:
    """Load as `load` does; what a mapping leaves open refuses, and stands on Data health too."""
    try:
        return convert.load(folder, home, mapping, **options)
    except convert.MappingProblem as problem:
        asks = f"python -m queries map {folder} writes down what it is taken for, and asks"
        open_question = load.Finding(folder.name, None, None, None, str(problem), asks, "refused")
        refused = load.Refused(load.Report(None, findings=(open_question,)))
        publish.keep_refusal(home, folder, refused)
        raise refused from problem


def _say_now(line: str) -> None:
    """A line that stands in the file or the journal that a service writes to, at once."""
    _print(line)
    sys.stdout.flush()


def _report_text(report: load.Report, dry_run: bool) -> str:
    lines = [str(finding) for finding in report.findings]
    if report.files:
        lines += [
            "",
            f"{'file':<22}{'rows in':>12}{'accepted':>12}{'set aside':>12}{'repaired':>12}",
        ]
        lines += [
            f"{file.file:<22}{file.rows_in:>12,}{file.accepted:>12,}"
            f"{file.set_aside:>12,}{file.repaired:>12,}"
            for file in report.files
        ]
        lines.append("")
    if report.refusals:
        lines.append("Refused: nothing was changed, and what was published before is still served.")
    elif dry_run:
        lines.append(f"This folder would be published. Checked in {report.seconds:.1f} seconds.")
    else:
        lines.append(f"Published {report.generation} in {report.seconds:.1f} seconds.")
    return "\n".join(lines)


def _show(options) -> int:
    if options.question not in questions():
        _say(f"There is no question {options.question!r}. There are:\n  " + _listed(questions()))
        return WRONG_USAGE
    selection = replace(_selection(options), generation=_generation())
    problem = _unknown_choice(selection)
    if problem:
        _say(problem)
        return WRONG_USAGE
    viewer = access.EVERYBODY if options.share else COMMAND_LINE
    try:
        rows = database.records(options.question, selection, viewer)
    except access.NotShown as reason:
        _say(str(reason))
        return WRONG_USAGE
    columns = list(rows[0]) if rows else database.columns(options.question, selection, viewer)
    _print(_WRITERS[options.format](columns, rows))
    return 0


def _reconcile(options) -> int:
    """From the number here to another's, step by step; and with --names whom each step moves."""
    selection = Selection(
        school_year=options.school_year,
        network=options.network,
        school=options.school,
        definition=options.definition,
        other_definition=options.their_definition or options.definition,
        as_of=options.as_of,
        their_number=options.number,
        their_date=options.their_date,
        generation=_generation(),
    )
    problem = _unknown_choice(selection)
    if problem:
        _say(problem)
        return WRONG_USAGE
    if options.students:
        try:
            listed = theirs.read(options.students.read_bytes(), options.students.name)
        except theirs.WrongList as wrong:
            _say(str(wrong))
            return REFUSED
        selection = replace(selection, their_list=listed)
    selection = theirs.explained(selection, COMMAND_LINE)
    if options.names:
        rows = database.records("absence/reconciled_students", selection, COMMAND_LINE)
    else:
        rows = _steps(selection)
    columns = list(rows[0]) if rows else ["step", "student_id"]
    _print(_WRITERS[options.format](columns, rows))
    return 0


def _steps(selection: Selection) -> list[dict]:
    """One row per step; and before what is unexplained, of a number without a list, one per rule
    that may be theirs, with what it would make of the number here."""
    steps = database.records("absence/reconciliation", selection, COMMAND_LINE)
    if selection.their_list is not None:
        return steps
    tried = database.records("absence/rules_tried", selection, COMMAND_LINE)[1:]
    rows = [row | {"would_make_it": None} for row in steps]
    rows[-3:-3] = [
        {name: row[name] for name in ("step", "detail", "what")}
        | {"students": 0, "would_make_it": row["students"]}
        for row in tried
    ]
    return rows


def _generation() -> str:
    """The published generation; on a fresh machine the sample network, as on the pages."""
    return database.current_generation(build_sample=True, progress=_say)


def _selection(options) -> Selection:
    dimension, group_name = options.group or (None, None)
    grades = options.grade or [None]
    return Selection(
        school_year=options.school_year,
        compare_year=options.compare_year,
        compare_administration=options.compare_administration,
        network=options.network,
        neighborhood=options.neighborhood,
        school=options.school,
        grade=grades[0] if len(grades) == 1 else None,
        grades=tuple(grades) if len(grades) > 1 else None,
        dimension=dimension,
        group_name=group_name,
        definition=options.definition,
        other_definition=options.other_definition,
        as_of=options.as_of,
        survey=options.survey,
        respondent_group=options.respondent_group,
        assumed_n=options.assume_n,
    )


def _unknown_choice(selection: Selection) -> str | None:
    """What is wrong with a choice that these data do not hold, and what there is instead."""
    everything = Selection(generation=selection.generation)
    schools = choices.schools(everything)
    years = choices.school_years(everything).school_year
    surveys = choices.surveys(everything)
    groups = choices.groups(everything)
    all_years = sorted({*years, *surveys.school_year}, reverse=True)
    definitions = choices.definitions(everything).name
    held = [
        ("school year", selection.school_year, all_years),
        ("school year", selection.compare_year, all_years),
        ("administration", selection.compare_administration, surveys.administration),
        ("network", selection.network, schools.network),
        ("neighborhood", selection.neighborhood, schools.neighborhood),
        ("school", selection.school, [*schools.school_name, *schools.school_id]),
        *(
            ("grade", one, choices.grades(everything).grade)
            for one in selection.grades or (selection.grade,)
        ),
        ("dimension", selection.dimension, groups.dimension),
        (
            f"group of {selection.dimension}",
            selection.group_name,
            groups.group_name[groups.dimension == selection.dimension],
        ),
        ("definition", selection.definition, definitions),
        ("definition", selection.other_definition, definitions),
        ("survey", selection.survey, [*surveys.survey_name, *surveys.survey]),
        (
            "respondent group",
            selection.respondent_group,
            choices.respondent_groups(everything).respondent_group,
        ),
    ]
    for word, chosen, options in held:
        there_are = list(dict.fromkeys(option for option in options if isinstance(option, str)))
        if chosen is not None and chosen not in there_are:
            return f"There is no {word} {chosen!r}. There are:\n  " + _listed(there_are)
    return None


def _list(options) -> int:
    for question in questions():
        text = (database.QUESTIONS / f"{question}.sql").read_text(encoding="utf-8")
        sentence = text.split("\n--", 1)[0].split(". ")[0].removeprefix("-- ").strip()
        _print(f"{question:<32}{sentence}")
    return 0


def questions() -> list[str]:
    """The name of every question: its folder and file."""
    found = database.QUESTIONS.glob("*/*.sql")
    return sorted(
        f"{path.parent.name}/{path.stem}"
        for path in found
        if path.parent.name not in ("cells", "privacy", "tables", "team")
    )


def _check(options) -> int:
    """Open the published generation and ask every question once."""
    selection, home = Selection(generation=_generation()), database.home()
    wrong = []
    for question in questions():
        try:
            # A check sees no student: what names them is asked of no school.
            database.columns(question, selection, _checking(question))
        except duckdb.Error as error:
            wrong.append(f"{question}: {error}")
    if is_open_to_others(home):
        wrong.append(f"Others on this machine can look into {home}: close it to them.")
    wrong += [f"record of who looked: {problem}" for problem in looks.verify(home)]
    wrong += [f"what people wrote: {problem}" for problem in journal.verify(home)]
    wrong += [
        f"{file['file']}: rows in are not accepted + set aside + repaired"
        for file in database.records("health/files", selection, COMMAND_LINE)
        if file["rows_in"] != file["accepted"] + file["set_aside"] + file["repaired"]
    ]
    for problem in filter(None, [*wrong, database.outdated(selection.generation)]):
        _print(problem)
    found = f"{len(wrong)} things wrong." if wrong else "all answered."
    _print(f"{selection.generation}: {len(questions())} questions asked, {found}")
    return REFUSED if wrong else 0


def _checking(question: str) -> access.Viewer:
    schools = () if question in access.NAMING else None
    return access.Viewer("python -m queries check", "admin", schools, access.NAMES)


def _audit(options) -> int:
    """Attack the share view of the published generation, and say how narrow it got."""
    generation = _generation()
    findings = database.audit(generation)
    for finding in findings:
        _print(f"{finding.table}: {finding.cells:,} cells, {finding.hidden:,} hidden counts")
        _print(
            f"  tried: {finding.sums:,} sums over groups, tiers, grades, schools, neighborhoods "
            f"and networks; {finding.rates:,} rates, ends and bands times n; changes "
            f"between years; bounds by linear programming for {finding.solved:,} counts"
        )
        if finding.narrowest is not None:
            _print(
                f"  narrowest: {finding.narrowest} possible values, of {finding.where}"
                if finding.cleared
                else f"  {finding.broken:,} hidden counts have fewer than ten possible values, "
                f"{finding.narrowest} at the least: {finding.where}"
            )
    cleared = all(finding.cleared for finding in findings)
    _print(f"{generation}: " + ("nothing hidden was worked out." if cleared else "NOT cleared."))
    return 0 if cleared else REFUSED


def _generations(options) -> int:
    if options.publish:
        try:
            publish.publish(database.home(), options.publish)
        except (ValueError, FileNotFoundError) as problem:
            _say(str(problem))
            return WRONG_USAGE
    for generation in publish.generations(database.home()):
        mark = "published" if generation.published else ""
        _print(f"{generation.name}  {generation.loaded_at or '?'}  {generation.source}  {mark}")
    if months := publish.of_months(database.home()):
        _print("Of each month before, the last load. It is kept to tell what was corrected since")
        _print("(reconcile), and cannot be gone back to:")
        for generation in months:
            _print(f"{generation.name}  {generation.loaded_at or '?'}  {generation.source}")
    return 0


def _backup(options) -> int:
    home = database.home()
    into = options.folder or home / "backups"
    _record_file("backup")
    with _to_lock(options, into) as folder:
        copy = archive.backup(home, folder)
        copy = locked.lock(copy, into, options.key) if options.key else copy
    _print(f"The team store is backed up in {copy}")
    return 0


@contextlib.contextmanager
def _to_lock(options, into: Path) -> Iterator[Path]:
    """Where a copy is made first: where it stays, or, if it is locked, where nothing of it does."""
    if not options.key:
        yield into
        return
    keep_private(database.home())
    with tempfile.TemporaryDirectory(dir=database.home(), prefix="locking_") as folder:
        yield Path(folder)


def _restore(options) -> int:
    home = database.home()
    if options.key:
        keep_private(home)
    unlocked = locked.unlocked(options.folder, options.key, home) if options.key else None
    with unlocked or contextlib.nullcontext(options.folder) as folder:
        kept = archive.restore(home, folder, COMMAND_LINE.who)
    _print(f"The team store is as in {options.folder}")
    if kept:
        _print(f"What was there before is kept in {kept}")
    return 0


def _export(options) -> int:
    school = options.school
    if school is not None:
        names, ids = _known_schools()
        if school not in ids and school not in names:
            _say(f"There is no school {school!r}. There are:\n  " + _listed([*names, *ids]))
            return WRONG_USAGE
        school = school if school in ids else names[school]
    _record_file("export", f"school={school}" if school else "")
    folder = options.folder.absolute()
    with _to_lock(options, folder.parent) as made_in:
        made = archive.export(database.home(), made_in / folder.name, school)
        made = locked.lock(made, folder.parent, options.key) if options.key else made
    _print(f"What people wrote is in {made}")
    return 0


def _key(options) -> int:
    public = locked.make_key(options.file)
    _print(f"What is locked for {public}")
    _print(f"opens with {options.file} alone: take that off this machine, and keep a second copy.")
    return 0


def _known_schools() -> tuple[dict[str, str], list[str]]:
    """Schools by name, from the published generation if there is one; and every id, also of those
    that only what people wrote still names."""
    written = archive.school_ids(database.home())
    try:
        generation = database.current_generation()
    except database.NoData:
        # What people wrote is theirs, whether or not the data beside it can be read.
        return {}, written
    schools = choices.schools(Selection(generation=generation))
    names = dict(zip(schools.school_name, schools.school_id, strict=True))
    return names, sorted({*schools.school_id, *written})


def _record_file(name: str, filters: str = "") -> None:
    """A copy of what people wrote is a file with students in it. Where there is no store yet,
    nothing is taken. From a full disk it is taken all the same: it may be the last copy."""
    home = database.home()
    if store.is_there(home):
        who = COMMAND_LINE.who
        try:
            looks.record(
                home, who=who, what="file taken", page=name, filters=filters, students=None
            )
        except store.StoreProblem as problem:
            if not is_full(problem):
                raise
            _say(f"That this {name} was made could not be recorded. {problem}")


def _forget(options) -> int:
    if options.student_id is None:
        return _forget_whole(options)
    erased = forgetting.forget(database.home(), options.student_id)
    _print(
        f"Erased {erased:,} {'version' if erased == 1 else 'versions'} of what was written about "
        f"{_cell(options.student_id)}."
        + ("" if erased else " Is the id right? It is the one of the school system.")
    )
    _print(_KEPT_ELSEWHERE)
    return 0


_KEPT_ELSEWHERE = (
    "Exports, and backups outside the data folder, still hold what they held; a backup that is "
    "restored here forgets it again."
)


def _forget_whole(options) -> int:
    """Say what would be erased of a school or a school year, ask, and erase it."""
    if options.school:
        # A school that is in no data any more is still known by its id.
        names, _ = _known_schools()
        whole = Whole("school_id", names.get(options.school, options.school))
    else:
        whole = Whole("school_year", options.school_year)
    called = _cell(whole.value)
    found = forgetting.found(database.home(), whole)
    rows = [
        {"what": kind, "records": records, "versions": versions}
        for kind, (records, versions) in found.written.items()
    ]
    _print(f"What people wrote of {called}, here and in backups in the data folder:")
    _print(_table(["what", "records", "versions"], rows) if rows else "nothing; is that its id?")
    served = publish.published(database.home())
    earlier = [name for name in found.generations if name != served]
    _print(f"Generations that hold it: {', '.join(earlier) or 'none'}")
    if found.still_naming:
        several = ", ".join(f"{kind} {count}" for kind, count in found.still_naming.items())
        _print(f"Of several schools, so they stay and still name it: {several}")
    if not options.yes and not _is_meant(f"Erase all that for good? Write {called}: ", called):
        _say("Nothing was erased.")
        return REFUSED
    erased = forgetting.forget(database.home(), whole)
    generations = f"{len(earlier)} generation{'s' * (len(earlier) != 1)}"
    _print(f"Erased {erased:,} versions and {generations}. {_KEPT_ELSEWHERE}")
    return 0


def _is_meant(question: str, answer: str) -> bool:
    """Whether who is asked writes the answer; where nobody can be asked, it is not meant."""
    _say(question)
    return sys.stdin.readline().strip() == answer


def _grant(options) -> int:
    """Give an account a role, or none; without one, list the accounts."""
    if options.account and not options.role:
        _say(
            f"Say which role {options.account} is to have: one of {', '.join(records.ROLES)}, none."
        )
        return WRONG_USAGE
    if options.account:
        try:
            accounts.give(COMMAND_LINE.who, options.account, options.role, tuple(options.school))
        except records.WrongRecord as problem:
            _say(str(problem))
            return WRONG_USAGE
    for one in accounts.grants():
        _print("  ".join([one.content.account, one.content.role, *one.content.schools]))
    return 0


def _sign_ins(options) -> int:
    columns = ["at", "account", "role", "what"]
    rows = [
        vars(one) | {"at": f"{one.at:%Y-%m-%d %H:%M:%S}"} for one in accounts.sign_ins(options.last)
    ]
    _print(_table(columns, rows))
    return 0


def _table(columns: list[str], rows: list[dict]) -> str:
    cells = [columns] + [[_cell(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _cell(value) -> str:
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _csv(columns: list[str], rows: list[dict]) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[archive.safe(_plain(row[column])) for column in columns] for row in rows])
    return lines.getvalue().rstrip("\n")


def _json(columns: list[str], rows: list[dict]) -> str:
    plain = [{column: _plain(row[column]) for column in columns} for row in rows]
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1)


def _plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return "; ".join(str(part) for part in value)
    return str(value) if isinstance(value, date | datetime) else value


_WRITERS = {"table": _table, "csv": _csv, "json": _json}


def _listed(names: list[str]) -> str:
    return "\n  ".join(names) or "(none)"


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


_COMMANDS = {
    "load": _load,
    "changes": _changes,
    "map": _map,
    "convert": _convert,
    "show": _show,
    "reconcile": _reconcile,
    "list": _list,
    "check": _check,
    "audit": _audit,
    "generations": _generations,
    "backup": _backup,
    "restore": _restore,
    "export": _export,
    "key": _key,
    "forget": _forget,
    "grant": _grant,
    "sign-ins": _sign_ins,
}

if __name__ == "__main__":
    # A name that the terminal cannot write, such as Łukasz in Windows-1252, is escaped.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = main()
        sys.stdout.flush()
        sys.exit(code)
    except BrokenPipeError:
        # The reader of a pipe, such as head, has seen enough.
        sys.stderr.close()
    except OSError as problem:
        _say(f"The answer could not be written: {problem}. Nothing else is changed by that.")
        # What could not be written is not tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(REFUSED)
    except KeyboardInterrupt:
        _say("Stopped; nothing was published.")
        sys.exit(130)
