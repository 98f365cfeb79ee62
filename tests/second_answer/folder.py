"""Read an exchange folder into plain rows.

A row is a dict: text trimmed, blank is None, dates are dates, numbers are Fractions.
"""

import csv
import gzip
import io
from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

FILES = (
    "schools",
    "students",
    "enrollments",
    "calendar",
    "attendance",
    "attendance_codes",
    "survey_items",
    "survey_scales",
    "survey_answers",
    "survey_counts",
    "survey_invited",
    "survey_published",
    "partners",
    "published_rates",
)

NO = ("no", "n", "0", "false")

DATE_COLUMNS = {"date", "entry_date", "exit_date"}

NUMBER_COLUMNS = {
    "missed_minutes",
    "day_minutes",
    "periods",
    "position",
    "invited",
    "answers",
    "percent_favorable",
    "respondents",
}


class Network:
    """Everything that one exchange folder says."""

    def __init__(self, tables, set_aside):
        self.tables = tables
        self.set_aside = set_aside  # (file, row, why): rows that cannot be read
        self.memory = {}  # what was worked out once already, so that a test does not wait

    def rows(self, name):
        return self.tables[name]


def read_network(folder):
    """Read the folder; a file that is not there is an empty table."""
    tables = {}
    set_aside = []
    for name in FILES:
        tables[name] = []
        for text_row in read_rows(Path(folder), name):
            try:
                row = typed(text_row)
                check(name, row)
            except ValueError as problem:
                set_aside.append((name, text_row, str(problem)))
            else:
                if name != "calendar" or row.get("in_session") not in NO:
                    tables[name].append(row)
    give_codes_of_a_school_a_name_of_their_own(tables)
    give_counts_people_without_a_name(tables)
    give_administrations_a_survey_of_their_own(tables)
    return Network(tables, set_aside)


def give_codes_of_a_school_a_name_of_their_own(tables):
    """T at a school where it means something else is another code, with its place in the order."""
    own = {
        (row["code"], row["school_id"])
        for row in tables["attendance_codes"]
        if row.get("school_id") is not None
    }
    for row in tables["attendance_codes"] + tables["attendance"]:
        if (row["code"], row.get("school_id")) in own:
            row["code"] += "\0" + row["school_id"]


def give_counts_people_without_a_name(tables):
    """Seven who agree are seven answers; whose they are nobody knows."""
    for row in tables["survey_counts"]:
        for _answer in range(int(row["answers"])):
            tables["survey_answers"].append({**row, "respondent_id": None})


def give_administrations_a_survey_of_their_own(tables):
    """Fall and spring are two surveys; what an item or a roster does not say, it says of both."""
    held = defaultdict(set)
    for name in ("survey_answers", "survey_published"):
        for row in tables[name]:
            held[row["survey"], row["school_year"], row["respondent_group"]].add(when(row))
            row["survey"] = called(row["survey"], when(row))
    for name, what in (("survey_items", "item_id"), ("survey_invited", "school_id")):
        rows = tables[name]
        tables[name] = []
        own = set()
        for row in rows:
            key = (row["survey"], row["school_year"], row["respondent_group"], row[what])
            own.add((*key, when(row)))
        for row in rows:
            key = (row["survey"], row["school_year"], row["respondent_group"])
            times = {when(row)}
            if not when(row):
                times = {
                    one for one in held[key] if not one or (*key, row[what], one) not in own
                } or times
            for time in sorted(times):
                tables[name].append({**row, "survey": called(row["survey"], time)})


def when(row):
    """The administration in small letters and without a year, or nothing."""
    words = (row.get("administration") or "").lower().split()
    return " ".join(word for word in words if not word.isdigit())


def called(survey, administration):
    return f"{survey} ({administration})" if administration else survey


def read_rows(folder, name):
    """The rows of NAME.csv or NAME.csv.gz as dicts of text, blank as None."""
    plain = folder / f"{name}.csv"
    packed = folder / f"{name}.csv.gz"
    if plain.exists():
        content = plain.read_bytes()
    elif packed.exists():
        content = gzip.decompress(packed.read_bytes())
    else:
        return []
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    header = [column.strip() for column in next(reader)]
    rows = []
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append(
                {column: cell.strip() or None for column, cell in zip(header, cells, strict=False)}
            )
    return rows


def typed(text_row):
    """Turn the dates and the numbers of a row into dates and numbers."""
    row = {}
    for column, text in text_row.items():
        if text is None:
            row[column] = None
        elif column in DATE_COLUMNS:
            row[column] = date.fromisoformat(text)
        elif column in NUMBER_COLUMNS:
            row[column] = Fraction(text)
        else:
            row[column] = text
    return row


def check(name, row):
    """Raise ValueError for a row that section 3 sets aside."""
    if name != "attendance":
        return
    if (row.get("missed_minutes") is None) != (row.get("day_minutes") is None):
        raise ValueError("one of two minutes")
    if row.get("day_minutes") is not None and row["day_minutes"] <= 0:
        raise ValueError("a day without minutes")
    if row["date"] > date.today():
        raise ValueError("dated after the day of loading")
