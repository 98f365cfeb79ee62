"""A small invented district, and its files as the usual systems export them.

`district()` is the truth, as rows of an exchange folder. Each function of `SHAPES` writes the same
students, days and absences as one system would, with its own headers, dates, codes and habits, so
that what comes back can be compared row for row.
"""

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

SCHOOLS = {"101": "Alder Elementary", "204": "Birch Middle School"}
FIRST, LAST = date(2025, 9, 2), date(2025, 12, 19)
OFF = {date(2025, 10, 13), date(2025, 11, 27), date(2025, 11, 28)}
CODES = {"AE": ("absent", "yes"), "AU": ("absent", "no"), "T": ("present", "")}
FIRST_NAMES = ("Ana", "Ben", "Chloë", "Dev", "Eva", "Finn", "Gus", "Hana", "Ivo", "June", "Kai")
LAST_NAMES = ("Rivera", "O'Neil", "Nguyen", "Smith-Jones", "Müller", "Okafor", "Lee", "Díaz")


def school_days() -> list[date]:
    every = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [day for day in every if day.weekday() < 5 and day not in OFF]


def district(seed: int = 7, students: int = 90) -> dict[str, list[dict]]:
    """The district as rows of the exchange files that every shape can say: who, where, which grade,
    from when to when (exit_date is the first day out), school days, and absences by code."""
    draw = random.Random(seed)
    days, people, stays, events = school_days(), [], [], []
    for number in range(students):
        who = f"{40_210 + 37 * number:06d}"
        school = "101" if number < students * 2 // 3 else "204"
        grade = draw.choice(["PK", "K", "1", "2", "3", "4", "5"] if school == "101" else
                            ["6", "7", "8"])  # fmt: skip
        people.append(
            {"student_id": who, "first_name": draw.choice(FIRST_NAMES),
             "last_name": f"{draw.choice(LAST_NAMES)}", "gender": draw.choice("FM")}
        )  # fmt: skip
        entry, leave = days[0], None
        if number % 11 == 3:
            leave = days[draw.randrange(20, len(days) - 5)]
        if number % 13 == 5:
            entry = days[draw.randrange(3, 15)]
        stays.append(
            {"student_id": who, "school_id": school, "school_year": "2025-26", "grade": grade,
             "entry_date": str(entry), "exit_date": str(leave) if leave else ""}
        )  # fmt: skip
        rate = draw.choice([0.01, 0.03, 0.05, 0.12, 0.25])
        for day in days:
            if day >= entry and (leave is None or day < leave) and draw.random() < rate:
                code = draw.choices(list(CODES), [4, 4, 2])[0]
                events.append(
                    {"student_id": who, "school_id": school, "date": str(day), "code": code}
                )
    return {
        "schools": [{"school_id": key, "school_name": name} for key, name in SCHOOLS.items()],
        "students": people,
        "enrollments": stays,
        "calendar": [{"school_id": school, "date": str(day), "school_year": "2025-26"}
                     for school in SCHOOLS for day in days],
        "attendance": events,
    }  # fmt: skip


Rows = list[dict[str, str]]


def us(day: str) -> str:
    """9/2/2025, as most systems here write it; blank stays blank."""
    if not day:
        return ""
    one = date.fromisoformat(day)
    return f"{one.month}/{one.day}/{one.year}"


def padded_us(day: str) -> str:
    return date.fromisoformat(day).strftime("%m/%d/%Y") if day else ""


def before(day: str) -> str:
    return str(date.fromisoformat(day) - timedelta(days=1)) if day else ""


def as_csv(rows: Rows, delimiter: str = ",", end: str = "\r\n") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def people_of(truth: dict) -> list[dict]:
    """Students with their stay."""
    by_id = {one["student_id"]: one for one in truth["students"]}
    return [by_id[stay["student_id"]] | stay for stay in truth["enrollments"]]


# Shapes


def absences_and_roster(truth: dict, out: Path) -> None:
    """PowerSchool's: exit date is the first day out, all leave at the end, days off are listed."""
    grades = {"PK": "-1", "K": "0"}
    roster = [
        {"Student_Number": one["student_id"],
         "LastFirst": f"{one['last_name']}, {one['first_name']}",
         "Grade_Level": grades.get(one["grade"], one["grade"]), "Gender": one["gender"],
         "SchoolID": one["school_id"], "EntryDate": us(one["entry_date"]),
         "ExitDate": us(one["exit_date"] or str(LAST + timedelta(days=1))),
         "Enroll_Status": "2" if one["exit_date"] else "0"}
        for one in people_of(truth)
    ]  # fmt: skip
    absences = [
        {"STUDENTS.Student_Number": one["student_id"], "ATTENDANCE.SCHOOLID": one["school_id"],
         "ATTENDANCE.ATT_DATE": us(one["date"]), "ATTENDANCE_CODE.ATT_CODE": one["code"],
         "ATTENDANCE_CODE.PRESENCE_STATUS_CD": CODES[one["code"]][0].title()}
        for one in truth["attendance"]
    ]  # fmt: skip
    every = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    open_days = set(school_days())
    calendar = [
        {"SCHOOLID": school, "DATE_VALUE": us(str(day)), "INSESSION": str(int(day in open_days)),
         "NOTE": ""}
        for day in every for school in SCHOOLS
    ]  # fmt: skip
    (out / "student.export.text").write_bytes(as_csv(roster, "\t", "\r").encode())
    (out / "attendance export.csv").write_bytes(as_csv(absences).encode())
    (out / "calendar_day.csv").write_bytes(as_csv(calendar).encode())
    (out / "schools.csv").write_text(
        as_csv([{"School_Number": k, "Name": n} for k, n in SCHOOLS.items()]), "utf-8"
    )


def last_days_in(truth: dict, out: Path) -> None:
    """Infinite Campus': end date is the last day in and mostly blank, status beside excuse."""
    grades = {"PK": "PK", "K": "KG"}
    roster = [
        {"student.studentNumber": one["student_id"], "student.lastName": one["last_name"],
         "student.firstName": one["first_name"], "student.gender": one["gender"],
         "cal.schoolNumber": one["school_id"], "sch.name": SCHOOLS[one["school_id"]],
         "enr.grade": grades.get(one["grade"], f"{int(one['grade'] or 0):02d}"
                                 if one["grade"].isdigit() else one["grade"]),
         "enr.startDate": padded_us(one["entry_date"]),
         "enr.endDate": padded_us(before(one["exit_date"])), "enr.endYear": "2026"}
        for one in people_of(truth)
    ]  # fmt: skip
    words = {"AE": ("A", "E"), "AU": ("A", "U"), "T": ("T", "U")}
    absences = [
        {"studentNumber": one["student_id"], "schoolNumber": one["school_id"],
         "attendanceDate": padded_us(one["date"]), "attendanceCode": one["code"],
         "status": words[one["code"]][0], "excuse": words[one["code"]][1]}
        for one in truth["attendance"]
    ]  # fmt: skip
    days = [
        {"schoolNumber": one["school_id"], "day.date": padded_us(one["date"]), "schoolDay": "1",
         "instruction": "1", "attendance": "1"}
        for one in truth["calendar"]
    ]  # fmt: skip
    for name, rows in (("Enrollment", roster), ("Attendance", absences), ("Day", days)):
        (out / f"{name}.csv").write_text(as_csv(rows), "utf-8-sig")


def every_student_every_day(truth: dict, out: Path) -> None:
    """A warehouse's: one row a student and day with names, school and grade; nothing else."""
    events = {(one["student_id"], one["date"]): one["code"] for one in truth["attendance"]}
    words = {"AE": "Absent Excused", "AU": "Absent Unexcused", "T": "Tardy", "": "Present"}
    rows = []
    for one in people_of(truth):
        for day in map(str, school_days()):
            if one["entry_date"] <= day and (not one["exit_date"] or day < one["exit_date"]):
                said = words[events.get((one["student_id"], day), "")]
                rows.append(
                    {"School Year": "2025-2026", "School": SCHOOLS[one["school_id"]],
                     "Student ID": one["student_id"], "Student Name":
                     f"{one['last_name']}, {one['first_name']}", "Gender": one["gender"],
                     "Grade": one["grade"], "Attendance Date": day, "Attendance Status": said}
                )  # fmt: skip
    (out / "daily_attendance.csv").write_text(as_csv(rows), "utf-8")


def a_column_a_day(truth: dict, out: Path) -> None:
    """A register: one row a student, one column a day, in one sheet a school."""
    events = {(one["student_id"], one["date"]): one["code"] for one in truth["attendance"]}
    for school, name in SCHOOLS.items():
        rows = []
        for one in people_of(truth):
            if one["school_id"] == school:
                marks = {padded_us(str(day)): events.get((one["student_id"], str(day)), "P")
                         if one["entry_date"] <= str(day) and
                         (not one["exit_date"] or str(day) < one["exit_date"]) else ""
                         for day in school_days()}  # fmt: skip
                rows.append(
                    {"Student ID": one["student_id"], "Last Name": one["last_name"],
                     "First Name": one["first_name"], "Gr": one["grade"], "School": name} | marks
                )  # fmt: skip
        title = f"Attendance register,,\nSchool: {name},,\n\n"
        total = f"Total students,{len(rows)}\n"
        (out / f"register {school}.csv").write_text(title + as_csv(rows) + total, "utf-8")


def workbook_of_three_sheets(truth: dict, out: Path) -> None:
    """An Excel workbook: numbers for ids, real dates, a title above each table."""
    roster = [["Student ID", "Last Name", "First Name", "Sex", "School Name", "Grade", "Entry Date",
               "Withdrawal Date"]]  # fmt: skip
    for one in people_of(truth):
        roster.append(
            [int(one["student_id"]), one["last_name"], one["first_name"], one["gender"],
             SCHOOLS[one["school_id"]], one["grade"], date.fromisoformat(one["entry_date"]),
             date.fromisoformat(one["exit_date"]) if one["exit_date"] else
             LAST + timedelta(days=3)]
        )  # fmt: skip
    absences = [["Student ID", "School Name", "Absence Date", "Type"]]
    words = {"AE": "Excused absence", "AU": "Unexcused absence", "T": "Tardy"}
    for one in truth["attendance"]:
        absences.append(
            [int(one["student_id"]), SCHOOLS[one["school_id"]], date.fromisoformat(one["date"]),
             words[one["code"]]]
        )  # fmt: skip
    days = [["School Name", "Date", "Day type"]]
    for one in truth["calendar"]:
        days.append(
            [SCHOOLS[one["school_id"]], date.fromisoformat(one["date"]), "Instructional day"]
        )
    sheets = {"Roster": [["Roster 2025-26"], [], *roster], "Absences": absences, "Calendar": days}
    write_workbook(out / "export.xlsx", sheets)


def a_row_a_class(truth: dict, out: Path) -> None:
    """Period attendance: one row a missed class, six classes a day."""
    words = {"AE": "Absent - Excused", "AU": "Absent - Unexcused", "T": "Tardy"}
    rows = []
    for one in truth["attendance"]:
        periods = range(1, 7) if one["code"] != "T" else [1]
        rows += [
            {"Sis Number": one["student_id"], "Organization": SCHOOLS[one["school_id"]],
             "Absence Date": us(one["date"]), "Period": str(period),
             "Reason": words[one["code"]]}
            for period in periods
        ]  # fmt: skip
    roster = [
        {"Sis Number": one["student_id"], "Organization": SCHOOLS[one["school_id"]],
         "Grade": one["grade"], "Enter Date": us(one["entry_date"]),
         "Leave Date": us(one["exit_date"] or str(LAST + timedelta(days=1)))}
        for one in people_of(truth)
    ]  # fmt: skip
    days = [{"Organization": SCHOOLS[one["school_id"]], "Date": us(one["date"])}
            for one in truth["calendar"]]  # fmt: skip
    for name, table in (("period_absences", rows), ("enrolled", roster), ("school_days", days)):
        (out / f"{name}.txt").write_text(as_csv(table, "|"), "utf-8")


def ed_fi_records(truth: dict, out: Path) -> None:
    """Ed-Fi's resources as lines of JSON: nested references, descriptors behind #."""
    address = "uri://ed-fi.org/{}Descriptor#{}"
    grades = {"PK": "Preschool/Prekindergarten", "K": "Kindergarten"}
    names = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"]
    category = {"AE": "Excused Absence", "AU": "Unexcused Absence", "T": "Tardy"}

    def lines(name: str, records: list[dict]) -> None:
        text = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
        (out / f"{name}.jsonl").write_text(text + "\n", "utf-8")

    lines("schools", [{"id": f"s{k}", "schoolId": int(k), "nameOfInstitution": n}
                      for k, n in SCHOOLS.items()])  # fmt: skip
    lines("students", [
        {"id": f"p{one['student_id']}", "studentUniqueId": one["student_id"],
         "firstName": one["first_name"], "lastSurname": one["last_name"],
         "birthDate": "2015-03-04"} for one in truth["students"]
    ])  # fmt: skip
    lines("studentSchoolAssociations", [
        {"studentReference": {"studentUniqueId": one["student_id"]},
         "schoolReference": {"schoolId": int(one["school_id"])},
         "schoolYearTypeReference": {"schoolYear": 2026}, "entryDate": one["entry_date"],
         "entryGradeLevelDescriptor": address.format("GradeLevel", grades.get(one["grade"]) or
                                                     names[int(one["grade"]) - 1] + " grade")}
        | ({"exitWithdrawDate": one["exit_date"]} if one["exit_date"] else {})
        for one in truth["enrollments"]
    ])  # fmt: skip
    lines("calendarDates", [
        {"calendarReference": {"calendarCode": one["school_id"], "schoolId": int(one["school_id"]),
                               "schoolYear": 2026}, "date": one["date"],
         "calendarEvents": [{"calendarEventDescriptor":
                             address.format("CalendarEvent", "Instructional day")}]}
        for one in truth["calendar"]
    ])  # fmt: skip
    lines("studentSchoolAttendanceEvents", [
        {"studentReference": {"studentUniqueId": one["student_id"]},
         "schoolReference": {"schoolId": int(one["school_id"])},
         "sessionReference": {"schoolId": int(one["school_id"]), "schoolYear": 2026,
                              "sessionName": "Fall"},
         "eventDate": one["date"],
         "attendanceEventCategoryDescriptor":
             address.format("AttendanceEventCategory", category[one["code"]])}
        for one in truth["attendance"]
    ])  # fmt: skip


def one_roster(truth: dict, out: Path) -> None:
    """OneRoster 1.1: users and class enrollments; absences and calendar from elsewhere."""
    users = [
        {"sourcedId": one["student_id"], "status": "active", "dateLastModified":
         "2025-12-20T01:00:00Z", "enabledUser": "true", "orgSourcedIds": one["school_id"],
         "role": "student", "username": f"u{one['student_id']}", "givenName": one["first_name"],
         "familyName": one["last_name"], "grades": {"K": "KG"}.get(one["grade"], one["grade"])}
        for one in people_of(truth)
    ]  # fmt: skip
    users.append(users[0] | {"sourcedId": "T1", "role": "teacher", "grades": "", "username": "t"})
    enrollments = [
        {"sourcedId": f"e{one['student_id']}-{k}", "status": "active", "classSourcedId": f"c{k}",
         "schoolSourcedId": one["school_id"], "userSourcedId": one["student_id"],
         "role": "student", "primary": "false", "beginDate": one["entry_date"],
         "endDate": one["exit_date"] or str(LAST + timedelta(days=1))}
        for one in people_of(truth) for k in (1, 2, 3)
    ]  # fmt: skip
    orgs = [{"sourcedId": k, "status": "active", "name": n, "type": "school", "identifier": k}
            for k, n in SCHOOLS.items()]  # fmt: skip
    orgs.append({"sourcedId": "9", "status": "active", "name": "District", "type": "district",
                 "identifier": "9"})  # fmt: skip
    absences = [
        {"Student ID": one["student_id"], "School ID": one["school_id"], "Date": one["date"],
         "Code": one["code"], "Description": {"AE": "Excused absence", "AU": "Unexcused absence",
                                              "T": "Tardy"}[one["code"]]}
        for one in truth["attendance"]
    ]  # fmt: skip
    tables = {"users": users, "enrollments": enrollments, "orgs": orgs, "absences": absences,
              "days": [{"School ID": one["school_id"], "Date": one["date"]}
                       for one in truth["calendar"]]}  # fmt: skip
    for name, rows in tables.items():
        (out / f"{name}.csv").write_text(as_csv(rows), "utf-8")


def spanish_headers(truth: dict, out: Path) -> None:
    """Semicolons, Windows-1252, day before month, headers and words in Spanish."""
    words = {"AE": "Ausencia justificada", "AU": "Ausencia injustificada", "T": "Tarde"}

    def european(day: str) -> str:
        return date.fromisoformat(day).strftime("%d/%m/%Y") if day else ""

    roster = [
        {"Matrícula": one["student_id"], "Apellidos": one["last_name"], "Nombre":
         one["first_name"], "Sexo": one["gender"], "Escuela": SCHOOLS[one["school_id"]],
         "Grado": one["grade"], "Fecha de ingreso": european(one["entry_date"]),
         "Fecha de baja": european(one["exit_date"] or str(LAST + timedelta(days=1)))}
        for one in people_of(truth)
    ]  # fmt: skip
    absences = [
        {"Matrícula": one["student_id"], "Escuela": SCHOOLS[one["school_id"]],
         "Fecha": european(one["date"]), "Motivo": words[one["code"]]}
        for one in truth["attendance"]
    ]  # fmt: skip
    days = [{"Escuela": SCHOOLS[one["school_id"]], "Fecha": european(one["date"])}
            for one in truth["calendar"]]  # fmt: skip
    for name, rows in (("alumnos", roster), ("ausencias", absences), ("calendario", days)):
        (out / f"{name}.csv").write_bytes(as_csv(rows, ";").encode("cp1252"))


def days_off_and_absences_of_several_days(truth: dict, out: Path) -> None:
    """Absences from one day to another, a list of days off with the first and last day of school,
    and schools that one export spells otherwise."""
    words = {"AE": "Excused Absence", "AU": "Unexcused Absence", "T": "Tardy"}
    roster = [
        {"Pupil Number": one["student_id"], "Last Name": one["last_name"],
         "First Name": one["first_name"], "Grade": one["grade"],
         "School": SCHOOLS[one["school_id"]], "Enter Date": us(one["entry_date"]),
         "Last Day Attended": us(before(one["exit_date"]))}
        for one in people_of(truth)
    ]  # fmt: skip
    days, absences = list(map(str, school_days())), list[dict[str, str]]()
    for one in sorted(truth["attendance"], key=lambda one: (one["student_id"], one["date"])):
        row = {"Pupil Number": one["student_id"],
               "School": SCHOOLS[one["school_id"]].upper().removesuffix(" SCHOOL"),
               "From Date": one["date"], "Thru Date": one["date"],
               "Absence Type": words[one["code"]]}  # fmt: skip
        last = absences[-1] if absences else row | {"Pupil Number": ""}
        next_day = days.index(last["Thru Date"]) + 1
        goes_on = all(last[name] == row[name] for name in ("Pupil Number", "Absence Type"))
        if goes_on and next_day < len(days) and days[next_day] == one["date"]:
            last["Thru Date"] = one["date"]
        else:
            absences.append(row)
    for row in absences:
        row |= {name: padded_us(row[name]) for name in ("From Date", "Thru Date")}
    listed = [("First day of school", FIRST, FIRST), ("Columbus Day", *[date(2025, 10, 13)] * 2),
              ("Early release", *[date(2025, 11, 5)] * 2),
              ("Thanksgiving break", date(2025, 11, 27), date(2025, 11, 28)),
              ("Last day of school", LAST, LAST)]  # fmt: skip
    calendar = [{"Event": name, "Start Date": padded_us(str(first)), "End Date":
                 padded_us(str(last))} for name, first, last in listed]  # fmt: skip
    for name, rows in (("roster", roster), ("absences", absences), ("School year", calendar)):
        (out / f"{name}.csv").write_text(as_csv(rows), "utf-8")


def year_totals(truth: dict, out: Path) -> None:
    """A year-end summary: a row a student with days in all, and no single days."""
    absent = {code for code, (counts_as, _) in CODES.items() if counts_as == "absent"}
    rows = []
    for one in people_of(truth):
        enrolled = [day for day in map(str, school_days()) if one["entry_date"] <= day and
                    (not one["exit_date"] or day < one["exit_date"])]  # fmt: skip
        own = [event for event in truth["attendance"] if event["student_id"] == one["student_id"]]
        missed = sum(event["code"] in absent for event in own)
        rows.append(
            {"School": SCHOOLS[one["school_id"]], "Student Number": one["student_id"],
             "Student Name": f"{one['last_name']}, {one['first_name']}", "Gr": one["grade"],
             "Gender": one["gender"], "School Year": "2025-2026",
             "Membership Days": f"{len(enrolled)}.0",
             "Days Present": str(len(enrolled) - missed), "Days Absent": str(missed),
             "Tardies": str(len(own) - missed),
             "% Attendance": f"{100 - 100 * missed / len(enrolled):.1f}%"}
        )  # fmt: skip
    (out / "attendance summary.csv").write_text(
        "Attendance summary by student\n\n" + as_csv(rows), "utf-8"
    )


def _day_by_day(truth: dict) -> list[tuple[dict, date, str]]:
    """Each student with each day of theirs and its code, P where nothing happened."""
    events = {(one["student_id"], one["date"]): one["code"] for one in truth["attendance"]}
    return [
        (one, day, events.get((one["student_id"], str(day)), "P"))
        for one in people_of(truth) for day in school_days()
        if one["entry_date"] <= str(day) and (not one["exit_date"] or str(day) < one["exit_date"])
    ]  # fmt: skip


def month_tabs(truth: dict, out: Path) -> None:
    """A secretary's workbook a school: a tab a month under titles, its days as numbers."""
    for school, name in SCHOOLS.items():
        sheets: dict[str, list[list]] = {}
        rows: dict[tuple, list] = {}
        for one, day, code in _day_by_day(truth):
            if one["school_id"] == school:
                tab = day.strftime("%b %Y")
                if tab not in sheets:
                    month = [d for d in school_days() if d.month == day.month]
                    sheets[tab] = [[f"{name}, {day:%B}"], ["P present, T tardy"], [],
                                   ["Student ID", "Gr", *(str(d.day) for d in month)]]  # fmt: skip
                key = (tab, one["student_id"])
                if key not in rows:
                    width = len(sheets[tab][3]) - 2
                    rows[key] = [one["student_id"], one["grade"], *[""] * width]
                    sheets[tab].append(rows[key])
                rows[key][sheets[tab][3].index(str(day.day))] = code
        write_workbook(out / f"{name}.xlsx", sheets)


def a_row_a_week(truth: dict, out: Path) -> None:
    """A register of weeks: the first day of each, and a column a weekday."""
    rows: dict[tuple, dict] = {}
    for one, day, code in _day_by_day(truth):
        monday = day - timedelta(days=day.weekday())
        first = {"Pupil No": one["student_id"], "School": SCHOOLS[one["school_id"]],
                 "Year group": one["grade"], "Week commencing": f"{monday:%d/%m/%Y}"}  # fmt: skip
        first |= dict.fromkeys(("Mon", "Tue", "Wed", "Thu", "Fri"), "")
        rows.setdefault((one["student_id"], monday), first)[f"{day:%a}"] = code
    (out / "weeks.csv").write_text(as_csv(list(rows.values())), "utf-8")


def who_came_and_left(truth: dict, out: Path) -> None:
    """Aspen's: a row who came, a row who left, at the end all; absences and calendar beside it."""
    last_days_in(truth, out)
    moves = []
    for one in people_of(truth):
        row = {"Student > Number": one["student_id"], "School > Number": one["school_id"],
               "Grade": one["grade"]}  # fmt: skip
        moves.append(row | {"Type": "E", "Date": padded_us(one["entry_date"]), "Code": "01"})
        day = padded_us(before(one["exit_date"]) or str(LAST))
        moves.append(row | {"Type": "W", "Date": day, "Code": "40"})
    (out / "Enrollment.csv").write_text(as_csv(moves), "utf-8")


def ed_fi_tables(truth: dict, out: Path) -> None:
    """Ed-Fi's own tables: numbers of descriptors, which another table explains."""
    kinds = {"AE": "Excused Absence", "AU": "Unexcused Absence", "T": "Tardy"}
    grades = sorted({one["grade"] for one in truth["enrollments"]})
    words = [*kinds.values(), "Instructional day", "Non-instructional day", *grades]
    number = {word: str(300 + place) for place, word in enumerate(words)}
    key = {one["student_id"]: str(5_001 + n) for n, one in enumerate(truth["students"])}
    open_days = set(school_days())
    every = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    tables = {
        "Descriptor": [{"DescriptorId": n, "Namespace": "uri://ed-fi.org", "CodeValue": word}
                       for word, n in number.items()],
        "StudentSchoolAttendanceEvent": [
            {"AttendanceEventCategoryDescriptorId": number[kinds[one["code"]]],
             "EventDate": one["date"], "SchoolId": one["school_id"],
             "StudentUSI": key[one["student_id"]]} for one in truth["attendance"]],
        "StudentSchoolAssociation": [
            {"EntryDate": one["entry_date"], "SchoolId": one["school_id"],
             "StudentUSI": key[one["student_id"]],
             "EntryGradeLevelDescriptorId": number[one["grade"]],
             "ExitWithdrawDate": one["exit_date"]} for one in people_of(truth)],
        "Student": [{"StudentUSI": key[one["student_id"]], "StudentUniqueId": one["student_id"],
                     "FirstName": one["first_name"], "LastSurname": one["last_name"]}
                    for one in truth["students"]],
        "CalendarDateCalendarEvent": [
            {"SchoolId": school, "Date": str(day), "CalendarEventDescriptorId":
             number["Instructional day" if day in open_days else "Non-instructional day"]}
            for school in SCHOOLS for day in every],
    }  # fmt: skip
    for name, rows in tables.items():
        (out / f"{name}.csv").write_text(as_csv(rows), "utf-8")


def star_schema(truth: dict, out: Path) -> None:
    """A warehouse's: keys of its own beside the tables that say what they are, and a student twice
    of whom something changed."""
    words = ["P", "AE", "AU", "T"]
    label = ["Present", "Excused absence", "Unexcused absence", "Tardy"]
    people = [one | {"key": 9_001 + n} for n, one in enumerate(truth["students"] * 2)]
    key = {one["student_id"]: one["key"] for one in people}
    grade = {one["student_id"]: one["grade"] for one in truth["enrollments"]}
    schools = {school: n for n, school in enumerate(SCHOOLS, start=1)}
    tables = {
        "fact_attendance": [
            {"date_key": f"{day:%Y%m%d}", "school_key": schools[one["school_id"]],
             "student_key": key[one["student_id"]] - len(key) * (day.month < 11),
             "code_key": words.index(code) + 1} for one, day, code in _day_by_day(truth)],
        "dim_student": [
            {"student_key": one["key"], "student_id": one["student_id"],
             "last_name": one["last_name"], "first_name": one["first_name"],
             "grade_level": grade[one["student_id"]],
             "effective_from": "2025-11-01" if one["key"] > 9_000 + len(key) else "2025-07-01"}
            for one in people],
        "dim_date": [{"date_key": f"{day:%Y%m%d}", "full_date": str(day), "is_school_day": 1}
                     for day in school_days()],
        "dim_school": [{"school_key": schools[k], "school_id": k, "school_name": name}
                       for k, name in SCHOOLS.items()],
        "dim_code": [{"code_key": n, "code": code, "description": said}
                     for n, (code, said) in enumerate(zip(words, label, strict=True), start=1)],
    }  # fmt: skip
    for name, rows in tables.items():
        (out / f"{name}.csv").write_text(as_csv(rows), "utf-8")


def parts_of_a_day_there(truth: dict, out: Path) -> None:
    """Focus': 1.0 for who was there all day, less for who came late, and no code."""
    rows = [{"SYEAR": "2025", "SCHOOL_ID": one["school_id"], "STUDENT_ID": one["student_id"],
             "GRADE": one["grade"], "SCHOOL_DATE": str(day),
             "STATE_VALUE": {"P": "1.0", "T": "0.9"}.get(code, "0.0")}
            for one, day, code in _day_by_day(truth)]  # fmt: skip
    (out / "attendance_day.csv").write_text(as_csv(rows), "utf-8")


def minutes_in_two_columns(truth: dict, out: Path) -> None:
    """Excused and unexcused minutes, and no code."""
    last_days_in(truth, out)
    rows = [{"Student Number": one["student_id"], "School Number": one["school_id"],
             "Date": padded_us(one["date"]), "Instructional Minutes": "390",
             "Excused Minutes": "390" if one["code"] == "AE" else "0",
             "Unexcused Minutes": {"AU": "390", "T": "12"}.get(one["code"], "0")}
            for one in truth["attendance"]]  # fmt: skip
    (out / "Attendance.csv").write_text(as_csv(rows), "utf-8")


SHAPES: dict[str, Callable[[dict, Path], None]] = {
    one.__name__: one
    for one in (
        absences_and_roster, last_days_in, every_student_every_day, a_column_a_day,
        workbook_of_three_sheets, a_row_a_class, ed_fi_records, one_roster, spanish_headers,
        days_off_and_absences_of_several_days,
    )
}  # fmt: skip
# Shapes that are made another one before anything is guessed, or that have no codes.
RESHAPED: dict[str, Callable[[dict, Path], None]] = {
    one.__name__: one
    for one in (
        month_tabs, a_row_a_week, who_came_and_left, ed_fi_tables, star_schema,
        parts_of_a_day_there, minutes_in_two_columns,
    )
}  # fmt: skip
# With what has no single days, and so cannot give them back.
ALL = SHAPES | {"year_totals": year_totals}


# A workbook without a library: what a spreadsheet program writes, and nothing more.


def write_workbook(path: Path, sheets: dict[str, list[list]]) -> None:
    """Write sheets of text, numbers and days as .xlsx."""
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        'Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.styles+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}'
        f'<Relationship Id="rId0" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets>'
        "</workbook>",
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills '
        'count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1">'
        '<xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/>'
        "</cellXfs></styleSheet>",
    }
    for n, rows in enumerate(sheets.values(), start=1):
        body = "".join(
            f'<row r="{r}">' + "".join(_cell(cell) for cell in row) + "</row>"
            for r, row in enumerate(rows, start=1)
        )
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


def _cell(cell: object) -> str:
    if isinstance(cell, date):
        return f'<c s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    if isinstance(cell, int | float):
        return f"<c><v>{cell}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'
