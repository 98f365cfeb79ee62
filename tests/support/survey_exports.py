"""One small survey, and what the systems of the world would have exported of it.

    survey = Survey()                      # two schools, six items, some left out
    qualtrics(folder, survey)              # writes the file that Qualtrics gives of it
    survey.answers                         # what must come out: a row a respondent and item

Every exporter writes from the same rows, so that what comes back can be compared row for row.
"""

import csv
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

AGREE = {"Strongly disagree": 1, "Disagree": 2, "Neither agree nor disagree": 3, "Agree": 4,
         "Strongly agree": 5, "Don't know": 6}  # fmt: skip
OFTEN = {"Never": 1, "Rarely": 2, "Sometimes": 3, "Often": 4, "Always": 5}
ITEMS = {
    "Q1": ("There is an adult at this school who cares about me.", AGREE),
    "Q2": ("I feel safe at this school.", AGREE),
    "Q3_1": ("I feel that I belong here.", AGREE),
    "Q3_2": ("My teachers explain things well.", AGREE),
    "Q4": ("How often are you proud of your school?", OFTEN),
    "Q5": ("How often do teachers ask what you think?", OFTEN),
}
YEAR = "2025-26"


def _made() -> list[tuple[str, str, str, str]]:
    chosen = random.Random(15)
    rows = []
    for number in range(1, 61):
        for item, (_, scale) in ITEMS.items():
            if chosen.random() < 0.93:
                answer = chosen.choices(list(scale), range(1, len(scale) + 1))[0]
                school = "Alder School" if number % 3 else "Birch School"
                rows.append((school, f"R_{number:03}", item, answer))
    return rows


@dataclass
class Survey:
    """The answers to a survey of students: school, respondent, item, answer."""

    answers: list[tuple[str, str, str, str]] = field(default_factory=_made)

    @property
    def respondents(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Of each respondent the school, and the answer to each item."""
        found: dict[str, tuple[str, dict[str, str]]] = {}
        for school, who, item, answer in self.answers:
            found.setdefault(who, (school, {}))[1][item] = answer
        return found

    @property
    def counts(self) -> Counter:
        return Counter((school, item, answer) for school, _, item, answer in self.answers)

    def numbers(self, item: str, answers: dict[str, str]) -> str:
        """An answer as a number, -99 where nobody answered."""
        said = answers.get(item)
        return "-99" if said in (None, "Don't know") else str(ITEMS[item][1][said])


def write(path: Path, rows: list[list[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def qualtrics(folder: Path, survey: Survey, *, numbers: bool = False, ends: str = "") -> Path:
    """Three header rows, metadata in front; one preview and one response that was not finished."""
    meta = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Finished", "ResponseId",
            "RecipientEmail", "school"]  # fmt: skip
    words = [text.replace(" at this", "\nat this") + ends for text, _ in ITEMS.values()]
    rows = [
        [*meta, *ITEMS],
        [*meta[:8], "Which school?", *words],
        [json.dumps({"ImportId": name}) for name in (*meta, *ITEMS)],
    ]
    others = {"R_preview": ("Survey Preview", "True"), "R_left": ("IP Address", "False")}
    people = survey.respondents
    first = next(iter(people.values()))
    for who, (school, answers) in (people | dict.fromkeys(others, first)).items():
        status, finished = others.get(who, ("IP Address", "True"))
        told = [survey.numbers(i, answers) if numbers else answers.get(i, "") for i in ITEMS]
        rows.append(["2025-10-06 09:01:22", "2025-10-07 10:11:12", status, "10.0.0.1", "100",
                     finished, who, "", school, *told])  # fmt: skip
    return write(folder / "climate_students.csv", rows)


def google_forms(folder: Path, survey: Survey) -> Path:
    """Questions as headers, two of them a grid; what somebody likes in one cell with commas."""
    heads = {item: text for item, (text, _) in ITEMS.items()}
    for item in ("Q3_1", "Q3_2"):
        heads[item] = f"How much do you agree? [{heads[item]}]"
    rows = [["Timestamp", "I am a", "Which school do you attend?", *heads.values(),
             "What do you like here? (Choose all that apply)"]]  # fmt: skip
    likes = ["Lunch, Sports", "Sports", "Lunch", "Lunch, Sports, Music", "Music"]
    for number, (school, answers) in enumerate(survey.respondents.values()):
        rows.append([f"10/{number % 27 + 1}/2025 9:12:33", "Student", school,
                     *(answers.get(item, "") for item in ITEMS), likes[number % 5]])  # fmt: skip
    return write(folder / "Climate (Responses).csv", rows)


def wide_with_bank(folder: Path, survey: Survey) -> Path:
    """Numbers beside an item bank with wording by year."""
    bank = [["Category", "Question (24-25)", "Question (25-26)", "Item ID", "Reverse Scored"]]
    bank += [["Belonging", f"Once: {text}", text, item, ""] for item, (text, _) in ITEMS.items()]
    write(folder / "item_bank.csv", bank)
    rows = [["respondent", "role", "school", *ITEMS]]
    for who, (school, answers) in survey.respondents.items():
        rows.append([who, "student", school, *(survey.numbers(i, answers) for i in ITEMS)])
    return write(folder / "climate_2025_26.csv", rows)


def long(folder: Path, survey: Survey) -> Path:
    """One row a respondent and item."""
    rows = [["Response ID", "School", "Question ID", "Question Text", "Response", "Submitted At"]]
    for school, who, item, answer in survey.answers:
        rows.append([who, school, item, ITEMS[item][0], answer, "2025-10-07"])
    return write(folder / "climate_students_long.csv", rows)


def counts_long(folder: Path, survey: Survey) -> Path:
    """One row a school, item and answer with how many gave it."""
    rows = [["School", "Question ID", "Question", "Answer", "Count"]]
    for (school, item, answer), number in sorted(survey.counts.items()):
        rows.append([school, item, ITEMS[item][0], answer, str(number)])
    return write(folder / "climate_students_2025-26.csv", rows)


def counts_wide(folder: Path, survey: Survey, *, percents: bool = False) -> list[Path]:
    """One row a school and item, one column an answer, a file a scale; a row of all schools."""
    files = []
    for name, scale in enumerate((AGREE, OFTEN)):
        mark = "% " if percents else ""
        rows = [["School", "Question ID", "Question", "N", *(mark + answer for answer in scale)]]
        for school in ("Alder School", "Birch School", "All schools"):
            for item, (text, used) in ITEMS.items():
                if used is not scale:
                    continue
                told = [sum(n for (where, which, said), n in survey.counts.items()
                            if (which, said) == (item, answer) and school in (where, "All schools"))
                        for answer in scale]  # fmt: skip
                n = sum(told)
                cells = [percent(k, n) if percents else str(k) for k in told]
                rows.append([school, item, text, str(n), *cells])
        files.append(write(folder / f"climate_students_2025-26_{name}.csv", rows))
    return files


def percent(some: int, of_all: int, places: int = 1) -> str:
    """A share in percent, rounded half up to so many places."""
    shift = 10**places
    return f"{int(Fraction(100 * some * shift, of_all) + Fraction(1, 2)) / shift:.{places}f}"


def published(folder: Path, survey: Survey) -> Path:
    """Percent favorable alone, with how many answered."""
    rows = [["School", "Question ID", "Question", "Percent Favorable", "N"]]
    for school in ("Alder School", "Birch School"):
        for item, (text, scale) in ITEMS.items():
            told = {answer: survey.counts[school, item, answer] for answer in scale}
            good = sum(n for answer, n in told.items() if scale[answer] in (4, 5))
            n = sum(n for answer, n in told.items() if scale[answer] < 6)
            rows.append([school, item, text, percent(good, n), str(n)])
    return write(folder / "climate_students_2025-26.csv", rows)


# By name, each a function of a district, which no survey needs, and the folder to write into.
SHAPES = {
    "survey: Qualtrics": lambda _, folder: qualtrics(folder, Survey()),
    "survey: Google Forms": lambda _, folder: google_forms(folder, Survey()),
    "survey: numbers, item bank": lambda _, folder: wide_with_bank(folder, Survey()),
    "survey: long": lambda _, folder: long(folder, Survey()),
    "survey: counts": lambda _, folder: counts_long(folder, Survey()),
    "survey: columns of percents": lambda _, folder: counts_wide(folder, Survey(), percents=True),
    "survey: percent favorable": lambda _, folder: published(folder, Survey()),
}
