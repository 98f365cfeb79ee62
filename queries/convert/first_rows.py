"""The first rows of a sheet, as whoever brings it may check them.

What names a student, and whatever somebody wrote in words of their own, is left out: only cells of
columns that are taken for one of SHOWN stand there.
"""

from queries.convert.mapping import SheetMapping
from queries.convert.sheets import Sheet

LEFT_OUT = "…"
# Ids, places, days and marks: none of them a name, and none of them words of anybody.
SHOWN = {
    "student_id",
    "school_id",
    "school_name",
    "grade",
    "entry_date",
    "exit_date",
    "begin_date",
    "end_date",
    "school_days",
    "school_year",
    "enrollment_status",
    "date",
    "in_session",
    "day_kind",
    "attendance_taken",
    "periods",
    "calendar_code",
    "code",
    "status",
    "label",
    "excused",
    "counts_as",
    "missed_minutes",
    "excused_minutes",
    "unexcused_minutes",
    "present_minutes",
    "present_share",
    "day_minutes",
    "event_duration",
    "period",
    "periods_missed",
    "periods_possible",
    "session",
    "section",
    "mode",
    "marks",
    "level",
    "network",
    "neighborhood",
    "org_type",
}
MOST_COLUMNS, MOST_LETTERS = 60, 40


def first_rows(one: SheetMapping, sheet: Sheet, rows: int) -> dict:
    """How many rows a sheet has, the names of its columns, and the first rows of them."""
    columns = list(sheet.table.columns)
    shown = [name in one.columns and one.columns[name].value in SHOWN for name in columns]
    first = [
        [
            (cell[:MOST_LETTERS] if may_be_seen else LEFT_OUT) if cell else ""
            for cell, may_be_seen in zip(row, shown, strict=True)
        ][:MOST_COLUMNS]
        for row in sheet.table.head(rows).itertuples(index=False, name=None)
    ]
    return {"rows": len(sheet.table), "header": columns, "first": first}
