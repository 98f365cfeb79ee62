"""Files in: what is refused, set aside, repaired or noted, and that no row is ever lost."""

import os
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, partial

import duckdb
import pandas as pd
import pytest

from queries.load import Refused, dates, publish, shares
from queries.load import load as load_all
from queries.load.report import shown
from tests.support.days import DAYS, weekdays
from tests.support.exchange import WEEKDAYS, rewrite, to_gzip, to_parquet, write_file, write_folder

TODAY = date(2026, 6, 30)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "exchange"


# How rows are read is the subject here: the share view is made of what was read.
load = partial(load_all, share_view=False)


def loaded(folder, home, **options):
    """Load a folder; every row of it must be in one class of the report."""
    report = load(folder, home, today=TODAY, **options)
    assert_reconciled(report)
    return report


def refused(folder, home) -> str:
    """Load a folder that must be refused; its messages. Nothing may have been published."""
    before = publish.published(home)
    with pytest.raises(Refused) as refusal:
        load(folder, home, today=TODAY)
    assert_reconciled(refusal.value.report)
    assert publish.published(home) == before
    assert not list((home / "generations").glob("building_*"))
    assert "Traceback" not in str(refusal.value)
    return str(refusal.value)


def assert_reconciled(report):
    for file in report.files:
        assert file.rows_in == file.accepted + file.set_aside + file.repaired
        for kind, rows in (("set_aside", file.set_aside), ("repaired", file.repaired)):
            found = [f for f in report.findings if (f.file, f.kind) == (file.file, kind)]
            assert sum(finding.rows for finding in found) == rows


@cache
def reader() -> duckdb.DuckDBPyConnection:
    """One for all tests: to begin DuckDB anew takes longer than to ask."""
    return duckdb.connect()


def rows(home, sql):
    path = publish.path_of(home, publish.published(home))
    reader().execute(f"ATTACH {publish.literal(path)} AS loaded (READ_ONLY)")
    try:
        reader().execute("USE loaded")
        return reader().execute(sql).fetchall()
    finally:
        reader().execute("USE memory")
        reader().execute("DETACH loaded")


def messages(report, kind):
    return [str(finding) for finding in report.findings if finding.kind == kind]


def on_days(days, rows=({},), **columns):
    return [{"date": day, **one, **columns} for day in days for one in rows]


def counts(report, file):
    found = next(item for item in report.files if item.file == file)
    return found.rows_in, found.accepted, found.set_aside, found.repaired


# Read


def test_a_small_network_is_loaded_with_all_tables_and_columns(folder, home):
    report = loaded(write_folder(folder), home, share_view=True)
    assert report.generation == publish.published(home)
    assert rows(home, "FROM attendance") == [
        ("ann", "alder", date(2025, 9, 3), "A", None, None, None, None, None)
    ]
    assert rows(home, "SELECT count(*) FROM survey_answers") == [(0,)]
    assert rows(home, "SELECT DISTINCT attendance_taken FROM calendar") == [(True,)]
    assert rows(home, "SELECT source, is_sample FROM generation") == [(str(folder), False)]
    assert rows(home, "SELECT rows_in, accepted FROM load_files WHERE file = 'calendar.csv'") == [
        (20, 20)
    ]


def test_values_are_trimmed_and_typed(folder, home):
    write_folder(
        folder,
        students=[{"student_id": "  ann ", "first_name": " ", "last_name": "Ng\t"}],
        enrollments=[{"grade": "pk"}],
        attendance=[{"code": " A", "missed_minutes": "007", "day_minutes": "390", "session": "AM"}],
        calendar=[{"date": day, "attendance_taken": "Yes"} for day in WEEKDAYS],
    )
    loaded(folder, home)
    assert rows(home, "SELECT student_id, first_name, last_name FROM students") == [
        ("ann", None, "Ng")
    ]
    assert rows(home, "SELECT code, missed_minutes, day_minutes, session FROM attendance") == [
        ("A", 7, 390, "am")
    ]
    assert rows(home, "SELECT grade FROM enrollments") == [("PK",)]


@pytest.mark.slow
def test_values_of_parquet_are_trimmed_also_where_they_refer_to_others(folder, home):
    write_folder(folder, attendance=[{"student_id": " ann", "code": "A ", "school_id": "alder "}])
    loaded(to_parquet(folder), home)
    assert rows(home, "SELECT student_id, school_id, code FROM attendance") == [
        ("ann", "alder", "A")
    ]


def test_column_order_case_and_unknown_columns_do_not_matter(folder, home):
    write_folder(folder)
    text = '"Code" , DATE,color,school_id,student_id\nA,2025-09-03,red,alder,ann\n'
    (folder / "attendance.csv").write_text(text)
    report = loaded(folder, home)
    assert rows(home, "SELECT student_id, code FROM attendance") == [("ann", "A")]
    assert messages(report, "noted") == [
        "attendance.csv, line 1: 'color' not a column of the contract; ignored."
    ]


def test_unknown_files_are_noted_and_companions_are_not(folder, home):
    write_folder(folder)
    for name in ("README.md", "make.py", "mapping.toml", "holidays.csv"):
        (folder / name).write_text("x")
    (folder / "old").mkdir()
    assert messages(loaded(folder, home), "noted") == [
        "holidays.csv: is no file of the contract; ignored."
    ]


@pytest.mark.slow
def test_any_line_ending_is_read(folder, home):
    write_folder(folder, survey_answers=[{}], survey_invited=[{}], partners=[{}])
    paths = sorted(folder.iterdir())
    sizes = {path.name: len(path.read_text().splitlines()) - 1 for path in paths}
    for number, path in enumerate(paths):
        ending = (b"\n", b"\r\n", b"\r")[number % 3]
        rewrite(path, lambda data, ending=ending: data.replace(b"\n", ending))
    report = loaded(folder, home)
    assert len(sizes) > 9
    for name, size in sizes.items():
        assert counts(report, name) == (size, size, 0, 0)


@pytest.mark.slow
def test_mixed_line_endings_are_read_row_by_row(folder, home):
    write_folder(folder, attendance=[{"date": day} for day in WEEKDAYS[:4]])
    path = folder / "attendance.csv"
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\r\n".join(lines[:2]) + b"\n" + lines[2] + b"\r" + b"\n\n".join(lines[3:]))
    assert counts(loaded(folder, home), "attendance.csv") == (4, 4, 0, 0)
    assert rows(home, "SELECT date::VARCHAR FROM attendance") == [(d,) for d in WEEKDAYS[:4]]


def test_a_byte_order_mark_is_no_part_of_the_first_column(folder, home):
    write_folder(folder)
    for path in folder.iterdir():
        rewrite(path, lambda data: b"\xef\xbb\xbf" + data)
    assert not messages(loaded(folder, home), "noted")


def test_quoted_cells_may_hold_commas_quotes_and_line_breaks(folder, home):
    write_folder(folder, schools=[{"network": 'North, "old"\nand new'}])
    loaded(folder, home)
    assert rows(home, "SELECT network FROM schools") == [('North, "old"\nand new',)]


@pytest.mark.slow
def test_gzip_and_parquet_say_the_same_as_csv(tmp_path, home):
    network = {
        "attendance": [
            {"missed_minutes": "45", "day_minutes": "390", "code": "T", "session": "pm"},
            {"date": "2025-09-02"},
        ],
        "calendar": [{"date": day, "attendance_taken": "yes"} for day in WEEKDAYS],
        "survey_answers": [{}],
        "survey_published": [{}],
    }
    types = {
        "date": "DATE",
        "entry_date": "TIMESTAMP",
        "missed_minutes": "DOUBLE",
        "day_minutes": "BIGINT",
        "attendance_taken": "BOOLEAN",
        "percent_favorable": "DECIMAL(5, 2)",
        "position": "SMALLINT",
    }
    as_csv = write_folder(tmp_path / "csv", **network)
    forms = [
        as_csv,
        to_gzip(write_folder(tmp_path / "gzip", **network)),
        to_parquet(write_folder(tmp_path / "typed", **network), types),
        to_parquet(write_folder(tmp_path / "texts", **network)),
    ]
    found = []
    for form, share_view in zip(forms, (True, False, True, False), strict=True):
        loaded(form, home, share_view=share_view)
        names = [name for (name,) in rows(home, "SELECT table_name FROM duckdb_tables()")]
        apart = {"generation", "load_files", "load_findings"}
        found.append({n: rows(home, f'FROM "{n}" ORDER BY ALL') for n in set(names) - apart})
    assert found[0] == found[2]
    assert found[1] == found[3]
    # The share view is made of the other tables, and of nothing else.
    assert found[1].items() <= found[0].items()
    assert len(found[1]) > 20


HEADERS = [
    lambda name: name.upper(),
    lambda name: name.replace("_", " ").title(),
    lambda name: "".join(part.title() for part in name.split("_")),
    lambda name: name.split("_")[0] + "".join(part.title() for part in name.split("_")[1:]),
    lambda name: f" {name.replace('_', '-')} ",
    lambda name: f'"{name}"',
    lambda name: f"\ufeff{name}",
]


@pytest.mark.parametrize("first", [0, 3])
@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.slow
def test_a_header_is_read_however_it_is_spelled(folder, home, form, first):
    """Every spelling stands in several files, and no column has the same one twice."""
    write_folder(folder, calendar=[{"date": day, "in_session": "yes"} for day in WEEKDAYS])
    for number, path in enumerate(sorted(folder.glob("*.csv")), start=first):
        names, _, rest = path.read_text().partition("\n")
        spelled = [
            HEADERS[place % len(HEADERS)](name)
            for place, name in enumerate(names.split(","), start=number)
        ]
        header = [*spelled, "Its own"]
        lines = [",".join([*row.split(","), "x"]) for row in rest.splitlines()]
        if form == "csv":
            path.write_text("\n".join([",".join(header), *lines]) + "\n")
            continue
        table = pd.DataFrame([line.split(",") for line in lines], columns=header)
        with duckdb.connect() as connection:
            connection.register("given", table)
            parquet = {"path": str(path.with_suffix(".parquet"))}
            connection.execute("COPY (SELECT * FROM given) TO $path (FORMAT parquet)", parquet)
        path.unlink()
    report = loaded(folder, home)
    assert len(messages(report, "noted")) == 6  # "Its own" is ignored in each file
    assert rows(home, "SELECT student_id, date::VARCHAR FROM missed_day") == [("ann", "2025-09-03")]


@pytest.mark.slow
def test_parquet_rows_are_named_by_row(folder, home):
    write_folder(folder, attendance=[{}, {"date": "2025-02-30"}])
    report = loaded(to_parquet(folder), home)
    assert messages(report, "set_aside") == [
        "attendance.parquet, row 2, column date: '2025-02-30' is not a date; write a real day as "
        "2025-09-30, year first. The row was set aside."
    ]


@pytest.mark.slow
def test_file_names_with_brackets_are_no_patterns(tmp_path, home):
    write_folder(tmp_path / "a[1]*'")
    to_parquet(write_folder(tmp_path / "b[1]'"))
    loaded(tmp_path / "a[1]*'", home)
    loaded(tmp_path / "b[1]'", home)


@pytest.mark.slow
def test_a_large_file_keeps_its_line_numbers_and_loses_the_rows_that_it_says(folder, home):
    """More rows than DuckDB keeps together, which two threads at times put down in another order:
    whatever is said of a row, another one was taken out."""
    write_folder(folder, attendance=[{"missed_minutes": "", "day_minutes": "", "session": "am"}])
    with (folder / "attendance.csv").open("a") as file:
        for number in range(300_000):
            file.write(f"{'ben' if number % 2 else 'ann'},alder,2025-09-04,A,,,am\n")
        file.write("ann,alder,2025-09-05,A,x,390,am\nann,alder,2025-09-31,A,,,am\n")
    report = loaded(folder, home)
    assert [message.split(" is not")[0] for message in messages(report, "set_aside")] == [
        "attendance.csv, line 300004, column date: '2025-09-31'",
        "attendance.csv, line 300003, column missed_minutes: 'x'",
    ]
    assert rows(home, "SELECT DISTINCT date FROM attendance ORDER BY ALL") == [
        (date(2025, 9, 3),),
        (date(2025, 9, 4),),
    ]


@pytest.mark.slow
def test_a_path_with_an_equals_sign_is_no_partition_and_changes_no_value(tmp_path):
    odd = "school_id=elm/school_year=2020-21/date=2020-09-01"
    for number, form in enumerate((lambda path: path, to_gzip, to_parquet)):
        home = tmp_path / str(number) / odd / "home"
        attendance = [{}, {"student_id": "ben", "date": "2025-09-04"}]
        plain = write_folder(tmp_path / "plain" / str(number), attendance=attendance)
        if form is not to_parquet:
            # A blank line, so that one file is read line by line.
            rewrite(plain / "calendar.csv", lambda data: data + b"\n\n")
        folder = tmp_path / str(number) / odd / "files"
        folder.parent.mkdir(parents=True)
        form(plain).rename(folder)
        report = loaded(folder, home)
        assert messages(report, "noted") == messages(report, "repaired") == []
        assert rows(home, "SELECT school_id, date::VARCHAR FROM attendance ORDER BY ALL") == [
            ("alder", "2025-09-03"),
            ("alder", "2025-09-04"),
        ]
        assert rows(home, "SELECT DISTINCT school_id, school_year FROM calendar") == [
            ("alder", "2025-26")
        ]


@pytest.mark.slow
@pytest.mark.parametrize("row", ["ann,alder,2025-09-03,A,", 'ann, "alder",2025-09-03, A'])
def test_a_row_reads_alike_whether_or_not_its_file_is_read_line_by_line(folder, home, row):
    write_folder(folder)
    for blank in ("", "\n"):
        (folder / "attendance.csv").write_text(f"student_id,school_id,date,code\n{blank}{row}\n")
        assert counts(loaded(folder, home), "attendance.csv") == (1, 1, 0, 0)
        assert rows(home, "SELECT student_id, school_id, code FROM attendance") == [
            ("ann", "alder", "A")
        ]


@pytest.mark.slow
def test_what_stands_in_a_column_that_is_ignored_costs_no_row(folder, home):
    write_folder(folder)
    note = "x" * 20_000 + "\nJos\xe9 \x00"
    text = f'student_id,note,school_id,date,code\n\nann,"{note}",alder,2025-09-03,A\n'
    text += "ann,,alder,2025-09-31,A\n"
    (folder / "attendance.csv").write_bytes(text.encode("cp1252"))
    report = loaded(folder, home)
    assert counts(report, "attendance.csv") == (2, 1, 1, 0)
    assert "attendance.csv, line 5, column date: '2025-09-31'" in messages(report, "set_aside")[0]


@pytest.mark.slow
def test_a_name_that_is_no_text_is_escaped(tmp_path, home):
    folder = write_folder(tmp_path / "a\udcff\n")
    (folder / "b\udcff\x1b.csv").write_text("x")
    report = loaded(folder, home)
    assert messages(report, "noted") == ["b\\udcff\\x1b.csv: is no file of the contract; ignored."]
    assert rows(home, "SELECT source FROM generation")[0][0].endswith("a\\udcff\\n")


# Refused: the folder and its files


def test_no_folder_an_empty_folder_and_a_file_are_refused_with_what_is_needed(tmp_path, home):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    for name in ("nowhere", "empty", "file"):
        said = refused(tmp_path / name, home)
        assert "attendance_codes.csv" in said
        assert "calendar.csv" in said


REQUIRED = ("schools", "students", "enrollments", "calendar", "attendance", "attendance_codes")


@pytest.mark.parametrize("names", [REQUIRED[::2], REQUIRED[1::2]])
def test_a_missing_required_file_is_refused(folder, home, names):
    write_folder(folder)
    for name in names:
        (folder / f"{name}.csv").unlink()
    said = refused(folder, home)
    for name in REQUIRED:
        assert (f"{name}.csv: the file is missing" in said) == (name in names), name


SURVEY_ALONE = {
    "survey_answers": [{}],
    "survey_items": [{}],
    "survey_scales": [{"answer": "Disagree", "position": "2", "favorable": "no"}, {}],
}


def survey_alone(folder):
    write_file(folder, "schools", [{}])
    for name, rows_of in SURVEY_ALONE.items():
        write_file(folder, name, rows_of)
    return folder


@pytest.mark.slow
def test_a_survey_without_any_attendance_loads_and_says_what_would_fill_the_rest(folder, home):
    folder.mkdir()
    report = loaded(survey_alone(folder), home)
    assert [file.file for file in report.files] == [
        "schools.csv",
        "survey_items.csv",
        "survey_scales.csv",
        "survey_answers.csv",
    ]
    [said] = messages(report, "noted")
    assert "no attendance" in said and "students.csv, enrollments.csv, calendar.csv" in said
    assert rows(home, "SELECT survey, answers FROM answer_count") == [("climate", 1)]


@pytest.mark.parametrize(
    "name",
    ["students.csv", "Attendance.csv", "attendance codes.csv", "calendar.xlsx", "enrollments.txt"],
)
@pytest.mark.slow
def test_a_folder_with_anything_of_attendance_needs_all_of_it(folder, home, name):
    """Also under nearly its name: it was meant."""
    folder.mkdir()
    survey_alone(folder)
    (folder / name).write_text("student_id\nann\n")
    said = refused(folder, home)
    for file in ("students", "enrollments", "calendar", "attendance", "attendance_codes"):
        assert (f"{file}.csv: the file is missing" in said) is (f"{file}.csv" != name), file
    (folder / name).unlink()
    (folder / "schools.csv").unlink()
    assert "schools.csv: the file is missing" in refused(folder, home)


def test_a_missing_required_column_is_refused(folder, home):
    write_folder(folder)
    rewrite(folder / "attendance.csv", lambda data: data.replace(b"code", b"kode"))
    said = refused(folder, home)
    assert "attendance.csv, line 1, column code: the column is missing" in said
    assert "kode" in said


@pytest.mark.slow
def test_a_file_that_lacks_columns_is_judged_by_the_others_in_the_same_load(folder, home):
    """One load says what it lacks and how days are written, and nothing that follows from it."""
    write_folder(folder, attendance=[{"date": "9/3/2025"}, {"date": "9/24/2025"}])
    rewrite(folder / "attendance.csv", lambda data: data.replace(b"student_id", b"pupil"))
    rewrite(folder / "students.csv", lambda data: data.replace(b"student_id", b"pupil"))
    lines = refused(folder, home).splitlines()
    assert [line.partition(";")[0] for line in lines] == [
        "students.csv, line 1, column student_id: the column is missing",
        "attendance.csv, line 1, column student_id: the column is missing",
        "attendance.csv, line 2, column date: '9/3/2025' is one of all 2 dates of this column that "
        "are month/day/year",
    ]


def test_an_export_under_its_own_names_is_told_what_each_file_holds(tmp_path, home):
    """The three exports of another system: what to make of them is said before they are read."""
    for name in ("Attendance Export.csv", "calendar_day.csv", "student.export.text", "Bus.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(Refused) as refusal:
        load(tmp_path, home, today=TODAY)
    said = refusal.value.messages
    assert len(said) == 6
    assert said[2].startswith(
        "enrollments.csv: the file is missing; it has one row per stay of a student at a school, "
        "also of those who left; "
    )
    assert "the first day no longer enrolled" in said[2]
    assert "in_session says no of them" in said[3]
    assert said[5].endswith("not_recorded; the columns it needs are code, counts_as.")
    noted = messages(refusal.value.report, "noted")
    made = "UTF-8, commas between, and a row with the names of the columns first."
    assert noted == [
        "Attendance Export.csv: is no file of the contract; if it is attendance, write its rows "
        f"into attendance.csv: {made}",
        "Bus.csv: is no file of the contract; ignored.",
        "calendar_day.csv: is no file of the contract; if it is calendar, write its rows into "
        f"calendar.csv: {made}",
        "student.export.text: is no file of the contract; if it is students, write its rows into "
        f"students.csv: {made}",
    ]


def test_all_refusals_are_said_at_once(folder, home):
    write_folder(folder, attendance=[{"code": "Z"}], schools=[{}, {"school_id": "birch"}])
    (folder / "students.csv").unlink()
    said = refused(folder, home)
    for part in ("students.csv: the file is missing", "'Z' is not in", "'Alder School' is there"):
        assert part in said


def test_two_forms_of_one_file_are_refused(folder, home):
    write_folder(folder)
    (folder / "attendance.csv.gz").write_bytes(b"")
    assert "attendance.csv and attendance.csv.gz" in refused(folder, home)


# What may stand in a file instead of rows, each in another one of a folder, and what is said.
NO_CSV = [
    {
        "attendance": (
            b"student_id,school_id,date,code,Code\n",
            "column code: the column is there",
        ),
        "attendance_codes": (b"code;counts_as\nA;absent\n", "by commas"),
        "calendar": (b"", "is empty"),
        "enrollments": (b"\x1f\x8b\x08 and so on", "is compressed"),
        "schools": (b"PK\x03\x04 and so on", "Excel"),
        "students": ("student_id,code\n".encode("utf-16"), "UTF-16"),
    },
    {
        "attendance": (
            b'"student_id,school_id\nann,alder\n',
            "columns date, code: the columns are missing",
        ),
        "calendar": (b"\x0b\n", "no header row"),
        "enrollments": (os.urandom(5000), ""),
        "schools": ("school_id,school_name\n".encode("utf-16-le"), "is not text"),
        "students": (b"\xef\xbb\xbf\n \n", "is empty"),
    },
]


@pytest.mark.parametrize("files", NO_CSV, ids=["one", "other"])
def test_what_is_no_csv_is_refused_in_words(folder, home, files):
    write_folder(folder)
    for name, (content, _) in files.items():
        (folder / f"{name}.csv").write_bytes(content)
    said_of = refused(folder, home).splitlines()
    for name, (_, said) in files.items():
        assert any(one.startswith(f"{name}.csv") and said in one for one in said_of), name


@pytest.mark.slow
def test_a_broken_gzip_is_refused(folder, home):
    to_gzip(write_folder(folder, attendance=[{"date": day} for day in WEEKDAYS]))
    whole = (folder / "attendance.csv.gz").read_bytes()
    for broken in (b"no gzip at all", b"", whole[:10], whole[:-9], whole[:30] + b"\x00" * 99):
        (folder / "attendance.csv.gz").write_bytes(broken)
        assert "attendance.csv.gz" in refused(folder, home)


@pytest.mark.slow
def test_a_broken_parquet_is_refused(folder, home):
    to_parquet(write_folder(folder))
    whole = (folder / "attendance.parquet").read_bytes()
    damaged = whole[:4] + b"\xff" * 60 + whole[64:]
    for broken in (
        damaged,
        b"PAR1 no more",
        b"",
        whole[:-20],
        whole[:4] + b"\xff" * 200 + whole[204:],
    ):
        (folder / "attendance.parquet").write_bytes(broken)
        assert "attendance.parquet: cannot be read" in refused(folder, home)


def test_a_folder_named_like_a_file_is_refused(folder, home):
    write_folder(folder)
    (folder / "attendance.csv").unlink()
    (folder / "attendance.csv").mkdir()
    assert "attendance.csv: is not a file" in refused(folder, home)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all files")
def test_a_file_that_may_not_be_read_is_refused(folder, home):
    write_folder(folder)
    (folder / "attendance.csv").chmod(0)
    assert "attendance.csv: cannot be read" in refused(folder, home)


# Refused: what the rows say


REFUSALS = [
    ({"attendance": [{}, {"code": "Z"}]}, "attendance.csv, line 3, column code: 'Z'"),
    ({"attendance": [{"student_id": "cy"}]}, "attendance.csv, line 2, column student_id: 'cy'"),
    ({"attendance": [{"school_id": "elm"}]}, "attendance.csv, line 2, column school_id: 'elm'"),
    (
        {"attendance": [{"code": "T"}]},
        "attendance.csv, line 2, columns missed_minutes, code: ', T'",
    ),
    ({"enrollments": [{"student_id": "cy"}]}, "enrollments.csv, line 2, column student_id: 'cy'"),
    ({"enrollments": [{"school_id": "elm"}]}, "enrollments.csv, line 2, column school_id: 'elm'"),
    ({"calendar": [{"school_id": "elm"}]}, "calendar.csv, line 2, column school_id: 'elm'"),
    ({"calendar": [{}, {}]}, "calendar.csv, line 2, columns school_id, date: 'alder, 2025-09-01'"),
    (
        {"schools": [{}, {"school_name": "Elm"}]},
        "schools.csv, line 2, column school_id: 'alder' is there more than once",
    ),
    (
        {"schools": [{}, {"school_id": "oak"}]},
        "schools.csv, line 2, column school_name: 'Alder School' is there more than once",
    ),
    ({"students": [{}, {}]}, "students.csv, line 2, column student_id: 'ann'"),
    (
        {"students": [{"school_year": "2025-26"}, {"school_year": "2025-26"}]},
        "students.csv, line 2, columns student_id, school_year: 'ann, 2025-26'",
    ),
    (
        {"attendance_codes": [{}, {}]},
        "attendance_codes.csv, line 2, column code: 'A' is there more than once",
    ),
    (
        {"attendance_codes": [{"counts_as": "late"}]},
        "attendance_codes.csv, line 2, column counts_as: 'late'",
    ),
    ({"attendance_codes": [{"counts_as": ""}]}, "attendance_codes.csv, line 2, column counts_as"),
    (
        {"survey_answers": [{"answer": "Maybe"}]},
        "survey_answers.csv, line 2, columns item_id, answer: 'adult, Maybe'",
    ),
    ({"survey_answers": [{"item_id": "x"}]}, "survey_answers.csv, line 2, columns survey, school"),
    (
        {"survey_answers": [{"school_id": "elm"}]},
        "survey_answers.csv, line 2, column school_id: 'elm' is not in schools.csv",
    ),
    (
        {"survey_counts": [{}, {"answer": "Maybe"}]},
        "survey_counts.csv, line 3, columns item_id, answer: 'adult, Maybe' is not an answer",
    ),
    ({"survey_counts": [{"item_id": "x"}]}, "survey_counts.csv, line 2, columns survey, school"),
    (
        {"survey_counts": [{"school_id": "elm"}]},
        "survey_counts.csv, line 2, column school_id: 'elm' is not in schools.csv",
    ),
    (
        {"survey_counts": [{}, {"answer": "Disagree"}, {"answers": "0"}]},
        "survey_counts.csv, line 2, columns survey, school_year, school_id, respondent_group, "
        "item_id, answer: 'climate, 2025-26, alder, student, adult, Agree' is there more than once",
    ),
    (
        {
            "survey_counts": [{}],
            "survey_scales": [
                {},
                {"answer": "No", "favorable": "no", "position": "1"},
                {"answer": "Nein", "favorable": "no", "position": "1"},
                {"answer": "Neutral", "favorable": "no", "position": "2"},
                {"answer": "Don't know", "counts": "no", "position": "5"},
            ],
        },
        "survey_counts.csv, line 2, columns survey, school_year, respondent_group: 'climate, "
        "2025-26, student' has no row of Nein, Neutral, No (scale agree)",
    ),
    *(
        (
            {"survey_counts": [{"answer": "Disagree"}, {"answers": wrong}]},
            f"survey_counts.csv, line 3, column answers{shown} is not a whole number",
        )
        for wrong, shown in (("-3", ": '-3'"), ("4.5", ": '4.5'"), ("*", ": '*'"), ("", ":"))
    ),
    (
        {"survey_counts": [{"answer": "Disagree"}, {"school_year": "25"}]},
        "survey_counts.csv: lacks 1 of 2 rows that cannot be read",
    ),
    (
        {"survey_counts": [{}], "survey_answers": [{}, {"school_id": "birch"}]},
        "survey_counts.csv, line 2, columns survey, school_year, school_id, respondent_group, "
        "item_id: 'climate, 2025-26, alder, student, adult' has answers of people in",
    ),
    (
        {"survey_counts": [{}], "survey_answers": [{"administration": "fall"}]},
        "survey_counts.csv, line 2, columns survey, school_year, respondent_group: "
        "'climate, 2025-26, student' names no administration, and other answers of them do (fall)",
    ),
    ({"survey_published": [{"item_id": "x"}]}, "survey_published.csv, line 2, columns survey,"),
    ({"survey_published": [{}, {}]}, "survey_published.csv, line 2, columns survey,"),
    ({"survey_invited": [{"school_id": "elm"}]}, "survey_invited.csv, line 2, column school_id"),
    ({"survey_invited": [{}, {}]}, "survey_invited.csv, line 2, columns survey,"),
    ({"survey_items": [{}, {}]}, "survey_items.csv, line 2, columns survey,"),
    ({"survey_scales": [{}, {}]}, "survey_scales.csv, line 2, columns scale, answer: 'agree, Agr"),
    (
        {"survey_answers": [{}], "survey_scales": [{}, {"answer": "So-so", "favorable": ""}]},
        "survey_scales.csv, line 3, columns answer, favorable: 'So-so, ' counts and is neither",
    ),
    (
        {
            "survey_answers": [{}],
            "survey_items": [{"reverse_scored": "yes"}],
            "survey_scales": [{}, {"answer": "No", "position": ""}],
        },
        "survey_scales.csv, line 3, columns answer, position: 'No, ' counts, has no position",
    ),
    (
        {
            "survey_answers": [{}],
            "survey_scales": [{}, {"answer": "De acuerdo", "favorable": "no"}],
        },
        "survey_scales.csv, line 2, columns scale, position, answer: 'agree, 4, Agree' has the",
    ),
]


def together(refusals) -> list[list[tuple]]:
    """The cases as few folders, in none of which two write the same file."""
    folders: list[list[tuple]] = []
    for files, said in refusals:
        for there in folders:
            if not any(files.keys() & others.keys() for others, _ in there):
                there.append((files, said))
                break
        else:
            folders.append([(files, said)])
    return folders


@pytest.mark.parametrize("cases", together(REFUSALS), ids=lambda cases: f"{len(cases)} cases")
def test_a_row_that_refuses_the_folder_is_named(folder, home, cases):
    write_folder(folder, **{name: rows for files, _ in cases for name, rows in files.items()})
    message = refused(folder, home)
    for _, said in cases:
        assert said in message
        assert "; " in message.split(said)[1].split("\n")[0], "says what would be right"


def test_answers_without_the_file_of_items_are_refused(folder, home):
    write_folder(folder, survey_answers=[{}])
    (folder / "survey_items.csv").unlink()
    assert "cannot be found without survey_items.csv" in refused(folder, home)


@pytest.mark.slow
def test_an_answer_that_counts_for_nothing_needs_neither_side_nor_place(folder, home):
    """Nor does one need a place on a scale that no item turns round."""
    none = {"answer": "Don't know", "position": "", "favorable": "", "counts": "no"}
    unplaced = {"scale": "other", "position": ""}
    reversed_item = [{"reverse_scored": "yes"}, {"item_id": "other", "scale": "other"}]
    write_folder(
        folder,
        survey_answers=[{}],
        survey_items=reversed_item,
        survey_scales=[{}, none, unplaced],
    )
    loaded(folder, home)


def test_many_refusals_of_one_kind_are_counted_not_listed(folder, home):
    write_folder(folder, attendance=[{"code": f"Z{number}"} for number in range(500)])
    said = refused(folder, home).splitlines()
    assert len(said) == 21
    assert "and 480 more" in said[-1]


def test_a_value_is_refused_once_with_its_first_line_and_how_often_it_is_there(folder, home):
    write_folder(folder, attendance=[{"code": code} for code in "AZYZZ"])
    assert refused(folder, home).splitlines() == [
        f"attendance.csv, line {line}, column code: '{code}' is not in attendance_codes.csv"
        f"{rows}; add it to attendance_codes.csv or correct it here."
        for line, code, rows in ((3, "Z", " (in 3 rows)"), (4, "Y", ""))
    ]


NEAR = "write them alike in both; a program that takes them for numbers drops leading zeros."


@pytest.mark.parametrize(
    ("written", "there"),
    [("1", "000001"), ("000001", "1"), ("001", "01"), ("1.0", "001"), ("a1", "A1")],
)
def test_ids_that_lost_their_zeros_are_named_once(folder, home, written, there):
    students = [{"student_id": there}, {"student_id": f"{there}7"}]
    write_folder(
        folder,
        students=students,
        enrollments=students,
        attendance=[*on_days(WEEKDAYS[:3], student_id=written), {"student_id": f"0{there}7"}],
    )
    assert refused(folder, home) == (
        f"attendance.csv, line 2, column student_id: '{written}' is not in students.csv, but "
        f"'{there}' is (4 rows with 2 such values); {NEAR}"
    )


def test_students_who_are_not_in_the_roster_are_named_once(folder, home):
    """With where they were enrolled: without it their absences count for nothing."""
    gone = [{"student_id": student, "date": day} for student in "xyz" for day in WEEKDAYS[:2]]
    write_folder(folder, attendance=[{}, *gone])
    assert refused(folder, home) == (
        "attendance.csv, line 3, column student_id: 'x' is not in students.csv, nor are 2 more "
        "students (6 rows); add each to students.csv, and to enrollments.csv with entry and exit "
        "date: an absence of somebody who is not enrolled counts for nothing."
    )
    enrollments = [{"student_id": student} for student in "xyz"]
    write_folder(folder, attendance=[{}, *gone], enrollments=[{}, *enrollments])
    assert refused(folder, home).splitlines()[:2] == [
        "enrollments.csv, line 3, column student_id: 'x' is not in students.csv, nor are 2 more "
        "students (3 rows); add each to students.csv or correct it here.",
        "attendance.csv, line 3, column student_id: 'x' is not in students.csv, nor are 2 more "
        "students (6 rows); add each to students.csv or correct it here.",
    ]


FOREIGN_DATES = [
    (("9/3/2025", "9/24/2025"), "month/day/year", "2025-09-03"),
    (("3.9.2025", "24.9.2025"), "day/month/year", "2025-09-03"),
    (("9-3-25", "9-24-25"), "month/day/year", "2025-09-03"),
    (("9/3/2025", "9/4/2025"), "month/day/year or day/month/year, which cannot be told", None),
    (("9/3/2025", "24/9/2025"), "day/month/year", "2025-03-09"),
    (("9/24/2025 0:00:00", "9/3/2025 0:00:00"), "month/day/year with a time of day", "2025-09-24"),
    (("2025/09/03", "2025/9/24"), "year/month/day", "2025-09-03"),
    (("20250903", "20250924"), "year, month and day without hyphens", "2025-09-03"),
    (("2025-09-03T00:00:00", "2025-09-24 08:15"), "dates with a time of day", "2025-09-03"),
    (("45903", "45924"), "day numbers of a spreadsheet", "2025-09-03"),
    (("03-Sep-2025", "24-Sep-2025"), "dates with the name of the month", "2025-09-03"),
]


@pytest.mark.parametrize(("written", "way", "first"), FOREIGN_DATES)
def test_dates_that_are_all_written_another_way_are_one_line(written, way, first):
    found, alike, day = dates.convention([*written, "soon", "2025-02-30"])
    assert (found, alike, day and str(day)) == (way, list(written), first)


@pytest.mark.slow
def test_a_column_of_foreign_dates_is_refused_in_one_line(folder, home):
    spring = [{"date": f"9/{day}/2025"} for day in range(3, 20)]
    write_folder(folder, attendance=spring * 2)
    assert refused(folder, home) == (
        "attendance.csv, line 2, column date: '9/3/2025' is one of all 34 dates of this column "
        "that are month/day/year; write them year first, this one as 2025-09-03."
    )
    stays = [{"exit_date": date} for date in ("", "9/3/2025", "9/14/2025")]
    write_folder(folder, enrollments=stays)
    assert "line 3, column exit_date: '9/3/2025' is one of all 2 dates" in refused(folder, home)
    # Some of a file's dates: one line too, where they are too many to be set aside.
    write_folder(folder, attendance=[{}, *spring[:6]])
    assert "is one of 6 of 7 dates of this column that are month/" in refused(folder, home)
    write_folder(folder, attendance=[{}, *spring[:5]])
    assert len(messages(loaded(folder, home), "set_aside")) == 5


def test_a_student_may_have_a_row_a_year_and_one_without(folder, home):
    years = [{"school_year": year} for year in ("", "2024-25", "2025-26")]
    loaded(write_folder(folder, students=[*years, {"student_id": "ben"}]), home)


# Set aside


SET_ASIDE = [
    ("attendance", {"date": "2025-02-30"}, "date", "is not a date"),
    ("attendance", {"date": "2025/09/03"}, "date", "is not a date"),
    ("attendance", {"date": "9/3/2025"}, "date", "is not a date"),
    ("attendance", {"date": "infinity"}, "date", "is not a date"),
    ("attendance", {"date": "2025-9-3"}, "date", "is not a date"),
    ("attendance", {"date": "2025-09-03 00:00:00"}, "date", "is not a date"),
    ("attendance", {"date": "12025-09-03"}, "date", "is not a date"),
    ("attendance", {"date": "2026-07-01"}, "date", "is after the day of loading"),
    ("attendance", {"date": ""}, "date", "is blank"),
    ("attendance", {"code": " "}, "code", "is blank"),
    ("attendance", {"student_id": ""}, "student_id", "is blank"),
    ("attendance", {"session": "noon"}, "session", "is not a session"),
    *[
        ("attendance", {"missed_minutes": text, "day_minutes": "390"}, "missed_minutes", "is not a")
        for text in ("3.7", "1e2", "0x10", "-5", "+5", "1,000", "99999999999", "NaN", "٣")
    ],
    ("attendance", {"missed_minutes": "0", "day_minutes": "0"}, "day_minutes", "is not a number"),
    ("attendance", {"missed_minutes": "9", "day_minutes": ""}, "day_minutes", "is blank though"),
    ("attendance", {"missed_minutes": "", "day_minutes": "9"}, "missed_minutes", "is blank though"),
    *[
        ("attendance", {"event_duration": text}, "event_duration", "is not a share of the day")
        for text in ("1.01", "-0.1", "2", "50%", "0,5", "half", "1e-2", ".")
    ],
    ("calendar", {"date": "2025-10-02", "periods": "0"}, "periods", "is not a number of periods"),
    ("enrollments", {"school_year": "2025-27"}, "school_year", "is not a school year"),
    ("enrollments", {"school_year": "2025"}, "school_year", "is not a school year"),
    ("enrollments", {"entry_date": ""}, "entry_date", "is blank"),
    ("enrollments", {"exit_date": "soon"}, "exit_date", "is not a date"),
    (
        "calendar",
        {"date": "2025-10-01", "attendance_taken": "maybe"},
        "attendance_taken",
        "is neither",
    ),
    ("students", {"student_id": "", "gender": "x"}, "student_id", "is blank"),
    ("students", {"first_name": "x" * 10_001}, "first_name", "is too long"),
    ("schools", {"school_id": "elm", "school_name": ""}, "school_name", "is blank"),
    ("survey_items", {"item_id": "x", "school_year": "25"}, "school_year", "is not a year"),
    ("survey_items", {"item_id": "x", "reverse_scored": "t"}, "reverse_scored", "is neither"),
    ("survey_answers", {"school_year": "2025"}, "school_year", "is not a school year"),
    ("survey_published", {"percent_favorable": "101"}, "percent_favorable", "is not a percentage"),
    ("survey_published", {"percent_favorable": "62%"}, "percent_favorable", "is not a percentage"),
    ("partners", {"partner_id": ""}, "partner_id", "is blank"),
    ("published_rates", {"school_year": "25-26"}, "school_year", "is not a school year"),
    (
        "published_rates",
        {"students": "9", "students_absent": "10"},
        "students_absent",
        "is more than students",
    ),
]


# A good row goes before each bad one, so that the first bad one is line 3, row 2.
GOOD = {"calendar": {"date": "2025-09-03"}}
ONE_STUDENT = {"students": [{}], "enrollments": [{}], "survey_items": [{}]}


def by_file(cases) -> dict[str, list[tuple]]:
    """File: its cases."""
    found: dict[str, list[tuple]] = {}
    for name, *case in cases:
        found.setdefault(name, []).append(tuple(case))
    return found


@pytest.mark.slow
def test_a_row_that_cannot_be_read_is_set_aside(folder, home):
    """All cases in one folder: behind the bad rows of attendance stand a hundred good ones for each
    of them. Of every other file there are five at most, for the sixth refuses the folder."""
    bad = by_file(SET_ASIDE)
    files = {
        name: [GOOD.get(name, {}), *(row for row, _, _ in cases)] for name, cases in bad.items()
    }
    many = [f"s{number}" for number in range(5 * len(bad["attendance"]) + 5)]
    files["attendance"] += [{"student_id": one, "date": day} for one in many for day in WEEKDAYS]
    students = [{}, *({"student_id": one} for one in many)]
    days = [{"date": day} for day in WEEKDAYS]
    good = {"students": students, "enrollments": students, "calendar": days}
    files = (
        ONE_STUDENT
        | files
        | {name: rows_of + files.get(name, [])[1:] for name, rows_of in good.items()}
    )
    write_folder(folder, **files)
    said = messages(loaded(folder, home), "set_aside")
    assert len(said) == sum(len(cases) for cases in bad.values())
    for name, cases in bad.items():
        first = len(good.get(name, [{}])) + 2
        for line, (row, column, problem) in enumerate(cases, start=first):
            value = f"'{shown(row[column])}' " if row[column] else ""
            begins = f"{name}.csv, line {line}, column {column}: {value}{problem}"
            [message] = [one for one in said if one.startswith(begins)]
            assert "; " in message
        kept = len(files[name]) - len(cases)
        assert rows(home, f'SELECT count(*) FROM "{name}"') == [(kept,)]


@pytest.mark.slow
def test_rows_of_parquet_that_cannot_be_read_are_set_aside(folder, home):
    """Five of each file, from its first case to its last."""
    bad = {name: cases[:: -(-len(cases) // 5)] for name, cases in by_file(SET_ASIDE).items()}
    files = {
        name: [GOOD.get(name, {}), *(row for row, _, _ in cases)] for name, cases in bad.items()
    }
    report = loaded(to_parquet(write_folder(folder, **ONE_STUDENT | files)), home)
    said = messages(report, "set_aside")
    assert len(said) == sum(len(cases) for cases in bad.values())
    for name, cases in bad.items():
        for number, (_, column, problem) in enumerate(cases, start=2):
            place = f"{name}.parquet, row {number}, column {column}: "
            assert any(one.startswith(place) and problem in one for one in said)


@pytest.mark.slow
def test_a_last_day_that_cannot_be_read_is_set_aside_in_parquet_too(folder, home):
    stays = [{}, {"student_id": "ben", "exit_date": "1899-12-31"}]
    to_parquet(write_folder(folder, enrollments=stays), {"exit_date": "DATE"})
    [message] = messages(loaded(folder, home), "set_aside")
    assert message.startswith("enrollments.parquet, row 2, column exit_date: '1899-12-31' is not")
    assert rows(home, "SELECT student_id FROM enrollments") == [("ann",)]


@pytest.mark.slow
def test_ten_thousand_letters_of_any_alphabet_are_accepted(folder, home):
    write_folder(folder, students=[{"first_name": "é" * 10_000}], enrollments=[{}])
    assert messages(loaded(folder, home), "set_aside") == []


@pytest.mark.slow
def test_a_blank_of_another_alphabet_is_not_called_a_blank_that_every_row_needs(folder, home):
    write_folder(folder, attendance=[{}, {"session": "\u3000"}])
    [message] = messages(loaded(folder, home), "set_aside")
    assert "is not a session" in message


@pytest.mark.slow
def test_words_for_nothing_are_blank_but_not_where_they_are_words(folder, home):
    nothing = ("NULL", "null", "N/A", "n/a", "#N/A", "None", "-", " - ")
    students = [
        {"student_id": f"s{n}", "last_name": word, "gender": word, "disability": word}
        for n, word in enumerate(nothing)
    ]
    write_folder(
        folder,
        students=[*students, {"student_id": "ann", "gender": "none"}],
        enrollments=[{"grade": "N/A", "exit_date": "NULL"}],
        attendance=[{"code": "-", "missed_minutes": "NULL", "day_minutes": "N/A"}],
        attendance_codes=[{"code": "-", "counts_as": "absent", "label": "None", "reason": "NULL"}],
        survey_scales=[
            {"answer": "Agree"},
            {"answer": "N/A", "position": "-", "favorable": "", "counts": "no"},
        ],
        survey_answers=[{}, {"respondent_id": "r2", "answer": "N/A"}],
    )
    report = loaded(folder, home)
    assert messages(report, "set_aside") == messages(report, "noted") == []
    found = rows(home, "SELECT last_name, gender, disability FROM students ORDER BY student_id")
    assert found == [(None, "none", None)] + [(word.strip(), None, None) for word in nothing]
    assert rows(home, "SELECT grade, exit_date FROM enrollments") == [(None, None)]
    assert rows(home, "SELECT code, missed_minutes FROM attendance") == [("-", None)]
    assert rows(home, "SELECT label, reason FROM attendance_codes") == [("None", None)]
    answers = rows(home, "SELECT answer FROM survey_answers ORDER BY ALL")
    assert answers == [("Agree",), ("N/A",)]


@pytest.mark.slow
def test_a_student_without_an_id_is_no_student(folder, home):
    write_folder(folder, students=[{}, {"student_id": "NULL"}], enrollments=[{}])
    [message] = messages(loaded(folder, home), "set_aside")
    assert message.startswith("students.csv, line 3, column student_id: 'NULL'")
    assert rows(home, "SELECT student_id FROM students") == [("ann",)]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_yes_and_no_are_read_however_they_are_written(folder, home, form):
    pairs = [("yes", "no"), ("Y", "n"), ("TRUE", "false"), ("1", "0"), ("Yes", "NO")]
    answers = [one for pair in pairs for one in pair]
    write_folder(
        folder,
        students=[
            {"student_id": "ann"},
            *({"student_id": f"s{n}", "disability": one} for n, one in enumerate(answers)),
            {"student_id": "z", "disability": "Former"},
        ],
        enrollments=[{}],
        attendance_codes=[{"code": "A", "excused": "TRUE"}, {"code": "B", "excused": "0"}],
        calendar=[
            {"date": "2025-09-03", "attendance_taken": "1"},
            {"date": "2025-09-04", "attendance_taken": "N"},
        ],
    )
    report = loaded(to_parquet(folder) if form == "parquet" else folder, home)
    found = rows(home, "SELECT disability FROM students WHERE student_id LIKE 's%' ORDER BY ALL")
    assert sorted(found) == [("no",)] * 5 + [("yes",)] * 5
    assert rows(home, "SELECT excused FROM attendance_codes ORDER BY code") == [(True,), (False,)]
    assert rows(home, "SELECT attendance_taken FROM calendar ORDER BY date") == [(True,), (False,)]
    # What is neither stands as it is written, and is listed.
    assert rows(home, "SELECT disability FROM students WHERE student_id = 'z'") == [("Former",)]
    [message] = messages(report, "noted")
    assert "column disability: 'Former' is neither yes nor no" in message


def test_days_up_to_today_are_counted(folder, home):
    write_folder(folder, calendar=[{"date": "2026-06-30"}], attendance=[{"date": "2026-06-30"}])
    assert counts(loaded(folder, home), "attendance.csv") == (1, 1, 0, 0)


@pytest.mark.slow
def test_rows_of_days_to_come_are_left_out_and_refuse_nothing(folder, home):
    """Eight of nine rows; one of them has only one of two minutes, which nobody looks at yet."""
    ahead = [{"date": f"2026-07-{day:02}"} for day in range(1, 8)]
    write_folder(folder, attendance=[{}, *ahead, {"date": "2026-07-08", "day_minutes": "9"}])
    report = loaded(folder, home)
    assert counts(report, "attendance.csv") == (9, 1, 8, 0)
    assert messages(report, "set_aside") == [
        "attendance.csv, line 3, column date: '2026-07-01' is after the day of loading, like 7 "
        "rows more; days up to 2026-06-30 are counted. These 8 rows were set aside."
    ]
    write_file(folder, "attendance", [{}, *ahead, *[{"date": "soon"}] * 6])
    assert "6 of 14 rows would be set aside, more than 1%" in refused(folder, home)


BLANK_ROWS = {
    "as many cells": ",,,\n" * 9,
    "fewer and more cells": ",\n,,,,,,\n" * 4,
    "spaces and quotation marks": ' , ,"", \n\t,,,\n' * 4,
}


@pytest.mark.slow
@pytest.mark.parametrize("blank", BLANK_ROWS.values(), ids=BLANK_ROWS)
def test_a_row_with_nothing_in_it_is_no_row(folder, home, blank):
    """Before and behind the others, and the lines of these are still the right ones."""
    write_folder(folder)
    rewrite(
        folder / "attendance.csv",
        lambda text: (
            text.replace(b"code\n", b"code\n" + blank.encode())
            + blank.encode()
            + b"ann,alder,soon,A\n"
        ),
    )
    report = loaded(folder, home)
    assert counts(report, "attendance.csv") == (2, 1, 1, 0)
    line = 2 + 2 * blank.count("\n") + 1
    [message] = messages(report, "set_aside")
    assert message.startswith(f"attendance.csv, line {line}, column date: 'soon'")


@pytest.mark.slow
def test_a_row_with_nothing_in_it_is_no_row_of_parquet_either(folder, home):
    write_folder(folder)
    rewrite(folder / "students.csv", lambda _: b"student_id,gender\nann,\n,\nben,\n,\n")
    assert counts(loaded(to_parquet(folder), home), "students.parquet") == (2, 2, 0, 0)


GRADES = {
    "PK": [
        "-1",
        "-2",
        "PK",
        "pk",
        "Pre-K",
        "PreK",
        "PK3",
        "PK 4",
        "Prekindergarten",
        "TK",
        "Preschool",
    ],
    "K": ["K", "k", "KG", "0", "00", "Kindergarten", "Grade K"],
    "1": ["1", "01", "1.0", "1st", "First grade", "First", "Grade 1", "grade 01", "Gr. 1"],
    "10": ["10", "010", "10.0", "10th grade", "Tenth"],
    "12": ["12", "12th", "Twelfth Grade"],
    None: ["13", "12+", "1-2", "1.5", "-5", "K5", "UG", "Thirteenth", "Grade", "20", "1 2", "112"],
}


def test_grades_are_read_as_systems_write_them_or_are_unknown_and_listed(folder, home):
    """One line for each value that is not sure; the student stays, and counts in grade Unknown."""
    written = [(text, grade) for grade, texts in GRADES.items() for text in texts]
    enrollments = [
        {"student_id": f"s{n}", "grade": text} for n, (text, _grade) in enumerate(written)
    ]
    write_folder(
        folder,
        students=[{"student_id": "ann"}, *({"student_id": f"s{n}"} for n in range(len(written)))],
        enrollments=[*enrollments, {"student_id": "ann", "grade": "12+"}],
    )
    report = loaded(folder, home)
    found = dict(rows(home, "SELECT student_id, grade FROM enrollments"))
    assert {text: found[f"s{n}"] for n, (text, _grade) in enumerate(written)} == dict(written)
    said = messages(report, "noted")
    assert len(said) == len(GRADES[None])
    line = 2 + written.index(("12+", None))
    assert said[1] == (
        f"enrollments.csv, line {line}, column grade: '12+' is not a grade, in 2 rows; it is "
        "unknown there, and the row stays; write PK, K or 1 to 12, or leave it blank."
    )
    assert rows(home, "SELECT count(*) FROM entry WHERE grade = 'Unknown'") == [(13,)]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_nobody_can_read_where_it_may_be_unknown_costs_no_row(folder, home, form):
    write_folder(
        folder,
        attendance_codes=[{"excused": "2"}],
        survey_scales=[{"answer": "Agree"}, {"answer": "x", "position": "top", "counts": "no"}],
        survey_invited=[{"invited": "many"}],
        survey_answers=[{}],
        survey_published=[{"respondents": "some"}],
    )
    report = loaded(to_parquet(folder) if form == "parquet" else folder, home)
    assert messages(report, "set_aside") == []
    said = " ".join(messages(report, "noted"))
    for value in ("'2' is neither yes nor no", "'top' is not a", "'many' is not", "'some' is not"):
        assert value in said
    assert rows(home, "SELECT excused FROM attendance_codes") == [(None,)]
    assert rows(home, "SELECT invited FROM survey_invited") == [(None,)]


def test_a_blank_grade_a_blank_answer_and_no_minutes_missed_are_accepted(folder, home):
    minutes = {"code": "T", "missed_minutes": "0", "day_minutes": "390"}
    write_folder(
        folder, enrollments=[{"grade": ""}], attendance=[minutes], survey_answers=[{"answer": ""}]
    )
    assert messages(loaded(folder, home), "set_aside") == []


def test_five_bad_rows_are_set_aside_and_six_refuse_a_small_file(folder, home):
    bad = [{"date": "x"}] * 6
    assert counts(loaded(write_folder(folder, attendance=bad[:5]), home), "attendance.csv") == (
        5,
        0,
        5,
        0,
    )
    said = refused(write_folder(folder, attendance=bad), home)
    assert "attendance.csv: 6 of 6 rows would be set aside, more than 1%" in said


@pytest.mark.slow
def test_one_row_in_a_hundred_may_be_set_aside_and_no_more(folder, home):
    good = [{"date": WEEKDAYS[number % 20], "session": "am"} for number in range(594)]
    write_folder(folder, attendance=good + [{"date": "x"}] * 6)
    assert counts(loaded(folder, home), "attendance.csv")[2] == 6
    write_folder(folder, attendance=good[:-1] + [{"date": "x"}] * 6)
    assert "6 of 599 rows" in refused(folder, home)


@pytest.mark.slow
def test_windows_1252_bytes_set_the_row_aside_and_say_what_they_mean(folder, home):
    write_folder(folder, students=[{}, {"student_id": "ben", "first_name": "José"}])
    rewrite(folder / "students.csv", lambda data: data.decode().encode("cp1252"))
    write_file(folder, "enrollments", [{}])
    [message] = messages(loaded(folder, home), "set_aside")
    assert message == (
        "students.csv, line 3, column first_name: 'Jos\\xe9' is not UTF-8; save the file as UTF-8; "
        "in Windows-1252 it reads 'José'. The row was set aside."
    )


@pytest.mark.slow
def test_ten_million_characters_in_a_cell_set_the_row_aside(folder, home):
    students = [{}, {"student_id": "ben"}, {"student_id": "cy", "last_name": "x" * 10_000_000}]
    [message] = messages(loaded(write_folder(folder, students=students), home), "set_aside")
    assert message.startswith("students.csv, line 4, column last_name: 'xxxx")
    assert "has 10,000,000 characters" in message
    assert len(message) < 300
    [message] = messages(loaded(to_parquet(folder), home), "set_aside")
    assert message.startswith("students.parquet, row 3, column last_name: 'xxxx")


@pytest.mark.slow
def test_ten_million_characters_in_a_quoted_cell_set_the_row_aside(folder, home):
    write_folder(folder)
    with (folder / "attendance.csv").open("a") as file:
        file.write('ann,"' + "x" * 10_000_000 + '",2025-09-04,A\nben,alder,2025-09-04,A\n')
    report = loaded(folder, home)
    assert counts(report, "attendance.csv") == (3, 2, 1, 0)
    assert "line 3, column school_id" in messages(report, "set_aside")[0]


# Files of four columns: a row before the one that is misshapen, what this one holds, two behind.
FOUR_COLUMNS = {
    "attendance": (
        "student_id,school_id,date,code",
        "ann,alder,2025-09-03,A",
        ("ann", "alder", "2025-09-04", "A"),
        ("ann,alder,2025-09-05,A", "ann,alder,2025-09-08,A"),
    ),
    "students": (
        "student_id,first_name,last_name,gender",
        "ann,Ann,Ng,f",
        ("cem", "Cem", "Ng", "m"),
        ("ben,Ben,Ng,m", "dee,Dee,Ng,f"),
    ),
    "schools": (
        "school_id,school_name,network,neighborhood",
        "alder,Alder School,North,East",
        ("elm", "Elm", "North", "East"),
        ("oak,Oak,North,East", "fir,Fir,North,East"),
    ),
    "partners": (
        "partner_id,partner_name,causes,contact",
        "a,A,asthma,Ms. Lee",
        ("b", "B", "asthma", "Ms. Lee"),
        ("c,C,asthma,Ms. Lee", "d,D,asthma,Ms. Lee"),
    ),
}


def quoted(row: str) -> str:
    one, other, *rest = row.split(",")
    return ",".join([one, f'"{other}"', *rest])


# What comes behind the misshapen row: others, some with quotation marks, nothing, or its line end.
BEHIND = (
    lambda one, other: f"\n{one}\n{other}\n",
    lambda one, other: f"\n{quoted(one)}\n{quoted(other)}\n",
    lambda one, other: "",
    lambda one, other: "\n",
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "line", "column", "said"),
    [
        (0, "{},{},{}", 3, "has 3 cells and the header 4"),
        (1, "{},{},{},{},A", 3, "has 5 cells and the header 4"),
        (2, '{},{},"{},{}', 2, "has a quotation mark that is not closed"),
        (3, '{},{},{},"{}', 3, "has a quotation mark that is not closed"),
        (0, '"{}"a,{},{},{}', 0, "has a quotation mark"),
        (1, "{},{},{},{}\x00", 3, "has a character that is no text"),
    ],
)
def test_a_misshapen_row_costs_only_itself(folder, home, number, line, column, said):
    """Whatever comes behind it: one way in each of four files, in turn."""
    write_folder(folder, enrollments=[{}])
    ways = dict(zip(FOUR_COLUMNS, BEHIND[number:] + BEHIND[:number], strict=True))
    for name, way in ways.items():
        header, before, cells, behind = FOUR_COLUMNS[name]
        text = f"{header}\n{before}\n{line.format(*cells)}{way(*behind)}"
        (folder / f"{name}.csv").write_text(text)
    report = loaded(folder, home)
    found = messages(report, "set_aside")
    assert len(found) == len(ways)
    for name, way in ways.items():
        place = f"{name}.csv, line 3, column {FOUR_COLUMNS[name][0].split(',')[column]}: '"
        [message] = [one for one in found if one.startswith(place)]
        assert said in message
        kept = (4, 3, 1, 0) if way("x,y", "x,y").strip() else (2, 1, 1, 0)
        assert counts(report, f"{name}.csv") == kept


@pytest.mark.slow
def test_a_quotation_mark_in_free_text_swallows_no_row_unseen(folder, home):
    write_folder(folder)
    (folder / "partners.csv").write_text(
        'partner_id,partner_name,causes\na,A,\nb,B,"asthma\nc,"C",flu\nd,"D\ne,E",flu\nf,F,\n'
    )
    said = messages(loaded(folder, home), "set_aside")
    assert said[0].startswith("partners.csv, line 3, column causes")
    assert "is not closed" in said[0]
    assert said[1].startswith("partners.csv, line 5, column partner_name")
    assert "look like rows of their own" in said[1]
    assert rows(home, "SELECT partner_id FROM partners") == [("a",), ("c",), ("f",)]


@pytest.mark.slow
def test_control_characters_are_shown_escaped_and_values_cut(folder, home):
    write_folder(folder, attendance=[{}, {"date": "\x1b[31m" + "y" * 300}])
    [message] = messages(loaded(folder, home), "set_aside")
    assert "'\\x1b[31myyy" in message
    assert "\x1b" not in message
    assert len(message) < 250


def test_values_that_look_like_sql_are_text(folder, home):
    name = "'); DROP TABLE students; --"
    loaded(write_folder(folder, schools=[{"school_name": name}]), home)
    assert rows(home, "SELECT school_name FROM schools") == [(name,)]


# Days off


EVERY_DAY = [str(date(2025, 9, 1) + timedelta(days=number)) for number in range(28)]


@pytest.mark.slow
def test_days_that_are_not_in_session_are_no_instructional_days(folder, home):
    """However the column is spelled; the header of a file may leave _ out."""
    write_folder(
        folder,
        calendar=[{"date": day, "in_session": "1" if day in WEEKDAYS else "0"} for day in EVERY_DAY]
        + [{"date": "2025-09-29", "in_session": ""}],
    )
    for name in (b"in_session", b"InSession"):
        rewrite(folder / "calendar.csv", lambda data, name=name: data.replace(b"in_session", name))
        report = loaded(folder, home)
        assert counts(report, "calendar.csv") == (29, 29, 0, 0)
        assert messages(report, "noted") == []
        days = [day for (day,) in rows(home, "SELECT date::VARCHAR FROM school_day ORDER BY date")]
        assert days == [*WEEKDAYS, "2025-09-29"]


# Several calendars at one school


K5, UPPER = {"calendar_code": "K5"}, {"calendar_code": "6-8"}
TWO_CALENDARS = [{"date": day, **K5} for day in WEEKDAYS] + [
    {"date": day, **UPPER} for day in WEEKDAYS[::2]
]


@pytest.mark.slow
def test_days_of_two_calendars_are_one_question(folder, home):
    write_folder(folder, calendar=[{"date": day, "track": "a"} for day in WEEKDAYS * 2])
    assert refused(folder, home) == (
        "calendar.csv, line 2, columns school_id, date: 'alder, 2025-09-01' is there more than "
        "once, and 19 more days like it (40 rows); keep one row for each day; or, if "
        "they are days of several calendars, add a column calendar_code to calendar.csv and "
        "enrollments.csv that says which day, and which student, belongs to which (the columns "
        "track are not read)."
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("calendar", "students", "said"),
    [
        (
            TWO_CALENDARS,
            [{}, {}],
            "line 2, columns student_id, calendar_code: 'ann, ' does not say",
        ),
        (
            TWO_CALENDARS,
            [K5, {}],
            "line 3, columns student_id, calendar_code: 'ben, ' does not say",
        ),
        (
            TWO_CALENDARS,
            [K5, {"calendar_code": "K-5"}],
            "'ben, K-5' is no calendar of school alder",
        ),
        ([{**day, **K5} for day in TWO_CALENDARS[:20]], [UPPER, K5], "'ann, 6-8' is no calendar"),
        ([{"date": day} for day in WEEKDAYS], [UPPER, K5], "has one without a code"),
    ],
)
def test_whose_calendar_is_whose_is_asked_once(folder, home, calendar, students, said):
    who = ("ann", "ben")
    stays = [{"student_id": one, **stay} for one, stay in zip(who, students, strict=True)]
    write_folder(folder, calendar=calendar, enrollments=stays, attendance=[{"date": WEEKDAYS[0]}])
    message = refused(folder, home)
    assert said in message
    assert len(message.splitlines()) == 1


def test_whose_calendar_is_whose_is_not_asked_where_it_is_known(folder, home):
    """At four schools, side by side: each of them alone would refuse the folder."""
    known = {
        "alder": (TWO_CALENDARS, [K5, UPPER]),
        # A calendar without a code is that of everybody who names none.
        "birch": ([*TWO_CALENDARS[:20], {"date": WEEKDAYS[0]}], [K5, {}]),
        # Of one calendar nobody has to say so, nor does it matter what it is called.
        "cedar": (TWO_CALENDARS[:20], [{}, {}]),
        "elm": ([{"date": day} for day in WEEKDAYS], [K5, K5]),
    }
    stays = [
        {"student_id": f"{number} of {school}", "school_id": school, **stay}
        for school, (_, students) in known.items()
        for number, stay in enumerate(students)
    ]
    write_folder(
        folder,
        schools=[{"school_id": school, "school_name": school} for school in known],
        students=[{"student_id": stay["student_id"]} for stay in stays],
        enrollments=stays,
        calendar=[
            {"school_id": school, **day} for school, (days, _) in known.items() for day in days
        ],
        attendance=[
            {"school_id": stay["school_id"], "student_id": stay["student_id"], "date": WEEKDAYS[0]}
            for stay in stays
        ],
    )
    loaded(folder, home)


@pytest.mark.slow
def test_what_days_of_two_calendars_differ_in_is_refused(folder, home):
    write_folder(
        folder,
        calendar=[{**K5, "periods": "6"}, {**UPPER, "periods": "7"}],
        enrollments=[{**K5}],
    )
    assert "'alder, 2025-09-01, 7' has another number of periods in" in refused(folder, home)
    write_folder(
        folder,
        calendar=[{**K5}, {**UPPER, "school_year": "2026-27"}],
        enrollments=[{**K5}],
    )
    assert "belongs to another school year in another calendar" in refused(folder, home)


@pytest.mark.slow
def test_an_event_on_no_day_of_the_students_own_calendar_is_listed(folder, home):
    write_folder(
        folder,
        calendar=TWO_CALENDARS,
        enrollments=[{"student_id": "ann", **K5}, {"student_id": "ben", **UPPER}],
        attendance=[{"student_id": who, "date": WEEKDAYS[1]} for who in ("ann", "ben")],
    )
    report = loaded(folder, home)
    assert messages(report, "repaired") == [
        "attendance.csv, line 3, columns student_id, school_id, date: 'ben, alder, 2025-09-02' is "
        "no day of the student's own calendar; the event counts for nothing."
    ]
    assert rows(home, "SELECT student_id FROM missed_day") == [("ann",)]


@pytest.mark.parametrize(
    ("fridays", "said"),
    [(4, None), (5, "'ann' missed 5 days, all on a Friday, which is no chance")],
)
@pytest.mark.slow
def test_who_is_missing_on_one_weekday_alone_may_come_on_some_days_only(
    folder, home, fridays, said
):
    """Two students, fifteen days and pairs of days, one day in five: 30 / 5 ** 5 is less than one
    in a hundred, and 30 / 5 ** 4 is not."""
    days = weekdays("2025-09-01", 50)
    write_folder(
        folder,
        calendar=[{"date": day} for day in days],
        attendance=[{"date": day} for day in days[4::5][:fridays]]
        + [{"student_id": "ben", "date": days[-1], "code": "P"}],
    )
    noted = [line for line in messages(loaded(folder, home), "noted") if "all on" in line]
    assert len(noted) == (said is not None)
    if said:
        assert said in noted[0]


@pytest.mark.slow
def test_a_column_that_says_how_much_of_the_time_says_what_to_do(folder, home):
    write_folder(folder, enrollments=[{"Full Time Equivalency": "0.4"}])
    noted = messages(loaded(folder, home), "noted")
    assert [line for line in noted if "calendar_code" in line]


def test_a_day_that_is_both_in_session_and_off_is_refused(folder, home):
    twice = [{"in_session": "yes"}, {"in_session": "no"}]
    assert "is there more than once" in refused(write_folder(folder, calendar=twice), home)


def days_listed(*days, absent=(WEEKDAYS[2], WEEKDAYS[-1]), **columns):
    """The days of a calendar, some of them with an absence."""
    events = [{"date": str(day)} for day in absent]
    return {"calendar": [{"date": day, **columns} for day in days], "attendance": events}


SATURDAYS, SUNDAYS = EVERY_DAY[5::7], EVERY_DAY[6::7]
THROUGH_THE_YEAR = weekdays("2025-07-01", 201)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "said"),
    [
        (days_listed(*EVERY_DAY), "lists 28 days of 2025-26 at school alder, 8 of them on weekend"),
        (days_listed(*WEEKDAYS, *SATURDAYS), "at school alder, 4 of them"),
        (days_listed(*WEEKDAYS, *SATURDAYS[:3], absent=WEEKDAYS), "at school alder, 3 of them"),
        (days_listed(*THROUGH_THE_YEAR), "lists 201 days of 2025-26 at school alder; list"),
    ],
)
def test_a_calendar_that_seems_to_list_days_off_is_asked_about(folder, home, files, said):
    write_folder(folder, **files)
    message = refused(folder, home)
    assert message.startswith("calendar.csv, column date: ")
    assert said in message
    assert message.endswith("days only, or add in_session (yes or no) to every day.")


@pytest.mark.slow
def test_a_calendar_is_not_asked_about_where_its_days_are_real_or_too_few_to_tell(folder, home):
    """Of six schools, side by side: each of them alone would refuse the folder. Nor is one that
    says of every day itself whether it is in session."""
    real = (
        days_listed(*THROUGH_THE_YEAR[:-1]),
        days_listed(*THROUGH_THE_YEAR, absent=THROUGH_THE_YEAR),
        days_listed(*WEEKDAYS, *SATURDAYS, absent=[WEEKDAYS[2], SATURDAYS[3]]),
        days_listed(*WEEKDAYS, *SUNDAYS, absent=[WEEKDAYS[2], SUNDAYS[2]]),
        days_listed(*WEEKDAYS, *SATURDAYS[:2]),
        days_listed(*WEEKDAYS, *SATURDAYS[:2], absent=WEEKDAYS),
    )
    schools = [f"s{number}" for number in range(len(real))]
    there = [{"school_id": school, "student_id": f"of {school}"} for school in schools]
    rows_of = {
        file: [row | who for who, files in zip(there, real, strict=True) for row in files[file]]
        for file in ("calendar", "attendance")
    }
    write_folder(
        folder,
        schools=[{"school_id": school, "school_name": school} for school in schools],
        students=there,
        enrollments=there,
        **rows_of,
    )
    loaded(folder, home)
    write_folder(folder / "itself", **days_listed(*EVERY_DAY, in_session="yes"))
    loaded(folder / "itself", home, accept_losses=True)


# Periods and shares of the day


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("0.33", "1/3"),
        ("0.333", "1/3"),
        ("0.34", "17/50"),
        ("0.32", "8/25"),
        ("0.66", "2/3"),
        ("0.67", "2/3"),
        ("0.16", "1/6"),
        ("0.17", "1/6"),
        ("0.14", "1/7"),
        ("0.15", "3/20"),
        ("0.85", "17/20"),
        ("0.86", "6/7"),
        ("0.083", "1/12"),
        ("0.125", "1/8"),
        ("0.3", "3/10"),
        ("0.50", "1/2"),
        ("1.", "1"),
        ("0.128205", "5/39"),
        ("0.12820512820512819", "5/39"),
        ("0.30000000000000004", "3/10"),
        ("0.33333334", "1/3"),
    ],
)
def test_a_written_share_is_what_it_was_before_it_was_rounded(written, share):
    assert shares.exact(written) == Fraction(share)


@pytest.mark.slow
def test_periods_are_asked_for_once_with_the_usual_number(folder, home):
    periods = [{"date": day, "periods": "6" if day < WEEKDAYS[15] else ""} for day in WEEKDAYS]
    write_folder(
        folder,
        calendar=periods,
        attendance=[{"period": "2"}, *on_days(WEEKDAYS[15:18], period="2(A)")],
    )
    assert refused(folder, home) == (
        "attendance.csv, line 3, columns school_id, period: 'alder, 2(A)' is a period, and "
        "calendar.csv does not say how many make that day (3 rows like this, at 1 of the schools); "
        "write their number in periods of calendar.csv; on most days of this school it is 6."
    )
    # Where minutes or a share say how much was missed, or nothing was, the number is not needed.
    told = [
        {"code": "P"},
        {"missed_minutes": "50", "day_minutes": "300"},
        {"event_duration": "0.2"},
        {"session": "am", "period": ""},
    ]
    loaded(write_folder(folder, attendance=[{"period": "2"} | one for one in told]), home)


@pytest.mark.slow
def test_many_rows_a_day_that_say_no_period_are_asked_about(folder, home):
    others = [
        {"student_id": student, "date": day, "session": session}
        for student in ("ann", "ben")
        for day in WEEKDAYS[6:]
        for session in ("am", "pm", "am")
    ]
    again = on_days(WEEKDAYS[:6], rows=({}, {"code": "E"}))
    # Six of 96 rows are more than one in twenty; five rows may always be there again.
    assert len(others + again) == 96
    assert refused(write_folder(folder, attendance=again + others), home) == (
        "attendance.csv, line 3, columns student_id, school_id, date: 'ann, alder, 2025-09-01' has "
        "several rows for the day, and 6 of 96 rows are such second ones; if they are periods, add "
        "period here and how many make a day, as periods, to calendar.csv; if they are half days, "
        "add session; if one corrects the other, say with rank in attendance_codes.csv whose "
        "counts; otherwise keep one row a day."
    )
    loaded(write_folder(folder, attendance=again[:-1]), home)
    loaded(write_folder(folder, attendance=again + others + others[:24]), home)


ELM = [{}, {"school_id": "elm", "school_name": "Elm School"}]
BOTH_OPEN = [{"school_id": school, "date": day} for school in ("alder", "elm") for day in WEEKDAYS]


@pytest.mark.parametrize(("others", "asked"), [(47, True), (48, False)])
@pytest.mark.slow
def test_many_rows_a_day_at_one_school_are_asked_about(folder, home, others, asked):
    """Six of 59 at elm are more than one in ten, and in all fewer than one in twenty."""
    pupils = [{"student_id": f"s{number}"} for number in range(6)]
    there = [{"student_id": one, "school_id": "elm"} for one in ("cem", "dee", "eve", "fay")]
    at_elm = on_days(WEEKDAYS[:6], **there[0])
    write_folder(
        folder,
        schools=ELM,
        calendar=BOTH_OPEN,
        students=[{"student_id": one["student_id"]} for one in [*pupils, *there]],
        enrollments=[*pupils, *there],
        attendance=[one | pupil for pupil in pupils for one in on_days(WEEKDAYS)]
        + [one | pupil for pupil in there[1:] for one in on_days(WEEKDAYS)][:others]
        + 2 * at_elm,
    )
    if asked:
        assert (
            "has several rows for the day, and 6 of 59 rows of school elm are such second ones; if"
        ) in refused(folder, home)
    else:
        loaded(folder, home)


@pytest.mark.parametrize(("pupils", "asked"), [(3, False), (4, True)])
def test_rows_of_presence_alone_at_one_school_are_asked_about(folder, home, pupils, asked):
    """Alder: 4 absences of 40 days. By that rate 3 students on 20 days miss 6, and 4 miss 8."""
    there = [{"student_id": f"s{n}", "school_id": "elm"} for n in range(pupils)]
    late = [one | {"code": "P"} | pupil for pupil in there for one in on_days(WEEKDAYS)]
    write_folder(
        folder,
        schools=ELM,
        calendar=BOTH_OPEN,
        students=[{"student_id": one} for one in ("ann", "ben")]
        + [{"student_id": one["student_id"]} for one in there],
        enrollments=[{}, {"student_id": "ben"}, *there],
        attendance=[*on_days([*WEEKDAYS[:3], WEEKDAYS[-1]]), *late],
    )
    if asked:
        assert (
            "'P' is no absence, and nor is any other of the 80 rows of school elm in 2025-26, "
            "where by the rate of the others about 8 should be; add its rows of absence"
        ) in refused(folder, home)
    else:
        loaded(folder, home)


def test_who_has_rows_and_no_enrollment_is_said_once_and_where_many_refused(folder, home):
    """Six of 120 students are one in twenty and no more; six of 119 refuse the folder."""
    gone = [f"gone{number}" for number in range(6)]

    def network(there):
        pupils = [f"s{number}" for number in range(there)]
        return {
            "students": [{"student_id": one} for one in (*pupils, *gone)],
            "enrollments": [{"student_id": one} for one in pupils],
            "attendance": [
                {"student_id": one, "date": day} for one in (*pupils, *gone) for day in WEEKDAYS[:2]
            ],
        }

    said = (
        "'gone0' and 5 more with 12 rows in attendance have no enrollment in their school year, so "
        "that none of these rows counts"
    )
    noted = messages(loaded(write_folder(folder, **network(114)), home), "noted")
    assert noted == [
        f"enrollments.csv, column student_id: {said}; add them to enrollments.csv with entry and "
        "exit date, also who left during the year."
    ]
    write_folder(folder, **network(113))
    assert refused(folder, home) == (
        f"enrollments.csv, column student_id: {said}; at Alder School they are 6 of 119 students "
        "with rows; add them to enrollments.csv with entry and exit date, also who left during the "
        "year. To publish without them, load with --accept-losses."
    )
    noted = messages(loaded(folder, home, accept_losses=True), "noted")
    # That one of them has no row any more is told too.
    assert [one for one in noted if " corrected days " not in one] == [
        f"enrollments.csv, column student_id: {said}; at Alder School they are 6 of 119 students "
        "with rows; published on purpose."
    ]


def absent(*rows_of_code, **columns):
    """Whole absences of ann with these minutes or shares, one a day."""
    return [
        {"date": day, **row, **columns} for day, row in zip(WEEKDAYS, rows_of_code, strict=False)
    ]


MINUTES = {"missed_minutes": "390", "day_minutes": "390"}
NO_MINUTES, HOURS = MINUTES | {"missed_minutes": "0"}, MINUTES | {"missed_minutes": "6"}
A_TWENTIETH = {"missed_minutes": "20", "day_minutes": "400"}
CLASS = {"missed_minutes": "50", "day_minutes": "50"}
SHORT, LONG = {"missed_minutes": "60", "day_minutes": "119"}, {**CLASS, "day_minutes": "120"}


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (
            absent(*[NO_MINUTES] * 6),
            "'0, 390, ' is hardly anything of a day, and A counts as absent",
        ),
        (absent(*[HOURS] * 7, *[MINUTES] * 6), "(so it is in 7 of its 13 rows with minutes"),
        (
            absent(*[{"event_duration": "0"}] * 6),
            "columns missed_minutes, day_minutes, event_durat",
        ),
        (absent(*[NO_MINUTES] * 5), None),
        (absent(*[HOURS] * 6, *[MINUTES] * 6), None),
        (absent(*[A_TWENTIETH] * 9), None),
        (absent(*[CLASS] * 6), "'50' is no length of a school day (6 rows have fewer than 120)"),
        (absent(*[SHORT] * 7, *[MINUTES] * 6), "'119' is no length of a school day (7 rows"),
        (absent(*[CLASS] * 5), None),
        (absent(*[CLASS] * 6, *[MINUTES] * 6), None),
        (absent(*[LONG] * 9), None),
    ],
)
@pytest.mark.slow
def test_hours_for_minutes_and_a_class_for_a_day_are_asked_about(folder, home, events, said):
    write_folder(folder, attendance=events)
    if said:
        message = refused(folder, home)
        assert said in message
        assert len(message.splitlines()) == 1
    else:
        loaded(folder, home)


def leavers(number, exit_date, **stay):
    return [{"student_id": f"s{n}", "exit_date": exit_date, **stay} for n in range(number)]


@pytest.mark.slow
def test_leaving_on_the_last_day_of_the_calendar_is_asked_about(folder, home):
    """Six of eleven stays end on it, and half of twelve may; those who stay have a blank."""
    for stay_on, asked in ((5, True), (6, False)):
        there = [{"student_id": f"t{n}"} for n in range(stay_on)]
        stays = [*leavers(6, WEEKDAYS[-1]), *there]
        write_folder(
            folder,
            students=[{"student_id": "ann"}, *({"student_id": one["student_id"]} for one in stays)],
            enrollments=stays,
            attendance=[{"student_id": "t0"}],
        )
        if asked:
            assert refused(folder, home) == (
                "enrollments.csv: 6 of 11 stays of Alder School in 2025-26 have 2025-09-26 as "
                "exit_date, the last day of its calendar, and so do not count it; exit_date is the "
                "first day no longer enrolled: if it is the last day here, write the day after, or "
                "leave it blank for those who stayed to the end. If it is right as it is, load "
                "with --accept-losses."
            )
            loaded(folder, home, accept_losses=True)
        else:
            loaded(folder, home)


@pytest.mark.parametrize(
    ("on_it", "before", "asked"), [(5, 0, True), (5, 10, True), (4, 0, False), (5, 11, False)]
)
@pytest.mark.slow
def test_rows_on_the_exit_date_are_asked_about(folder, home, on_it, before, asked):
    """So many leavers have their last row on the day of exit_date, so many the day before."""
    stays = leavers(on_it + before, WEEKDAYS[10])
    last = [WEEKDAYS[10]] * on_it + [WEEKDAYS[9]] * before
    events = [
        {"student_id": stay["student_id"], "date": day}
        for stay, own in zip(stays, last, strict=True)
        for day in {own, WEEKDAYS[3], WEEKDAYS[4]}
    ]
    write_folder(
        folder,
        students=[{"student_id": stay["student_id"]} for stay in [*stays, {"student_id": "ann"}]],
        enrollments=[{}, *stays],
        attendance=[{"date": WEEKDAYS[-1]}, *events],
    )
    if asked:
        assert refused(folder, home) == (
            f"enrollments.csv: {on_it} students have a row in attendance on the day of exit_date, "
            f"where {before} have their last one the day before; exit_date is the first day no "
            "longer enrolled: if it is the last day here, write the day after. If it is right as "
            "it is, load with --accept-losses."
        )
    else:
        loaded(folder, home)


@pytest.mark.slow
def test_many_stays_that_end_before_they_begin_are_refused(folder, home):
    """As where 1900-01-01 stands for nothing: six of 119 are more than one in twenty."""
    for stay_on, asked in ((113, True), (114, False)):
        stays = [*leavers(6, "1900-01-01"), *({"student_id": f"t{n}"} for n in range(stay_on))]
        students = [{"student_id": stay["student_id"]} for stay in [*stays, {"student_id": "ann"}]]
        write_folder(
            folder, students=students, enrollments=stays, attendance=[{"student_id": "t1"}]
        )
        if asked:
            assert refused(folder, home) == (
                "enrollments.csv, line 2, columns entry_date, exit_date: '2025-09-01, 1900-01-01' "
                "leaves before it begins, and so do 6 of 119 stays; leave exit_date blank for who "
                "is still there; otherwise correct the dates."
            )
        else:
            loaded(folder, home)


# A column that is not of the contract, which one it may be, and what is made of it.
OTHER_COLUMNS = [
    ("enrollments", "Withdrawal Date", "exit_date", "refused"),
    ("enrollments", "end_date", "exit_date", "refused"),
    ("enrollments", "ExitWithdrawDate", "exit_date", "refused"),
    ("enrollments", "exit_reason", None, "noted"),
    ("enrollments", "track", "calendar_code", "noted"),
    ("calendar", "Instructional Day", "in_session", "noted"),
    ("attendance", "PeriodName", "period", "noted"),
    ("attendance", "Minutes absent", "missed_minutes", "noted"),
    ("attendance", "Days", "event_duration", "refused"),
    ("attendance", "End date", None, "refused"),
    ("attendance", "date_to", None, "refused"),
    ("attendance", "Duration", "event_duration", "noted"),
    ("attendance", "comment", None, "noted"),
    ("attendance", "Is weekend", None, "noted"),
    ("attendance", "attend_date", None, "noted"),
    ("attendance", "Reported to", None, "noted"),
]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["noted", "refused"])
def test_a_column_that_may_be_an_optional_one_is_named(folder, home, kind):
    """A refusal where a row means something else without it: a stay to the end, a day of many."""
    given = [one for one in OTHER_COLUMNS if one[3] == kind]
    row_of = {"enrollments": {}, "calendar": {"date": WEEKDAYS[2]}, "attendance": {}}
    for file, column, _, _ in given:
        row_of[file][column] = "2025-09-10" if file == "enrollments" else "1"
    write_folder(folder, **{file: [row] for file, row in row_of.items()})
    if kind == "refused":
        found = refused(folder, home).splitlines()
    else:
        found = messages(loaded(folder, home), "noted")
    ignored = {"attendance": [], "enrollments": []}
    for file, column, may_be, _ in given:
        if kind == "noted" and not may_be:
            ignored[file].append(column.lower())
            continue
        place = f"{file}.csv, line 1, column {column.lower()}: is not read; "
        [said] = [one for one in found if one.startswith(place)]
        found.remove(said)
        if may_be:
            assert said.startswith(f"{place}if it is ")
            assert may_be in said
        else:
            assert "a row is one day: write a row for each day from date to this one" in said
    assert sorted(found) == [
        f"{file}.csv, line 1: '{', '.join(columns)}' not a column of the contract; ignored."
        for file, columns in ignored.items()
        if columns
    ]


@pytest.mark.slow
def test_what_follows_from_rows_that_cannot_be_read_is_not_said(folder, home):
    """Of rows of absence that nobody can read it is not said that there is none."""
    unread = [{"date": day, "event_duration": "half"} for day in WEEKDAYS[:6]]
    late = [{"date": day, "code": "P", "student_id": "ben"} for day in WEEKDAYS[:6]]
    write_folder(folder, attendance=[*unread, *late])
    assert refused(folder, home).startswith("attendance.csv: 6 of 12 rows would be set aside")
    assert "no absence" not in refused(folder, home)


@pytest.mark.slow
def test_a_code_may_mean_something_else_at_one_school(folder, home):
    codes = [
        {"code": "T", "counts_as": "present", "label": "Tardy"},
        {"code": "A", "counts_as": "absent"},
        {"code": "T", "counts_as": "absent", "label": "Truant", "school_id": "elm"},
        {"code": "U", "counts_as": "absent", "school_id": "elm"},
    ]
    files = {
        "schools": [{}, {"school_id": "elm", "school_name": "Elm"}],
        "enrollments": [{}, {"student_id": "ben", "school_id": "elm"}],
        "calendar": [
            {"date": day, "school_id": school} for day in WEEKDAYS for school in ("alder", "elm")
        ],
        "attendance": [
            {"code": "T"},
            {"code": "A", "date": "2025-09-04"},
            *(
                {"student_id": "ben", "school_id": "elm", "code": code, "date": f"2025-09-0{day}"}
                for day, code in ((2, "T"), (3, "U"), (4, "A"))
            ),
        ],
    }
    loaded(write_folder(folder, **files, attendance_codes=codes), home)
    missed = rows(home, "SELECT student_id, date::VARCHAR, code FROM missed_day ORDER BY ALL")
    assert missed == [
        ("ann", "2025-09-04", "A"),
        ("ben", "2025-09-02", "T"),
        ("ben", "2025-09-03", "U"),
        ("ben", "2025-09-04", "A"),
    ]
    files["attendance"][0] = {"code": "U"}
    assert refused(write_folder(folder, **files, attendance_codes=codes), home) == (
        "attendance.csv, line 2, columns school_id, code: 'alder, U' is a code of other schools "
        "only; give it a row in attendance_codes for this school, or one without school_id."
    )
    codes[3]["school_id"] = "oak"
    said = refused(write_folder(folder, attendance_codes=codes), home)
    assert "attendance_codes.csv, line 5, column school_id: 'oak' is not in schools" in said


def at_both(one: str, other: str, **columns) -> list[dict]:
    return [{"grade": one}, {"grade": other, "school_id": "elm"} | columns]


TWO_SCHOOLS = [{}, {"school_id": "elm", "school_name": "Elm"}]


@pytest.mark.slow
@pytest.mark.parametrize(
    "stays",
    [
        at_both("2", "11"),
        at_both("PK", "2"),
        at_both("9", "12", exit_date="2025-09-02"),
        at_both("2", "11", school_id="alder"),
    ],
)
def test_one_id_in_grades_far_apart_on_the_same_days_is_asked_about(folder, home, stays):
    write_folder(folder, schools=TWO_SCHOOLS, students=[{}], enrollments=stays)
    row = {"school_id": "alder"} | stays[1]
    assert refused(folder, home) == (
        "enrollments.csv, line 3, columns student_id, school_id, grade: "
        f"'ann, {row['school_id']}, {row['grade']}' is in grade {stays[0]['grade']} at school "
        "alder on the same days; give two persons an id each; of one person, correct the grade."
    )


@pytest.mark.slow
def test_grades_that_one_person_can_have_are_not_asked_about(folder, home):
    """Of six students, side by side: each of them alone would refuse the folder."""
    able = {
        "ann": at_both("PK", "1"),
        "ben": at_both("10", "12"),
        "cem": at_both("2", ""),
        "dee": at_both("2", "11", entry_date="2025-08-01", exit_date="2025-09-01"),
        "eve": at_both("2", "11", school_year="2024-25"),
        "fay": at_both("2", "11", exit_date="2025-09-01"),
    }
    write_folder(
        folder,
        schools=TWO_SCHOOLS,
        students=[{"student_id": one} for one in able],
        enrollments=[{"student_id": one} | stay for one, stays in able.items() for stay in stays],
    )
    loaded(folder, home)


@pytest.mark.slow
def test_rows_of_presence_alone_are_asked_about(folder, home):
    codes = [
        *({"code": code, "counts_as": "present"} for code in "PL"),
        {"code": "N", "counts_as": "not_recorded"},
        {"code": "A", "counts_as": "absent"},
        {"code": "T", "counts_as": "partial"},
    ]
    present = [{"date": day, "code": code} for day, code in zip(WEEKDAYS, "PLPLPN", strict=False)]
    late = {"date": WEEKDAYS[6], "code": "T", "missed_minutes": "5", "day_minutes": "300"}
    write_folder(folder, attendance_codes=codes, attendance=present)
    assert refused(folder, home) == (
        "attendance.csv, line 2, column code: 'P' is no absence, and nor is any other of the 6 "
        "rows; add the rows of who was absent, whole days or parts; a day without a row is a day "
        "present. If a code does mean absent, correct counts_as in attendance_codes.csv."
    )
    for rows_of_file in (present[:5], [*present, late]):
        loaded(write_folder(folder, attendance_codes=codes, attendance=rows_of_file), home)


# Repaired and noted


def repaired(folder, home, **files):
    report = loaded(write_folder(folder, **files), home)
    return report, messages(report, "repaired")


def test_an_overlapping_enrollment_is_repaired_and_a_touching_one_is_not(folder, home):
    first = {"entry_date": "2025-09-01", "exit_date": "2025-09-10"}
    report, said = repaired(
        folder,
        home,
        enrollments=[{"entry_date": "2025-09-09"}, first],
    )
    assert said[0].startswith("enrollments.csv, line 2, columns student_id, school_id, school_year")
    assert counts(report, "enrollments.csv") == (2, 1, 0, 1)
    assert rows(home, "SELECT count(*) FROM enrollments") == [(2,)]
    _, said = repaired(folder, home, enrollments=[first, {"entry_date": "2025-09-10"}])
    assert said == []
    _, said = repaired(folder, home, enrollments=[{}, {}, {}])
    assert len(said) == 2


def test_two_schools_at_once_are_noted(folder, home):
    report, said = repaired(
        folder,
        home,
        schools=[{}, {"school_id": "elm", "school_name": "Elm"}],
        enrollments=[{}, {"school_id": "elm"}],
    )
    assert said == []
    assert "enrollments.csv, line 3" in messages(report, "noted")[0]


def test_leaving_before_entry_is_noted(folder, home):
    report, said = repaired(folder, home, enrollments=[{}, {"exit_date": "2025-08-01"}])
    assert said == []
    assert (
        "line 3, columns entry_date, exit_date: '2025-09-01, 2025-08-01'"
        in (messages(report, "noted")[0])
    )


def test_of_repeated_events_all_but_the_one_that_misses_most_are_repaired(folder, home):
    late = {"code": "T", "missed_minutes": "30", "day_minutes": "390"}
    report, said = repaired(folder, home, attendance=[late, {}, {"code": "P"}, {"session": "am"}])
    assert [message.split(", columns")[0] for message in said] == [
        "attendance.csv, line 2",
        "attendance.csv, line 4",
    ]
    assert counts(report, "attendance.csv") == (4, 2, 0, 2)
    assert rows(home, "SELECT count(*) FROM attendance") == [(4,)]


def test_the_row_of_a_higher_rank_speaks_for_its_time(folder, home):
    """The office's late over the teacher's absent; a row of the day over those of its sessions."""
    codes = [
        {"code": "A", "counts_as": "absent"},
        {"code": "E", "counts_as": "absent", "rank": "1"},
        {"code": "T", "counts_as": "present", "rank": "2"},
    ]
    write_folder(
        folder,
        attendance_codes=codes,
        attendance=[
            *on_days(WEEKDAYS[:6], rows=({"code": "A"}, {"code": "T"})),
            *on_days(WEEKDAYS[6:7], rows=({"session": "am"}, {"session": "pm"}, {"code": "E"})),
            *on_days(WEEKDAYS[7:8], rows=({"session": "am"}, {"session": "pm", "code": "T"})),
            *on_days(WEEKDAYS[8:9], rows=({}, {"session": "pm", "code": "T"})),
        ],
    )
    report = loaded(folder, home)
    assert counts(report, "attendance.csv") == (19, 11, 0, 8)
    assert messages(report, "repaired")[0] == (
        "attendance.csv, line 2, columns student_id, school_id, date: 'ann, alder, 2025-09-01' is "
        "outranked by another row for that time; the other is counted."
    )
    missed = rows(home, "SELECT date::VARCHAR, missed_parts / parts_per_day, code FROM missed_day")
    assert missed == [
        (WEEKDAYS[6], 1, "E"),
        (WEEKDAYS[7], 0.5, "A"),
        (WEEKDAYS[8], 1, "A"),
    ]


def test_events_off_the_calendar_or_the_enrollment_are_repaired(folder, home):
    """Each of a student with one event alone: who has several is looked at more closely."""
    closed, elsewhere = "is not a day on which the school took", "is not enrolled there on that day"
    stayed = {"entry_date": "2025-09-01"}
    left = {"entry_date": "2025-09-03", "exit_date": "2025-09-05"}
    events = [
        (stayed, "2025-09-03", None),
        (stayed, "2025-09-06", closed),
        (stayed, "2025-09-02", closed),
        (left, "2025-09-01", elsewhere),
        (left, "2025-09-05", elsewhere),
        (left, "2025-09-04", None),
    ]
    who = [{"student_id": f"s{number}"} for number in range(len(events))]
    report, messages_said = repaired(
        folder,
        home,
        calendar=[
            {"date": day, "attendance_taken": "no" if day == "2025-09-02" else ""}
            for day in WEEKDAYS
        ],
        students=who,
        enrollments=[one | stay for one, (stay, _, _) in zip(who, events, strict=True)]
        + [one | {"school_year": "2024-25", "entry_date": "2024-09-03"} for one in who],
        attendance=[one | {"date": day} for one, (_, day, _) in zip(who, events, strict=True)],
    )
    assert counts(report, "attendance.csv") == (6, 2, 0, 4)
    assert len(messages_said) == 4
    for line, (_, _, said) in enumerate(events, start=2):
        found = [one for one in messages_said if f"attendance.csv, line {line}, columns" in one]
        assert [said in one for one in found] == [True] * (said is not None)


def test_a_row_far_ahead_and_a_school_that_stopped_are_named(folder, home):
    """Alder and Birch send a row on each of 20 days, Alder on 5 more, and one of day 60."""
    schools = [{}, {"school_id": "birch", "school_name": "Birch School"}]
    sent = [{"date": day} for day in DAYS[:25]] + [
        {"date": day, "school_id": "birch", "student_id": "ben"} for day in DAYS[:20]
    ]
    report, said = repaired(
        folder,
        home,
        schools=schools,
        enrollments=[{}, {"student_id": "ben", "school_id": "birch"}],
        calendar=[
            {"school_id": school, "date": day} for school in ("alder", "birch") for day in DAYS[:60]
        ],
        attendance=[*sent, {"date": DAYS[59]}],
    )
    assert counts(report, "attendance.csv") == (46, 45, 0, 1)
    assert said == [
        "attendance.csv, line 47, columns school_id, date: 'alder, 2025-11-21' stands alone, ten "
        "or more instructional days after all other rows; it counts for nothing; correct the date, "
        "or send the days between."
    ]
    assert messages(report, "noted") == [
        "attendance.csv, columns school_id, date: 'Birch School' sent no attendance on the 5 "
        "instructional days after 2025-09-26, more than its days without a row before make likely; "
        "its figures stand there; send the rest or, if nobody was absent, one row of the last day "
        "with a code that counts as present."
    ]


def test_an_event_is_in_one_class_only(folder, home):
    weekend = {"date": "2025-09-06"}
    report, said = repaired(folder, home, attendance=[weekend, weekend, {"date": "x"}])
    assert len(said) == 2
    assert counts(report, "attendance.csv") == (3, 0, 1, 2)


def test_an_answer_given_twice_counts_once_and_a_blank_beside_it_for_nothing(folder, home):
    report, said = repaired(
        folder, home, survey_answers=[{}, {}, {"respondent_id": "r2", "answer": ""}, R2]
    )
    assert counts(report, "survey_answers.csv") == (4, 2, 0, 2)
    assert "survey_answers.csv, line 3, columns respondent_id, answer: 'r1, Agree'" in said[0]
    kept = "SELECT respondent_id, answer FROM survey_answers ORDER BY ALL"
    assert rows(home, kept) == [("r1", "Agree"), ("r2", "Agree")]


R2 = {"respondent_id": "r2"}


def test_several_answers_of_one_person_to_one_item_are_refused_once_with_what_to_do(folder, home):
    several = [{"answer": answer, **who} for who in ({}, R2) for answer in ("Agree", "Disagree")]
    [first, more] = refused(write_folder(folder, survey_answers=several), home).splitlines()
    assert "line 2, columns respondent_id, item_id, answer: 'r1, adult, Agree'" in first
    assert "fall and in spring" in first
    assert "write which in a column administration" in first
    assert "make each choice an item" in first
    assert "and 3 more like these" in more


def test_one_person_may_answer_in_fall_and_in_spring(folder, home):
    """However it is written: a year beside the word, and capital letters, are no other time."""
    times = ("Fall 2025", "fall", "2025-26 Fall", "SPRING", "spring 2026", "Wave 1", "2026")
    told = [
        {"respondent_id": f"r{number}", "administration": time} for number, time in enumerate(times)
    ]
    again = [{"respondent_id": "r0", "answer": "Disagree", "administration": "Spring"}]
    loaded(write_folder(folder, survey_answers=told + again), home)
    kept = rows(home, "SELECT survey, sum(answers) FROM answer_count GROUP BY ALL ORDER BY ALL")
    assert kept == [
        ("climate (2026)", 1),
        ("climate (fall)", 3),
        ("climate (spring)", 3),
        ("climate (wave 1)", 1),
    ]


FALL = {"administration": "fall"}


@pytest.mark.slow
def test_answers_without_administration_beside_others_are_refused(folder, home):
    """Of one group in one year; another group, or another year, may have been asked once."""
    others = [
        {"survey": "other"},
        {"school_year": "2024-25"},
        {"respondent_group": "staff"},
    ]
    mixed = [FALL, {**R2, "administration": "spring"}, {"respondent_id": "r3"}, *others]
    files = {"survey_items": [{}, *others], "survey_answers": mixed}
    [line] = refused(write_folder(folder, **files), home).splitlines()
    assert "line 4, columns survey, school_year, respondent_group, administration: " in line
    assert "names no administration, and other answers of them do (fall, spring)" in line
    del mixed[2]
    loaded(write_folder(folder, **files), home)


@pytest.mark.slow
def test_an_item_of_another_administration_is_not_the_one_that_was_answered(folder, home):
    files = {"survey_answers": [{"administration": "spring"}], "survey_items": [FALL]}
    said = refused(write_folder(folder, **files), home)
    assert "'climate, 2025-26, student, adult, spring' is in survey_items under another" in said
    write_folder(folder, **files | {"survey_items": [FALL, {"administration": "Spring"}]})
    loaded(folder, home)
    twice = write_folder(folder, **files | {"survey_items": [FALL, {"administration": "Fall"}]})
    assert "item_id, administration: 'climate, 2025-26, student, adult, fall' is there more" in (
        refused(twice, home)
    )


@pytest.mark.slow
def test_an_answer_is_of_the_scale_of_its_own_administration(folder, home):
    """In spring the item was asked with yes and no; in fall as always."""
    spring = {"administration": "spring", "scale": "yes or no"}
    yes = {"scale": "yes or no", "answer": "Yes", "position": "1", "favorable": "yes"}
    files = {
        "survey_items": [{}, spring],
        "survey_scales": [{}, yes],
        "survey_answers": [FALL, {"administration": "spring", "answer": "Yes"}],
    }
    loaded(write_folder(folder, **files), home)
    files["survey_answers"][1]["answer"] = "Agree"
    said = refused(write_folder(folder, **files), home)
    assert "line 3, columns item_id, answer: 'adult, Agree' is not an answer" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("percents", "refuses"),
    [((0.62, 1), True), ((0, 1), False), ((0.62, 1.01), False), ((0.62, 71), False)],
)
def test_published_shares_are_asked_about(folder, home, percents, refuses):
    items = [{"item_id": str(number)} for number in range(2)]
    table = [
        {"item_id": str(number), "percent_favorable": percent}
        for number, percent in enumerate(percents)
    ]
    write_folder(folder, survey_items=items, survey_published=table)
    if refuses:
        assert "column percent_favorable: '0.62' lies between 0 and 1" in (
            told := refused(folder, home)
        )
        assert told.endswith("are they shares? Write 0.62 as 62.")
    else:
        loaded(folder, home)


@pytest.mark.slow
def test_a_roster_that_does_not_fit_who_answered_is_noted(folder, home):
    """Nine people answered: nine invited hold. A name that nobody answered under has a neighbor."""
    people = [{"respondent_id": str(number)} for number in range(9)]
    roster = [
        {"invited": 9},
        {"respondent_group": "Students", "invited": 30},
        {"survey": "Climate ", "school_year": "2024-25", "invited": 30},
        {"respondent_group": "leadership", "invited": 3},
    ]
    report = loaded(write_folder(folder, survey_answers=people, survey_invited=roster), home)
    assert sorted(message.split("group: ")[1] for message in messages(report, "noted")) == [
        "'Climate , 2024-25, student' names a survey or group that nobody answered under; "
        "is climate meant?",
        "'climate, 2025-26, Students' names a survey or group that nobody answered under; "
        "is student meant?",
        "'climate, 2025-26, leadership' names a survey or group that nobody answered under; "
        "there are answers under student.",
    ]
    people = [{**one, **FALL} for one in people]
    roster = [{"invited": 9, "administration": "fal"}, {"invited": 9, "administration": "Fall"}]
    write_folder(folder, survey_answers=people, survey_invited=roster)
    [message] = messages(loaded(folder, home), "noted")
    assert message.endswith(
        "'climate, 2025-26, student, fal' names a survey or group that "
        "nobody answered under; is fall meant?"
    )
    roster = [{"invited": 8}]
    write_folder(folder, survey_answers=people, survey_invited=roster[:1])
    [message] = messages(loaded(folder, home), "noted")
    assert "line 2, columns school_id, respondent_group, invited: 'alder, student, 8' is" in message


# What is kept


def test_findings_and_counts_are_kept_in_the_generation(folder, home):
    report = loaded(write_folder(folder, attendance=[{}, {"date": "x"}]), home)
    kept = rows(home, "SELECT file, line, column_name, value, kind, rows FROM load_findings")
    assert kept == [("attendance.csv", 3, "date", "x", "set_aside", 1)]
    assert rows(home, "FROM load_files ORDER BY file") == sorted(
        (f.file, f.rows_in, f.accepted, f.set_aside, f.repaired) for f in report.files
    )


@pytest.mark.slow
def test_a_dry_run_says_the_same_and_publishes_nothing(folder, home):
    write_folder(folder, attendance=[{}, {"date": "x"}])
    dry = load(folder, home, today=TODAY, dry_run=True)
    assert dry.generation is None
    assert publish.generations(home) == []
    assert dry.files == loaded(folder, home).files


def test_a_refused_folder_leaves_the_generation_before_it(folder, home):
    first = loaded(write_folder(folder), home).generation
    refused(write_folder(folder, attendance=[{"code": "Z"}]), home)
    assert publish.published(home) == first
    assert rows(home, "SELECT code FROM attendance") == [("A",)]


def test_progress_names_each_file(folder, home):
    said = []
    load(write_folder(folder), home, today=TODAY, progress=said.append)
    assert "reading attendance.csv" in said


def test_a_home_that_cannot_be_written_is_said_in_words(folder, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused, match="the load could not be finished"):
        load(write_folder(folder), tmp_path / "file" / "home", today=TODAY)


def test_a_lock_that_cannot_be_opened_is_said_in_words(folder, tmp_path):
    write_folder(folder)
    (tmp_path / "one" / "load.lock").mkdir(parents=True)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "load.lock").write_bytes(b"no SQLite" * 300)
    for home in ("one", "two"):
        with pytest.raises(Refused, match=r"the load could not be finished .*load\.lock"):
            load(folder, tmp_path / home, today=TODAY)


@pytest.mark.slow
def test_a_pointer_that_is_no_text_points_nowhere(folder, home):
    first = loaded(write_folder(folder), home).generation
    (home / "published").write_bytes(b"\xff\xfe")
    assert publish.published(home) is None
    publish.publish(home, first)
    assert publish.published(home) == first


def test_a_finding_has_a_sentence_and_plain_values(folder, home):
    report = loaded(write_folder(folder, attendance=[{}, {"date": "x" * 5000}]), home)
    [finding] = report.as_dict()["findings"]
    assert (finding["line"], finding["column"], finding["kind"]) == (3, "date", "set_aside")
    assert len(finding["value"]) < 100
    assert finding["sentence"].endswith("The row was set aside.")


@pytest.mark.slow
def test_a_far_away_exit_date_is_somebody_still_enrolled(tmp_path):
    """Many systems write 9999-12-31 where nobody knows the day."""
    stays = [{}, {"student_id": "ben", "exit_date": "9999-12-31"}]
    folder = write_folder(
        tmp_path / "folder", students=[{}, {"student_id": "ben"}], enrollments=stays
    )
    report = load(folder, tmp_path / "home", today=date(2026, 8, 1))
    assert [file.set_aside for file in report.files if file.file == "enrollments.csv"] == [0]


def test_too_many_lengths_of_day_are_refused_in_words(tmp_path):
    """Missed time is added up exactly or not at all."""
    lengths = [999_999_937, 999_999_929, 999_999_893, 999_999_883, 999_999_797, 999_999_761]
    folder = write_folder(
        tmp_path / "folder",
        calendar=[{"date": f"2025-09-{day:02}"} for day in range(1, 7)],
        attendance=[
            {"date": f"2025-09-{day:02}", "missed_minutes": "99999999", "day_minutes": str(length)}
            for day, length in enumerate(lengths, start=1)
        ],
    )
    with pytest.raises(Refused) as refused:
        load(folder, tmp_path / "home", today=date(2026, 8, 1))
    assert "lengths of day" in refused.value.messages[0]


@pytest.mark.slow
def test_a_partner_of_an_unknown_school_is_refused(tmp_path):
    partner = {"partner_id": "clinic", "partner_name": "Clinic"}
    folder = write_folder(tmp_path / "folder", partners=[partner | {"schools": "alder; nope"}])
    with pytest.raises(Refused) as refused:
        load(folder, tmp_path / "home", today=date(2026, 8, 1))
    assert refused.value.messages[0].startswith(
        "partners.csv, line 2, column schools: 'alder; nope'"
    )
    write_folder(folder, partners=[partner | {"schools": "alder; Alder School"}])
    assert load(folder, tmp_path / "home", today=date(2026, 8, 1)).generation
