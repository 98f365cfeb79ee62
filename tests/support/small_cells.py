"""Random networks full of small cells, as the files of an exchange folder (tests/support/exchange).

The same seed and shape give the same network. Without a shape: two to five schools of 15 to 250
students in one or two networks and neighborhoods, two or three school years of 14 to 30 days,
grades and groups of a few students, values that are not known, students who move or go to two
schools at once, and surveys that 3 to 60 people a school answered. Whether many students were
absent differs by school and by group, so that there are groups in which nobody and in which
everybody was.

Shapes: one school, two, several that are the same student for student, and schools in which all
groups are large but one of a few students.
"""

import random
from datetime import date, timedelta

from tests.support.days import weekdays

YEARS = ("2023-24", "2024-25", "2025-26")
SCHOOLS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm")
CAUSES = ("asthma", "housing", "dental pain", "what nobody else has")
CODES = (
    # code, counts_as, reason
    ("A", "absent", ""),
    ("E", "absent", "Illness"),
    ("F", "absent", "Family"),
    ("S", "absent", "Suspension"),
)
# Each group is about half as often as the one before it.
GROUPS = {
    "gender": ("F", "M", "X"),
    "race_ethnicity": ("Hispanic/Latino", "Black", "White", "Asian", "Two or more"),
    "home_language": ("English", "Spanish", "Bengali", "Arabic", "Wolof", "Xhosa"),
}
NEEDS = ("english_learner", "disability", "economically_disadvantaged", "unstable_housing")
RESPONDENTS = ("students", "families", "staff")
TOPICS = ("belonging", "safety", "trust", "learning")
ANSWERS = (
    # answer, position, favorable, counts
    ("Disagree", "1", "no", "yes"),
    ("Neither", "2", "no", "yes"),
    ("Agree", "3", "yes", "yes"),
    ("Agree a lot", "4", "yes", "yes"),
    ("Don't know", "9", "no", "no"),
)


SHAPES = ("one school", "two schools", "identical schools", "one small group")


def small_cells(seed: int, shape: str = "") -> dict[str, list[dict]]:
    """The files of one network, for write_folder."""
    return _Maker(random.Random(f"small cells {seed}"), shape).files


class _Maker:
    """The files in the making."""

    def __init__(self, randomness: random.Random, shape: str):
        self.random, self.shape = randomness, shape
        self.files: dict[str, list[dict]] = {
            "attendance_codes": [
                {"code": code, "counts_as": counts_as, "reason": reason}
                for code, counts_as, reason in CODES
            ]
        }
        made = {"one school": 1, "two schools": 2, "identical schools": 1}
        self.schools = list(SCHOOLS[: made.get(shape) or self.random.randint(2, 5)])
        self.years = YEARS[-self.random.choice((2, 2, 3)) :]
        self.make_schools()
        self.days = {year: self.make_days(year) for year in self.years}
        self.make_students()
        self.make_surveys()
        if shape == "identical schools":
            self.make_again(SCHOOLS[1 : self.random.randint(2, 4)])
        if shape == "one small group":
            here = [one for one in self.files["enrollments"] if one["school_id"] == SCHOOLS[0]]
            few = {one["student_id"] for one in self.random.sample(here, self.random.randint(1, 9))}
            for student in self.files["students"]:
                student["gender"] = "X" if student["student_id"] in few else student["gender"]

    def add(self, file: str, **row) -> None:
        self.files.setdefault(file, []).append(row)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def make_schools(self) -> None:
        networks = self.random.choice((("River",), ("River", "Hill"), ("River", "")))
        neighborhoods = self.random.choice((("Harbor",), ("Harbor", "Old Town"), ("Harbor", "")))
        for school in self.schools:
            self.add(
                "schools",
                school_id=school,
                school_name=f"{school} School",
                network=self.random.choice(networks),
                neighborhood=self.random.choice(neighborhoods),
            )

    def make_again(self, schools: tuple[str, ...]) -> None:
        """More schools, with the students and the answers of the first."""
        for rows in self.files.values():
            if {"school_id", "student_id"} & rows[0].keys():
                rows += [self.again(row, school) for school in schools for row in rows]

    def again(self, row: dict, school: str) -> dict:
        named = {one: f"{school} {row[one]}" for one in ("student_id", "school_name") if one in row}
        return row | named | ({"school_id": school} if "school_id" in row else {})

    def make_days(self, year: str) -> list[date]:
        """The instructional days: so many in each of two or three months, at every school."""
        months = (9, 10) if len(self.years) == 3 else (9, 10, 11)[: self.random.choice((2, 3))]
        number = self.random.choice((7, 9, 10))
        first = [date(int(year[:4]), month, 3) for month in months]
        days = [begin + timedelta(days=2 * step) for begin in first for step in range(number)]
        if self.shape:
            # Of a school by itself days on weekends without a row are refused.
            days = [
                date.fromisoformat(day) for begin in first for day in weekdays(str(begin), number)
            ]
        for school in self.schools:
            # One school began late: its instructional days are other ones.
            later = days[1:] if school == self.schools[0] and self.chance(0.3) else days
            for day in later:
                self.add("calendar", school_id=school, date=str(day), school_year=year)
        return days

    def make_students(self) -> None:
        self.files["students"] = []
        self.files["enrollments"] = []
        self.files["attendance"] = []
        self.often = {
            name: self.random.choice((0.3, 0.8, 1, 1.5)) for name in ("F", "yes", "Asian")
        }
        pool: dict[str, list[dict]] = {school: [] for school in self.schools}
        sizes = self.random.choice(((15, 60), (30, 120), (80, 250)))
        size = {school: self.random.randint(*sizes) for school in self.schools}
        grades = {school: self.make_grades() for school in self.schools}
        level = {school: self.random.choice((0.02, 0.1, 0.25, 0.5)) for school in self.schools}
        for year in self.years:
            for school in self.schools:
                # Some leave, some come.
                stay = [one for one in pool[school] if self.chance(0.85)]
                come = max(0, size[school] + self.random.randint(-3, 3) - len(stay))
                pool[school] = stay + [self.make_student() for _ in range(come)]
                for student in pool[school]:
                    grade = self.weighted(grades[school], 0.7)
                    self.make_year(student, school, year, grade, level[school])
        # A day with a row is a day that counts: the newest year ends where the others end.
        first = self.files["enrollments"][-1]
        self.make_absence(first["student_id"], first["school_id"], self.days[self.years[-1]][-1])

    def make_grades(self) -> tuple[str, ...]:
        begin = self.random.randint(1, 6)
        return tuple(str(begin + step) for step in range(self.random.randint(2, 4)))

    def weighted(self, values: tuple[str, ...], ratio: float) -> str:
        """Each value so much rarer than the one before it."""
        return self.random.choices(values, [ratio**place for place in range(len(values))])[0]

    def make_student(self) -> dict:
        student = {"student_id": f"s{len(self.files['students'])}"}
        for dimension, values in GROUPS.items():
            known = not self.chance(0.04)
            student[dimension] = self.weighted(values, 0.5) if known else ""
        for need in NEEDS:
            student[need] = self.random.choices(("yes", "no", ""), (15, 80, 5))[0]
        if self.shape == "one small group":
            student |= {name: values[0] for name, values in GROUPS.items()}
            student |= dict.fromkeys(NEEDS, "no")
        self.files["students"].append(student)
        return student

    def make_year(self, student: dict, school: str, year: str, grade: str, level: float) -> None:
        days = self.days[year]
        middle = days[len(days) // 2]
        other = self.random.choice([one for one in self.schools if one != school] or [""])
        kind = self.random.choices(("stays", "moves", "both", "comes", "goes"), (88, 5, 2, 3, 2))[0]
        kind = kind if other else "stays"
        late = {"entry_date": str(middle)}
        early = {"entry_date": str(days[0]), "exit_date": str(middle)}
        whole = {"entry_date": str(days[0])}
        spans = {
            "stays": [(school, whole)],
            "moves": [(school, early), (other, late)],
            "both": [(school, whole), (other, whole)],
            "comes": [(school, late)],
            "goes": [(school, early)],
        }[kind]
        for value in (student["gender"], student["disability"], student["race_ethnicity"]):
            level *= self.often.get(value, 1)
        chronic = self.chance(level)
        for place, span in spans:
            row = {"student_id": student["student_id"], "school_id": place, "school_year": year}
            self.files["enrollments"].append(row | {"grade": grade} | span)
            enrolled = [
                day
                for day in days
                if span["entry_date"] <= str(day) < span.get("exit_date", "9999-12-31")
            ]
            most = len(enrolled) // 2 if chronic else 2
            missed = self.random.randint(len(enrolled) // 8 if chronic else 0, max(most, 1))
            for day in self.random.sample(enrolled, min(missed, len(enrolled))):
                self.make_absence(student["student_id"], place, day)

    def make_absence(self, student: str, school: str, day: date) -> None:
        code = self.random.choices([code for code, _, _ in CODES], (60, 25, 10, 5))[0]
        self.files["attendance"].append(
            {"student_id": student, "school_id": school, "date": str(day), "code": code}
        )

    def make_surveys(self) -> None:
        self.files["survey_scales"] = [
            dict(zip(("answer", "position", "favorable", "counts"), row, strict=True))
            for row in ANSWERS
        ]
        self.files["survey_items"] = []
        self.files["survey_answers"] = []
        self.files["survey_invited"] = []
        for group in self.random.sample(RESPONDENTS, self.random.randint(1, 3)):
            items = [f"{group} {number}" for number in range(self.random.randint(1, 4))]
            number = {school: self.random.randint(3, 60) for school in self.schools}
            for year in self.years[-2:]:
                asked = {"school_year": year, "respondent_group": group}
                self.files["survey_items"] += [
                    asked | {"item_id": item, "topic": topic}
                    for item, topic in zip(items, TOPICS, strict=False)
                ]
                for school in self.schools:
                    respondents = number[school] + self.random.randint(-2, 2)
                    self.make_answers(asked | {"school_id": school}, items, respondents)

    def make_answers(self, asked: dict, items: list[str], respondents: int) -> None:
        leaning = self.random.choice((0, 0.3, 0.6, 1))
        for item in items:
            for respondent in range(respondents):
                if self.chance(0.05):
                    continue  # skipped the item
                favorable = self.chance(leaning)
                answers = ("Agree", "Agree a lot") if favorable else ("Disagree", "Neither")
                answer = "Don't know" if self.chance(0.05) else self.random.choice(answers)
                self.files["survey_answers"].append(
                    asked | {"respondent_id": f"r{respondent}", "item_id": item, "answer": answer}
                )
        invited = respondents + self.random.choice((0, 1, 4, 12))
        self.files["survey_invited"].append(asked | {"invited": str(invited)})


def small_causes(seed: int, enrollments: list[dict]) -> list[dict]:
    """What people learned about students of such a network: of some several causes, of some
    none, and of most nothing that counts. Some causes are rare."""
    chance = random.Random(seed)
    known = chance.choice((0.2, 0.6, 0.95))
    written = {(row["student_id"], row["school_id"], row["school_year"]) for row in enrollments}
    return [
        {
            "student_id": student,
            "school_id": school,
            "school_year": year,
            "cause": cause,
            "evidence": "teacher",
            "confidence": "likely",
            "learned_on": date(int(year[:4]), 10, 1),
        }
        for student, school, year in sorted(written)
        if chance.random() < known
        for cause in set(chance.choices(CAUSES, (60, 25, 10, 5), k=chance.choice((1, 1, 2, 3))))
    ]


def network_of(*groups: tuple[str, str, str, int, int]) -> dict[str, list[dict]]:
    """The files of a network in which so many students of a gender were absent, by (school, school
    year, gender, students, absent): each year has one month of ten days, and two of them missed are
    chronic absence."""
    years = sorted({year for _, year, _, _, _ in groups})
    schools = sorted({school for school, _, _, _, _ in groups})
    files: dict[str, list[dict]] = {
        "schools": [{"school_id": school, "school_name": f"{school} School"} for school in schools],
        "calendar": [
            {"school_id": school, "date": day, "school_year": year}
            for school in schools
            for year in years
            for day in weekdays(f"{year[:4]}-09-01", 10)
        ],
        "students": [],
        "enrollments": [],
        "attendance": [],
    }
    for school, year, gender, students, absent in groups:
        for number in range(students):
            student = {"student_id": f"{school} {year} {gender} {number}"}
            first = {"entry_date": f"{year[:4]}-09-01"}
            place = {"school_id": school, "school_year": year}
            files["students"].append(student | {"gender": gender})
            files["enrollments"].append(student | place | first)
            files["attendance"] += [
                student | {"school_id": school, "date": day}
                for day in weekdays(f"{year[:4]}-09-01", 10)[-2:] * (number < absent)
            ]
    for year in years:
        # The last day of a year is a day with a row, also where nobody was absent.
        one = next(row for row in files["enrollments"] if row["school_year"] == year)
        row = {"student_id": one["student_id"], "school_id": one["school_id"]}
        files["attendance"].append(row | {"date": f"{year[:4]}-09-10", "code": "P"})
    return files
