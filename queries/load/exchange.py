"""The exchange folder as data: every file, every column, every key and every reference.

This is the single place that knows the columns. `load` makes its SQL from it, and a test
compares `sample_data/README.md` with it.
"""

from dataclasses import dataclass

# What a value of each kind must look like, in the words of a message: what is wrong, what is right.
KINDS = {
    "id": ("is blank", "every row needs one"),
    "code": ("is blank", "every row needs one"),
    "text": ("is too long", "write at most 10,000 characters"),
    "words": ("is too long", "write at most 10,000 characters"),
    "need": ("is too long", "write at most 10,000 characters"),
    "administration": ("is too long", "write at most 10,000 characters"),
    "date": ("is not a date", "write a real day as 2025-09-30, year first"),
    "number": ("is not a whole number", "write digits only, such as 45, or leave it blank"),
    "length_of_day": ("is not a number of minutes", "write a whole number above 0, such as 390"),
    "periods": ("is not a number of periods", "write a whole number above 0, such as 6"),
    "share": ("is not a share of the day", "write a number from 0 to 1, such as 0.5"),
    "count": (
        "is not a whole number",
        "write digits only, such as 45 or 0; where a count is withheld, leave out all rows of the "
        "item at this school",
    ),
    "days": (
        "is not a number of days",
        "write a number such as 12 or 12.5, with at most six decimals",
    ),
    "whole_days": ("is not a whole number of days", "write a whole number such as 178"),
    "decimal": ("is not a percentage", "write a number from 0 to 100, such as 62.5"),
    "yes_no": ("is neither yes nor no", "write yes or no, or leave it blank"),
    "school_year": ("is not a school year", "write it as 2025-26"),
    "survey_year": ("is not a year", "write a school year as 2025-26 or a year as 2025"),
    "grade": ("is not a grade", "write PK, K or 1 to 12, or leave it blank"),
    "session": ("is not a session", "write am or pm, or leave it blank for the whole day"),
    "day_rule": ("is not a way to count days", "write half_day or fraction"),
    "counts_as": ("is not a way to count a day", "write absent, partial, present or not_recorded"),
}

# What the required files hold, for those who make them from exports of another system.
HOLDS = {
    "schools": "one row per school",
    "students": "one row per student, also of those who left during the year",
    "enrollments": (
        "one row per stay of a student at a school, also of those who left; entry_date is the "
        "first day, and exit_date, if there is one, the first day no longer enrolled, both as "
        "2025-09-30; school_year as 2025-26; grade PK, K, 1 to 12"
    ),
    "calendar": (
        "one row per school and date as 2025-09-30; where the file lists days off too, in_session "
        "says no of them; school_year as 2025-26"
    ),
    "attendance": (
        "one row per absence, late arrival or other exception, or one per student and day; date as "
        "2025-09-30, code as in attendance_codes; a day without a row is a day present"
    ),
    "attendance_codes": (
        "one row per code in attendance; counts_as says absent, partial (a part of the day, with "
        "missed_minutes and day_minutes in attendance), present (late and there) or not_recorded"
    ),
}

# A blank in a column of these kinds leaves a row that nobody can count, if the column is required.
NEVER_BLANK = {"id", "code", "date", "school_year", "survey_year", "counts_as"}
NEVER_BLANK |= {"days", "whole_days"}
# What nobody can read in a column of these kinds refuses the folder, however few the rows are.
REFUSED_UNREAD = {"counts_as", "count"}

TYPES = {
    "date": "DATE",
    "number": "INTEGER",
    "count": "INTEGER",
    "length_of_day": "INTEGER",
    "periods": "INTEGER",
    "days": "DECIMAL(9, 6)",
    "whole_days": "INTEGER",
    "decimal": "DOUBLE",
    "yes_no": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """One column of one file: its kind decides how a value is read and what is wrong with it."""

    name: str
    kind: str
    required: bool

    @property
    def type(self) -> str:
        return TYPES.get(self.kind, "VARCHAR")

    @property
    def never_blank(self) -> bool:
        return self.required and self.kind in NEVER_BLANK


@dataclass(frozen=True)
class Reference:
    """Values of `columns` must stand in `columns_there` of the file `to`."""

    columns: tuple[str, ...]
    to: str
    columns_there: tuple[str, ...]


@dataclass(frozen=True)
class File:
    """One file of the exchange folder. `keys` may not repeat; each is a tuple of columns.

    Of one value of `together` a part of a year brings all rows (queries/load/adding.py); without
    any it is the first key."""

    name: str
    required: bool
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    together: tuple[str, ...] = ()

    @property
    def brought_together(self) -> tuple[str, ...]:
        return self.together or self.keys[0]

    @property
    def in_words(self) -> str:
        """What somebody who has none writes into it."""
        names = ", ".join(column.name for column in self.columns if column.required)
        return f"it has {HOLDS[self.name]}; the columns it needs are {names}"

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _columns(required: str, optional: str = "") -> tuple[Column, ...]:
    """Columns written as `name:kind`, the required ones first; without a kind it is text."""
    return tuple(
        Column(name, kind or "text", must_be_there)
        for words, must_be_there in ((required, True), (optional, False))
        for name, _, kind in (word.partition(":") for word in words.split())
    )


def _to(file: str, *columns: str) -> Reference:
    return Reference(columns, file, columns)


_ITEM = ("survey", "school_year", "respondent_group", "item_id")
_ASKED_AT = ("survey", "school_year", "school_id", "respondent_group", "administration")

FILES = (
    File(
        "schools",
        True,
        _columns("school_id:id school_name:id", "network neighborhood level"),
        keys=(("school_id",), ("school_name",)),
    ),
    File(
        "students",
        True,
        _columns(
            "student_id:id",
            "school_year:school_year first_name:words last_name:words gender race_ethnicity"
            " english_learner:need disability:need economically_disadvantaged:need"
            " unstable_housing:need home_language",
        ),
        keys=(("student_id", "school_year"),),
    ),
    File(
        "enrollments",
        True,
        _columns(
            "student_id:id school_id:id school_year:school_year grade:grade entry_date:date",
            "exit_date:date calendar_code",
        ),
        references=(_to("students", "student_id"), _to("schools", "school_id")),
        together=("student_id", "school_id", "school_year"),
    ),
    File(
        "calendar",
        True,
        _columns(
            "school_id:id date:date school_year:school_year",
            "in_session:yes_no attendance_taken:yes_no nobody_absent:yes_no goes_on:yes_no"
            " periods:periods calendar_code",
        ),
        keys=(("school_id", "calendar_code", "date"),),
        references=(_to("schools", "school_id"),),
    ),
    File(
        "attendance",
        True,
        _columns(
            "student_id:id school_id:id date:date code:code",
            "missed_minutes:number day_minutes:length_of_day event_duration:share session:session"
            " period",
        ),
        references=(
            _to("students", "student_id"),
            _to("schools", "school_id"),
            _to("attendance_codes", "code"),
        ),
    ),
    File(
        "attendance_codes",
        True,
        _columns(
            "code:code counts_as:counts_as",
            "label:words excused:yes_no reason rank:number school_id",
        ),
        keys=(("code", "school_id"),),
    ),
    File(
        "year_totals",
        False,
        _columns(
            "student_id:id school_id:id school_year:school_year days_enrolled:whole_days"
            " days_absent:days",
            "grade:grade until:date",
        ),
        keys=(("student_id", "school_id", "school_year"),),
        references=(_to("students", "student_id"), _to("schools", "school_id")),
    ),
    File(
        "survey_items",
        False,
        _columns(
            "survey:code school_year:survey_year respondent_group:code item_id:id"
            " item_text:words scale:code",
            "about topic reverse_scored:yes_no comparable:yes_no administration:administration",
        ),
        keys=((*_ITEM, "administration"),),
    ),
    File(
        "survey_scales",
        False,
        _columns("scale:code answer:code position:number favorable:yes_no", "counts:yes_no"),
        keys=(("scale", "answer"),),
        together=("scale",),
    ),
    File(
        "survey_answers",
        False,
        _columns(
            "survey:code school_year:school_year school_id:id respondent_group:code"
            " respondent_id:id item_id:id answer:words",
            "administration:administration",
        ),
        references=(_to("schools", "school_id"), _to("survey_items", *_ITEM)),
        together=_ASKED_AT,
    ),
    File(
        "survey_counts",
        False,
        _columns(
            "survey:code school_year:school_year school_id:id respondent_group:code item_id:id"
            " answer:code answers:count",
            "administration:administration",
        ),
        keys=(
            (
                "survey",
                "school_year",
                "school_id",
                "respondent_group",
                "item_id",
                "administration",
                "answer",
            ),
        ),
        references=(_to("schools", "school_id"), _to("survey_items", *_ITEM)),
        together=_ASKED_AT,
    ),
    File(
        "survey_invited",
        False,
        _columns(
            "survey:code school_year:school_year school_id:id respondent_group:code invited:number",
            "administration:administration",
        ),
        keys=(_ASKED_AT,),
        references=(_to("schools", "school_id"),),
    ),
    File(
        "survey_published",
        False,
        _columns(
            "survey:code school_year:survey_year school_name:id respondent_group:code item_id:id"
            " percent_favorable:decimal",
            "respondents:number source administration:administration",
        ),
        keys=(
            (
                "survey",
                "school_year",
                "school_name",
                "respondent_group",
                "item_id",
                "administration",
            ),
        ),
        references=(_to("survey_items", *_ITEM),),
    ),
    File(
        "partners",
        False,
        _columns("partner_id:id partner_name", "causes neighborhoods schools contact"),
        together=("partner_id",),
    ),
    File(
        "published_rates",
        False,
        _columns(
            "place:id school_year:school_year students:number students_absent:number",
            "grade group_name definition source percent_of_days:decimal reason "
            "percent_absent:decimal",
        ),
        together=("place", "school_year", "source"),
    ),
    File(
        "definitions",
        False,
        _columns(
            "name:id label:id sentence:words source:words date:date",
            "share_numerator:number share_denominator:number days:number inclusive:yes_no"
            " minimum_days:number day_rule:day_rule minimum_days_present:number"
            " since:school_year",
        ),
        keys=(("name", "since"), ("label", "since")),
        together=("name",),
    ),
)
