"""Protects what somebody brings: the names it is kept under, what is unpacked and how much, what
is remembered of answers, and that a file can end its reader and not the server.
"""

import copy
import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from pages.shared.bringing import sentences
from queries import access, convert, incoming
from queries.convert import mapping as mappings
from queries.convert.apart import Command, Limits, State
from queries.convert.example import example
from queries.convert.first_rows import LEFT_OUT, first_rows
from queries.convert.mapping import SAID, SURE, Meaning
from queries.convert.unpack import LONGEST_NAME, safe_name, unpack
from queries.load.time_left import Steps, heard, seconds_left

NAMES = {
    "roster.csv": "roster.csv",
    "../../x.csv": "x.csv",
    "..\\..\\x.csv": "x.csv",
    "C:\\Users\\ann\\x.csv": "x.csv",
    "C:x.csv": "x.csv",
    "/etc/passwd": "passwd",
    "..": "file",
    "": "file",
    ".hidden.csv": "hidden.csv",
    "~$roster.xlsx": "$roster.xlsx",
    "con.csv": "_con.csv",
    "a\x00b\x1bc:d*?.csv": "a_b_c_d__.csv",
    "a\u202ecsv.exe": "a_csv.exe",
    "Año 25.csv": "Año 25.csv",
    "An\u0303o.csv": "Año.csv",
    "出席簿.csv.gz": "出席簿.csv.gz",
}


def test_a_file_is_kept_under_the_last_part_of_its_name_and_none_of_it_leads_elsewhere():
    assert {name: safe_name(name) for name in NAMES} == NAMES
    long = safe_name("出" * 300 + ".csv")
    assert len(long.encode()) <= LONGEST_NAME + 4
    assert long.endswith(".csv")
    assert safe_name("x/a.csv", {"a.csv", "a (2).csv"}) == "a (3).csv"


# --- How long it takes ------------------------------------------------------------------------


def test_the_time_left_is_told_by_the_pace_of_the_steps_that_are_done():
    """Of 100 seconds then; now the first ten took twenty."""
    before = {"reading": 10.0, "counting": 30.0, "coding": 60.0}
    assert seconds_left(before, {"reading": 20.0}, "counting") == 180
    assert seconds_left(before, {"reading": 20.0, "counting": 60.0}, "coding") == 120
    # A step that is new says nothing, and does not count for the pace.
    assert seconds_left(before, {"reading": 20.0}, "converting") is None
    assert seconds_left(before, {"converting": 99.0, "reading": 5.0}, "counting") == 45
    # Too little of the whole is done, and nothing is known.
    assert seconds_left(before | {"reading": 4.0}, {"reading": 4.0}, "counting") is None
    assert seconds_left({}, {"reading": 20.0}, "counting") is None


def test_the_longest_run_is_kept_and_what_cannot_be_read_tells_nothing(tmp_path):
    def run(*steps: str) -> list[str]:
        said: list[str] = []
        one = Steps(tmp_path, "load", said.append)
        for step in steps:
            one(step)
        one.keep()
        return said

    file = tmp_path / "steps.json"
    for damaged in ("{", "[1]", '{"load": {"reading": null}}'):
        file.write_text(damaged, "utf-8")
        assert run("reading", "coding") == ["reading", "coding"]
    assert json.loads(file.read_text("utf-8"))["load"].keys() == {"reading", "coding"}
    longest = {"load": {"reading": 900, "coding": 3600}}
    file.write_text(json.dumps(longest), "utf-8")
    run("reading", "coding")
    assert json.loads(file.read_text("utf-8")) == longest


def test_the_time_left_grows_less_while_a_step_is_under_way():
    assert heard("coding (about 130 s left)", 10) == ("coding", 120)
    assert heard("coding (about 130 s left)", 131) == ("coding", None)
    assert heard("reading schools.csv", 1) == ("reading schools.csv", None)
    words = [
        sentences.under_way("load", State(62, "coding", left=left))
        for left in (None, 29, 60, 100, 130, 700)
    ]
    assert words[0].endswith("Coding · 1 min 2 s so far")
    assert [one.rpartition(" · ")[2] for one in words[1:]] == [
        "under half a minute left",
        "about a minute left",
        "about a minute and a half left",
        "about 2 minutes left",
        "about 12 minutes left",
    ]


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def unpacked(folder: Path, content: bytes, **limits) -> tuple[dict[str, bytes], list[str]]:
    folder.mkdir()
    (folder / "one.zip").write_bytes(content)
    problems: list[str] = []
    unpack(folder, problems, **limits)
    return {path.name: path.read_bytes() for path in folder.iterdir()}, problems


def test_a_zip_is_unpacked_into_its_own_folder_alone_and_only_so_far(tmp_path):
    files = {"../../a.csv": b"1", "in/a.csv": b"2", "__MACOSX/a.csv": b"3", ".x": b"4", "in/": b""}
    found, problems = unpacked(tmp_path / "paths", zipped(**files))
    assert (found, problems) == ({"a.csv": b"1", "a (2).csv": b"2"}, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["paths"]

    bomb = zipped(**{"a.csv": b"1", "b.csv": b"0" * 10_000_000})
    assert len(bomb) < 20_000
    found, problems = unpacked(tmp_path / "bomb", bomb, most=5_000_000)
    assert (found, problems) == ({}, ["one.zip: unpacks to more than a gigabyte; send one year at "
                                      "a time."])  # fmt: skip
    many = zipped(**{f"{number}.csv": b"" for number in range(201)})
    refused = {
        "nested": zipped(**{"b.zip": zipped(**{"a.csv": b"1"})}),
        "many": many,
        "cut": many[:-40],
    }
    words = {}
    for name, content in refused.items():
        found, [words[name]] = unpacked(tmp_path / name, content)
        assert found == {}
    assert "holds another zip" in words["nested"]
    assert "holds 201 files; send at most 200" in words["many"]
    assert "not a zip file" in words["cut"]


@pytest.fixture
def looked_at(first_look):
    """The example as it is understood at first, in the folder it lies in."""
    return copy.deepcopy(first_look)


@pytest.fixture(scope="module")
def first_look(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    (folder / "one.zip").write_bytes(example())
    unpack(folder, [])
    # A part of its rows tells the same, sooner.
    absences = folder / "absences.csv"
    absences.write_bytes(b"".join(absences.read_bytes().splitlines(keepends=True)[:800]))
    return folder, *convert.look(folder)[:2]


def values(mapping: mappings.Mapping) -> tuple:
    """Every value of a mapping, without how sure it is and why."""
    return (
        [
            (
                one.title,
                one.holds.value,
                {name: meaning.value for name, meaning in one.columns.items()},
                {name: meaning.value for name, meaning in one.dates.items()},
                one.reading,
            )
            for one in mapping.sheets
        ],
        {name: one.value for name, one in mapping.conventions.items()},
        [(one.code, one.counts_as.value, one.label, one.excused) for one in mapping.codes],
    )


def test_what_was_said_is_kept_whole_and_answers_the_same_columns_next_week(looked_at, tmp_path):
    folder, mapping, _ = looked_at
    assert len(mapping.questions()) == 1
    mapping.conventions["exit_date"] = Meaning("first day out", SURE)
    mapping.codes[0].counts_as = Meaning("not_recorded", SURE)
    file = tmp_path / "said.toml"
    file.write_text(mappings.written(mapping), "utf-8")
    assert values(mappings.read(file)) == values(mapping)

    for path in folder.iterdir():
        (tmp_path / f"2026-11-29 {path.name}").write_bytes(path.read_bytes())
    file.rename(tmp_path / "mapping.toml")
    again, _, _ = convert.look(tmp_path, tmp_path / "mapping.toml")
    assert not again.questions()
    assert again.convention("exit_date") == "first day out"
    assert again.codes[0].counts_as == Meaning("not_recorded", SURE, SAID)

    # Other columns: nothing that was said is of them.
    roster = tmp_path / "2026-11-29 absences.csv"
    roster.write_text(roster.read_text("utf-8").replace("Absence Date", "Date Absent"), "utf-8")
    for name in ("roster", "calendar"):
        (tmp_path / f"2026-11-29 {name}.csv").unlink()
    others, _, _ = convert.look(tmp_path, tmp_path / "mapping.toml")
    assert SAID not in {one.counts_as.why for one in others.codes}


def test_a_corrected_column_is_that_and_no_other_one_is_it_too(looked_at, tmp_path):
    folder, mapping, _ = looked_at
    (absences,) = mapping.holding("attendance")
    absences.columns = {"Description": Meaning("code", SURE)}
    (tmp_path / "said.toml").write_text(mappings.written(mapping), "utf-8")
    corrected, _, _ = convert.look(folder, tmp_path / "said.toml")
    (absences,) = corrected.holding("attendance")
    assert absences.column_of("code") == "Description"
    assert absences.columns["Code"].value == ""
    assert {one.code for one in corrected.codes} >= {"Tardy", "Excused absence"}


def test_first_rows_have_ids_and_days_and_no_name(looked_at):
    _, mapping, sheets = looked_at
    shown = {one.file: first_rows(one, sheet, 3) for one, sheet in zip(mapping.sheets, sheets,
                                                                        strict=True)}  # fmt: skip
    roster = shown["roster.csv"]
    student, last, first, grade, school, *_ = roster["first"][0]
    assert (last, first, school) == (LEFT_OUT, LEFT_OUT, "Willow High")
    assert student.isdigit()
    assert grade.isdigit()
    assert shown["absences.csv"]["first"][0][3] == LEFT_OUT
    assert roster["rows"] == len(sheets[2].table)


@pytest.mark.skipif(os.name != "posix", reason="limits on memory, and files without an end")
def test_what_takes_all_memory_or_never_ends_is_stopped_and_said_in_a_sentence(tmp_path):
    """A bomb of gzip, and a file without an end."""
    folders = {name: tmp_path / name for name in ("bomb", "endless")}
    for folder in folders.values():
        folder.mkdir()
    # Two gigabytes, as gzip allows one part after the other.
    (folders["bomb"] / "a.csv.gz").write_bytes(gzip.compress(b"1,2\n" * (1 << 24)) * 32)
    os.mkfifo(folders["endless"] / "a.csv")
    limits = {"bomb": Limits(900, 60), "endless": Limits(900, 3)}
    given = ["--json", "--unpack", "--out", str(tmp_path / "mapping.toml")]
    under_way = {
        name: Command(["map", str(folder), *given], tmp_path / f"{name}_look", limits[name])
        for name, folder in folders.items()
    }
    states = {name: command.wait() for name, command in under_way.items()}
    assert "more than 0.88 GB of memory" in states["bomb"].problem
    assert "more than a minute" in states["endless"].problem
    for name in folders:
        assert "Traceback" not in (tmp_path / f"{name}_look.txt").read_text("utf-8"), name


def test_a_cell_without_measure_and_what_is_no_table_are_said_and_left_out(tmp_path):
    (tmp_path / "cell.csv").write_text(f'a,b\n1,"{"x" * 10_000_000}"\n', "utf-8")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\x00\x01\x02" * 1000)
    mapping, _, found = convert.look(tmp_path)
    cell, picture = map(str, found)
    assert not mapping.sheets
    assert "cell.csv: cannot be read at line 2 (field larger than field limit" in cell
    assert picture == "picture.csv: is no text."


OTHERS = [
    access.EVERYBODY,
    access.at_this_machine(),
    access.Viewer("ann", "team", view="names"),
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda one: f"{one.role} {one.view}")
def test_nobody_but_an_admin_brings_files_or_sees_what_was_brought(other):
    admin = access.at_this_machine("school")
    assert incoming.may_bring(admin)
    assert incoming.current(admin) is None
    with pytest.raises(incoming.NotTaken):
        incoming.bring(admin, [])
    assert not incoming.may_bring(other)
    for do, given in (
        (incoming.bring, [("a.csv", b"")]),
        (incoming.current, None),
        (incoming.generations, None),
        (incoming.go_back, "x"),
    ):
        with pytest.raises(access.NotShown):
            do(*(one for one in (other, given) if one is not None))


def test_a_zip_whose_inside_is_broken_is_a_sentence(tmp_path):
    path = tmp_path / "broken.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("absences.csv", "Student ID,Date\n" + "1001,2025-09-08\n" * 500)
    raw = bytearray(path.read_bytes())
    start = raw.index(b"absences.csv") + len("absences.csv")
    raw[start : start + 8] = b"\xff" * 8
    path.write_bytes(raw)
    problems: list[str] = []
    unpack(tmp_path, problems)
    assert len(problems) == 1 and problems[0].startswith("broken.zip: ")
    assert list(tmp_path.iterdir()) == []
