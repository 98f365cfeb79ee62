"""What the reader has chosen: one frozen value, from the filters to the SQL and the address."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Selection:
    """One choice of data. `None` means all, or the default that the data give.

    school_year: '2025-26'; default the newest with data (for a survey, the newest with answers).
    compare_year: the year to compare with; default the one before it in the data.
    compare_administration: of a survey that is asked more than once a year, the administration to
        compare with in the same year, such as 'fall'; default the year before.
    network, neighborhood, school: which schools; a school by its name or id.
    schools: several schools, by name or id, of those that the three before leave.
    grade: 'PK', 'K', '1' … '12' or 'Unknown'.
    grades: several grades, of those that `grade` leaves.
    dimension, group_name: a student group, such as 'home_language' and 'Spanish'.
    definition: a name in queries/tables/definitions.csv, in that of the folder, or written here.
    as_of: an earlier day to count up to; default the last day with data.
    survey, respondent_group: which survey and who answered.
    assumed_n: answers a year to assume where a published table gives none.
    other_definition: a second definition, to say why two numbers differ; default federal.
    their_number, their_date: a number that somebody else gave for the same, and the day of it.
    their_list: the students whom they count, as JSON (queries/absence/theirs.py).
    their_rules: rules by which they seem to count (cells/macros.sql).
    generation: the published generation this run stands on; default the current one.
    """

    school_year: str | None = None
    compare_year: str | None = None
    compare_administration: str | None = None
    network: str | None = None
    neighborhood: str | None = None
    school: str | None = None
    schools: tuple[str, ...] | None = None
    grade: str | None = None
    grades: tuple[str, ...] | None = None
    dimension: str | None = None
    group_name: str | None = None
    definition: str = "federal"
    as_of: date | None = None
    survey: str | None = None
    respondent_group: str | None = None
    assumed_n: int | None = None
    other_definition: str | None = None
    their_number: int | None = None
    their_date: date | None = None
    their_list: str | None = None
    their_rules: tuple[str, ...] | None = None
    generation: str | None = None
