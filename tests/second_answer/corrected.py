"""What was corrected since another's day, a second time: the exchange folder as it was on that day,
beside the folder as it is now.

Up to the last day that the earlier folder has counted its days stand, as it has them; after it
those of now. Each student's days are put side by side and counted, so nothing is taken away from
anything.
"""

import csv
import random
from datetime import date, timedelta

from tests.second_answer import absence
from tests.second_answer.folder import FILES, read_rows


def at_the_threshold(network, school_year, schools, definition, until, earlier=None):
    """Who is chronically absent on a day; with an earlier network, by its days as far as it has
    counted any."""
    rule = absence.DEFINITIONS[definition]
    last = absence.BEFORE_EVERYTHING
    if earlier:
        last = absence.as_of_date(earlier, school_year, until)
    days_of = {}
    for one, first, end in ((earlier, date.min, last), (network, last, until)):
        for student, stays in absence.student_days(one, school_year).items() if one else ():
            here = {school: stay for school, stay in stays.items() if school in schools}
            for day in {day for stay in here.values() for day in stay.days if first < day <= end}:
                ends = dict.fromkeys(here, day)
                share, _code, _school = absence.missed_over_schools(here, ends, day)
                days_of.setdefault(student, []).append(absence.counted(rule, share))
    return {
        student
        for student, missed in days_of.items()
        if absence.is_evaluated(rule, sum(missed), len(missed))
        and absence.is_chronic(rule, sum(missed), len(missed))
    }


def waterfall(then, now, school_year, schools, definition, their_day):
    """step -> student -> counted there: of those who are counted here or on their day, not both.

    Who is counted on their day by what is known now, as there, moved with the days since.
    """
    here, on_day, there = (
        at_the_threshold(now, school_year, schools, definition, *until)
        for until in (
            (absence.default_as_of(now, school_year),),
            (their_day,),
            (their_day, then),
        )
    )
    steps = {"their_date": {}, "corrected": {}}
    for student in here ^ there:
        step = "their_date" if (student in on_day) == (student in there) else "corrected"
        steps[step][student] = student in there
    return here, there, steps


def write_earlier(folder, into, seed, last_day):
    """Write the folder as it may have been after a day: rows that were added, removed or recoded
    since, minutes and days that were changed, stays that came late, and students who left."""
    chance = random.Random(f"earlier {seed}")
    tables = {name: read_rows(folder, name) for name in FILES if "survey" not in name}
    codes = [
        row["code"]
        for row in tables["attendance_codes"]
        if row["counts_as"] != "partial" and row.get("school_id") is None
    ]
    rows = []
    for row in tables["attendance"]:
        if row["date"] > str(last_day) or chance.random() < 0.1:
            continue
        # How long a period is, not every calendar says.
        if chance.random() < 0.08 and not row.get("period"):
            row = {**row, "code": chance.choice(codes)}
        if row.get("missed_minutes") and chance.random() < 0.3:
            row = {**row, "missed_minutes": str(chance.randint(0, int(row["day_minutes"])))}
        rows.append(row)
        another = chance.choice(rows)
        is_day = another["school_id"] == row["school_id"] and not row.get("period")
        if chance.random() < 0.3 and is_day:
            rows.append({**row, "date": another["date"]})
    gone = chance.sample(tables["students"], min(3, len(tables["students"])))
    gone = {row["student_id"]: f"gone {row['student_id']}" for row in gone}
    tables["attendance"] = rows + of_others(rows, gone)
    tables["enrollments"] = [
        earlier_stay(row, chance, last_day)
        for row in tables["enrollments"] + of_others(tables["enrollments"], gone)
        if chance.random() < 0.9
    ]
    tables["students"] += of_others(tables["students"], gone)
    for row in tables["calendar"]:
        if "attendance_taken" in row and chance.random() < 0.03:
            row["attendance_taken"] = "no"
    into.mkdir(parents=True)
    for name, rows in tables.items():
        if rows:
            with (into / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                columns = dict.fromkeys(column for row in rows for column in row)
                writer = csv.DictWriter(file, list(columns))
                writer.writeheader()
                writer.writerows(rows)
    return into


def of_others(rows, names):
    """The same rows of students who are in no folder any more."""
    return [
        {**row, "student_id": names[row["student_id"]]}
        for row in rows
        if row["student_id"] in names
    ]


def earlier_stay(row, chance, last_day):
    """A stay whose end was not known yet, or another one."""
    if chance.random() < 0.15:
        return {**row, "exit_date": None}
    if chance.random() < 0.1 and row["entry_date"] < str(last_day):
        return {**row, "exit_date": str(last_day - timedelta(days=chance.randint(0, 40)))}
    return row
