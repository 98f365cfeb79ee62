"""Protects the way from other systems' files to a known truth: what a folder is taken for, what is
asked, and the figures that come of it.

The files are made by tests/support/exports.py from one invented district, so that what comes back
is compared row for row with what it was made from.
"""

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from queries import __main__ as command_line
from queries import convert, database
from queries.convert import breaks, people, sheets, values
from queries.convert import mapping as mappings
from queries.convert.days import is_cut
from queries.convert.foreign import Foreign
from queries.convert.mapping import ASK, Mapping, Meaning, SheetMapping, written
from queries.convert.meaning import follow
from queries.convert.reshaped import month_in
from queries.health import checked_against
from queries.load import Refused
from queries.load.grades import grade_of
from queries.selection import Selection
from tests import fuzz_exports
from tests.map_figures import figures
from tests.support import exports
from tests.support.days import weekdays
from tests.support.readers import ALL_NAMES
from tests.support.workbook import workbook

TRUTH = exports.district()
# What every shape can say of a row of each file.
COLUMNS = {
    "enrollments": ("student_id", "school_id", "school_year", "grade", "entry_date", "exit_date"),
    "calendar": ("school_id", "date", "school_year"),
    "attendance": ("student_id", "school_id", "date"),
}


def made(shape: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (exports.SHAPES | exports.RESHAPED)[shape](TRUTH, folder)
    return folder


def rows_of(result: convert.Converted, file: str) -> set[tuple]:
    """Rows as the district has them: schools by its ids, and of events those that are no presence
    written down for a day."""
    names = {name: key for key, name in exports.SCHOOLS.items()}
    told = {row.school_id: row.school_name for row in result.files["schools"].itertuples()}
    schools = {key: key if key in exports.SCHOOLS else names[name] for key, name in told.items()}
    ids = {one["student_id"].lstrip("0"): one["student_id"] for one in TRUTH["students"]}
    found = set()
    for row in result.files[file].to_dict("records"):
        if file == "attendance" and row["code"] in ("P", "Present"):
            continue
        row["school_id"] = schools[row["school_id"]]
        row["student_id"] = ids.get(row.get("student_id", "").lstrip("0"), "")
        found.add(tuple(row.get(column, "") for column in COLUMNS[file]))
    return found


@pytest.mark.parametrize("shape", exports.SHAPES | exports.RESHAPED)
def test_a_shape_gives_back_what_it_was_made_from(shape, tmp_path):
    folder = made(shape, tmp_path / "files")
    mapping, _, problems = convert.look(folder)
    assert not problems
    assert mapping.questions() == []
    result = convert.convert(folder)
    for file, columns in COLUMNS.items():
        wanted = {tuple(row.get(column, "") for column in columns) for row in TRUTH[file]}
        assert rows_of(result, file) == wanted, file


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["every_student_every_day", "a_row_a_class", "ed_fi_records"])
def test_a_shape_loads_and_counts_the_same_days(shape, tmp_path, use_home):
    convert.load(made(shape, tmp_path / "files"), tmp_path / "home", share_view=False)
    use_home(tmp_path / "home")
    (row,) = database.records("absence/headline", Selection(), ALL_NAMES)
    missed = {}
    for event in TRUTH["attendance"]:
        if exports.CODES[event["code"]][0] == "absent":
            missed[event["student_id"]] = missed.get(event["student_id"], 0) + 1
    days = {}
    for stay in TRUTH["enrollments"]:
        days[stay["student_id"]] = sum(
            stay["entry_date"] <= str(day)
            and (not stay["exit_date"] or str(day) < stay["exit_date"])
            for day in exports.school_days()
        )
    evaluated = {who for who, enrolled in days.items() if enrolled >= 10}
    chronic = {who for who in evaluated if missed.get(who, 0) * 10 >= days[who]}
    assert (row["students"], row["students_absent"]) == (len(evaluated), len(chronic))
    assert (row["days_absent"], row["days_enrolled"]) == (sum(missed.values()), sum(days.values()))


def test_three_exports_of_a_system_load_as_they_are(shared_cases, tmp_path, use_home):
    folder = shared_cases / "exports" / "daily_absences_three_files"
    mapping, _, problems = convert.look(folder)
    assert not problems and not mapping.questions()
    convert.load(folder, tmp_path / "home", share_view=False)
    use_home(tmp_path / "home")
    (row,) = database.records("absence/headline", Selection(), ALL_NAMES)
    assert (row["students_absent"], row["students"]) == (140, 500)
    assert (row["days_absent"], row["days_enrolled"]) == (5_896, 77_386)


def test_ed_fi_s_sample_district_loads_as_it_is(shared_data, tmp_path, use_home):
    """81 + 88 days at each school, and with 17 or more days 15, 12 and 17 students; its one Partial
    without a duration is set aside, and the rows of classes are left out."""
    report = convert.load(shared_data / "edfi-grandbend", tmp_path / "home", share_view=False)
    set_aside = [finding for finding in report.findings if finding.kind == "set_aside"]
    assert [(one.file, one.value) for one in set_aside] == [
        ("school_attendance_events.csv", "Partial")
    ]
    assert any("the calendar is assumed" in one.problem for one in report.findings)
    use_home(tmp_path / "home")
    rows = database.records("absence/by_school", Selection(), ALL_NAMES)
    assert {row["school_name"].split()[2]: row["students_absent"] for row in rows} == {
        "High": 15, "Middle": 12, "Elementary": 17,
    }  # fmt: skip


@pytest.mark.slow
def test_new_york_s_published_districts_add_up_to_the_city(shared_data, tmp_path, use_home):
    convert.load(shared_data / "nyc-eoy-district", tmp_path / "home", share_view=False)
    use_home(tmp_path / "home")
    rows = database.records("absence/published_rates", Selection(), ALL_NAMES)
    assert len(rows) == 23_363
    assert any(row["students_absent"] is None for row in rows)
    whole = "New York City, its districts added up", None
    bronx = (
        "The South Bronx, districts 7, 8, 9 and 12 added up",
        {f"District {number}" for number in (7, 8, 9, 12)},
    )
    found = {}
    of_all = [row for row in rows if not row["grade"] and not row["group_name"]]
    for what, places in (whole, bronx):
        for year in ("2017-18", "2018-19", "2019-20"):
            here = [row for row in of_all if row["school_year"] == year]
            here = [row for row in here if places is None or row["place"] in places]
            absent = sum(row["students_absent"] for row in here)
            share = round(100 * absent / sum(row["students"] for row in here), 1)
            found[what, year] = share
    told = checked_against.of_test("test_new_york_s_published_districts_add_up_to_the_city")
    assert found == told


@pytest.mark.slow
def test_england_s_published_shares_by_reason(shared_data, tmp_path, use_home):
    convert.load(shared_data / "dfe-reasons", tmp_path / "home", share_view=False)
    use_home(tmp_path / "home")
    rows = database.records("absence/published_rates", Selection(), ALL_NAMES)
    told = {
        (row["school_year"], row["reason"]): round(row["percent_of_days"], 2)
        for row in rows
        if row["place"] == "England" and row["group_name"] is None
    }
    assert checked_against.of_test("test_england_s_published_shares_by_reason") == {
        (what, year): told[year, reason]
        for what, reason in (
            ("England, sessions missed", None),
            ("England, sessions missed for illness", "illness"),
        )
        for year in ("2022-23", "2023-24")
    }


# Faults that somebody's export has now and then. Each is refused or asked about.


def edited(path: Path, change: Callable[[list[dict]], list[dict]], **how) -> None:
    """Rewrite a CSV file that exports.py made."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), **how))
    path.write_text(exports.as_csv(change(rows), how.get("delimiter", ",")), "utf-8")


def shift_every_row(folder: Path) -> None:
    path = folder / "attendance export.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *("x," + row for row in rows)]), "utf-8")


def swap_day_and_month(folder: Path) -> None:
    def swapped(row: dict) -> dict:
        month, day, year = row["ATTENDANCE.ATT_DATE"].split("/")
        if int(day) <= 12:
            row["ATTENDANCE.ATT_DATE"] = f"{day}/{month}/{year}"
        return row

    edited(folder / "attendance export.csv", lambda rows: [swapped(row) for row in rows])


def two_students_with_one_id(folder: Path) -> None:
    def doubled(rows: list[dict]) -> list[dict]:
        rows[3]["student.studentNumber"] = rows[4]["student.studentNumber"]
        rows[3]["student.lastName"] = "Somebody Else"
        return rows

    edited(folder / "Enrollment.csv", doubled)


def rename_codes(folder: Path) -> None:
    def renamed(rows: list[dict]) -> list[dict]:
        for row in rows[len(rows) // 2 :]:
            row["Code"] = {"AE": "QX", "AU": "QY", "T": "QZ"}[row["Code"]]
            row["Description"] = ""
        return rows

    edited(folder / "absences.csv", renamed)


def swap_entry_and_exit(folder: Path) -> None:
    path = folder / "Enrollment.csv"
    text = path.read_text("utf-8-sig").replace("enr.startDate", "kept").replace(
        "enr.endDate", "enr.startDate"
    )  # fmt: skip
    path.write_text(text.replace("kept", "enr.endDate"), "utf-8")


def cut_in_half(folder: Path) -> None:
    def half(rows: list[dict]) -> list[dict]:
        rows = sorted(rows, key=lambda row: row["STUDENTS.Student_Number"])
        return rows[: len(rows) // 2]

    edited(folder / "attendance export.csv", half)


def say_another_day(folder: Path, other: Callable[[date], str]) -> None:
    def moved(row: dict) -> dict:
        month, day, year = map(int, row["ATTENDANCE.ATT_DATE"].split("/"))
        return row | {"ATTENDANCE.ATT_DATE": other(date(year, month, day))}

    edited(folder / "attendance export.csv", lambda rows: [moved(row) for row in rows])


def of_last_year(folder: Path) -> None:
    say_another_day(folder, lambda day: str(day - timedelta(days=364)))


def evenings_of_another_zone(folder: Path) -> None:
    say_another_day(folder, lambda day: f"{day - timedelta(days=1)}T22:00:00Z")


def absent_for_present_at_one_school(folder: Path) -> None:
    turned = {"Present": "Absent Excused", "Absent Excused": "Present"}

    def inverted(rows: list[dict]) -> list[dict]:
        of = Counter(row["School"] for row in rows).most_common()[-1][0]
        what = "Attendance Status"
        return [row | {what: turned.get(row[what], row[what])} if row["School"] == of else row
                for row in rows]  # fmt: skip

    edited(folder / "daily_attendance.csv", inverted)


FAULTS = [
    ("absences_and_roster", cut_in_half, "is the file cut off"),
    ("absences_and_roster", of_last_year, "the export of another year"),
    ("absences_and_roster", evenings_of_another_zone, "another time zone"),
    ("every_student_every_day", absent_for_present_at_one_school, "the other way round"),
    ("absences_and_roster", shift_every_row, "attendance export.csv"),
    ("absences_and_roster", swap_day_and_month, "are day and month swapped"),
    ("last_days_in", two_students_with_one_id, "two students with one id"),
    ("one_roster", rename_codes, "how does it count"),
    ("last_days_in", swap_entry_and_exit, ""),
]


@pytest.mark.parametrize(("shape", "plant", "words"), FAULTS, ids=[f[1].__name__ for f in FAULTS])
def test_a_planted_fault_is_refused_or_asked_about(shape, plant, words, tmp_path):
    folder = made(shape, tmp_path / "files")
    plant(folder)
    with pytest.raises((Refused, convert.MappingProblem)) as stopped:
        convert.load(folder, tmp_path / "home", share_view=False)
    if isinstance(stopped.value, Refused):
        said = "\n".join(map(str, stopped.value.report.refusals))
    else:
        said = str(stopped.value)
    assert words in said
    assert "/" not in said.split(":")[0]


def test_a_warehouse_s_number_that_no_table_explains_stays_and_is_found_missing(tmp_path):
    folder = made("star_schema", tmp_path)
    edited(folder / "dim_student.csv", lambda rows: rows[3:])
    told = convert.convert(folder).files["attendance"].student_id
    assert {"9001", "9002", "9003"} <= set(told) and "9004" not in set(told)


def test_a_warehouse_s_number_is_asked_about_where_no_table_explains_it(tmp_path):
    folder = made("star_schema", tmp_path)
    (folder / "dim_student.csv").unlink()
    assert "student_key may be another number" in " ".join(convert.look(folder)[0].questions())


def test_a_week_may_be_called_by_its_last_day_and_by_no_other(tmp_path):
    rows = [{"Student ID": f"{1_001 + n}", "Week": week} | dict.fromkeys(
                ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), "PA"[n % 2])
            for n in range(9) for week in ("9/5/2025", "9/12/2025", "9/19/2025")]  # fmt: skip
    path = tmp_path / "weeks.csv"
    path.write_text(exports.as_csv(rows), "utf-8")
    told = convert.convert(tmp_path).files["attendance"]
    assert (min(told.date), max(told.date)) == ("2025-09-01", "2025-09-19")
    path.write_text(exports.as_csv(rows).replace("9/12/", "9/11/"), "utf-8")
    assert "all Mondays" in " ".join(convert.look(tmp_path)[0].questions())


def test_months_that_do_not_name_a_student_are_none_of_theirs(tmp_path):
    """Where a blank is presence: one student left after October, another came in December."""
    for month, days in (("09", "2345"), ("10", "1236"), ("12", "1234")):
        last = "1006" if month == "12" else "1005"
        rows = [{"Student ID": who} | {day: "AT"[int(day) % 2] * (who == "1001") for day in days}
                for who in ("1001", "1002", "1003", "1004", last)]  # fmt: skip
        (tmp_path / f"Alder School 2025-{month}.csv").write_text(exports.as_csv(rows), "utf-8")
    assert not convert.look(tmp_path)[0].questions()
    stays = convert.convert(tmp_path).files["enrollments"].set_index("student_id")
    assert stays.loc["1005", "exit_date"] > "2025-10-01" > stays.loc["1005", "entry_date"]
    assert stays.loc["1006", "entry_date"] >= "2025-12-01" and not stays.loc["1006", "exit_date"]
    assert not stays.loc["1001", "exit_date"]


def test_what_looks_like_attendance_and_is_not_read_is_asked_about(tmp_path):
    who = [f"{n}" for n in range(4_001, 4_031)]
    hours = [{"student_id": w, "school_id": "1", "grade": "4", "Absence Hours": "6.5"} for w in who]
    marks = [{"SN": str(n % 9), "DT": f"2025-09-{n % 5 + 1:02}", "AL": "AUIT"[n % 4]}
             for n in range(90)]  # fmt: skip
    for name, rows in (("hours", hours), ("marks", marks)):
        (tmp_path / f"{name}.csv").write_text(exports.as_csv(rows), "utf-8")
    asked = " ".join(convert.look(tmp_path)[0].questions())
    assert "such numbers are not read: export days enrolled" in asked
    assert "no column is surely students" in asked


def test_a_list_of_mostly_tardies_is_no_register_of_every_day(tmp_path):
    folder = made("absences_and_roster", tmp_path)
    (folder / "calendar_day.csv").unlink()
    says = {"ATTENDANCE_CODE.ATT_CODE": "T", "ATTENDANCE_CODE.PRESENCE_STATUS_CD": "Present"}
    edited(folder / "attendance export.csv",
           lambda rows: [row | says if n % 3 else row for n, row in enumerate(rows)])  # fmt: skip
    assert convert.look(folder)[0].conventions["school_days"].is_open


def test_a_day_that_was_none_for_a_student_is_no_absence(tmp_path):
    absences = (
        "Student ID,School ID,Date,Membership Value,Attendance Value\n1001,A1,2025-09-09,0,0\n"
        "1001,A1,2025-09-10,1,0\n1002,A1,2025-09-09,1,1\n1002,A1,2025-09-10,1,1\n"
        "1003,B2,2025-09-09,1,1\n1003,B2,2025-09-10,1,1\n"
    )
    told = convert.convert(small(tmp_path / "files", absences)).files["attendance"]
    assert set(told.date) == {"2025-09-10"} and set(told.event_duration) == {"1"}


def test_a_school_whose_rows_end_weeks_before_the_others_is_named(tmp_path):
    """Also where the day of some rows cannot be read."""
    folder = made("every_student_every_day", tmp_path)
    day, unreadable = "Attendance Date", {0: "", 1: "2025-13-41"}
    edited(folder / "daily_attendance.csv", lambda rows: [
        row | {day: unreadable.get(n, row[day])} for n, row in enumerate(rows)
        if row["School"] != "Alder Elementary" or row[day] < "2025-11-01"])  # fmt: skip
    said = [one.problem for one in convert.convert(folder).findings]
    assert "has rows of Alder Elementary until 2025-10-31, and of others until 2025-12-19" in said


def test_a_register_of_every_day_may_leave_presence_blank(tmp_path):
    folder = made("every_student_every_day", tmp_path)
    whole = convert.convert(folder).files
    path = folder / "daily_attendance.csv"
    path.write_text(re.sub(",(Present|Tardy)", ",", path.read_text("utf-8")), "utf-8")
    assert not [one for one in convert.convert(folder).findings if one.kind == "refused"]
    assert convert.convert(folder).files["enrollments"].equals(whole["enrollments"])


def test_a_header_may_name_half_a_day():
    assert values.half_of("02/09/2025 AM") == ("02/09/2025", "am")
    assert values.half_of("9/2/2025") == ("9/2/2025", "")


@pytest.mark.slow
def test_days_as_headers_are_read_in_the_order_that_all_of_them_allow(tmp_path):
    folder = made("a_column_a_day", tmp_path / "files")
    for path in folder.iterdir():
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\2/\1/\3", text), "utf-8")
    result = convert.convert(folder)
    assert rows_of(result, "attendance") == {
        (row["student_id"], row["school_id"], row["date"]) for row in TRUTH["attendance"]
    }


def test_ids_that_were_numbers_once_are_the_roster_s(tmp_path):
    folder = made("absences_and_roster", tmp_path / "files")

    def floated(rows: list[dict]) -> list[dict]:
        for row in rows:
            row["STUDENTS.Student_Number"] = f"{int(row['STUDENTS.Student_Number'])}.0"
        return rows

    edited(folder / "attendance export.csv", floated)
    result = convert.convert(folder)
    assert rows_of(result, "attendance") == {
        (row["student_id"], row["school_id"], row["date"]) for row in TRUTH["attendance"]
    }
    assert set(result.files["attendance"].student_id) <= {
        one["student_id"] for one in TRUTH["students"]
    }
    assert any("lost their leading zeros" in one.problem for one in result.findings)


# What a mapping says is followed, and what it does not say is asked


def test_a_mapping_can_be_written_read_and_followed(tmp_path, capsys):
    folder = made("one_roster", tmp_path / "files")
    rename_codes(folder)
    assert command_line.main(["map", str(folder)]) == 3
    told = capsys.readouterr().out
    assert "code QX" in told and "3 to answer in mapping.toml" in told
    assert command_line.main(["convert", str(folder), str(tmp_path / "out")]) == 1
    assert "code QX: is not answered yet" in capsys.readouterr().err
    file = folder / "mapping.toml"
    answered = file.read_text("utf-8")
    for code, way in (("QX", "absent"), ("QY", "absent"), ("QZ", "present")):
        before, _, rest = answered.partition(f'code = "{code}"')
        answered = (
            before + f'code = "{code}"' + rest.replace('counts_as = "?"', f'counts_as = "{way}"', 1)
        )
    file.write_text(answered, "utf-8")
    assert command_line.main(["map", str(folder)]) == 3
    assert file.read_text("utf-8") == answered
    assert command_line.main(["convert", str(folder), str(tmp_path / "out")]) == 0
    with (tmp_path / "out" / "attendance_codes.csv").open(encoding="utf-8", newline="") as stream:
        codes = {row["code"]: row["counts_as"] for row in csv.DictReader(stream)}
    assert codes == {"AE": "absent", "AU": "absent", "T": "present", "QX": "absent",
                     "QY": "absent", "QZ": "present"}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["absences_and_roster", "a_column_a_day", "ed_fi_records"])
def test_a_mapping_read_again_gives_the_same_files(shape, tmp_path):
    folder = made(shape, tmp_path / "files")
    before = convert.convert(folder)
    (folder / "mapping.toml").write_text(mappings.written(convert.look(folder)[0]), "utf-8")
    after = convert.convert(folder)
    assert before.files.keys() == after.files.keys()
    for name, table in before.files.items():
        assert table.equals(after.files[name]), name


def test_a_mapping_that_cannot_be_read_says_so(tmp_path, capsys):
    folder = made("a_row_a_class", tmp_path / "files")
    for text, words in (
        ("[[files]\n", "mapping.toml"),
        ('[[files]]\nholds = "roster"\n', "'file'"),
    ):
        (folder / "mapping.toml").write_text(text, "utf-8")
        assert command_line.main(["load", str(folder), "--home", str(tmp_path / "home")]) == 1
        assert words in capsys.readouterr().err


def test_a_finding_names_the_foreign_file_and_line(tmp_path):
    folder = made("absences_and_roster", tmp_path / "files")

    def blanked(rows: list[dict]) -> list[dict]:
        rows[7]["ATTENDANCE.ATT_DATE"] = "13/45/2025"
        return rows

    edited(folder / "attendance export.csv", blanked)
    report = convert.load(folder, tmp_path / "home", share_view=False)
    (found,) = [one for one in report.findings if one.value == "13/45/2025"]
    assert (found.file, found.line, found.kind) == ("attendance export.csv", 9, "set_aside")


def test_no_header_decides_against_the_cells():
    """With other words for the same, and with names that say nothing: right or asked, never wrong.
    The whole of it: python -m tests.map_figures 20"""
    shapes = {
        name: exports.SHAPES[name] for name in random.Random(1).sample(list(exports.SHAPES), 4)
    }
    total: Counter[str] = Counter()
    for place, counts in figures(1, shapes).items():
        assert counts["wrong"] == 0, place
        total += counts
    assert total["right"] > 0.5 * sum(total.values()), total


def test_broken_files_end_in_a_sentence():
    """A sample by seed. The whole of it: python -m tests.fuzz_exports 10000"""
    outcomes, failed = fuzz_exports.run(10, first=1_001)
    assert failed == []
    assert outcomes["failed"] == 0 and outcomes.total() == 10
    # A table of counts of which every item was left out: one failure of 10,000.
    assert fuzz_exports.run(1, first=977_925) == ({"converted": 1}, [])


# Reading files


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("Ñ,b\n1,2\n".encode("utf-8-sig"), "utf-8-sig"),
        ("Ñ,b\n1,2\n".encode("utf-16"), "utf-16"),
        ("aÑ,b\n1,2\n".encode("utf-16-le"), "utf-16-le"),
        ("Ñ,b\n1,2\n".encode(), "utf-8"),
        ("Ñ,b\n1,2\n".encode("cp1252"), "windows-1252"),
    ],
)
def test_an_encoding_is_found_and_only_the_last_is_not_proved(raw, encoding, tmp_path):
    (tmp_path / "a.csv").write_bytes(raw)
    (sheet,) = sheets.read(tmp_path / "a.csv")
    assert (sheet.reading.encoding, sheet.reading.sure) == (encoding, encoding != "windows-1252")
    assert list(sheet.table.columns) in (["Ñ", "b"], ["aÑ", "b"])


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(delimiter, end, tmp_path):
    rows = [["Name", "Day, or days", "n"], ["Ana; B", "1|2", "3"], ["Ben", "x\ty", "4"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows * 1 + rows[1:] * 9)
    (tmp_path / "a.txt").write_bytes(text.getvalue().encode())
    (sheet,) = sheets.read(tmp_path / "a.txt")
    assert sheet.reading.delimiter == delimiter
    assert list(sheet.table.columns) == rows[0]
    assert list(sheet.table.iloc[1]) == rows[2]
    assert list(sheet.table.index[:2]) == [2, 3]


def test_titles_and_totals_are_left_out_and_named(tmp_path):
    text = "Absences of Alder\nprinted 9/1/2025\n\nId,Day\n11,9/2/2025\n12,9/3/2025\nTotal: 2,\n"
    (tmp_path / "a.csv").write_text(text, "utf-8")
    (sheet,) = sheets.read(tmp_path / "a.csv")
    assert list(sheet.table["Id"]) == ["11", "12"]
    assert list(sheet.table.index) == [5, 6]
    assert sheet.reading.header_line == 4
    assert sheet.reading.left_out == ("Absences of Alder", "printed 9/1/2025", "Total: 2")


@pytest.mark.parametrize(
    ("value", "grade"),
    [("K", "K"), ("KG", "K"), ("0", "K"), ("-1", "PK"), ("PK4", "PK"), ("TK", "PK"), ("09", "9"),
     ("9th", "9"), ("Grade 9", "9"), ("Ninth grade", "9"), ("9.0", "9"), ("12", "12"), ("13", ""),
     ("12+", ""), ("Staff", "")],
)  # fmt: skip
def test_grades_in_their_usual_spellings(value, grade):
    assert grade_of(value) == grade


@pytest.mark.parametrize(
    ("said", "known", "year"),
    [("2025-2026", (), "2025-26"), ("25-26", (), "2025-26"), ("SY2526", (), "2025-26"),
     ("2026", (), "2025-26"), ("2025", ("2025-26",), "2025-26"), ("2026", ("2025-26",), "2025-26"),
     ("202526", (), "2025-26"), ("2025-27", (), ""), ("next", (), "")],
)  # fmt: skip
def test_school_years_in_their_usual_spellings(said, known, year):
    assert values.school_year_of(said, known) == year


# Parts of days, codes with a place or a day


def small(folder: Path, absences: str, calendar_more: str = "") -> Path:
    """Two schools, three students, five days, and the absences of a test."""
    folder.mkdir()
    days = [f"2025-09-{day:02d}" for day in range(8, 13)] + ["2025-09-15", "2025-09-16"]
    rows = "\n".join(f"{school},{day}{calendar_more}" for school in ("A1", "B2") for day in days)
    head = "School ID,Date" + (",Periods" if calendar_more else "")
    (folder / "days.csv").write_text(f"{head}\n{rows}\n", "utf-8")
    (folder / "roster.csv").write_text(
        "Student ID,School ID,Grade,Entry Date\n1001,A1,3,2025-09-08\n1002,A1,4,2025-09-08\n"
        "1003,B2,5,2025-09-08\n", "utf-8"
    )  # fmt: skip
    (folder / "absences.csv").write_text(absences, "utf-8")
    return folder


PARTS = {
    "minutes of a day": (
        "Student ID,School ID,Date,Code,Minutes Absent,Scheduled Minutes\n"
        "1001,A1,2025-09-08,Absent,100,400\n1003,B2,2025-09-09,Absent,400,400\n",
        {"missed_minutes": ["100", "400"], "day_minutes": ["400", "400"]},
    ),
    "minutes present": (
        "Student ID,School ID,Date,Code,Minutes Present,Scheduled Minutes\n"
        "1001,A1,2025-09-08,Absent,300,400\n1003,B2,2025-09-09,Absent,0,400\n",
        {"missed_minutes": ["100", "400"], "day_minutes": ["400", "400"]},
    ),
    "half days": (
        "Student ID,School ID,Date,Code\n1001,A1,2025-09-08,Half day\n1003,B2,2025-09-09,Absent\n",
        {"event_duration": ["0.5", ""]},
    ),
    "mornings": (
        "Student ID,School ID,Date,Code,AM PM\n1001,A1,2025-09-08,Absent,AM\n"
        "1003,B2,2025-09-09,Absent,PM\n",
        {"session": ["am", "pm"]},
    ),
    "periods of a day": (
        "Student ID,School ID,Date,Code,Periods Absent,Total Periods\n"
        "1001,A1,2025-09-08,Absent,2,8\n1003,B2,2025-09-09,Absent,8,8\n",
        {"event_duration": ["0.25", "1"]},
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_of_days_come_through(name, tmp_path):
    absences, wanted = PARTS[name]
    table = convert.convert(small(tmp_path / "files", absences)).files["attendance"]
    for column, cells in wanted.items():
        assert list(table[column]) == cells


def test_minutes_without_the_length_of_a_day_are_asked_about(tmp_path):
    absences = "Student ID,School ID,Date,Code,Minutes Absent\n1001,A1,2025-09-08,Absent,100\n"
    mapping, _, _ = convert.look(small(tmp_path / "files", absences))
    assert mapping.questions() == ["day_minutes: how many minutes has a school day?"]


def test_a_part_of_a_day_of_which_nobody_knows_the_length_is_set_aside(tmp_path):
    absences = (
        "Student ID,School ID,Date,Code\n1001,A1,2025-09-08,Partial\n1003,B2,2025-09-09,Absent\n"
    )
    result = convert.convert(small(tmp_path / "files", absences))
    assert list(result.files["attendance"].student_id) == ["1003"]
    (found,) = [one for one in result.findings if one.kind == "set_aside"]
    assert (found.file, found.line, found.value) == ("absences.csv", 2, "Partial")


def test_a_code_may_mean_something_else_at_a_school_or_from_a_day_on(tmp_path):
    absences = (
        "Student ID,School ID,Date,Code\n1001,A1,2025-09-08,T\n1003,B2,2025-09-08,T\n"
        "1001,A1,2025-09-15,T\n"
    )
    folder = small(tmp_path / "files", absences)
    text = mappings.written(convert.look(folder)[0])
    text += '\n[[codes]]\ncode = "T"\ncounts_as = "absent"\nschool_id = "B2"\n'
    text += '\n[[codes]]\ncode = "T"\ncounts_as = "absent"\nsince = "2025-09-12"\n'
    (folder / "mapping.toml").write_text(text, "utf-8")
    result = convert.convert(folder)
    codes = result.files["attendance_codes"]
    ways = {(row.code, row.school_id): row.counts_as for row in codes.itertuples()}
    assert ways == {
        ("T", ""): "present",
        ("T", "B2"): "absent",
        ("T (since 2025-09-12)", ""): "absent",
    }
    assert list(result.files["attendance"].code) == ["T", "T", "T (since 2025-09-12)"]


def test_ids_that_differ_in_zeros_alone_are_two_students(tmp_path):
    absences = "Student ID,School ID,Date,Code\n1001,A1,2025-09-08,Absent\n"
    folder = small(tmp_path / "files", absences)
    with (folder / "roster.csv").open("a", encoding="utf-8") as roster:
        roster.write("01001,B2,2,2025-09-08\n")
    result = convert.convert(folder)
    assert set(result.files["students"].student_id) == {"1001", "01001", "1002", "1003"}
    assert list(result.files["attendance"].student_id) == ["1001"]


# --- A school's own workbook ------------------------------------------------------------------


def own_workbook(folder: Path, code: str = "EVT_CD") -> Path:
    """Three sheets of one school that no column names, as an office keeps them: forty students, of
    whom one left, and two days off among twenty-two weekdays that the calendar lists in words."""
    folder.mkdir(exist_ok=True)
    listed = weekdays("2025-09-01", 22)
    days = [day for day in listed if day not in ("2025-09-01", "2025-09-19")]
    students = [str(300_100 + 7 * number) for number in range(40)]
    left = [[students[39], "05", days[0], days[11]]]
    sheets_of_school = {
        "Student List": [
            ["Lincoln Elementary School"],
            ["Student Roster - School Year 2025-2026"],
            [],
            ["Perm ID", "Gr", "Date Entered", "Date Left"],
            *([who, "04", days[0], ""] for who in students[:39]),
            *left,
            ["Total students: 40"],
        ],
        "Absences": [
            ["STU_NBR", "EVENT_DT", code],
            *(
                [who, day, ("UNX", "Z9", "Q")[(place + nth) % 3]]
                for place, who in enumerate(students[:30])
                for nth, day in enumerate(days[place % 5 : 19 : 3])
            ),
        ],
        "Calendar": [
            ["Date", "Day", "Type"],
            *(
                [day, date.fromisoformat(day).strftime("%a"), "School day" if day in days else off]
                for day, off in zip(listed, ["Holiday"] * 5 + ["Teacher PD"] * 17, strict=True)
            ),
        ],
    }
    (folder / "own.xlsx").write_bytes(workbook(sheets_of_school))
    return folder


def test_a_school_that_no_column_names_has_its_calendar_and_its_name(tmp_path):
    folder = own_workbook(tmp_path / "files")
    mapping, _, _ = convert.look(folder)
    assert [one.holds.value for one in mapping.sheets] == ["roster", "attendance", "calendar"]
    assert mapping.convention("school") == "Lincoln Elementary School"
    assert {one.code for one in mapping.codes if one.counts_as.is_open} == {"Z9", "Q"}
    for one in mapping.codes:
        one.counts_as = mappings.Meaning("absent", mappings.SURE, mappings.SAID)
    mapping.conventions["exit_date"] = mappings.Meaning("first day out", mappings.SURE, "said")
    said = tmp_path / "mapping.toml"
    said.write_text(mappings.written(mapping), "utf-8")
    result = convert.convert(folder, said)
    assert list(result.files["schools"].school_name) == ["Lincoln Elementary School"]
    days = set(result.files["calendar"].date)
    assert len(days) == 20 and not days & {"2025-09-01", "2025-09-19"}
    assert len(result.files["enrollments"]) == 40


def test_which_column_is_the_code_is_asked_where_nobody_knows(tmp_path):
    """And taken for it once somebody said so; another answer asks of the sheet."""
    folder = own_workbook(tmp_path / "files", code="KIND_X")
    mapping, _, _ = convert.look(folder)
    absences = mapping.sheets[1]
    assert absences.columns["KIND_X"].is_open
    assert absences.columns["KIND_X"].why.endswith("is it the code of an absence?")
    said = tmp_path / "mapping.toml"
    for answer, is_open in (("code", False), ("", True)):
        absences.columns["KIND_X"] = mappings.Meaning(answer, mappings.SURE, mappings.SAID)
        said.write_text(mappings.written(mapping), "utf-8")
        again, _, _ = convert.look(folder, said)
        assert again.sheets[1].holds.is_open is is_open


@pytest.mark.parametrize(
    ("kind", "lessons", "off"),
    [
        ("School day", True, False),
        ("Early Release", True, False),
        ("Holiday", False, True),
        ("Teacher Workday", False, True),
        ("Non-instructional", False, True),
        ("Non-School Day", False, True),
        ("Not in session", False, True),
        ("Picture day", False, False),
        ("", True, False),
    ],
)
def test_kinds_of_days_by_their_words(kind, lessons, off):
    assert (values.is_instructional(kind), values.is_day_off(kind)) == (lessons, off)


def test_what_is_no_roster_no_calendar_and_no_attendance_is_left_out(tmp_path):
    days = [str(date(2025, 9, 1) + timedelta(days=n)) for n in range(60)]
    ids = [f"S{n:04}" for n in range(30)]
    sales = [{"date": day, "meals": str(200 + n % 37)} for n, day in enumerate(days)]
    marks = [{"student_id": who, "subject": "Art", "score": "71", "academic_year": "2025-26"}
             for who in ids]  # fmt: skip
    swimming = [{"student_id": who, "date": day, "status": "Passed"}
                for who in ids for day in days[:2]]  # fmt: skip
    parents = [{"parent_id": f"{n}", "first_name": "Ana", "phone": f"08012{n:05}"}
               for n in range(30)]  # fmt: skip
    for name, rows in (("meals", sales), ("marks", marks), ("lessons", swimming),
                       ("parents", parents)):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text(exports.as_csv(rows), "utf-8")
    mapping, _, _ = convert.look(tmp_path)
    assert {one.file: one.holds.value for one in mapping.sheets} == {
        "meals.csv": "", "marks.csv": "", "lessons.csv": "?", "parents.csv": ""
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["F", "R", "no", ""], ["yes", "yes", "no", ""]),
        (["Free", "Paid"], ["yes", "no"]),
        (["F", "T"], ["F", "T"]),
        (["F", ""], ["F", ""]),
    ],
)
def test_free_and_reduced_meals_are_economic_disadvantage(said, told):
    assert list(people._of_meals(pd.Series(said))) == told


def _taken(folder: Path, **files: list[dict]) -> dict[str, tuple[str, set[str]]]:
    """What each file is taken for, and its columns where no question stands before them."""
    folder.mkdir()
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(exports.as_csv(rows), "utf-8")
    found = {}
    for one in convert.look(folder)[0].sheets:
        said = {meaning.value for meaning in one.columns.values()} - {"", "?"}
        held = one.holds.value
        found[one.file.removesuffix(".csv")] = (held, set() if held == "?" else said)
    return found


def test_what_one_side_alone_says_is_asked(tmp_path):
    """A name that other things have too, or cells that other things are too, take no column."""
    who = [f"{n}" for n in range(4_001, 4_031)]
    day = [str(date(2025, 9, 1) + timedelta(days=n)) for n in range(60)]
    week = [one for one in day if date.fromisoformat(one).weekday() < 5]
    lists = _taken(
        tmp_path / "lists",
        loans=[{"student_id": w, "book_id": f"B{w}", "start_date": day[int(w) % 9],
                "end_date": day[40]} for w in who],
        staff=[{"user_id": f"9{w}", "first_name": "Ana", "last_name": "Li", "hired": day[3]}
               for w in who],
        towns=[{"location_id": w, "name": f"Town {w}", "city": "Alton"} for w in who],
        stock=[{"date": d, "open": f"{n}.5", "close": f"{n}.7"} for n, d in enumerate(week)],
        handed=[{"student_id": w, "submittedAt": day[int(w) % 30], "gradedAt": day[int(w) % 30 + 9]}
                for w in who],
    )  # fmt: skip
    held = {name: holds for name, (holds, _) in lists.items()}
    assert held == {"loans": "?", "staff": "?", "towns": "", "stock": "?", "handed": ""}
    sold = _taken(
        tmp_path / "sold",
        wares=[{"ware": f"W{n}", "base_price": f"{n}"} for n in range(4_001, 4_031)],
        sales=[{"sale": f"E{n}", "enrollment_date": day[n % 50], "gender": "FM"[n % 2],
                "original_price": f"{4_001 + n % 30}"} for n in range(200)],
    )  # fmt: skip
    assert not sold["wares"][1] | sold["sales"][1]
    roster = _taken(
        tmp_path / "roster",
        roster=[{"student_id": w, "first_name": "Ana", "last_name": "Li",
                 "gr": ["PK", "K", "1", "2"][n % 4], "grade": str(n % 5 + 1), "course_nm": "Art",
                 "year": str(2018 + n % 7),
                 "location": f"R{n % 9}", "city": f"Town {n % 3}", "start date": day[n]}
                for n, w in enumerate(who)],
    )["roster"]  # fmt: skip
    assert roster == ("roster", {"student_id", "first_name", "last_name", "section"})


def test_stays_that_end_before_they_begin_are_asked(tmp_path):
    rows = [{"student_id": f"{n}", "school": "Alder School", "entry_date": "2025-12-01",
             "exit_date": "2025-09-02"} for n in range(4_001, 4_031)]  # fmt: skip
    assert _taken(tmp_path / "swapped", roster=rows)["roster"][0] == "?"


def test_columns_of_race_are_one_group_as_federal_reports_count():
    names = {"race: Hispanic or Latino": "hispanicOrLatinoEthnicity", "race: Asian": "asian",
             "race: White": "white"}  # fmt: skip
    cells = {"sourcedId": ["1", "2", "3", "4", "5"], "hispanicOrLatinoEthnicity": list("10000"),
             "asian": list("11010"), "white": list("01100")}  # fmt: skip
    sheet = sheets.Sheet("demographics.csv", "", pd.DataFrame(cells, dtype=object))
    columns = {name: Meaning(field, "sure") for field, name in names.items()}
    one = SheetMapping("demographics.csv", "", Meaning("roster", "sure"), columns)
    foreign = Foreign(Mapping([one]), [(one, sheet)], convert.Converted())
    assert list(people.race_of_flags(foreign, one, sheet)) == [
        "Hispanic or Latino", "Two or more races", "White", "Asian", ""
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "kind"),
    [("Thanksgiving Break", "off"), ("No School - Teacher Work Day", "off"), ("MLK Day", "off"),
     ("Early Release before Winter Break", "school day"), ("Snow make-up day", "school day"),
     ("First Day of School", "first day"), ("Last day for students", "last day"),
     ("Last day of first quarter", ""), ("End of first quarter", "school day"),
     ("Teacher appreciation day", "school day"), ("Homecoming", "")],
)  # fmt: skip
def test_words_of_a_calendar_say_what_is_off(words, kind):
    assert breaks.kind_of(words) == kind


def test_a_list_of_holidays_alone_asks_for_the_first_and_last_day(tmp_path):
    folder = made("days_off_and_absences_of_several_days", tmp_path)
    holidays = [{"Date": "10/13/2025", "Occasion": "Pulaski"},
                {"Date": "11/27/2025", "Occasion": "Harvest"},
                {"Date": "11/28/2025", "Occasion": "Day after"}]  # fmt: skip
    (folder / "School year.csv").unlink()
    (folder / "Holidays.csv").write_text(exports.as_csv(holidays), "utf-8")
    mapping, _, _ = convert.look(folder)
    assert [one.partition(":")[0] for one in mapping.questions()] == [
        "first_school_day", "last_school_day"
    ]  # fmt: skip
    said = written(mapping).replace('first_school_day = "?"', 'first_school_day = "9/2/2025"')
    said = said.replace('last_school_day = "?"', 'last_school_day = "12/19/2025"')
    (folder / "mapping.toml").write_text(said, "utf-8")
    wanted = {tuple(row[name] for name in COLUMNS["calendar"]) for row in TRUTH["calendar"]}
    assert rows_of(convert.convert(folder), "calendar") == wanted


def test_published_numbers_keep_the_rows_of_one_measure_and_take_the_year_of_a_title(tmp_path):
    rows = [["Chronic absence, 2024-25"], ["District", "Metric", "Category", "Group", "Numerator",
            "Denominator"]]  # fmt: skip
    for measure, absent in (("Chronic absenteeism", "21"), ("Graduation rate", "88")):
        for group in ("All students", "Asian", "White"):
            rows.append(["Alder Unified", measure, "Race", group, absent, "100"])
    (tmp_path / "state.csv").write_text("\n".join(",".join(row) for row in rows), "utf-8")
    table = convert.convert(tmp_path).files["published_rates"]
    assert list(table.students_absent) == ["21", "21", "21"]
    assert list(table.group_name) == ["", "Asian", "White"]
    assert set(table.school_year) == {"2024-25"}


def test_a_register_is_of_the_school_in_its_title(tmp_path):
    for name in ("Alder Elementary", "Birch Middle School"):
        days = [day.strftime("%m/%d/%Y") for day in exports.school_days()[:12]]
        ids = [f"{name[0]}{n:05}" for n in range(12)]
        head = ",".join(["Student ID", "Student Name", *days])
        body = "\n".join(",".join([who, "Lee Ana", *["A", *["P"] * 11]]) for who in ids)
        text = f"{name} - Attendance Register\n\n{head}\n{body}\n"
        (tmp_path / f"register {name[0]}.csv").write_text(text, "utf-8")
    table = convert.convert(tmp_path).files["schools"]
    assert set(table.school_name) == {"Alder Elementary", "Birch Middle School"}
    # One name for all is not offered then.
    assert "school" not in convert.look(tmp_path)[0].conventions


def test_a_month_is_told_by_its_whole_name_or_its_first_letters():
    for words, month in (("Septiembre 2025", (2025, 9)), ("May 2026", (2026, 5)),
                         ("Dec", (2025, 12)), ("enero", (2026, 1)), ("Martin School", None),
                         ("Sep and Oct 2025", None)):  # fmt: skip
        assert month_in([words], "2025-26") == month, words


def taken_for(folder: Path, rows: list[str], name: str = "export.csv") -> SheetMapping:
    """What one file of these lines is taken for."""
    (folder / name).write_text("\n".join(rows), "utf-8")
    return next(one for one in convert.look(folder)[0].sheets if one.file == name)


def test_a_calendar_of_every_date_says_in_any_column_which_days_are_off(tmp_path):
    """Under a header such as Type, which says nothing by itself."""
    every = [date(2025, 9, 1) + timedelta(n) for n in range(60)]
    kinds = ["Instructional" if day.weekday() < 5 else "Holiday" for day in every]
    lines = [f"{school},{day},{kind}" for school in ("Alder Elementary", "Birch Middle School")
             for day, kind in zip(every, kinds, strict=True)]  # fmt: skip
    one = taken_for(tmp_path, ["Organization Name,Date,Type", *lines])
    assert one.holds.value == "calendar" and one.columns["Type"].value == "day_kind"


def test_a_rate_without_numbers_of_students_is_published_as_it_stands(tmp_path, use_home):
    head = "District Name,School Name,Type,Chronic Absenteeism Rate"
    rows = [head, "North,Alder School,Elementary,23.4", "North,Birch School,Middle,*"]
    (tmp_path / "chronic 2024-25.csv").write_text("\n".join(rows), "utf-8")
    long = ["School Year,District,Measure,Value"]
    for place, rate in (("North", "0.234"), ("South", "0.1"), ("West", "")):
        long += [f"2024-25,{place},Chronic absence rate,{rate}", f"2024-25,{place},Graduation,0.9"]
    (tmp_path / "measures.csv").write_text("\n".join(long), "utf-8")
    convert.load(tmp_path, tmp_path.parent / "home", share_view=False)
    use_home(tmp_path.parent / "home")
    rows = database.records("absence/published_rates", Selection(), ALL_NAMES)
    assert {one["place"]: one["rate"] and round(one["rate"], 9) for one in rows} == {
        "Alder School": 0.234, "Birch School": None, "North": 0.234, "South": 0.1, "West": None,
    }  # fmt: skip
    assert all(one["students"] is None and one["students_absent"] is None for one in rows)
    (tmp_path / "measures.csv").write_text(
        "\n".join([*long, "2024-25,North,Chronic absence numerator,9",
                   "2024-25,North,Chronic absence denominator,90",
                   "2024-25,North,Chronic absence rate of last year,0.2"]), "utf-8")  # fmt: skip
    held = {one.file: one.holds for one in convert.look(tmp_path)[0].sheets}
    assert held["measures.csv"].value == "" and "several measures" in held["measures.csv"].why


def test_students_who_are_told_apart_by_name_are_asked_about(tmp_path):
    head = "Student Name,Grade," + ",".join(f"9/{day}/2025" for day in range(15, 20))
    rows = [head, '"Rivera, Ana",3,P,A,P,P,P', '"Lee, Ben",4,A,P,P,P,P', '"Roy, Eva",3,P,P,P,P,P']
    one = taken_for(tmp_path, rows, "register.csv")
    assert one.holds.is_open and "write student_id at Student Name" in one.holds.why
    said = written(convert.look(tmp_path)[0]).replace(
        'holds = "?"', f'holds = "{one.holds.may_be[0]}"'
    )
    said = said.replace('"Student Name" = "full_name"', '"Student Name" = "student_id"')
    (tmp_path / "mapping.toml").write_text(said, "utf-8")
    mapping = convert.look(tmp_path, tmp_path / "mapping.toml")[0]
    (tmp_path / "mapping.toml").write_text(written(mapping), "utf-8")
    result = convert.convert(tmp_path)
    assert set(result.files["attendance"].student_id) == {"Rivera, Ana", "Lee, Ben", "Roy, Eva"}
    assert any("two of one name" in finding.problem for finding in result.findings)
    apart = taken_for(tmp_path, ["First Name,Last Name,Date,Status", "Ana,Rivera,9/15/2025,Absent",
                                 "Ben,Lee,9/16/2025,Absent"], "absences.csv")  # fmt: skip
    assert "into one column" in apart.holds.why


def test_what_names_no_student_and_no_school_is_taken_for_neither(tmp_path):
    """A course's number, a room that changes every day, first names, the year of admission."""
    ids = [f"{n:06}" for n in range(21_000, 21_040)]
    taught = [f"COM{n},Course {n}" for n in range(1001, 1011)]
    taken_for(tmp_path, ["course_id,course_name", *taught], "courses.csv")
    names = ("Ana", "Ben", "Eva", "Kai")
    people = [
        f"{who},{names[n % 4]},{2021 + n % 4},COM{1001 + n % 10}" for n, who in enumerate(ids)
    ]
    taken_for(tmp_path, ["student_id,Name,Year,course_id", *people], "students.csv")
    marks = [f"{who},9/{day}/2025,{'PA'[day % 3 > 0]},Room-{'ABCDE'[(n + day) % 5]}"
             for n, who in enumerate(ids) for day in (15, 16, 17, 18, 19)]  # fmt: skip
    taken_for(tmp_path, ["student_id,Date,Status,Location", *marks], "attendance.csv")
    courses, students, attendance = sorted(convert.look(tmp_path)[0].sheets, key=lambda one: {
        "courses.csv": 0, "students.csv": 1, "attendance.csv": 2}[one.file])  # fmt: skip
    assert courses.holds.value == "" and attendance.column_of("school_name") is None
    assert {name: meaning.value for name, meaning in students.columns.items()} == {
        "student_id": "student_id", "Name": "", "Year": "", "course_id": "",
    }  # fmt: skip
    assert all(
        meaning.certainty == ASK for meaning in students.columns.values() if not meaning.value
    )


def test_shifted_columns_and_days_in_two_ways_are_asked_about(tmp_path):
    """Neither file may be left out without a word: everybody would be enrolled all year."""
    rows = [f'"Lee{n}, Ana",101,{n % 5 + 1},F,9/2/2025,,0402{n:02}' for n in range(20)]
    one = taken_for(tmp_path, ["Student ID,Student Name,School,Grade,Gender,Start,End", *rows])
    assert one.holds.is_open and "columns shifted" in one.holds.why
    days = [f"0402{n:02},{'9/15/2025' if n % 2 else '15/9/2025'},A" for n in range(20)]
    two = taken_for(tmp_path, ["Student ID,Attendance Date,Code", *days], "absences.csv")
    assert two.holds.is_open and "written in two ways" in two.holds.why


@pytest.mark.parametrize("first, days, said", [(8, 249, "yes"), (10, 250, "")])
def test_a_calendar_of_less_than_a_school_year_was_cut(tmp_path, first, days, said):
    folder = small(tmp_path / "files", f"Student ID,Date,Code\n1001,2025-09-{first:02},A\n")
    begin = date(2025, 9, first)
    listed = [one for n in range(days + 1) if (one := begin + timedelta(n)).weekday() < 5]
    lines = [f"{one},{day},{'yes' * (day == listed[3])}" for one in ("A1", "B2") for day in listed]
    (folder / "days.csv").write_text("\n".join(["School ID,Date,Nobody Absent", *lines]), "utf-8")
    calendar = convert.convert(folder).files["calendar"]
    assert set(calendar.date[calendar.nobody_absent == "yes"]) == {str(listed[3])}
    is_last = calendar.date == str(begin + timedelta(days))
    assert set(calendar.goes_on[is_last]) == {said} and not calendar.goes_on[~is_last].any()


@pytest.mark.parametrize("is_seen, days_ago, said", [(True, 20, True), (True, 21, False),
                                                     (False, 0, False)])  # fmt: skip
def test_a_calendar_seen_in_rows_is_cut_as_long_as_they_are_new(is_seen, days_ago, said):
    first, last = date(2025, 9, 2), date(2026, 6, 1)
    assert is_cut(first, last, is_seen, last + timedelta(days_ago)) == said


def test_a_register_with_a_column_a_day_lists_who_is_enrolled(tmp_path):
    """Also who was never absent, from the day of entry to that of exit where it says them."""
    days = [date(2025, 9, 8) + timedelta(n) for n in range(40)]
    days = [day for day in days if day.weekday() < 5]
    names = ("Al", "Bo", "Cy", "Di", "Ed", "Fay")
    ends = ["9/8/2025,", "9/9/2025,9/22/2025", *["9/8/2025,"] * 4]
    lines = {False: [], True: []}
    for n, (name, end) in enumerate(zip(names, ends, strict=True)):
        marks = ["" if n == 2 or (day.day + n) % 6 else "A" for day in days]
        for is_told, rows in lines.items():
            stay = f"{end}," if is_told else ""
            rows.append(f"04{n}210,{name},Alder School,{stay}{','.join(marks)}")
    for is_told, rows in lines.items():
        folder = tmp_path / str(is_told)
        folder.mkdir()
        head = "Student ID,First Name,School," + ("Entered,Left," if is_told else "")
        head += ",".join(f"{day.month}/{day.day}/{day.year}" for day in days)
        (folder / "register.csv").write_text("\n".join([head, *rows]), "utf-8")
        mapping, read, _ = convert.look(folder)
        if is_told:
            mapping.conventions["exit_date"].value = "first day out"
        made = follow(mapping, read)
        stays = made.files["enrollments"].sort_values("student_id")
        second = "2025-09-22" if is_told else ""
        assert list(stays.exit_date) == ["", second, "", "", "", ""]
        assert any("enrolled all year" in one.problem for one in made.findings) is not is_told


def test_absences_without_a_list_of_students_are_asked_about(tmp_path):
    """Who was never absent is in no row, and the rate would be that of the others."""
    folder = small(tmp_path / "files", "Student ID,School ID,Date,Code\n1001,A1,2025-09-08,A\n")
    assert not any("enrolled" in one for one in convert.look(folder)[0].questions())
    (folder / "roster.csv").unlink()
    absences = ["Student Number,School ID,Date,Code"]
    absences += [f"10{n:02},A1,2025-09-{8 + n % 5:02},A" for n in range(20)]
    (folder / "absences.csv").write_text("\n".join(absences), "utf-8")
    assert [one for one in convert.look(folder)[0].questions() if "rates are too high" in one]
