"""A network of any size, and what it costs to code and to attack its share view.

    python -m tests.grown_network 200000 FOLDER      writes an exchange folder of so many students
    python -m tests.grown_network 4000 40000 200000  loads one of each size, and says what it cost

Five school years in schools of some 550 students, twelve to a neighborhood and fifteen to a
network: grades that move up, groups of every size down to a few, students who move, absences that
differ by student, school and need, and three surveys a year. All chance is a hash of what it
decides, so that the same size gives the same files. Parquet, written by DuckDB: 200,000 students
in half a minute.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from queries import privacy
from queries.load import load
from queries.privacy import coding

STUDENTS_A_SCHOOL = 550
LOADED_ON = date(2026, 8, 1)

# chance(of): a number from 0 to 1, always the same of the same.
_MACROS = """
    CREATE MACRO yes_or_no(is_so) AS CASE WHEN is_so THEN 'yes' ELSE 'no' END;
    CREATE MACRO chance(of) AS hash(of) / 18446744073709551616.0;
    -- Each choice about half as often as the one before it.
    CREATE MACRO rarer(choices, of) AS choices[1 + least(len(choices) - 1,
        CAST(floor(-log2(1 - chance(of))) AS INTEGER))];
"""
_SCHOOLS = """
    CREATE TABLE school AS
    SELECT number, format('S{:05d}', number) AS school_id,
        CASE WHEN number % 7 < 4 THEN 0 WHEN number % 7 = 4 THEN 6 ELSE 9 END AS first_grade,
        CASE WHEN number % 7 < 4 THEN 6 WHEN number % 7 = 4 THEN 3 ELSE 4 END AS grades,
        CAST(size * (0.5 + chance(('size', number))) AS INTEGER) AS seats,
        number // 12 AS neighborhood,
        0.5 + 1.2 * chance(('level', number)) AS level
    FROM (SELECT unnest(range(getvariable('schools'))) AS number, getvariable('size') AS size);
    CREATE TABLE day AS
    SELECT year, date, school_year
    FROM (
        SELECT year, CAST(make_date(year, 9, 3) + to_days(CAST(step AS INTEGER)) AS DATE) AS date,
            format('{}-{:02d}', year, (year + 1) % 100) AS school_year
        FROM range(2021, 2026) AS years(year), range(290) AS steps(step)
    )
    WHERE isodow(date) < 6 AND date < DATE '2026-03-21'
        AND NOT (month(date) = 12 AND day(date) > 22);
"""
# A seat is taken by one child until the last grade, then by the next. One in thirty moves in
# January to the school beside, which has as many grades or others.
_STUDENTS = """
    CREATE TABLE stay AS
    WITH seat AS (
        SELECT school.*, seat,
            CAST(floor(grades * chance(('seat', number, seat))) AS INTEGER) AS phase
        FROM school, range(seats) AS all_seats(seat)
    ),
    child AS (
        SELECT seat.*, year, (phase + year) % grades AS step,
            format('{}-{}-{}', school_id, seat, (phase + year) // grades) AS student_id
        FROM seat, range(2021, 2026) AS years(year)
    )
    SELECT *, format('{}-{:02d}', year, (year + 1) % 100) AS school_year,
        CASE first_grade + step WHEN 0 THEN 'K'
            ELSE CAST(first_grade + step AS VARCHAR) END AS grade,
        chance(('moves', student_id, year)) < 0.03 AS moves,
        format('S{:05d}', CASE WHEN number % 7 < 3 THEN number + 1 ELSE greatest(number - 1, 0) END)
            AS other_school
    FROM child;
    CREATE TABLE student AS
    SELECT student_id,
        rarer(['F', 'M', 'F', 'M', 'F', 'M', 'X'], ('gender', student_id)) AS gender,
        rarer(CASE neighborhood % 3
            WHEN 0 THEN ['Hispanic/Latino', 'Black', 'Asian', 'White', 'Two or more', 'Native']
            WHEN 1 THEN ['Black', 'Hispanic/Latino', 'White', 'Two or more', 'Asian', 'Native']
            ELSE ['White', 'Asian', 'Hispanic/Latino', 'Black', 'Two or more', 'Native']
        END, ('race', student_id)) AS race_ethnicity,
        yes_or_no(chance(('learner', student_id)) < 0.15) AS english_learner,
        yes_or_no(chance(('disability', student_id)) < 0.2) AS disability,
        yes_or_no(chance(('means', student_id)) < 0.4 + 0.5 * chance(neighborhood))
            AS economically_disadvantaged,
        yes_or_no(chance(('housing', student_id)) < 0.09) AS unstable_housing,
        rarer(['English', 'English', 'Spanish', 'Bengali', 'Arabic', 'Wolof', 'Urdu', 'Russian'],
            ('language', student_id)) AS home_language
    FROM stay
    GROUP BY ALL;
"""
# How often a child is absent: most hardly ever, a quarter of them on more than a tenth of the days.
_ABSENCES = """
    SELECT stay.student_id,
        CASE WHEN moves AND month(date) < 9 AND other_school IN (SELECT school_id FROM school)
            THEN other_school ELSE school_id END AS school_id,
        date,
        CASE WHEN chance(('T', student_id, date)) < 0.1 THEN 'L'
            ELSE rarer(['A', 'I', 'F', 'N', 'S'], ('why', student_id, date)) END AS code
    FROM stay
    JOIN student USING (student_id)
    JOIN day USING (year)
    WHERE chance((student_id, CAST(date AS VARCHAR))) < (
        0.015 + 0.3 * level * power(chance(('rate', student_id, year)), 5)
        + CASE WHEN unstable_housing = 'yes' THEN 0.05 ELSE 0 END
    )
"""
_WRITTEN = {
    "schools": """
        SELECT school_id, 'School ' || school_id AS school_name,
            'Network ' || number // 15 AS network, 'Neighborhood ' || neighborhood AS neighborhood
        FROM school
    """,
    "students": "FROM student",
    "enrollments": """
        SELECT student_id, school_id, school_year, grade, make_date(year, 9, 1) AS entry_date,
            CASE WHEN moves THEN make_date(year + 1, 1, 1) END AS exit_date
        FROM stay
        UNION ALL
        SELECT student_id, other_school, school_year, grade, make_date(year + 1, 1, 1), NULL
        FROM stay
        WHERE moves AND other_school IN (SELECT school_id FROM school)
    """,
    "calendar": "SELECT school_id, date, school_year FROM school, day",
    "attendance": _ABSENCES,
    "attendance_codes": """
        FROM (VALUES ('A', 'absent', ''), ('I', 'absent', 'Illness'), ('F', 'absent', 'Family'),
            ('N', 'absent', 'No transport'), ('S', 'absent', 'Suspension'), ('L', 'present', ''))
            AS codes(code, counts_as, reason)
    """,
    "survey_items": """
        SELECT 'climate' AS survey, format('{}-{:02d}', year, (year + 1) % 100) AS school_year,
            respondent_group, format('item {}', item) AS item_id,
            format('Statement {}', item) AS item_text, 'agree' AS scale
        FROM range(2024, 2026) AS years(year), range(6) AS items(item),
            (SELECT unnest(['students', 'families', 'staff']) AS respondent_group)
    """,
    "survey_scales": """
        SELECT 'agree' AS scale, answer, position, position > 2 AS favorable
        FROM (VALUES ('Disagree a lot', 1), ('Disagree', 2), ('Agree', 3), ('Agree a lot', 4))
            AS answers(answer, position)
    """,
    "survey_answers": """
        SELECT 'climate' AS survey, format('{}-{:02d}', year, (year + 1) % 100) AS school_year,
            school_id, respondent_group, format('{}', one) AS respondent_id,
            format('item {}', item) AS item_id,
            rarer(CASE WHEN chance(('liked', number, item)) < 0.6
                THEN ['Agree', 'Agree a lot', 'Disagree', 'Disagree a lot']
                ELSE ['Disagree', 'Agree', 'Disagree a lot', 'Agree a lot'] END,
                (respondent_group, number, year, item, one)) AS answer
        FROM school, range(2024, 2026) AS years(year), range(6) AS items(item),
            (VALUES ('students', 0.4), ('families', 0.15), ('staff', 0.06))
                AS groups(respondent_group, share),
            range(CAST(share * seats AS INTEGER)) AS respondents(one)
    """,
}


def schools_of(students: int) -> int:
    return max(1, round(students / STUDENTS_A_SCHOOL))


def write_grown_network(folder: Path, students: int) -> Path:
    """Write the folder, made if need be, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as beside, duckdb.connect(f"{beside}/grown.duckdb") as made:
        made.execute(_MACROS)
        schools = schools_of(students)
        made.execute("SET VARIABLE schools = $schools", {"schools": schools})
        made.execute("SET VARIABLE size = $size", {"size": students // schools})
        made.execute(_SCHOOLS + _STUDENTS)
        for file, question in _WRITTEN.items():
            made.execute(f"COPY ({question}) TO '{folder / file}.parquet'")
    return folder


HEADING = (
    "students schools   cells | seconds of the clock (of processors): counting, coding, audit |"
)
HEADING += " whole load | GB | cleared\n"
LINE = "{students:8} {schools:7} {cells:7} | {counting} {coding} {audit} | {load} | {memory:.1f} |"
LINE += " {cleared}\n"


def cost_of(students: int) -> dict:
    """Write and load such a network in this process, and say what coding it and the attack took."""
    spent = dict.fromkeys(("counting", "coding", "audit", "load"), (0.0, 0.0))
    findings = []

    def timed(name: str, function):
        def run(*arguments, **options):
            clock, processor = time.monotonic(), time.process_time()
            found = function(*arguments, **options)
            now = time.monotonic() - clock, time.process_time() - processor
            spent[name] = tuple(map(sum, zip(spent[name], now, strict=True)))
            findings.extend(found if name == "audit" else ())
            return found

        return run

    privacy.count = timed("counting", privacy.count)
    coding.decide = timed("coding", coding.decide)
    privacy.audit = timed("audit", privacy.audit)
    with tempfile.TemporaryDirectory() as folder:
        written = write_grown_network(Path(folder) / "folder", students)
        timed("load", load)(written, Path(folder) / "home", today=LOADED_ON)
    return {name: "{:.1f} ({:.1f})".format(*one) for name, one in spent.items()} | {
        "students": students,
        "schools": schools_of(students),
        "cells": sum(one.cells for one in findings),
        "cleared": all(one.cleared for one in findings),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def main(arguments: list[str]) -> None:
    if arguments[0] == "--one":
        sys.stdout.write(json.dumps(cost_of(int(arguments[1]))))
    elif not arguments[-1].isdigit():
        write_grown_network(Path(arguments[1]), int(arguments[0]))
    else:
        sys.stdout.write(HEADING)
        for students in arguments:
            # In a process of its own, for the most memory that it had.
            one = [sys.executable, "-m", "tests.grown_network", "--one", students]
            found = json.loads(subprocess.run(one, check=True, capture_output=True).stdout)
            sys.stdout.write(LINE.format(**found))


if __name__ == "__main__":
    main(sys.argv[1:])
