"""Write a random exchange folder that is valid by sample_data/README.md and full of edges.

The same seed writes the same folder. What goes wrong in real files goes wrong here much more
often: movers, returns, dual and overlapping enrollments, students exactly on a threshold, sessions
beside whole days, minutes of several day lengths, duplicate events, events where no event belongs,
schools that do not report, calendars that differ, blank values, changed survey questions.
"""

import csv
import gzip
import io
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

DAY_LENGTHS = (240, 360, 385, 390, 420)

SHARES = ("0.33", "0.333", "0.5", ".5", "0.25", "0.66", "0.67", "1", "0", "0.0", "0.8", "0.3")

GRADES = ("PK", "K", *(str(number) for number in range(1, 13)))

# Of some topics one item says the word that it is looked for by, of others none or two do.
TOPICS = ("safety", "belonging", "trust", "learning", "safety", "leadership")
SUBJECTS = ("how safe it is", "an adult", "QUESTIONS")
SCHOOL_NAMES = (
    "Alder",
    "Birch, Upper School",
    "O'Neill Community School",
    "Elm (North)",
    "École Juniper",
    "Hawthorn",
    "Maple",
    "Rowan",
    "Willow",
)

# Codes are text: "10" sorts before "9".
CODES = (
    # code, counts_as, label, excused, reason
    ("A", "absent", "Absent", "no", ""),
    ("E", "absent", "Ill", "yes", "Illness"),
    ("M", "absent", "Doctor", "yes", "Illness"),
    ("S", "absent", "Suspended out of school", "yes", "Suspension"),
    ("10", "absent", "Family", "", "Family"),
    ("9", "absent", "No transport", "no", "Transportation"),
    ("P", "partial", "Appointment", "yes", "Appointment"),
    ("D", "partial", "Left early", "no", ""),
    ("L", "present", "Late", "no", "Late"),
    ("I", "present", "In-school suspension", "", "Suspension"),
    ("R", "present", "Remote, taking part", "", ""),
    ("N", "not_recorded", "Not submitted", "", ""),
    ("Z", "absent", "Never used", "", "Never"),
)
ABSENT_CODES = ("A", "E", "M", "S", "10", "9")
PARTIAL_CODES = ("P", "D")
PRESENT_CODES = ("L", "I", "R")

GROUPS = {
    "gender": ("F", "M", "X"),
    "race_ethnicity": ("Asian", "Black", "Hispanic/Latino", "White", "Two or more"),
    "english_learner": ("yes", "no"),
    "disability": ("yes", "no"),
    "economically_disadvantaged": ("yes", "no"),
    "unstable_housing": ("yes", "no"),
    "home_language": ("English", "Spanish", "Bengali"),
}


@dataclass(frozen=True)
class Size:
    schools: tuple  # from, to
    students: tuple
    days: tuple


SIZES = {
    "small": Size(schools=(3, 5), students=(30, 80), days=(30, 60)),
    "medium": Size(schools=(5, 9), students=(200, 400), days=(60, 120)),
    # Enough students a school that a week without a row is none in which nobody was absent.
    "quiet": Size(schools=(3, 3), students=(280, 380), days=(60, 90)),
}

STUDENT_KINDS = (
    # what becomes of a student in one school year, and how often
    ("whole year", 14),
    ("late entry", 5),
    ("leaver", 5),
    ("mover", 9),
    ("mover with a gap", 3),
    ("return", 4),
    ("away and back", 3),
    ("overlap", 5),
    ("dual", 8),
    ("no show", 3),
    ("exit before entry", 3),
    ("future entry", 4),
    ("short", 8),
    ("exact", 20),
    ("exact mover", 6),
    ("exact thirds", 4),
    ("exact days", 4),
    ("wrong year", 2),
    ("not enrolled", 6),
)


def write_random_network(folder, seed, size="small"):
    """Write the folder (made if need be) and return its path."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    maker = Maker(random.Random(f"roundtable {seed} {size}"), SIZES[size])
    maker.make_schools()
    maker.make_calendar()
    maker.make_students()
    for school_year in maker.years:
        maker.make_school_year(school_year)
    maker.make_strays()
    maker.make_rows_far_ahead()
    if maker.chance(0.9):
        maker.make_surveys()
    if size == "quiet":
        maker.leave_weeks_without_rows()
    maker.shuffle_rows()
    maker.count_some_answers()
    for name, rows in maker.tables.items():
        if rows:
            write_table(maker.random, folder, name, rows)
    return folder


class Maker:
    """The folder in the making."""

    def __init__(self, randomness, size):
        self.random = randomness
        self.size = size
        self.said, self.said_again = set(), 0
        self.tables = {
            name: []
            for name in (
                "schools",
                "students",
                "enrollments",
                "calendar",
                "attendance",
                "attendance_codes",
                "survey_items",
                "survey_scales",
                "survey_answers",
                "survey_invited",
                "survey_published",
                "survey_counts",
            )
        }
        columns = ("code", "counts_as", "label", "excused", "reason")
        for code in CODES:
            self.add(
                "attendance_codes", **dict(zip(columns, code, strict=True)), rank="", school_id=""
            )
        if self.chance(0.3):
            for row in self.random.sample(self.tables["attendance_codes"], 4):
                row["rank"] = self.random.choice((0, 1, 1, 2))

    # --- small helpers

    def add(self, table, **row):
        self.tables[table].append(row)

    def chance(self, probability):
        return self.random.random() < probability

    def between(self, pair):
        return self.random.randint(*pair)

    def blank_or(self, probability, value):
        """A blank with this probability."""
        return "" if self.chance(probability) else value

    # --- schools, years, calendars

    def make_schools(self):
        names = self.random.sample(SCHOOL_NAMES, self.between(self.size.schools))
        self.schools = []
        for number, name in enumerate(names, start=1):
            school_id = self.random.choice((f"0{number}", f"{number}", f"S-{number}"))
            self.schools.append(school_id)
            self.add(
                "schools",
                school_id=school_id,
                school_name=name,
                network=self.blank_or(0.2, self.random.choice(("River", "Hill"))),
                neighborhood=self.blank_or(0.2, self.random.choice(("Old Town", "Harbor"))),
                level=self.blank_or(0.3, self.random.choice(("elementary", "middle", "high"))),
            )
        if self.chance(0.3):
            # These mean something else at one school.
            for code, counts_as in (("L", "absent"), ("E", "present"), ("A", "not_recorded")):
                if self.chance(0.6):
                    self.add(
                        "attendance_codes",
                        code=code,
                        counts_as=counts_as,
                        label="",
                        excused="",
                        reason="Its own",
                        rank="",
                        school_id=self.random.choice(self.schools),
                    )
        self.school_names = dict(zip(self.schools, names, strict=True))

    def make_calendar(self):
        """Two or three years; every school has its own start, length and days not taken."""
        last_start = self.random.choice((2023, 2024, 2025))
        number_of_years = self.random.choice((2, 3))
        starts = range(last_start - number_of_years + 1, last_start + 1)
        self.years = [f"{start}-{(start + 1) % 100:02d}" for start in starts]
        self.usual_periods, self.periods = {}, {}
        self.taken = {}  # (school_year, school_id) -> dates on which attendance was taken
        self.days = {}  # ... -> all instructional dates
        self.lists_days_off = self.chance(0.3)
        # Schools where some students come on some days only, by a calendar of their own.
        self.shorter = {school for school in self.schools if self.chance(0.2)}
        self.calendar_of_entry = {}
        longer = self.random.choice(self.schools)
        without_last_year = self.random.choice(self.schools) if self.chance(0.2) else None
        for start, school_year in zip(starts, self.years, strict=True):
            length = self.between(self.size.days)
            for school in self.schools:
                if school == without_last_year and school_year != self.years[-1]:
                    self.days[school_year, school] = self.taken[school_year, school] = []
                    continue
                number = length + self.random.randint(-4, 4) + (14 if school == longer else 0)
                number = max(number, self.size.days[0])
                keep = min(0.9, number / 165)  # days spread over some eight months
                day = date(start, 8, 25) + timedelta(days=self.random.randint(0, 14))
                self.days[school_year, school] = []
                while len(self.days[school_year, school]) < number and day < date(start + 1, 5, 22):
                    if day.weekday() < 5 and self.chance(keep):
                        self.days[school_year, school].append(day)
                    day += timedelta(days=1)
                self.make_calendar_rows(school_year, school)
        self.choose_silent_schools()
        self.choose_last_days()

    def make_calendar_rows(self, school_year, school):
        self.taken[school_year, school] = []
        for day in self.days[school_year, school]:
            taken = not self.chance(0.06)
            if taken:
                self.taken[school_year, school].append(day)
            row = {
                "school_id": school,
                "date": day,
                "school_year": school_year,
                "attendance_taken": self.random.choice(("yes", "")) if taken else "no",
                "in_session": self.random.choice(("yes", "")),
                "periods": self.periods_of(school, day),
            }
            short = school in self.shorter and self.chance(0.5)
            if not short or self.chance(0.9):
                self.add("calendar", **row, calendar_code="")
            if short:
                too = taken and self.chance(0.95)
                row["attendance_taken"] = "yes" if too else "no"
                self.add("calendar", **row, calendar_code="short")
        if self.lists_days_off:
            self.make_days_off(school_year, school)

    def periods_of(self, school, day):
        """How many periods make this day at a school that has any; fewer on a short day."""
        usual = self.usual_periods.setdefault(school, self.random.choice((None, None, 4, 6, 7, 8)))
        if usual:
            self.periods[school, day] = usual if self.chance(0.9) else usual - 1
        return self.periods.get((school, day), "")

    def make_days_off(self, school_year, school):
        """Days between the first and the last that are not in session."""
        days = self.days[school_year, school]
        for number in range((days[-1] - days[0]).days):
            day = days[0] + timedelta(days=number)
            if day not in days:
                self.add(
                    "calendar",
                    school_id=school,
                    date=day,
                    school_year=school_year,
                    attendance_taken="",
                    in_session=self.random.choice(("no", "0")),
                    periods="",
                    calendar_code="",
                )

    def choose_silent_schools(self):
        """A school without one attendance row in a whole year."""
        self.silent = set()
        if self.chance(0.45):
            self.silent.add((self.random.choice(self.years), self.random.choice(self.schools)))

    def choose_last_days(self):
        """The newest year with attendance is under way; now and then one has not begun at all."""
        self.not_begun = self.years[-1] if len(self.years) == 3 and self.chance(0.3) else None
        under_way = self.years[-2] if self.not_begun else self.years[-1]
        reporting = [
            school
            for school in self.schools
            if (under_way, school) not in self.silent and self.taken[under_way, school]
        ]
        self.last_school = self.random.choice(reporting)
        days = self.taken[under_way, self.last_school]
        self.last_day = days[int(len(days) * self.random.uniform(0.45, 0.85))]
        self.under_way = under_way
        self.choose_stops()

    def choose_stops(self):
        """Schools that send nothing any more from some day on, in any year; last_school goes on."""
        self.stops = {}
        for school_year in self.years:
            for school in self.schools:
                days = self.taken[school_year, school]
                if days and school != self.last_school and self.chance(0.15):
                    place = int(len(days) * self.random.uniform(0.2, 0.9))
                    self.stops[school_year, school] = days[place]

    def reports_on(self, school_year, school, day):
        """May there be an attendance row at all?"""
        if school_year == self.not_begun or (school_year, school) in self.silent:
            return False
        if day > self.stops.get((school_year, school), day):
            return False
        return school_year != self.under_way or day <= self.last_day

    def counted_days(self, school_year, school):
        """The days that will count at this school as of the default date."""
        return [
            day
            for day in self.taken[school_year, school]
            if self.reports_on(school_year, school, day)
        ]

    # --- students

    def make_students(self):
        number = self.between(self.size.students)
        numbers = self.random.sample(range(1, 1000), number - 2)
        self.students = ["7", "07", *(f"{1000 + number}" for number in numbers)]
        always_blank = self.random.choice((None, None, "home_language", "unstable_housing"))
        for student in self.students:
            kinds = self.random.choice(
                (["every"], ["every"], ["years"], ["years", "every"], ["one"])
            )
            years = []
            if "every" in kinds:
                years.append("")
            if "years" in kinds:
                years.extend(self.years)
            if "one" in kinds:
                years.append(self.random.choice(self.years))
            for school_year in years:
                self.add(
                    "students",
                    student_id=student,
                    school_year=school_year,
                    first_name=self.blank_or(0.05, f"First{student}"),
                    last_name=self.blank_or(0.05, f"Last{student}"),
                    **{
                        dimension: ""
                        if dimension == always_blank
                        else self.blank_or(0.15, self.random.choice(values))
                        for dimension, values in GROUPS.items()
                    },
                )

    def enroll(self, student, school, school_year, entry, exit_date=None):
        """One enrollment row. The same entry date at the same school has the same grade."""
        key = (student, school, school_year, entry)
        if key not in self.grade_of_entry:
            grade = self.grade_of_student[student]
            if self.chance(0.05):
                # Grades further apart on the same days are two persons, and are asked about.
                place = GRADES.index(grade)
                grade = self.random.choice(GRADES[max(place - 1, 0) : place + 2])
            self.grade_of_entry[key] = self.blank_or(0.06, grade)
            follows = school in self.shorter and self.chance(0.4)
            self.calendar_of_entry[key] = "short" if follows else ""
        self.add(
            "enrollments",
            student_id=student,
            school_id=school,
            school_year=school_year,
            grade=self.grade_of_entry[key],
            entry_date=entry,
            exit_date=exit_date or "",
            calendar_code=self.calendar_of_entry[key],
        )
        for day in self.counted_days(school_year, school):
            if entry <= day and (exit_date is None or day < exit_date):
                self.enrolled_days.setdefault((student, school), set()).add(day)

    def make_school_year(self, school_year):
        kinds = [kind for kind, _weight in STUDENT_KINDS]
        weights = [weight for _kind, weight in STUDENT_KINDS]
        self.grade_of_entry = {}
        self.grade_of_student = {
            student: self.random.choice(GRADES[:6]) for student in self.students
        }
        for student in self.students:
            self.enrolled_days = {}
            kind = self.random.choices(kinds, weights)[0]
            settled = self.make_student_year(student, school_year, kind)
            if not settled:
                self.make_attendance(student, school_year)
            self.make_misplaced_events(student, school_year)
        self.make_last_day(school_year)

    def make_student_year(self, student, school_year, kind):
        """Enroll one student for one year; True when the attendance is settled too."""
        schools = [school for school in self.schools if self.days[school_year, school]]
        here, there = self.random.sample(schools, 2)
        days, other_days = self.days[school_year, here], self.days[school_year, there]
        first, last = days[0], days[-1]
        early, late = sorted(self.random.sample(days[1:-1], 2))
        middle = self.random.choice(other_days[1:-1])
        exit_of_year = self.random.choice((None, None, last + timedelta(days=1), last))

        if kind == "whole year":
            entry = self.random.choice((first, first - timedelta(days=20)))
            self.enroll(student, here, school_year, entry, exit_of_year)
        elif kind == "late entry":
            self.enroll(student, here, school_year, late, exit_of_year)
        elif kind == "leaver":
            self.enroll(student, here, school_year, first, late)
        elif kind == "mover":
            self.enroll(student, here, school_year, first, early)
            self.enroll(student, there, school_year, early)
        elif kind == "mover with a gap":
            self.enroll(student, here, school_year, first, early)
            self.enroll(student, there, school_year, late)
        elif kind == "return":
            self.enroll(student, here, school_year, first, early)
            self.enroll(student, here, school_year, late, exit_of_year)
        elif kind == "away and back":
            self.enroll(student, here, school_year, first, early)
            self.enroll(student, there, school_year, early, late)
            self.enroll(student, here, school_year, late)
        elif kind == "overlap":
            self.enroll(student, here, school_year, first, late)
            self.enroll(student, here, school_year, self.random.choice((early, first)))
        elif kind == "dual":
            self.enroll(student, here, school_year, first, exit_of_year)
            entry = self.random.choice((first, other_days[0], middle))
            exit_date = self.random.choice((None, None, last, middle))
            self.enroll(student, there, school_year, entry, exit_date)
        elif kind == "no show":
            self.enroll(student, here, school_year, first, first)
            if self.chance(0.4):
                self.enroll(student, there, school_year, middle, middle)
        elif kind == "exit before entry":
            self.enroll(student, here, school_year, late, early)
            if self.chance(0.5):
                self.enroll(student, there, school_year, first)
        elif kind == "future entry":
            after = [day for day in days if day > self.last_day] or days[-2:]
            self.enroll(student, here, school_year, self.random.choice(after))
            if self.chance(0.5):
                self.enroll(student, there, school_year, first, early)
        elif kind == "wrong year":
            shift = timedelta(days=self.random.choice((-365, 365)))
            self.enroll(student, here, school_year, first + shift, last + shift)
        elif kind == "short":
            self.enroll_days(student, school_year, here, self.random.choice((9, 10, 11, 19, 20)))
        elif kind.startswith("exact"):
            return self.make_exact(student, school_year, here, there, kind)
        return False

    def enroll_days(self, student, school_year, school, number):
        """Enroll for exactly so many days that count, if there are so many."""
        days = self.counted_days(school_year, school)
        if len(days) <= number:
            self.enroll(student, school, school_year, self.days[school_year, school][0])
            return days
        start = self.random.randint(0, len(days) - number - 1)
        if self.chance(0.5):
            start = len(days) - number
        exit_date = days[start + number] if start + number < len(days) else None
        self.enroll(student, school, school_year, days[start], exit_date)
        return days[start : start + number]

    def make_exact(self, student, school_year, here, there, kind):
        """A student exactly on a threshold, or one day beside it."""
        days = self.counted_days(school_year, here)
        if kind == "exact mover":
            other_days = self.counted_days(school_year, there)
            part = self.random.choice((4, 8, 10, 12, 15))
            if len(days) < 20 or len(other_days) < 20:
                return False
            first_part = self.enroll_days(student, school_year, here, part)
            later = [day for day in other_days if day > first_part[-1]][: 20 - part]
            if later:
                after = [day for day in other_days if day > later[-1]]
                self.enroll(student, there, school_year, later[0], after[0] if after else None)
            places = [(here, day) for day in first_part] + [(there, day) for day in later]
            number = len(places) // 10 + self.random.choice((0, 0, 0, -1, 1))
        elif kind == "exact thirds":
            length = max(len(days) // 10 * 10, 10)
            places = [(here, day) for day in self.enroll_days(student, school_year, here, length)]
            thirds = min(3 * (len(places) // 10) + self.random.choice((0, 0, -1, 1)), len(places))
            for school, day in self.random.sample(places, max(thirds, 0)):
                length = self.random.choice((240, 360, 390, 420))
                self.event(student, school, day, "P", length // 3, length)
            return True
        elif kind == "exact days":
            places = [(here, day) for day in self.enroll_days(student, school_year, here, 10**6)]
            number = self.random.choice((14, 15, 17, 18))
        else:
            length = len(days) // self.random.choice((10, 20, 20)) * 10
            length = max(length - length % self.random.choice((10, 20)), 10)
            places = [(here, day) for day in self.enroll_days(student, school_year, here, length)]
            percent = self.random.choice((5, 10, 10, 10, 10, 20, 20, 50))
            number = len(places) * percent // 100 + self.random.choice((0, 0, 0, 0, -1, 1))
        for school, day in self.random.sample(places, max(0, min(number, len(places)))):
            self.whole_day_missed(student, school, day)
        for school, day in places:
            if self.chance(0.05):
                self.event(student, school, day, self.random.choice(PRESENT_CODES))
        return True

    # --- attendance

    def event(
        self, student, school, day, code, missed=None, length=None, session="", period="", share=""
    ):
        """One row. More than one in 25 that says again what a day was would be asked about."""
        place = student, school, day, session, period
        if place in self.said and not session and not period:
            if (self.said_again + 1) * 25 > len(self.tables["attendance"]):
                return
            self.said_again += 1
        self.said.add(place)
        self.add(
            "attendance",
            student_id=student,
            school_id=school,
            date=day,
            code=code,
            missed_minutes="" if missed is None else missed,
            day_minutes="" if length is None else length,
            event_duration=share,
            session=session,
            period=period,
        )

    def whole_day_missed(self, student, school, day):
        """A whole day, in one of the ways a file may say so."""
        length = self.random.choice(DAY_LENGTHS)
        code, other = self.random.choice(ABSENT_CODES), self.random.choice(ABSENT_CODES)
        way = self.random.choice(
            ("plain", "plain", "sessions", "minutes", "twice", "too many", "share", "periods")
        )
        if way == "plain":
            self.event(student, school, day, code)
        elif way == "sessions":
            self.event(student, school, day, code, session="am")
            self.event(student, school, day, other, session="pm")
        elif way == "minutes":
            self.event(student, school, day, code, length, length)
        elif way == "share":
            self.event(student, school, day, code, share=self.random.choice(("1", "1.0", "1.00")))
        elif way == "periods" and self.periods.get((school, day)):
            for number in range(1, self.periods[school, day] + 1):
                self.event(student, school, day, code, period=f"{number}(A)")
        elif way == "twice":
            self.event(student, school, day, code)
            self.event(student, school, day, other)
        else:
            self.event(student, school, day, "P", length + 30, length)

    def make_attendance(self, student, school_year):
        """Something on some of the days of a student."""
        never_present = self.chance(0.08)
        often = self.random.choice((0.02, 0.05, 0.1, 0.15, 0.25, 0.45))
        lengths = self.random.sample(DAY_LENGTHS, self.random.choice((1, 1, 2, 3, 4)))
        for (_student, school), days in sorted(self.enrolled_days.items()):
            for day in sorted(days):
                if never_present:
                    self.whole_day_missed(student, school, day)
                elif self.chance(often):
                    self.random_events(student, school, day, self.random.choice(lengths))

    def minutes(self, length):
        """Missed minutes, often near a half, a third, a quarter, nothing or all of the day."""
        return self.random.choice(
            (
                self.random.randint(1, length),
                self.random.randint(1, length),
                length // 2,
                length // 2 - 1,
                length // 2 + 1,
                length // 3,
                length // 4,
                length,
                length + self.random.randint(1, 60),
                0,
            )
        )

    def random_events(self, student, school, day, length):
        """One to four rows for one student, school and day."""
        absent, other = self.random.choice(ABSENT_CODES), self.random.choice(ABSENT_CODES)
        partial, present = self.random.choice(PARTIAL_CODES), self.random.choice(PRESENT_CODES)
        session = self.random.choice(("am", "pm"))
        kind = self.random.choices(
            (
                "absent",
                "absent minutes",
                "partial",
                "present",
                "one session",
                "both sessions",
                "session minutes",
                "quarters",
                "session and whole",
                "duplicate",
                "duplicate session",
                "duplicate minutes",
                "same row twice",
                "present and absent",
                "share",
                "periods",
                "not recorded",
            ),
            (22, 6, 14, 8, 8, 6, 8, 4, 6, 4, 4, 4, 2, 4, 8, 8, 6),
        )[0]
        if kind == "absent":
            self.event(student, school, day, absent)
        elif kind == "absent minutes":
            self.event(student, school, day, absent, self.minutes(length), length)
        elif kind == "partial":
            self.event(student, school, day, partial, self.minutes(length), length)
        elif kind == "present":
            missed = self.random.choice((None, self.minutes(length)))
            self.event(student, school, day, present, missed, None if missed is None else length)
        elif kind == "one session":
            self.event(student, school, day, absent, session=session)
        elif kind == "both sessions":
            self.event(student, school, day, absent, session="am")
            self.event(student, school, day, other, session="pm")
        elif kind == "session minutes":
            self.event(student, school, day, partial, self.minutes(length), length, "am")
            if self.chance(0.6):
                code = self.random.choice((absent, partial))
                self.event(student, school, day, code, self.minutes(length), length, "pm")
        elif kind == "quarters":
            self.event(student, school, day, partial, length // 4, length, "am")
            self.event(student, school, day, absent, length // 4, length, "pm")
        elif kind == "session and whole":
            self.event(student, school, day, absent, session=session)
            self.event(student, school, day, partial, self.minutes(length), length)
            if self.chance(0.4):
                self.event(student, school, day, other, self.minutes(length), length, "pm")
        elif kind == "duplicate":
            self.event(student, school, day, absent)
            self.event(student, school, day, other)
        elif kind == "duplicate session":
            self.event(student, school, day, absent, session=session)
            self.event(student, school, day, other, session=session)
        elif kind == "duplicate minutes":
            second_length = self.random.choice(DAY_LENGTHS)
            self.event(student, school, day, partial, self.minutes(length), length)
            self.event(student, school, day, absent, self.minutes(second_length), second_length)
        elif kind == "share":
            self.event(student, school, day, absent, share=self.random.choice(SHARES))
            if self.chance(0.3):
                share = self.random.choice(SHARES)
                self.event(student, school, day, partial, share=share, session=session)
        elif kind == "periods":
            self.missed_periods(student, school, day, length)
        elif kind == "not recorded":
            self.not_recorded(student, school, day)
        elif kind == "same row twice":
            self.event(student, school, day, absent)
            self.event(student, school, day, absent)
        else:
            self.event(student, school, day, present)
            self.event(student, school, day, absent, session=self.random.choice(("", session)))

    def missed_periods(self, student, school, day, length):
        """Some of the periods of a day, by their number, in minutes or as a share; one twice."""
        number = self.periods.get((school, day))
        periods = self.random.sample(range(0, 8), self.random.randint(1, 5))
        for period in [*periods, *periods[:1]]:
            session = self.random.choice(("", "", "", "am"))
            where = {"period": f"P{period}", "session": session}
            code = self.random.choice(ABSENT_CODES)
            way = self.random.choice(("number", "number", "minutes", "share", "late"))
            if way == "number" and number:
                self.event(student, school, day, code, **where)
            elif way == "minutes":
                minutes = self.random.choice((45, 50, 60))
                self.event(student, school, day, code, minutes, length, **where)
            elif way == "late":
                self.event(student, school, day, self.random.choice(PRESENT_CODES), **where)
            else:
                share = self.random.choice(("0.17", "0.167", "0.14", "0.125"))
                self.event(student, school, day, code, share=share, **where)
        if self.chance(0.2):
            self.event(student, school, day, "P", self.minutes(length), length)

    def not_recorded(self, student, school, day):
        """Nothing is known of a day, of a part of it, or of one part while another is."""
        way = self.random.choice(("day", "day", "sessions", "morning", "recorded", "periods"))
        if way == "day":
            self.event(student, school, day, "N")
        elif way == "periods":
            number = (self.periods.get((school, day)) or 5) - self.random.choice((0, 0, 1))
            for period in range(number):
                self.event(student, school, day, "N", period=f"P{period}")
        else:
            self.event(student, school, day, "N", session="am")
            if way != "morning":
                code = "N" if way == "sessions" else self.random.choice((*ABSENT_CODES, "L"))
                self.event(student, school, day, code, session="pm")

    def make_misplaced_events(self, student, school_year):
        """Events on days off, on days not taken, outside enrollment, at another school."""
        for _time in range(self.random.choice((0, 0, 0, 1, 2))):
            school = self.random.choice(self.schools)
            days = self.days[school_year, school]
            if not days:
                continue
            day = self.random.choice(days) + timedelta(days=self.random.choice((0, 0, 1, 2, 5)))
            if day in days and not self.reports_on(school_year, school, day):
                continue
            if day in self.enrolled_days.get((student, school), ()):
                continue
            self.event(student, school, day, self.random.choice(ABSENT_CODES))
        enrolled = sorted({school for _student, school in self.enrolled_days})
        for school in enrolled:
            for day in self.days[school_year, school]:
                not_taken = day not in self.taken[school_year, school]
                if not_taken and self.chance(0.15) and self.reports_on(school_year, school, day):
                    self.event(student, school, day, self.random.choice(ABSENT_CODES))

    def make_last_day(self, school_year):
        """At least one row on the last day of the year under way, maybe of a student present."""
        if school_year == self.under_way:
            code = self.random.choice((*PRESENT_CODES, *ABSENT_CODES))
            self.event(self.random.choice(self.students), self.last_school, self.last_day, code)

    def make_strays(self):
        """Students without any enrollment, some with events."""
        for number in range(self.random.randint(1, 3)):
            student = f"stray{number}"
            blanks = dict.fromkeys(GROUPS, "")
            names = {"first_name": "", "last_name": ""}
            self.add("students", student_id=student, school_year="", **names, **blanks)
            school = self.random.choice(self.schools)
            days = [
                day
                for day in self.days[self.years[0], school]
                if self.reports_on(self.years[0], school, day)
            ]
            if days:
                self.event(student, school, self.random.choice(days), "A")

    def make_rows_far_ahead(self):
        """Rows after the last day of the year under way, or in a year that has not begun."""
        school_year = self.random.choice((self.under_way, self.years[-1]))
        for _time in range(self.random.choice((0, 1, 1, 2, 3))):
            school = self.random.choice(self.schools)
            days = [day for day in self.days[school_year, school] if day > self.last_day]
            if days:
                student, day = self.random.choice(self.students), self.random.choice(days)
                self.event(student, school, day, self.random.choice(("A", "A", "A", "L")))

    def shuffle_rows(self):
        """In any order, as files are."""
        for rows in self.tables.values():
            self.random.shuffle(rows)

    # --- surveys

    def make_surveys(self):
        self.make_scales()
        years = list(self.years)
        for survey, groups in (("Voices", ("students", "families")), ("Staff survey", ("staff",))):
            survey_years = years if self.chance(0.7) else years[:-1]
            for group in groups:
                self.make_survey(survey, group, survey_years)
            if survey == "Voices":
                self.make_survey(survey, "staff", survey_years[-2:])
        self.make_published(years)

    def make_scales(self):
        """Positions with gaps, neutral middles, don't know at either end, two languages."""
        scales = {
            "agree": [
                ("Strongly disagree", 1, "no", "yes"),
                ("Disagree", 2, "no", "yes"),
                ("Neutral", 3, "no", "yes"),
                ("Agree", 4, "yes", "yes"),
                ("Strongly agree", 6, "yes", "yes"),
                ("Don't know", 9, "no", "no"),
            ],
            "often": [
                ("Does not apply", 0, "no", "no"),
                ("Never", 1, "no", "yes"),
                ("Sometimes", 2, "no", "yes"),
                ("Often", 3, "yes", "yes"),
                ("Always", 4, "yes", "yes"),
                ("Siempre", 4, "yes", "yes"),
                ("No aplica", 0, "no", "no"),
            ],
            "yesno": [("No", 10, "no", "yes"), ("Yes", 20, "yes", "yes")],
            "lopsided": [  # mirrored, one favorable answer becomes three unfavorable ones
                ("Poor", 1, "no", "yes"),
                ("Fair", 2, "no", "yes"),
                ("Not sure", 3, "no", "no"),
                ("Good", 4, "no", "yes"),
                ("Excellent", 5, "yes", "yes"),
            ],
        }
        self.answers_of = {name: [row[0] for row in rows] for name, rows in scales.items()}
        rows = [(scale, *row) for scale, answers in scales.items() for row in answers]
        for scale, answer, position, favorable, counts in rows:
            self.add(
                "survey_scales",
                scale=scale,
                answer=answer,
                position=position,
                favorable=favorable,
                counts=counts,
            )

    def make_items(self, survey, group, years):
        """school_year -> item_id -> scale; wording and scale change now and then."""
        asked = {school_year: {} for school_year in years}
        for number in range(1, self.random.randint(4, 7)):
            item = f"q{number}"
            scale = self.random.choice(("agree", "agree", "often", "yesno", "lopsided"))
            text = f"Statement {number} on {SUBJECTS[number % len(SUBJECTS)]}, as asked"
            reverse = self.random.choice(("", "no", "yes"))
            for position, school_year in enumerate(years):
                if self.chance(0.1):
                    continue  # not asked that year
                if position and self.chance(0.15):
                    text = f"{text} in {school_year}"
                if position and self.chance(0.08):
                    reverse = "no" if reverse == "yes" else "yes"
                if position and self.chance(0.12):
                    scale = self.random.choice(sorted(self.answers_of))
                asked[school_year][item] = scale
                self.add(
                    "survey_items",
                    survey=survey,
                    school_year=school_year,
                    respondent_group=group,
                    item_id=item,
                    item_text=text,
                    scale=scale,
                    about=self.random.choice(("students", "school", "")),
                    topic=self.blank_or(0.3, TOPICS[number % len(TOPICS)]),
                    reverse_scored=reverse,
                    comparable=self.random.choice(("", "", "", "yes", "no")),
                    administration="",
                )
        return asked

    def make_survey(self, survey, group, years):
        """Now and then asked in fall and in spring, in the last year or in all of them."""
        asked = self.make_items(survey, group, years)
        twice_from = self.random.choice((0, len(years) - 1)) if self.chance(0.3) else len(years)
        once = self.random.choice(("", "Spring")) if twice_from < len(years) else ""
        for number, school_year in enumerate(years):
            if number < twice_from:
                self.make_administration(survey, group, school_year, once, asked)
                continue
            own_items = self.chance(0.5)
            for administration in ("fall", "Spring"):
                self.make_administration(survey, group, school_year, administration, asked)
                if own_items:
                    self.ask_again(survey, group, school_year, administration)

    def ask_again(self, survey, group, school_year, administration):
        """Some items have a row of their own for an administration, in other words."""
        for row in list(self.tables["survey_items"]):
            key = (row["survey"], row["school_year"], row["respondent_group"])
            asked_always = key == (survey, school_year, group) and not row["administration"]
            if asked_always and self.chance(0.4):
                row = {**row, "administration": administration}
                if self.chance(0.5):
                    row["item_text"] += f" in {administration}"
                self.add("survey_items", **row)

    def make_administration(self, survey, group, school_year, administration, asked):
        all_rostered = self.chance(0.5)
        for school in self.schools:
            respondents = self.random.choice((0, 1, 3, 8, 15, 25))
            key = {
                "survey": survey,
                "school_year": school_year,
                "school_id": school,
                "respondent_group": group,
                "administration": administration,
            }
            answered = self.make_answers(key, asked[school_year], respondents)
            invited = answered + self.random.choice((0, 1, 5, 12))
            if self.chance(0.08):
                invited = max(answered - 2, 1)  # more answered than were invited
            has_roster = all_rostered or self.chance(0.8)
            if has_roster and (invited or self.chance(0.5)):
                self.add("survey_invited", **key, invited=invited)

    def make_answers(self, key, scales, respondents):
        """Answers of one school and group; returns how many respondents answered anything."""
        leaning = self.random.random()
        answered = 0
        for number in range(1, respondents + 1):
            said_something = False
            for item, scale in scales.items():
                if self.chance(0.1):
                    continue  # skipped the item
                answers = self.answers_of[scale]
                place = int(len(answers) * self.random.betavariate(1 + leaning * 3, 2))
                answer = self.blank_or(0.02, answers[min(place, len(answers) - 1)])
                said_something = said_something or answer != ""
                self.add(
                    "survey_answers", **key, respondent_id=f"r{number}", item_id=item, answer=answer
                )
            answered += said_something
        return answered

    def leave_weeks_without_rows(self):
        """Each school lacks the rows of four to nine days in a row of a year; of some the calendar
        says that nobody was absent, on those days or on more."""
        for row in self.tables["calendar"]:
            row["nobody_absent"] = ""
        for (school_year, school), days in self.taken.items():
            if len(days) < 30:
                continue
            first = self.random.randint(12, len(days) - 15)
            gap = set(days[first : first + self.random.randint(4, 9)])
            self.tables["attendance"] = [
                row
                for row in self.tables["attendance"]
                if row["school_id"] != school or row["date"] not in gap
            ]
            said = self.random.choice(((), (), gap, days, [*gap, *days[:1]]))
            for row in self.tables["calendar"]:
                if (row["school_id"], row["school_year"]) == (school, school_year):
                    row["nobody_absent"] = "yes" if row["date"] in said else ""

    def count_some_answers(self):
        """Of a group some schools send counts instead of people, of all its items or of some; in
        half of the networks none does."""
        answers = self.tables["survey_answers"]
        own = random.Random(f"counts {len(answers)}")  # so that all else stays as it would be
        if own.random() < 0.5:
            return
        asked = ("survey", "school_year", "respondent_group", "item_id")
        scale_of = {
            tuple(row[name] for name in asked): row["scale"] for row in self.tables["survey_items"]
        }
        share, is_counted, counts, people = {}, {}, Counter(), []
        for row in answers:
            apart = ("respondent_id", "item_id", "answer")
            who = tuple((name, value) for name, value in row.items() if name not in apart)
            share.setdefault(who, own.choice((0, 0, 0, 0, 0, 0.5, 1)))
            item = (*who, ("item_id", row["item_id"]))
            if not is_counted.setdefault(item, own.random() < share[who]):
                people.append(row)
            else:
                for answer in self.answers_of[scale_of[tuple(row[name] for name in asked)]]:
                    counts[(*item, ("answer", answer))] += answer == row["answer"]
        self.tables["survey_answers"] = people
        for given, number in counts.items():
            self.add("survey_counts", **dict(given), answers=number)

    def make_published(self, years):
        """Published percentages, of schools of the folder and of one that is not in it."""
        survey, group = "Published survey", "staff"
        asked = self.make_items(survey, group, years)
        for school_name in (self.school_names[self.schools[0]], "Heritage"):
            for school_year in years:
                for item in asked[school_year]:
                    if self.chance(0.1):
                        continue
                    percent = self.random.choice(
                        (self.random.randint(0, 100), self.random.randint(0, 1000) / 10, 0, 100)
                    )
                    self.add(
                        "survey_published",
                        survey=survey,
                        school_year=school_year,
                        school_name=school_name,
                        respondent_group=group,
                        item_id=item,
                        percent_favorable=percent,
                        respondents=self.blank_or(0.4, self.random.randint(5, 60)),
                        source="an invented report",
                    )


def write_table(randomness, folder, name, rows):
    """One file: any column order, either line ending, packed or not, maybe an unknown column."""
    columns = list(rows[0])
    optional = {
        "schools": ("level",),
        "attendance": ("session", "period", "event_duration"),
        "students": ("home_language",),
        "attendance_codes": ("rank", "school_id"),
        "calendar": ("attendance_taken", "in_session", "periods", "calendar_code"),
        "enrollments": ("calendar_code",),
        "survey_items": ("administration",),
        "survey_answers": ("administration",),
        "survey_counts": ("administration",),
        "survey_invited": ("administration",),
    }
    for column in optional.get(name, ()):
        if not any(row[column] for row in rows):
            columns.remove(column)
    randomness.shuffle(columns)
    if randomness.random() < 0.1:
        columns.append("not_in_the_contract")
    text = io.StringIO(newline="")
    ending = randomness.choice(("\n", "\r\n"))
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator=ending)
    writer.writeheader()
    for row in rows:
        writer.writerow(row)
    content = text.getvalue().encode("utf-8-sig" if randomness.random() < 0.2 else "utf-8")
    for old in (folder / f"{name}.csv", folder / f"{name}.csv.gz"):
        old.unlink(missing_ok=True)
    if randomness.random() < 0.3:
        (folder / f"{name}.csv.gz").write_bytes(gzip.compress(content, mtime=0))
    else:
        (folder / f"{name}.csv").write_bytes(content)
