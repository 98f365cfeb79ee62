"""Invent the Hillside Network: three school years in the exchange format.

    python sample_data/make_sample_data.py [FOLDER]

Everything but the Heritage table is made up; README.md tells the stories that are planted here. The
same files come out on every run: all chance comes from `Dice`, each seeded by a name, so that
changing one part of the network leaves the others as they were.
"""

import csv
import gzip
import io
import math
import random
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

NETWORK = "Hillside Network"
SURVEY = "Hillside culture survey"
EAST = "Hillside East"
RIVERSIDE = "Riverside"
YEARS = ["2023-24", "2024-25", "2025-26"]
THIS_YEAR = YEARS[-1]
LAST_DAY_REPORTED = date(2026, 3, 20)
BIRCH_CHANGES_PRACTICE = date(2025, 10, 6)

ALDER, BIRCH, LINDEN, MAPLE = "S01", "S02", "S03", "S04"
CEDAR, JUNIPER = "S05", "S06"
HAWTHORN, ROWAN, WILLOW = "S07", "S08", "S09"


def words(text):
    """The words of a text, as a list."""
    return text.split()


def table(text):
    """The rows of a text whose cells stand between upright bars."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


GRADES = words("PK K 1 2 3 4 5 6 7 8 9 10 11 12")
LEVEL_GRADES = {"elementary": GRADES[1:7], "middle": GRADES[7:10], "high": GRADES[10:]}


@dataclass(frozen=True)
class School:
    """A school, and how it differs from the others."""

    name: str
    neighborhood: str
    level: str
    places_a_grade: int
    absence: float  # how much its students miss, beside those of an ordinary school
    instructional_days: int
    training_day: str  # month and day on which this school alone is closed
    staff: int
    leaders: int
    prekindergarten: int = 0

    @property
    def places(self):
        """How many students the school has room for, by grade."""
        early = {"PK": self.prekindergarten} if self.prekindergarten else {}
        return early | dict.fromkeys(LEVEL_GRADES[self.level], self.places_a_grade)


SCHOOLS = {
    ALDER: School("Alder Elementary", EAST, "elementary", 80, 1.07, 180, "11-17", 44, 4),
    BIRCH: School("Birch Elementary", RIVERSIDE, "elementary", 70, 1.20, 180, "01-26", 39, 3),
    LINDEN: School("Linden Elementary", EAST, "elementary", 74, 1.01, 182, "12-05", 42, 4, 32),
    MAPLE: School("Maple Elementary", RIVERSIDE, "elementary", 66, 0.90, 181, "03-09", 36, 3),
    CEDAR: School("Cedar Middle", EAST, "middle", 158, 1.04, 180, "05-04", 46, 6),
    JUNIPER: School("Juniper Middle", RIVERSIDE, "middle", 134, 0.78, 179, "10-27", 40, 4),
    HAWTHORN: School("Hawthorn High", EAST, "high", 162, 0.90, 180, "02-09", 58, 5),
    ROWAN: School("Rowan High", RIVERSIDE, "high", 106, 0.82, 180, "04-20", 38, 4),
    WILLOW: School("Willow High", RIVERSIDE, "high", 64, 0.93, 178, "11-24", 24, 3),
}
NEXT_SCHOOLS = {
    ALDER: [(CEDAR, 92), (JUNIPER, 8)],
    LINDEN: [(CEDAR, 92), (JUNIPER, 8)],
    BIRCH: [(JUNIPER, 90), (CEDAR, 10)],
    MAPLE: [(JUNIPER, 90), (CEDAR, 10)],
    CEDAR: [(HAWTHORN, 74), (ROWAN, 14), (WILLOW, 12)],
    JUNIPER: [(ROWAN, 50), (HAWTHORN, 26), (WILLOW, 24)],
}
DAY_MINUTES = {"elementary": 390, "middle": 400, "high": 420}
EARLY_RELEASE_SCHOOLS = [BIRCH, HAWTHORN]
EARLY_RELEASE_MINUTES = 240

FIRST_DAYS = {"2023-24": date(2023, 9, 5), "2024-25": date(2024, 9, 3), "2025-26": date(2025, 9, 2)}
# First and last day of each closure: holidays, vacations, staff days and one day of snow a year.
CLOSURES = {
    "2023-24": words(
        """
        09-25 10-09 11-07 11-10 11-22/11-24 12-22/01-01 01-15 02-13 02-19/02-23 03-29 04-08/04-12
        05-27 06-19
        """
    ),
    "2024-25": words(
        """
        10-14 11-05 11-11 11-27/11-29 12-23/01-03 01-20 02-06 02-17/02-21 03-31 04-14/04-18
        05-26 06-19
        """
    ),
    "2025-26": words(
        """
        10-13 11-04 11-11 11-26/11-28 12-22/01-02 01-19 01-27 02-16/02-20 04-03 04-06/04-10
        05-25 06-19
        """
    ),
}
RELIGIOUS_DAYS = [
    date(2024, 6, 17),
    date(2024, 10, 3),
    date(2024, 11, 1),
    date(2025, 6, 6),
    date(2025, 9, 23),
    date(2025, 10, 20),
    date(2026, 3, 20),
]
# In one year Maple took no attendance in these weeks, nor on Fridays, nor next to holidays.
MAPLE_UNTAKEN_YEAR = "2024-25"
MAPLE_UNTAKEN_WEEKS = [
    (date(2025, 1, 27), date(2025, 2, 12)),
    (date(2024, 12, 16), date(2024, 12, 18)),
]
FULLY_TAKEN = [(CEDAR, "2024-25")]
ONE_DAY_UNTAKEN = [(CEDAR, "2025-26")]

CODES = table(
    """
    UX | absent  | Unexplained absence           | no  |
    IL | absent  | Illness                       | yes | Illness
    MD | absent  | Medical or dental appointment | yes | Medical or dental appointment
    FE | absent  | Family emergency              | yes | Family emergency
    RO | absent  | Religious observance          | yes | Religious observance
    TR | absent  | No transportation             | no  | Transportation
    FT | absent  | Family travel                 | no  | Family travel
    SK | absent  | Skipping school               | no  | Skipping school
    WK | absent  | Student employment            | no  | Student employment
    OS | absent  | Out-of-school suspension      | no  | Out-of-school suspension
    HD | absent  | Half day absent               | no  |
    PA | partial | Part of the day missed        | no  |
    LT | present | Late                          | no  |
    IS | present | In-school suspension          | no  | In-school suspension
    RM | present | Taking part remotely          | yes | Taking part remotely
    """
)
SPELL_LENGTHS = {
    "IL": [(1, 46), (2, 27), (3, 15), (4, 7), (6, 5)],
    "UX": [(1, 78), (2, 14), (3, 5), (5, 3)],
    "FE": [(1, 50), (2, 28), (3, 15), (5, 7)],
    "FT": [(1, 25), (2, 25), (3, 20), (5, 30)],
    "OS": [(1, 35), (2, 25), (3, 25), (5, 15)],
    "TR": [(1, 82), (2, 14), (3, 4)],
    "SK": [(1, 80), (2, 15), (3, 5)],
    "WK": [(1, 70), (2, 30)],
}
GRADE_ABSENCE = {
    "PK": 1.30,
    "K": 1.20,
    "1": 1.03,
    "2": 0.93,
    "3": 0.86,
    "4": 0.83,
    "5": 0.86,
    "6": 0.88,
    "7": 0.96,
    "8": 1.03,
    "9": 1.18,
    "10": 1.14,
    "11": 1.16,
    "12": 1.30,
}
YEAR_ABSENCE = {"2023-24": 1.04, "2024-25": 1.01, "2025-26": 0.88}
# Other students come every year; with these Maple misses as much in each, on like days.
MAPLE_YEAR_ABSENCE = {"2023-24": 0.98, "2024-25": 1.10, "2025-26": 0.91}
ILLNESS_BY_MONTH = {
    9: 0.6,
    10: 0.85,
    11: 1.1,
    12: 1.5,
    1: 1.6,
    2: 1.45,
    3: 1.05,
    4: 0.85,
    5: 0.75,
    6: 0.6,
}
UNEXPLAINED_BY_MONTH = {
    9: 0.75,
    10: 0.9,
    11: 1.0,
    12: 1.1,
    1: 1.0,
    2: 1.05,
    3: 1.0,
    4: 1.05,
    5: 1.15,
    6: 1.45,
}
UNEXPLAINED_BY_WEEKDAY = [1.25, 0.85, 0.85, 0.9, 1.45]

FEMALE_NAMES = words(
    """
    Aaliyah Abigail Aisha Alejandra Amara Amina Ana-Sofía Anaya Aria Ayana Beatriz Brianna
    Camila Carmen Chloé Daniela Destiny Ebony Elena Emma Esther Fatima Gabriela Grace Hana
    Imani Inés Isabel Jada Jasmine Jiwoo Kavya Keisha Leila Lian Lucía Maya Mariam Mei Mia
    Naomi Nia Noor Olivia Priya Renée Rosa Ruth Salma Sofía Soraya Talia Thuy Valentina
    Xiomara Yasmin Zainab Zoë
    """
)
MALE_NAMES = words(
    """
    Aarav Abdul Adrián Alejandro Amir Andre Anthony Bilal Caleb Carlos Darius David Dev Diego
    Elijah Emeka Emmanuel Ethan Farid Gabriel Hamza Hassan Hugo Ibrahim Isaac Isaiah Jalen
    Jamal Jean-Luc Jesús Jin Jordan José Joseph Josiah Julián Kai Kwame Leo Liam Luis Malik
    Marcus Mateo Minh Mohammed Nasir Nathan Noah Omar Rafael Ravi Samuel Santiago Sebastián
    Tariq Theo Tomás Tyrell Víctor Wei Xavier Yusuf Zion
    """
)
FIRST_NAMES = {"Female": FEMALE_NAMES, "Male": MALE_NAMES}
# Baptiste stands twice: with one name fewer, nearly every student would be called something else.
LAST_NAMES = words(
    """
    Abdi Acosta Adeyemi Ahmed Ali Alvarez Anderson Asante Bailey Baptiste Begum Bell Brooks
    Brown Bui Cabrera Campbell Castillo Castro Chen Chowdhury Clarke Coleman Cruz D'Angelo
    Davis Delgado Desrosiers Diallo Díaz Dixon Edwards Espinoza Fernández Flores Fofana
    Fuentes García García-Reyes Gómez Gonzales Grant Green Guerrero Gupta Guzmán Haddad Hall
    Harris Hassan Henry Hernández Hill Ho Hossain Huang Hughes Ibrahim Islam Jackson
    Jean-Baptiste Baptiste Jiménez Johnson Jones Joseph Kamara Kaur Keita Khan Kim King Kowalski
    Lam Le Lee Lewis Li Liu López Mahmoud Martin Martínez Medina Mejía Mendoza Miller Mitchell
    Mohamed Morales Morgan Moore Murphy N'Diaye Nguyễn Núñez O'Brien O'Connor Okafor Ortiz
    Osei Owens Park Patel Peña Pérez Perry Pham Phillips Pierre Popescu Rahman Ramírez Ramos
    Reyes Rivera Roberts Robinson Rodríguez Rojas Romero Rosario Ruiz Saleh Sánchez Santos
    Scott Sesay Shah Silva Singh Smith-Rivera Soto Stewart Suárez Taylor Thomas Thompson
    Torres Touré Tran Turner Vargas Vásquez Vega Walker Wang Washington White Williams Wilson
    Wong Wright Wu Yang Young Zhang
    """
)
RACES = [
    ("Hispanic or Latino", 400),
    ("Black or African American", 270),
    ("White", 140),
    ("Asian", 105),
    ("Two or more races", 50),
    ("American Indian or Alaska Native", 12),
    ("Native Hawaiian or Pacific Islander", 8),
    ("", 15),
]
GENDERS = [("Female", 485), ("Male", 503), ("Nonbinary", 5), ("", 7)]
HOME_LANGUAGES = {
    "Hispanic or Latino": [("English", 42), ("Spanish", 56), ("", 2)],
    "Black or African American": [
        ("English", 84),
        ("Haitian Creole", 8),
        ("French", 4),
        ("Somali", 3),
        ("", 1),
    ],
    "Asian": [
        ("English", 34),
        ("Bengali", 26),
        ("Chinese", 20),
        ("Vietnamese", 14),
        ("Urdu", 5),
        ("", 1),
    ],
    "White": [("English", 82), ("Arabic", 12), ("Romanian", 5), ("", 1)],
}
OTHER_HOME_LANGUAGES = [("English", 78), ("Spanish", 14), ("Arabic", 6), ("", 2)]


class Dice:
    """Chance that falls alike everywhere: of `random` only `random()` is promised to stay."""

    def __init__(self, name):
        self.random = random.Random(f"hillside {name}").random

    def chance(self, probability):
        return self.random() < probability

    def below(self, count):
        return int(self.random() * count)

    def pick(self, choices):
        return choices[self.below(len(choices))]

    def weighted(self, choices):
        """One of a list of (choice, weight)."""
        mark = self.random() * sum(weight for _, weight in choices)
        for choice, weight in choices:
            mark -= weight
            if mark < 0:
                return choice
        return choices[-1][0]

    def normal(self):
        """Near enough to a standard normal, and without a call to the machine's own mathematics."""
        return sum(self.random() for _ in range(12)) - 6

    def shuffled(self, items):
        order = sorted((self.random(), index) for index in range(len(items)))
        return [items[index] for _, index in order]


@dataclass(frozen=True)
class Calendar:
    """The days of one school and year: instructional, with attendance so far, near a holiday."""

    days: list[date]
    taken: list[date]
    near_holiday: list[date]


def closed_days(school, year):
    """The weekdays on which a school is closed."""
    first_day = FIRST_DAYS[year]

    def in_year(month_and_day):
        month, day = (int(part) for part in month_and_day.split("-"))
        return date(first_day.year + (month < 8), month, day)

    closed = [in_year(school.training_day)]
    for closure in CLOSURES[year]:
        first, _, last = closure.partition("/")
        day = in_year(first)
        while day <= in_year(last or first):
            closed.append(day)
            day += timedelta(days=1)
    return closed


def days_near_holidays(days):
    """The last day before and the first day after anything longer than a weekend."""
    near = []
    for before, after in pairwise(days):
        ordinary = 3 if before.weekday() == 4 else 1
        if (after - before).days > ordinary:
            near += [day for day in (before, after) if day not in near]
    return near


def days_not_taken(school_id, year, days, near_holiday):
    """One to five days anywhere; at Maple, in one year, the days with most absence."""
    if (school_id, year) in FULLY_TAKEN:
        return []
    if (school_id, year) == (MAPLE, MAPLE_UNTAKEN_YEAR):
        return [
            day
            for day in days
            if day.weekday() == 4
            or day in near_holiday
            or any(first <= day <= last for first, last in MAPLE_UNTAKEN_WEEKS)
        ]
    dice = Dice(f"not taken {school_id} {year}")
    candidates = [day for day in days[3:] if day < LAST_DAY_REPORTED]
    count = (
        1 if (school_id, year) in ONE_DAY_UNTAKEN else 1 + dice.below(3 if year == THIS_YEAR else 5)
    )
    return dice.shuffled(candidates)[:count]


def make_calendars():
    """A calendar for each school and year, each as long as the school's year."""
    calendars = {}
    for school_id, school in SCHOOLS.items():
        for year in YEARS:
            closed = closed_days(school, year)
            days = []
            day = FIRST_DAYS[year]
            while len(days) < school.instructional_days:
                if day.weekday() < 5 and day not in closed:
                    days.append(day)
                day += timedelta(days=1)
            near_holiday = days_near_holidays(days)
            not_taken = days_not_taken(school_id, year, days, near_holiday)
            taken = [day for day in days if day not in not_taken and day <= LAST_DAY_REPORTED]
            calendars[school_id, year] = Calendar(days, taken, near_holiday)
    return calendars


@dataclass
class Student:
    """A student, what a school records of them by year, and what no school records."""

    student_id: str
    first_name: str
    last_name: str
    gender: str
    race_ethnicity: str
    home_language: str
    needs: dict[str, dict[str, str]]  # school year -> column -> yes, no or blank
    asthma: bool = False
    absence_habit: float = 0.0
    lateness_habit: float = 0.0


@dataclass(frozen=True)
class Enrollment:
    """One stay of a student at a school; the exit date is the first day no longer there."""

    student_id: str
    school_id: str
    school_year: str
    grade: str
    entry_date: date
    exit_date: date | None = None


NEEDS = ["english_learner", "disability", "economically_disadvantaged", "unstable_housing"]


def new_student(student_id, school_id, dice):
    """Somebody who has just come to a school of the network."""
    gender = dice.weighted(GENDERS)
    names_of = gender if gender in FIRST_NAMES else dice.pick(["Female", "Male"])
    race = dice.weighted(RACES)
    return Student(
        student_id,
        first_name=dice.pick(FIRST_NAMES[names_of]),
        last_name=dice.pick(LAST_NAMES),
        gender=gender,
        race_ethnicity=race,
        home_language=dice.weighted(HOME_LANGUAGES.get(race, OTHER_HOME_LANGUAGES)),
        needs={},
        asthma=dice.chance(0.16 if SCHOOLS[school_id].neighborhood == EAST else 0.07),
        absence_habit=dice.normal(),
        lateness_habit=dice.normal(),
    )


def needs_of_year(student, last_year, dice):
    """What changes by the year: learning English ends for some, homes are lost and found."""
    if last_year is None:
        learns_english = student.home_language not in ("English", "") and dice.chance(0.62)
        needs = {
            "english_learner": learns_english,
            "disability": dice.chance(0.19),
            "economically_disadvantaged": dice.chance(0.74),
            "unstable_housing": dice.chance(0.08),
        }
    else:
        was = {need: last_year[need] == "yes" for need in NEEDS}
        needs = {
            "english_learner": was["english_learner"] and dice.chance(0.87),
            "disability": was["disability"] or dice.chance(0.01),
            "economically_disadvantaged": dice.chance(
                0.94 if was["economically_disadvantaged"] else 0.14
            ),
            "unstable_housing": dice.chance(0.58 if was["unstable_housing"] else 0.045),
        }
    return {
        need: "" if dice.chance(0.006) else "yes" if holds else "no"
        for need, holds in needs.items()
    }


def next_place(school_id, grade, dice):
    """Where a student goes after the summer; nothing for those who leave the network."""
    if dice.chance(0.06):
        return None
    if grade == "9" and dice.chance(0.04):
        return school_id, grade
    if grade == GRADES[-1]:
        return None
    next_grade = GRADES[GRADES.index(grade) + 1]
    if next_grade in SCHOOLS[school_id].places:
        return school_id, next_grade
    return dice.weighted(NEXT_SCHOOLS[school_id]), next_grade


def make_rosters(calendars):
    """Students and their enrollments: moving up, arriving, moving, leaving and coming back."""
    students = {}
    enrollments = []
    places_kept = {}  # student_id -> school and grade at the end of last year
    last_id = 100100

    def arrive(school_id, dice):
        nonlocal last_id
        last_id += 1 + dice.below(7)
        student = new_student(str(last_id), school_id, dice)
        students[student.student_id] = student
        return student.student_id

    for year in YEARS:
        dice = Dice(f"roster {year}")
        starting = []
        for student_id, (school_id, grade) in places_kept.items():
            place = next_place(school_id, grade, dice)
            if place:
                starting.append((student_id, *place))
        for school_id, school in SCHOOLS.items():
            for grade, count in school.places.items():
                returning = sum((place[1], place[2]) == (school_id, grade) for place in starting)
                for _ in range(returning, count - dice.below(6)):
                    starting.append((arrive(school_id, dice), school_id, grade))

        places_kept = {}
        for student_id, school_id, grade in starting:
            student = students[student_id]
            student.needs[year] = needs_of_year(student, last_needs(student), dice)
            stays = stays_of_year(student, school_id, grade, year, calendars, dice)
            enrollments += stays
            if stays[-1].exit_date is None:
                places_kept[student_id] = (stays[-1].school_id, grade)
        for school_id, school in SCHOOLS.items():
            for grade in school.places:
                for _ in range(dice.below(5)):
                    student = students[arrive(school_id, dice)]
                    student.needs[year] = needs_of_year(student, None, dice)
                    entry = dice.pick(calendars[school_id, year].taken[5:])
                    enrollments.append(
                        Enrollment(student.student_id, school_id, year, grade, entry)
                    )
                    places_kept[student.student_id] = (school_id, grade)
    return students, enrollments


def last_needs(student):
    """What was recorded in the latest year before, if there was one."""
    return next(reversed(student.needs.values()), None)


def stays_of_year(student, school_id, grade, year, calendars, dice):
    """The enrollments of somebody on the roll in September; who loses a home moves more."""
    first_day = FIRST_DAYS[year]
    days = calendars[school_id, year].taken
    change = days[5 + dice.below(len(days) - 12)]
    unstable = student.needs[year]["unstable_housing"] == "yes"

    def stay(school_id, entry, leaves=None):
        return Enrollment(student.student_id, school_id, year, grade, entry, leaves)

    if dice.chance(0.13 if unstable else 0.03):
        others = [
            other for other in SCHOOLS if other != school_id and grade in SCHOOLS[other].places
        ]
        if others:
            new_school = dice.pick(others)
            arrives = change + timedelta(days=dice.below(7))
            later = [day for day in calendars[new_school, year].taken if day >= arrives]
            return [
                stay(school_id, first_day, change),
                stay(new_school, later[0] if later else change),
            ]
    if dice.chance(0.025):
        return [stay(school_id, first_day, change)]
    if dice.chance(0.006):
        back = [day for day in days if day >= change + timedelta(days=20 + dice.below(30))]
        if back:
            return [stay(school_id, first_day, change), stay(school_id, back[0])]
    if dice.chance(0.004):
        return [stay(school_id, first_day, first_day)]
    return [stay(school_id, first_day)]


def reasons_by_day(school_id, year, calendar):
    """For each day, how strongly each reason keeps students away, and the sum, about 1."""
    school = SCHOOLS[school_id]
    older = {"elementary": 0.0, "middle": 0.25, "high": 1.0}[school.level]
    by_day = {}
    for day in calendar.taken:
        winter = day.month in (12, 1, 2)
        friday = day.weekday() == 4
        holiday = day in calendar.near_holiday
        weights = {
            "IL": 0.27 * ILLNESS_BY_MONTH[day.month] * (1.15 if holiday else 1.0),
            "UX": 0.38 * UNEXPLAINED_BY_MONTH[day.month] * UNEXPLAINED_BY_WEEKDAY[day.weekday()],
            "MD": 0.06,
            "FE": 0.055,
            "TR": 0.045 * (1.5 if winter else 1.0),
            "FT": 0.022 * (7.0 if holiday else 1.0) * (1.5 if friday else 1.0),
            "SK": 0.13 * older * (1.5 if friday else 1.0) * (1.3 if day.month >= 5 else 1.0),
            "WK": 0.04 * (older == 1.0),
            "OS": 0.003 if school.level == "elementary" else 0.022,
            "RO": 0.45 if day in RELIGIOUS_DAYS else 0.0,
        }
        if holiday:
            weights["UX"] *= 1.6
        if school.neighborhood == EAST and winter:
            weights["IL"] *= 1.25
        if school.neighborhood == RIVERSIDE:
            weights["TR"] *= 1.6
        if school_id == MAPLE and (friday or holiday):
            weights["UX"] *= 2.4
            weights["IL"] *= 1.5
        if school_id == BIRCH:
            weights["TR"] *= 3.2
            if day >= BIRCH_CHANGES_PRACTICE:
                weights["TR"] *= 0.25
                weights["UX"] *= 0.75
        by_day[day] = (list(weights.items()), sum(weights.values()))
    return by_day


def absence_of(student, school_id, grade, year, dice):
    """How much this student misses in this year, compared with the average."""
    needs = student.needs[year]
    rate = math.exp(0.52 * student.absence_habit + 0.42 * dice.normal())
    rate *= GRADE_ABSENCE[grade] * SCHOOLS[school_id].absence
    rate *= (MAPLE_YEAR_ABSENCE if school_id == MAPLE else YEAR_ABSENCE)[year]
    rate *= 1.7 if needs["unstable_housing"] == "yes" else 1.0
    rate *= 1.12 if needs["economically_disadvantaged"] == "yes" else 1.0
    rate *= 1.12 if needs["disability"] == "yes" else 1.0
    rate *= 1.25 if student.asthma else 1.0
    return min(rate, 9.0)


def reason_for(student, year, weights, dice):
    """The code of a new absence; what a family is going through tips the balance."""
    tipped = []
    unstable = student.needs[year]["unstable_housing"] == "yes"
    for code, weight in weights:
        if student.asthma and code == "IL":
            weight *= 2.2
        if unstable and code in ("TR", "FE", "UX"):
            weight *= 1.5
        tipped.append((code, weight))
    return dice.weighted(tipped)


def minutes_of_day(school_id, day):
    """How long a school day is; the first Wednesday of the month is short at some schools."""
    if school_id in EARLY_RELEASE_SCHOOLS and day.weekday() == 2 and day.day <= 7:
        return EARLY_RELEASE_MINUTES
    return DAY_MINUTES[SCHOOLS[school_id].level]


def attendance_of(enrollment, student, calendar, reasons):
    """The attendance rows of one stay: exceptions only; absences come in spells."""
    school_id, year = enrollment.school_id, enrollment.school_year
    school = SCHOOLS[school_id]
    dice = Dice(f"attendance {year} {school_id} {enrollment.student_id}")
    absence = absence_of(student, school_id, enrollment.grade, year, dice)
    lateness = (
        0.016 * math.exp(0.9 * student.lateness_habit) * (1.9 if school.level == "high" else 1.0)
    )
    by_session = school_id == LINDEN
    spell = None
    days_left = 0
    for day in calendar.taken:
        if day < enrollment.entry_date or (enrollment.exit_date and day >= enrollment.exit_date):
            continue
        row = (enrollment.student_id, school_id, day)
        day_minutes = minutes_of_day(school_id, day)
        if not days_left:
            weights, total = reasons[day]
            if dice.chance(0.0275 * absence * total):
                spell = reason_for(student, year, weights, dice)
                days_left = dice.weighted(SPELL_LENGTHS.get(spell, [(1, 1)]))
        if days_left:
            days_left -= 1
            if by_session:
                yield (*row, spell, "", "", "am")
                if spell != "MD" or dice.chance(0.4):
                    yield (*row, "UX" if dice.chance(0.04) else spell, "", "", "pm")
            elif spell == "MD" and dice.chance(0.65):
                yield (*row, spell, 60 + 15 * dice.below(day_minutes // 15 - 4), day_minutes, "")
            else:
                yield (*row, spell, "", "", "")
        elif dice.chance(0.0035 * absence):
            if by_session:
                yield (*row, "UX", "", "", dice.pick(["am", "pm", "pm"]))
            else:
                yield (*row, "HD", day_minutes // 2, day_minutes, "")
        elif dice.chance(min(lateness, 0.4)):
            told = school.level == "high"
            minutes = (5 * (1 + dice.below(12)), day_minutes) if told else ("", "")
            yield (*row, "LT", *minutes, "")
        elif dice.chance(0.003):
            yield (*row, "PA", 15 * (2 + dice.below(day_minutes // 15 - 3)), day_minutes, "")
        elif school.level != "elementary" and dice.chance(0.0012 * absence):
            yield (*row, "IS", "", "", "")
        elif student.asthma and dice.chance(0.002):
            yield (*row, "RM", "", "", "")


class Cast:
    """The people worth looking up: each one case of the rules, each with a line in README.md."""

    def __init__(self, calendars):
        self.calendars = calendars
        self.students = {}
        self.enrollments = []
        self.attendance = []

    def person(self, name, years, gender="Female"):
        """A new student, numbered from 900001 in the order of README.md."""
        student_id = str(900001 + len(self.students))
        dice = Dice(f"cast {student_id}")
        student = new_student(student_id, CEDAR, dice)
        student.first_name, student.last_name = name.split(" ")
        student.gender = gender
        for year in years:
            student.needs[year] = needs_of_year(student, last_needs(student), dice)
        self.students[student_id] = student
        return student_id

    def stay(self, student_id, school_id, year, grade, first=0, days=None):
        """Enroll for a number of days with attendance, or to the end; the days so far."""
        taken = self.calendars[school_id, year].taken
        leaves = None if days is None else taken[first + days]
        self.enrollments.append(
            Enrollment(student_id, school_id, year, grade, taken[first], leaves)
        )
        return taken[first:] if days is None else taken[first : first + days]

    def miss(self, student_id, school_id, days, code, missed="", day_minutes="", session=""):
        for day in days:
            self.attendance.append((student_id, school_id, day, code, missed, day_minutes, session))


def spread(days, count):
    """As many days, evenly spread."""
    return [days[(2 * position + 1) * len(days) // (2 * count)] for position in range(count)]


def make_cast(calendars):
    """Plant the cases on the edge of a rule, and the few records that a load should list."""
    cast = Cast(calendars)
    last_year = YEARS[1]

    for name, gender, days, missed in [
        ("Amara Bell", "Female", 9, 2),
        ("Benicio Cruz", "Male", 10, 1),
        ("Celeste Diallo", "Female", 11, 1),
    ]:
        student = cast.person(name, [THIS_YEAR], gender)
        stay = cast.stay(student, CEDAR, THIS_YEAR, "6", 20, days)
        cast.miss(student, CEDAR, spread(stay, missed), "IL")
    for name, gender, grade, days, missed in [
        ("Dario Espinoza", "Male", "8", None, 18),
        ("Esme Fofana", "Female", "8", None, 17),
        ("Farah Gupta", "Female", "7", 150, 15),
        ("Gideon Hall", "Male", "7", 150, 14),
    ]:
        student = cast.person(name, [last_year], gender)
        stay = cast.stay(student, CEDAR, last_year, grade, 0, days)
        cast.miss(student, CEDAR, spread(stay, missed), "IL")
    for name, gender, missed in [("Helena Ibrahim", "Female", 12), ("Idris Jackson", "Male", 11)]:
        student = cast.person(name, [THIS_YEAR], gender)
        cast.miss(student, CEDAR, spread(cast.stay(student, CEDAR, THIS_YEAR, "7"), missed), "UX")

    mover = cast.person("Jacinta Kaur", [last_year])
    first_stay = cast.stay(mover, JUNIPER, last_year, "7", 0, 60)
    cast.miss(mover, JUNIPER, spread(first_stay, 12), "TR")
    leaves = cast.enrollments[-1].exit_date
    cedar_days = calendars[CEDAR, last_year].taken
    arrives = next(index for index, day in enumerate(cedar_days) if day >= leaves)
    cast.miss(mover, CEDAR, spread(cast.stay(mover, CEDAR, last_year, "7", arrives, 100), 4), "IL")

    mover = cast.person("Karim López", [THIS_YEAR], "Male")
    cast.miss(mover, BIRCH, spread(cast.stay(mover, BIRCH, THIS_YEAR, "4", 0, 40), 6), "TR")
    leaves = cast.enrollments[-1].exit_date
    maple_days = calendars[MAPLE, THIS_YEAR].taken
    arrives = next(index for index, day in enumerate(maple_days) if day >= leaves)
    cast.miss(mover, MAPLE, spread(cast.stay(mover, MAPLE, THIS_YEAR, "4", arrives), 3), "IL")

    dual = cast.person("Lourdes Medina", [THIS_YEAR])
    both = [
        day
        for day in cast.stay(dual, HAWTHORN, THIS_YEAR, "11")
        if day in calendars[WILLOW, THIS_YEAR].taken
    ]
    cast.stay(dual, WILLOW, THIS_YEAR, "11")
    missed = spread(both, 14)
    cast.miss(dual, WILLOW, missed, "UX")
    cast.miss(dual, HAWTHORN, missed[:6], "UX")

    twice = cast.person("Malachi N'Diaye", [THIS_YEAR], "Male")
    days = cast.stay(twice, ALDER, THIS_YEAR, "3")
    cast.stay(twice, ALDER, THIS_YEAR, "3", 40)
    cast.miss(twice, ALDER, spread(days, 8), "IL")

    repeated = cast.person("Nadia Owens", [THIS_YEAR])
    days = spread(cast.stay(repeated, ROWAN, THIS_YEAR, "10"), 5)
    cast.miss(repeated, ROWAN, days, "IL")
    cast.miss(repeated, ROWAN, days[:1], "IL")
    cast.miss(repeated, ROWAN, days[1:2], "UX")

    stray = cast.person("Orlando Peña", [THIS_YEAR], "Male")
    days = cast.stay(stray, MAPLE, THIS_YEAR, "2", 10, 60)
    cast.miss(stray, MAPLE, [days[5] - timedelta(days=days[5].weekday() + 2)], "UX")
    cast.miss(
        stray, MAPLE, [calendars[MAPLE, THIS_YEAR].taken[3], cast.enrollments[-1].exit_date], "UX"
    )
    cast.miss(stray, MAPLE, spread(days, 2), "IL")

    returned = cast.person("Paloma Quispe", [THIS_YEAR])
    days = cast.stay(returned, JUNIPER, THIS_YEAR, "8", 0, 50)
    days = days + cast.stay(returned, JUNIPER, THIS_YEAR, "8", 75)
    cast.miss(returned, JUNIPER, spread(days, 7), "FE")

    no_show = cast.person("Quentin Rosario", [THIS_YEAR], "Male")
    cast.stay(no_show, WILLOW, THIS_YEAR, "9", 0, 0)

    unknown = cast.person("Rania Soto", [THIS_YEAR], "")
    nobody_asked = cast.students[unknown]
    nobody_asked.race_ethnicity = nobody_asked.home_language = ""
    nobody_asked.needs[THIS_YEAR] = dict.fromkeys(NEEDS, "")
    cast.miss(unknown, ROWAN, spread(cast.stay(unknown, ROWAN, THIS_YEAR, "9"), 9), "UX")

    never = cast.person("Silas Touré", [THIS_YEAR], "Male")
    cast.miss(never, HAWTHORN, cast.stay(never, HAWTHORN, THIS_YEAR, "10", 30, 15), "UX")

    thirds = cast.person("Thérèse Underwood", [THIS_YEAR])
    cast.miss(
        thirds, ALDER, spread(cast.stay(thirds, ALDER, THIS_YEAR, "5", 10, 54), 18), "PA", 130, 390
    )

    mornings = cast.person("Ulises Vega", [THIS_YEAR], "Male")
    days = spread(cast.stay(mornings, LINDEN, THIS_YEAR, "K"), 14)
    cast.miss(mornings, LINDEN, days, "IL", session="am")
    cast.miss(mornings, LINDEN, days[:2], "UX", session="pm")

    suspended = cast.person("Viola Wright", [THIS_YEAR])
    days = spread(cast.stay(suspended, HAWTHORN, THIS_YEAR, "9", 5, 100), 10)
    cast.miss(suspended, HAWTHORN, days[:6], "OS")
    cast.miss(suspended, HAWTHORN, days[6:], "MD")

    kept_in = cast.person("Wesley Xiong", [THIS_YEAR], "Male")
    cast.miss(
        kept_in, HAWTHORN, spread(cast.stay(kept_in, HAWTHORN, THIS_YEAR, "9", 5, 100), 10), "IS"
    )

    ungraded = cast.person("Ximena Yang", [THIS_YEAR])
    cast.miss(ungraded, CEDAR, spread(cast.stay(ungraded, CEDAR, THIS_YEAR, ""), 5), "IL")
    return cast


AGREE_5 = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
AGREE_4 = ["Strongly disagree", "Disagree", "Agree", "Strongly agree"]
DONT_KNOW = "Don't know"

# item -> about, topic, wording; the first ten are Heritage's, in its order
ITEMS = {
    "caring_adult": (
        "students",
        "belonging",
        "Students have at least one adult at the school who really cares about them.",
    ),
    "students_safe": ("students", "safety", "Students feel safe at school."),
    "students_proud": ("students", "belonging", "Students are proud to attend this school."),
    "ask_questions": ("students", "learning", "Students ask questions when they don't understand."),
    "inviting_place": (
        "students",
        "belonging",
        "This school is an inviting place for students to learn.",
    ),
    "staff_trust": (
        "staff culture",
        "trust",
        "This school promotes trust and collegiality among staff.",
    ),
    "peer_feedback": (
        "staff culture",
        "trust",
        "This school has a safe environment for giving peer-to-peer feedback.",
    ),
    "leadership_growth": (
        "school leadership",
        "leadership",
        "Site leadership fosters professional growth through "
        "constructive feedback, training and support.",
    ),
    "leadership_listens": (
        "school leadership",
        "leadership",
        "Site leadership asks for and listens to staff suggestions prior to major decisions.",
    ),
    "district_two_way": (
        "district leadership",
        "leadership",
        "District leadership provides an opportunity for two-way communication.",
    ),
    "all_can_learn": ("students", "learning", "All students here can learn."),
    "bullying": ("school", "safety", "Bullying is a problem at this school."),
    "absence_asked": ("school", "belonging", "When a student is absent, somebody asks why."),
    "time_together": ("staff culture", "learning", "Staff have time to work together."),
    "speak_openly": ("staff culture", "trust", "I can say what I think at staff meetings."),
    "know_families": ("staff culture", "trust", "I know the families of the students I teach."),
    "my_caring_adult": (
        "school",
        "belonging",
        "There is an adult at this school who cares about me.",
    ),
    "i_feel_safe": ("school", "safety", "I feel safe at school."),
    "i_belong": ("school", "belonging", "I feel that I belong at this school."),
    "welcome": ("school", "belonging", "I feel welcome when I come to this school."),
    "my_child_adult": ("school", "belonging", "My child has an adult at this school to talk to."),
}
HERITAGE_ITEMS = list(ITEMS)[:10]
REVERSE_SCORED = "bullying"
REWORDED = "speak_openly"
NEW_WORDING = "I can disagree with a colleague at a staff meeting."
RESCALED = "time_together"

# respondent group -> item, in the order asked -> how many answer favorably, year by year
FAVORABLE = {
    "students": {
        "my_caring_adult": (0.67, 0.68, 0.69),
        "i_feel_safe": (0.70, 0.69, 0.69),
        "i_belong": (0.62, 0.61, 0.62),
        "students_safe": (0.64, 0.63, 0.63),
        "ask_questions": (0.56, 0.57, 0.57),
        "inviting_place": (0.61, 0.61, 0.62),
        "all_can_learn": (0.76, 0.76, 0.76),
        "bullying": (0.57, 0.56, 0.57),
        "absence_asked": (0.47, 0.48, 0.55),
    },
    "staff": {
        "caring_adult": (0.84, 0.85, 0.86),
        "students_safe": (0.79, 0.80, 0.81),
        "students_proud": (0.70, 0.71, 0.73),
        "ask_questions": (0.58, 0.58, 0.61),
        "inviting_place": (0.78, 0.79, 0.80),
        "staff_trust": (0.68, 0.69, 0.73),
        "peer_feedback": (0.52, 0.54, 0.69),
        "leadership_growth": (0.61, 0.62, 0.66),
        "leadership_listens": (0.50, 0.52, 0.66),
        "district_two_way": (0.52, 0.51, 0.52),
        "all_can_learn": (0.70, 0.70, 0.72),
        "bullying": (0.66, 0.65, 0.66),
        "absence_asked": (0.66, 0.67, 0.71),
        "time_together": (0.55, 0.56, 0.62),
        "speak_openly": (0.60, 0.61, 0.68),
        "know_families": (0.57, 0.58, 0.59),
    },
    "families": {
        "welcome": (0.80, 0.80, 0.80),
        "my_child_adult": (0.73, 0.73, 0.75),
        "students_safe": (0.75, 0.75, 0.74),
        "inviting_place": (0.78, 0.78, 0.78),
        "all_can_learn": (0.80, 0.80, 0.80),
        "bullying": (0.60, 0.60, 0.59),
        "absence_asked": (0.62, 0.61, 0.63),
        "district_two_way": (0.64, 0.65, 0.57),
    },
    "school_leaders": {
        "caring_adult": (0.88, 0.88, 0.90),
        "students_safe": (0.87, 0.88, 0.88),
        "students_proud": (0.82, 0.82, 0.83),
        "ask_questions": (0.64, 0.64, 0.66),
        "inviting_place": (0.88, 0.88, 0.88),
        "staff_trust": (0.82, 0.82, 0.84),
        "peer_feedback": (0.72, 0.72, 0.76),
        "leadership_growth": (0.84, 0.84, 0.86),
        "leadership_listens": (0.84, 0.84, 0.85),
        "district_two_way": (0.62, 0.62, 0.60),
        "all_can_learn": (0.86, 0.86, 0.87),
        "bullying": (0.74, 0.74, 0.74),
        "absence_asked": (0.82, 0.82, 0.84),
        "time_together": (0.68, 0.68, 0.70),
        "speak_openly": (0.80, 0.80, 0.82),
    },
}
BIRCH_CARING_ADULT = (0.58, 0.60, 0.84)
# How much likelier than elsewhere a favorable answer is, on the scale of log odds.
SCHOOL_LEAN = {
    ALDER: 0.1,
    BIRCH: 0.0,
    LINDEN: 0.2,
    MAPLE: 0.15,
    CEDAR: -0.2,
    JUNIPER: 0.35,
    HAWTHORN: -0.1,
    ROWAN: 0.05,
    WILLOW: -0.4,
}
RESPONSE_RATES = {
    "students": (0.66, 0.95),
    "staff": (0.55, 0.93),
    "families": (0.40, 0.60),
    "school_leaders": (0.7, 0.95),
}
DONT_KNOW_RATES = {"students": 0.03, "staff": 0.02, "families": 0.05, "school_leaders": 0.01}
GRADES_SURVEYED = GRADES[GRADES.index("4") :]
NO_ROSTER = ("2024-25", JUNIPER, "families")


HERITAGE_SURVEY = "Heritage staff survey"
HERITAGE_YEARS = ["2016", "2017"]
HERITAGE_SOURCE = (
    "Fullan & Pinchot, The Fast Track to Sustainable Turnaround, Educational Leadership, March 2018"
)
# Percent of staff who agreed or strongly agreed, as published; how many answered was not.
HERITAGE_PERCENT = {
    "2016": [84, 71, 65, 33, 71, 68, 44, 30, 47, 50],
    "2017": [94, 94, 75, 71, 81, 88, 93, 86, 75, 65],
}


def scale_of(item_id, year):
    """The item on working time had four answers, without a middle, until the newest survey."""
    return "agree_4" if item_id == RESCALED and year != THIS_YEAR else "agree_5"


def survey_item_rows():
    """One row per year, respondent group and item."""
    for year in YEARS:
        for group, items in FAVORABLE.items():
            for item_id in items:
                about, topic, wording = ITEMS[item_id]
                if item_id == REWORDED and year == THIS_YEAR:
                    wording = NEW_WORDING
                reverse = "yes" if item_id == REVERSE_SCORED else "no"
                yield (
                    SURVEY,
                    year,
                    group,
                    item_id,
                    wording,
                    scale_of(item_id, year),
                    about,
                    topic,
                    reverse,
                    "",
                )
    for year in HERITAGE_YEARS:
        for number, item_id in enumerate(HERITAGE_ITEMS, start=1):
            about, topic, wording = ITEMS[item_id]
            heritage_id = f"heritage_{number:02}"
            yield (
                HERITAGE_SURVEY,
                year,
                "staff",
                heritage_id,
                wording,
                "agree_published",
                about,
                topic,
                "no",
                "",
            )


def survey_scale_rows():
    """One row per scale and answer."""
    for scale, answers, favorable in [
        ("agree_5", AGREE_5, AGREE_5[3:]),
        ("agree_4", AGREE_4, AGREE_4[2:]),
    ]:
        for position, answer in enumerate(answers, start=1):
            yield scale, answer, position, "yes" if answer in favorable else "no", "yes"
        yield scale, DONT_KNOW, len(answers) + 1, "no", "no"
    yield "agree_published", "Any other answer", 1, "no", "yes"
    yield "agree_published", "Agree or strongly agree", 2, "yes", "yes"


def people_invited(enrollments):
    """How many were asked: students from grade 4 up, staff, leaders, most families."""
    invited = {}
    for year in YEARS:
        survey_day = date(int(year[:4]) + 1, 2, 10)
        for school_id, school in SCHOOLS.items():
            grades = [
                stay.grade
                for stay in enrollments
                if (stay.school_id, stay.school_year) == (school_id, year)
                and stay.entry_date <= survey_day
                and (stay.exit_date is None or stay.exit_date > survey_day)
            ]
            invited[year, school_id, "students"] = sum(grade in GRADES_SURVEYED for grade in grades)
            invited[year, school_id, "staff"] = school.staff + Dice(
                f"staff {year} {school_id}"
            ).below(4)
            invited[year, school_id, "families"] = round(0.74 * len(grades))
            invited[year, school_id, "school_leaders"] = school.leaders
    return invited


def answer_to(item_id, year, favorable_share, lean, dice):
    """One person's answer; over many, about the asked share of them is favorable."""
    odds = favorable_share / (1 - favorable_share) * math.exp(lean)
    scale = AGREE_4 if scale_of(item_id, year) == "agree_4" else AGREE_5
    *unfavorable, agree, strongly_agree = range(len(scale))
    if dice.chance(odds / (1 + odds)):
        position = strongly_agree if dice.chance(0.2 + 0.25 * favorable_share) else agree
    else:
        position = dice.weighted(list(zip(unfavorable, [17, 33, 50], strict=False)))
    return scale[-1 - position] if item_id == REVERSE_SCORED else scale[position]


def survey_answer_rows(invited):
    """One row per respondent and item answered; nobody can be followed over the years."""
    for year_index, year in enumerate(YEARS):
        respondents = 0
        for school_id in SCHOOLS:
            for group, items in FAVORABLE.items():
                dice = Dice(f"answers {year} {school_id} {group}")
                lowest, highest = RESPONSE_RATES[group]
                asked = invited[year, school_id, group]
                rate = lowest + (highest - lowest) * dice.random()
                everybody = (school_id, group) == (CEDAR, "school_leaders")
                for _ in range(asked if everybody else round(rate * asked)):
                    respondents += 1
                    lean = SCHOOL_LEAN[school_id] + 0.5 * dice.normal()
                    for place, (item_id, favorable) in enumerate(items.items()):
                        share = favorable[year_index]
                        if (school_id, item_id) == (BIRCH, "my_caring_adult"):
                            share = BIRCH_CARING_ADULT[year_index]
                        skips = dice.chance(0.008 + 0.005 * place)
                        unsure = dice.chance(
                            DONT_KNOW_RATES[group] * (3 if item_id == "district_two_way" else 1)
                        )
                        answer = (
                            DONT_KNOW if unsure else answer_to(item_id, year, share, lean, dice)
                        )
                        if not skips:
                            yield (
                                SURVEY,
                                year,
                                school_id,
                                group,
                                f"R{respondents:05}",
                                item_id,
                                answer,
                            )


def heritage_rows():
    """One row per year and item of the only table here that is not invented."""
    for year in HERITAGE_YEARS:
        for number, percent in enumerate(HERITAGE_PERCENT[year], start=1):
            yield (
                HERITAGE_SURVEY,
                year,
                "Heritage",
                "staff",
                f"heritage_{number:02}",
                percent,
                "",
                HERITAGE_SOURCE,
            )


# partner, name, causes, neighborhoods, schools (blank: all of the neighborhood), mailbox
PARTNERS = table(
    """
    P01 | Eastside Breathing Project | asthma | Hillside East | | hello@breathing
    P02 | Hillside Health Center | asthma; chronic illness; dental pain | both | | schools@health
    P03 | Healthy Homes Alliance | asthma; housing | Hillside East | | repairs@healthyhomes
    P04 | Riverside Tenants' Table | housing | Riverside | | table@tenants
    P05 | Open Door Family Shelter | housing; transportation | both | | families@opendoor
    P06 | Grandparents' Morning Circle | caring for siblings | Hillside East | S01; S03 | hi@circle
    P07 | Riverside Child Care Network | caring for siblings; work | Riverside | | hello@childcare
    P08 | Metro Bus Student Desk | transportation | both | | students@metrobus
    P09 | Safe Routes Walkers | safety; transportation | Riverside | S02; S04; S06 | go@saferoutes
    P10 | Youth Jobs Compact | work | both | S07; S08; S09 | compact@youthjobs
    P11 | Listening Post Counseling | anxiety; bullying | both | | intake@listeningpost
    P12 | Newcomers' Welcome House | language; legal matters | Riverside | | welcome@newcomers
    """
)
PUBLISHED_DEFINITION = "At least 10% of days enrolled, at least 10 days enrolled"
PUBLISHED_SOURCE = "Invented for the sample: no city or state published this"
# place -> students, and the share chronically absent in each year from the first
PUBLISHED_FROM = 2018
PUBLISHED = {
    "City (invented)": (81200, [0.243, 0.229, 0.262, 0.371, 0.334, 0.312, 0.301]),
    "State (invented)": (1043000, [0.158, 0.149, 0.181, 0.284, 0.262, 0.243, 0.231]),
}
PUBLISHED_GRADES = {"K": 1.28, "5": 0.86, "9": 1.22, "12": 1.36}


def partner_rows():
    """One row per partner."""
    for *known, neighborhoods, schools, mailbox in PARTNERS:
        if neighborhoods == "both":
            neighborhoods = f"{EAST}; {RIVERSIDE}"
        yield *known, neighborhoods, schools, f"{mailbox}.example.org"


def published_rate_rows():
    """One row per place and year, and for the newest year also by a few grades."""
    for place, (students, shares) in PUBLISHED.items():
        for index, share in enumerate(shares):
            start = PUBLISHED_FROM + index
            year = f"{start}-{(start + 1) % 100:02}"
            enrolled = students - 137 * index * (students // 80000)
            yield (
                place,
                year,
                enrolled,
                round(enrolled * share),
                "",
                "",
                PUBLISHED_DEFINITION,
                PUBLISHED_SOURCE,
            )
        for grade, times in PUBLISHED_GRADES.items():
            absent = round(enrolled // 13 * share * times)
            yield (
                place,
                year,
                enrolled // 13,
                absent,
                grade,
                "",
                PUBLISHED_DEFINITION,
                PUBLISHED_SOURCE,
            )


def student_rows(students):
    """One row per student and year."""
    for year in YEARS:
        for student_id in sorted(students):
            student = students[student_id]
            if year in student.needs:
                yield (
                    student_id,
                    year,
                    student.first_name,
                    student.last_name,
                    student.gender,
                    student.race_ethnicity,
                    *(student.needs[year][need] for need in NEEDS),
                    student.home_language,
                )


def enrollment_rows(enrollments):
    """One row per stay."""
    for stay in sorted(
        enrollments,
        key=lambda stay: (stay.school_year, stay.school_id, stay.student_id, stay.entry_date),
    ):
        yield (
            stay.student_id,
            stay.school_id,
            stay.school_year,
            stay.grade,
            stay.entry_date,
            stay.exit_date or "",
        )


def calendar_rows(calendars):
    """One row per school and instructional day; of days to come nobody knows yet."""
    for (school_id, year), calendar in calendars.items():
        for day in calendar.days:
            taken = "" if day > LAST_DAY_REPORTED else "yes" if day in calendar.taken else "no"
            yield school_id, day, year, taken


def attendance_rows(students, enrollments, calendars):
    """The attendance of everybody but the cast, whose rows are written one by one."""
    reasons = {place: reasons_by_day(*place, calendar) for place, calendar in calendars.items()}
    for stay in enrollments:
        place = (stay.school_id, stay.school_year)
        yield from attendance_of(stay, students[stay.student_id], calendars[place], reasons[place])


def write(folder, name, columns, rows):
    """Write one file of the folder; the compressed ones carry neither a time nor a name."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns.split())
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    content = text.getvalue().encode()
    if name.endswith(".gz"):
        content = gzip.compress(content, compresslevel=9, mtime=0)
    (folder / name).write_bytes(content)
    sys.stdout.write(f"{name:24} {count:8,} rows {len(content):10,} bytes\n")


def main(folder):
    """Make everything, then write it file by file."""
    folder.mkdir(parents=True, exist_ok=True)
    calendars = make_calendars()
    students, enrollments = make_rosters(calendars)
    attendance = list(attendance_rows(students, enrollments, calendars))
    invited = people_invited(enrollments)
    cast = make_cast(calendars)
    students |= cast.students
    enrollments += cast.enrollments
    attendance = sorted(
        attendance + cast.attendance, key=lambda row: (row[2], row[1], row[0], row[6], row[3])
    )

    write(
        folder,
        "schools.csv",
        "school_id school_name network neighborhood level",
        (
            (school_id, school.name, NETWORK, school.neighborhood, school.level)
            for school_id, school in SCHOOLS.items()
        ),
    )
    write(
        folder,
        "students.csv",
        "student_id school_year first_name last_name gender race_ethnicity "
        f"{' '.join(NEEDS)} home_language",
        student_rows(students),
    )
    write(
        folder,
        "enrollments.csv",
        "student_id school_id school_year grade entry_date exit_date",
        enrollment_rows(enrollments),
    )
    write(
        folder,
        "calendar.csv",
        "school_id date school_year attendance_taken",
        calendar_rows(calendars),
    )
    write(
        folder,
        "attendance.csv.gz",
        "student_id school_id date code missed_minutes day_minutes session",
        attendance,
    )
    write(
        folder,
        "attendance_codes.csv",
        "code counts_as label excused reason",
        CODES,
    )
    write(
        folder,
        "survey_items.csv",
        "survey school_year respondent_group item_id item_text scale "
        "about topic reverse_scored comparable",
        survey_item_rows(),
    )
    write(
        folder, "survey_scales.csv", "scale answer position favorable counts", survey_scale_rows()
    )
    write(
        folder,
        "survey_answers.csv.gz",
        "survey school_year school_id respondent_group respondent_id item_id answer",
        survey_answer_rows(invited),
    )
    write(
        folder,
        "survey_invited.csv",
        "survey school_year school_id respondent_group invited",
        ((SURVEY, *place, count) for place, count in invited.items() if place != NO_ROSTER),
    )
    write(
        folder,
        "survey_published.csv",
        "survey school_year school_name respondent_group item_id "
        "percent_favorable respondents source",
        heritage_rows(),
    )
    write(
        folder,
        "partners.csv",
        "partner_id partner_name causes neighborhoods schools contact",
        partner_rows(),
    )
    write(
        folder,
        "published_rates.csv",
        "place school_year students students_absent grade group_name definition source",
        published_rate_rows(),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
