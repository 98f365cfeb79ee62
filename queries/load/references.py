"""Keys that are there more than once, and values that name what is in no other file."""

from queries.load.exchange import FILES, File, Reference
from queries.load.loading import Loading
from queries.load.reading import quoted
from queries.load.report import shown
from queries.load.tables import unresolved


def refuse_repeated(file: File, key: tuple[str, ...], loading: Loading) -> None:
    remedy = "keep one row for each"
    if file.name == "attendance_codes":
        remedy += ", or say in school_id at which school a code means something else"
    alike = " AND ".join(f"one.{quoted(k)} IS NOT DISTINCT FROM two.{quoted(k)}" for k in key)
    given = tuple(name for name in key if name in loading.sources[file.name].columns)
    loading.refuse(
        file.name,
        given,
        f"""
        SELECT one.rowid AS at_row
        FROM {quoted(file.name)} AS one
        SEMI JOIN (
            SELECT {quoted(*key)} FROM {quoted(file.name)} GROUP BY ALL HAVING count(*) > 1
        ) AS two ON {alike}
        """,
        "is there more than once",
        remedy,
    )


def refuse_unresolved(file: File, reference: Reference, loading: Loading) -> None:
    if set(reference.columns) <= loading.sources[file.name].resolved:
        return
    to = loading.sources.get(reference.to)
    if not to and next(one for one in FILES if one.name == reference.to).required:
        return  # That it is missing, or lacks a column, has been said.
    known_as = to.name if to else f"{reference.to}.csv"
    positions = unresolved(file, reference)
    if not loading.found(positions).total:
        return
    if to and len(reference.columns) == 1:
        positions = _refuse_near_misses(file, reference, known_as, loading)
        if reference.to == "students":
            _refuse_unknown_students(file, positions, known_as, loading)
            return
    loading.refuse(
        file.name,
        reference.columns,
        positions,
        f"is not in {known_as}" if to else f"cannot be found without {known_as}",
        f"add it to {known_as} or correct it here",
    )


# A value without what gets lost or added where a program takes it for a number, in small letters.
PLAIN = "ltrim(regexp_replace(lower({value}), '[.]0+$', ''), '0')"


def _refuse_near_misses(file: File, reference: Reference, known_as: str, loading: Loading) -> str:
    """Say once that values would resolve if they were written alike; SQL for the other rows."""
    [here], [there] = reference.columns, reference.columns_there
    near = f"""
        SELECT one.rowid AS at_row, {quoted(here)} AS value, known
        FROM {quoted(file.name)} AS one
        JOIN (
            SELECT {PLAIN.format(value=quoted(there))} AS plain, min({quoted(there)}) AS known
            FROM {quoted(reference.to)}
            GROUP BY plain
        ) AS other ON other.plain = {PLAIN.format(value=f"one.{quoted(here)}")}
        WHERE one.rowid IN ({unresolved(file, reference)})
    """
    [[rows, values, first, known]] = loading.connection.execute(
        f"SELECT count(*), count(DISTINCT value), min(at_row), arg_min(known, at_row) FROM ({near})"
    ).fetchall()
    if rows:
        problem = f"is not in {known_as}, but '{shown(known)}' is"
        if rows > 1:
            problem += f" ({rows:,} rows with {values:,} such values)"
        remedy = (
            "write them alike in both; a program that takes them for numbers drops leading zeros"
        )
        loading.refuse_for(file.name, (here,), first, problem, remedy)
    return f"{unresolved(file, reference)} WHERE one.rowid NOT IN (SELECT at_row FROM ({near}))"


def _refuse_unknown_students(file: File, positions: str, known_as: str, loading: Loading) -> None:
    """Say once how many students are missing, and that a name alone makes no days of theirs."""
    [[rows, students, not_enrolled, first]] = loading.connection.execute(
        f"""
        SELECT
            count(*),
            count(DISTINCT student_id),
            count(DISTINCT student_id) FILTER (
                student_id NOT IN (SELECT student_id FROM enrollments)
            ),
            min(at_row)
        FROM ({positions}) AS missing
        JOIN {quoted(file.name)} AS one ON one.rowid = missing.at_row
        """
    ).fetchall()
    if rows:
        problem = f"is not in {known_as}"
        if students > 1:
            problem += f", nor are {students - 1:,} more students ({rows:,} rows)"
        remedy = f"add each to {known_as} or correct it here"
        if file.name == "attendance" and not_enrolled and "enrollments" in loading.sources:
            enrollments = loading.sources["enrollments"].name
            remedy = (
                f"add each to {known_as}, and to {enrollments} with entry and exit date: an "
                "absence of somebody who is not enrolled counts for nothing"
            )
        loading.refuse_for(file.name, ("student_id",), first, problem, remedy)
