"""What people wrote, a second time: causes, and the partners that work on them.

The team store is read as what it is, an SQLite table with one row per version of a record. The
functions take the same choices as those of absence.py, which says who is chronically absent.
"""

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from functools import cache
from pathlib import Path

from tests.second_answer import absence
from tests.second_answer.folder import read_network

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_data"


@cache
def sample_network():
    """The sample network, read once for all tests."""
    return read_network(SAMPLE)


def newest(home, kind):
    """The newest version of each record of a kind, as a dict; what was removed is left out."""
    path = home / "team.sqlite"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT record, version, kind, body FROM entry").fetchall()
    versions = defaultdict(dict)
    for record, version, of_kind, body in rows:
        if of_kind == kind:
            versions[record][version] = body
    bodies = (of_record[max(of_record)] for of_record in versions.values())
    return [json.loads(body) for body in bodies if body is not None]


# --- Causes -----------------------------------------------------------------------------------


def causes_of(home, school_year):
    """student_id -> the causes that somebody learned in the year."""
    causes = defaultdict(set)
    for learned in newest(home, "learned"):
        if learned["school_year"] == school_year:
            causes[learned["student_id"]].add(learned["cause"])
    return causes


def families(home, shipped):
    """cause -> its family; shipped: those that come with Roundtable, which people may replace."""
    return shipped | {cause["cause"]: cause["family"] for cause in newest(home, "cause")}


def chronically_absent(network, *, schools=None, **choices):
    """The ids of the students of the selection who are chronically absent."""

    def work_out():
        return frozenset(
            student
            for student, row in absence.students(network, schools=schools, **choices).items()
            if row["chronically_absent"]
        )

    chosen = frozenset(absence.all_schools(network) if schools is None else schools)
    key = ("chronically_absent", chosen, *sorted(choices.items()))
    return absence.remember(network, key, work_out)


def students_by_cause(causes, students):
    """cause -> those of the students who have it."""
    by_cause = defaultdict(set)
    for student in students:
        for cause in causes.get(student, ()):
            by_cause[cause].add(student)
    return by_cause


def understood(network, home, shipped, *, school_year=None, **choices):
    """causes/understood: students by cause; somebody with two causes is in both."""
    school_year = school_year or absence.default_school_year(network)
    students = chronically_absent(network, school_year=school_year, **choices)
    family_of = families(home, shipped)
    by_cause = students_by_cause(causes_of(home, school_year), students)
    return [
        {"family": family_of.get(cause, "not sorted yet"), "cause": cause, "students": len(those)}
        for cause, those in by_cause.items()
    ]


def unknown(network, home, *, school_year=None, **choices):
    """causes/unknown: one dict."""
    school_year = school_year or absence.default_school_year(network)
    students = chronically_absent(network, school_year=school_year, **choices)
    causes = causes_of(home, school_year)
    without = sum(not causes.get(student) for student in students)
    return {
        "students_absent": len(students),
        "students_without_cause": without,
        "share": absence.ratio(without, len(students)),
    }


# --- Schools and partners ---------------------------------------------------------------------


def students_by_school_and_cause(network, home, *, school_year=None, schools=None, **choices):
    """school_id -> cause -> students, each school by its own days."""
    school_year = school_year or absence.default_school_year(network)
    causes = causes_of(home, school_year)
    chosen = absence.all_schools(network) if schools is None else set(schools)
    return {
        school: students_by_cause(
            causes,
            chronically_absent(network, school_year=school_year, schools={school}, **choices),
        )
        for school in chosen
    }


def cause_by_school(network, home, **choices):
    """network/cause_by_school: only cells in which somebody is."""
    names = absence.school_names(network)
    return [
        {"cause": cause, "school_id": school, "school_name": names[school], "students": len(those)}
        for school, by_cause in students_by_school_and_cause(network, home, **choices).items()
        for cause, those in by_cause.items()
    ]


def partners(network, home):
    """Every partner that the folder or the team store names, lists as lists."""

    def parts(text):
        return [part.strip() for part in (text or "").split(";") if part.strip()]

    lists = ("causes", "neighborhoods", "schools")
    of_folder = [
        {"partner_name": row["partner_name"], **{name: parts(row.get(name)) for name in lists}}
        for row in network.rows("partners")
    ]
    return of_folder + newest(home, "partner")


def works_on(partner, cause):
    """However the cause is written."""
    return cause.strip().lower() in {one.strip().lower() for one in partner["causes"]}


def reaches(partner, network, chosen):
    """Whether the partner works with one of the chosen schools, or everywhere."""
    neighborhoods = {one.strip() for one in partner["neighborhoods"]}
    schools = {one.strip() for one in partner["schools"]}
    if not neighborhoods and not schools:
        return True
    return any(
        row.get("neighborhood") in neighborhoods
        or row["school_id"] in schools
        or row["school_name"] in schools
        for row in network.rows("schools")
        if row["school_id"] in chosen
    )


def shared_causes(network, home, shipped, *, schools=None, **choices):
    """network/shared_causes: most schools first, then most students."""
    chosen = absence.all_schools(network) if schools is None else set(schools)
    family_of = families(home, shipped)
    by_school = students_by_school_and_cause(network, home, schools=schools, **choices)
    over_all = {
        row["cause"]: row["students"]
        for row in understood(network, home, shipped, schools=schools, **choices)
    }
    school_year = choices.get("school_year") or absence.default_school_year(network)
    everybody = students_by_cause(
        causes_of(home, school_year),
        chronically_absent(network, schools=schools, **choices | {"school_year": school_year}),
    )
    seated = {
        seat["name"].strip()
        for seat in newest(home, "seat")
        if seat["seat"] == "partner" and seat["school_id"] in chosen
    }
    reaching = [one for one in partners(network, home) if reaches(one, network, chosen)]
    rows = []
    for cause in {cause for of_school in by_school.values() for cause in of_school} | set(over_all):
        known = {one["partner_name"].strip() for one in reaching if works_on(one, cause)}
        rows.append(
            {
                "cause": cause,
                "family": family_of.get(cause, "not sorted yet"),
                "schools": sum(bool(of_school.get(cause)) for of_school in by_school.values()),
                "students": over_all.get(cause, 0),
                "students_at_schools": len(
                    everybody.get(cause, set())
                    & {one for of in by_school.values() for one in of.get(cause, ())}
                ),
                "partners_known": len(known),
                "partners_at_table": len(known & seated),
            }
        )
    return sorted(rows, key=lambda row: (-row["schools"], -row["students"], row["cause"]))
