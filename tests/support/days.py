"""School days and rows on them, counted from 1: day 1 is the first instructional day."""

from datetime import date, timedelta

SURVEY = {"survey": "climate", "respondent_group": "student", "item_id": "adult"}


def weekdays(first: str, number: int) -> list[str]:
    """So many Mondays to Fridays from a day on."""
    start = date.fromisoformat(first)
    every_day = (start + timedelta(days=n) for n in range(number * 2 + 7))
    return [str(day) for day in every_day if day.weekday() < 5][:number]


DAYS = weekdays("2025-09-01", 180)


def calendar(school: str, days: list[str], **columns) -> list[dict]:
    """One row per instructional day of a school."""
    return [{"school_id": school, "date": day, **columns} for day in days]


def enrolled(student: str, first: int = 1, last: int | None = None, **columns) -> dict:
    """Enrolled from day `first` to day `last`, both included; without `last`, still there."""
    exit_date = {} if last is None else {"exit_date": DAYS[last]} if last < 180 else {}
    return {"student_id": student, "entry_date": DAYS[first - 1], **exit_date, **columns}


def missed(student: str, *days: int, **columns) -> list[dict]:
    """An attendance row on each of these days; code A, a whole day absent, unless columns say."""
    return [{"student_id": student, "date": DAYS[day - 1], **columns} for day in days]


def answers(number: int, answer: str = "Agree", first: int = 1, **columns) -> list[dict]:
    """So many respondents, r<first> and on, who gave this answer to an item."""
    return [
        {"respondent_id": f"r{n}", "answer": answer, **columns}
        for n in range(first, first + number)
    ]
