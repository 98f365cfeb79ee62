"""What refuses survey files, and what of them is counted once."""

import difflib

from queries.load.loading import Loading


def count_once(loading: Loading) -> None:
    """Somebody who answered an item twice: alike counts once, differently is another question."""
    several = loading.found(SEVERAL_ANSWERS)
    if several.total:
        # One is enough to see what is meant.
        loading.refuse_for(
            "survey_answers",
            ("respondent_id", "item_id", "answer"),
            several.first[0],
            "is one of several answers of one person to one item",
            "if it was asked in fall and in spring, give each a survey name or a year of its own; "
            "if several could be ticked, make each choice an item with yes or no; else keep the "
            "one that holds",
            several.total,
        )
        return
    words = ("is given twice by the same respondent", "it is counted once")
    loading.repair("survey_answers", ("respondent_id", "answer"), ANSWERED_TWICE, *words)
    loading.connection.execute(
        """
        DELETE FROM survey_answers
        WHERE rowid IN (SELECT at_row FROM staging.repaired WHERE file = 'survey_answers')
        """
    )


def check(loading: Loading) -> None:
    """Find everything in the survey files for which the folder is refused."""
    if "survey_scales" in loading.sources:
        _refuse_answers_that_cannot_be_counted(loading)
    if "survey_answers" in loading.sources:
        _refuse_unknown_answers(loading)
    if "survey_published" in loading.sources:
        _refuse_shares(loading)


def _refuse_answers_that_cannot_be_counted(loading: Loading) -> None:
    """An answer that counts is favorable or not, and a scale that is turned round has an order."""
    loading.refuse(
        "survey_scales",
        ("answer", "favorable"),
        "SELECT rowid AS at_row FROM survey_scales WHERE counts AND favorable IS NULL",
        "counts and is neither favorable nor not",
        "write yes or no in favorable, or no in counts",
    )
    loading.refuse(
        "survey_scales",
        ("answer", "position"),
        """
        SELECT rowid AS at_row
        FROM survey_scales
        WHERE counts AND position IS NULL
            AND scale IN (SELECT scale FROM survey_items WHERE reverse_scored)
        """,
        "counts, has no position, and an item that is reversed uses its scale",
        "number the answers of this scale from one end to the other in position",
    )
    loading.refuse(
        "survey_scales",
        ("scale", "position", "answer"),
        """
        SELECT rowid AS at_row
        FROM survey_scales
        SEMI JOIN (
            SELECT scale, position
            FROM survey_scales
            WHERE counts
            GROUP BY scale, position
            HAVING bool_or(favorable) AND NOT bool_and(favorable)
        ) AS differing USING (scale, position)
        WHERE counts
        """,
        "has the position of an answer of this scale that is favorable where it is not, or not "
        "where it is",
        "answers at one position are one answer in two languages; correct favorable or position",
    )


def _refuse_unknown_answers(loading: Loading) -> None:
    loading.refuse(
        "survey_answers",
        ("item_id", "answer"),
        """
        WITH unknown AS (
            SELECT given.*
            FROM (
                SELECT DISTINCT survey, school_year, respondent_group, item_id, answer
                FROM survey_answers
                WHERE answer IS NOT NULL
            ) AS given
            JOIN survey_items USING (survey, school_year, respondent_group, item_id)
            ANTI JOIN survey_scales USING (scale, answer)
        )
        SELECT survey_answers.rowid AS at_row
        FROM survey_answers
        SEMI JOIN unknown USING (survey, school_year, respondent_group, item_id, answer)
        """,
        "is not an answer of the item's scale",
        "add the answer to survey_scales or correct it here",
    )


def _refuse_shares(loading: Loading) -> None:
    """0.62 for 62% would be told as a percentage below one."""
    between = loading.found(
        """
        SELECT rowid AS at_row
        FROM survey_published
        SEMI JOIN (
            SELECT survey, school_year
            FROM survey_published
            GROUP BY ALL
            HAVING max(percent_favorable) <= 1
        ) AS shares USING (survey, school_year)
        WHERE percent_favorable > 0 AND percent_favorable < 1
        """
    )
    if between.total:
        loading.refuse_for(
            "survey_published",
            ("percent_favorable",),
            between.first[0],
            "lies between 0 and 1, as do all percentages of this survey and year",
            "are they shares? Write 0.62 as 62",
            between.total,
        )


def note_invited(loading: Loading) -> None:
    """A roster of a survey or group that nobody answered under that name, and one too short."""
    loading.note(
        "survey_invited",
        ("school_id", "respondent_group", "invited"),
        """
        SELECT survey_invited.rowid AS at_row
        FROM survey_invited
        JOIN (
            SELECT survey, school_year, school_id, respondent_group,
                count(DISTINCT respondent_id) AS respondents
            FROM survey_answers
            WHERE answer IS NOT NULL
            GROUP BY ALL
        ) AS answered USING (survey, school_year, school_id, respondent_group)
        WHERE answered.respondents > survey_invited.invited
        """,
        "is fewer than answered there",
        "this school has no response rate, and is left out of that of the network",
    )
    answered = loading.connection.execute(
        """
        SELECT DISTINCT survey, school_year, respondent_group
        FROM survey_answers WHERE answer IS NOT NULL
        """
    ).fetchall()
    for *name, rows, first in loading.connection.execute(
        """
        SELECT survey, school_year, respondent_group, count(*), min(rowid)
        FROM survey_invited
        ANTI JOIN (SELECT * FROM survey_answers WHERE answer IS NOT NULL) AS answered
            USING (survey, school_year, respondent_group)
        GROUP BY survey, school_year, respondent_group
        ORDER BY ALL
        """
    ).fetchall():
        columns = ("survey", "school_year", "respondent_group")
        problem = "names a survey or group that nobody answered under"
        words = (problem, _nearest(tuple(name), answered))
        found = loading.found("SELECT $first AS at_row", first=first)._replace(total=rows)
        source = loading.sources["survey_invited"]
        loading.list_rows(source, "noted", found, columns, words)


def _nearest(name: tuple[str, ...], answered: list[tuple[str, ...]]) -> str:
    """Which name may be meant by the first of survey, year and group that nobody answered under."""
    for place, part in enumerate(name):
        known = {
            one[place].casefold(): one[place] for one in answered if one[:place] == name[:place]
        }
        if part not in known.values():
            near = difflib.get_close_matches(part.casefold(), known, n=1)
            there = ", ".join(sorted(known.values()))
            return f"is {known[near[0]]} meant?" if near else f"there are answers under {there}"
    return ""


SEVERAL_ANSWERS = """
SELECT survey_answers.rowid AS at_row
FROM survey_answers
SEMI JOIN (
    SELECT survey, school_year, school_id, respondent_group, respondent_id, item_id
    FROM survey_answers
    GROUP BY ALL
    HAVING count(*) > 1 AND count(DISTINCT answer) > 1
) AS differing USING (survey, school_year, school_id, respondent_group, respondent_id, item_id)
WHERE survey_answers.answer IS NOT NULL
"""


ANSWERED_TWICE = """
SELECT at_row
FROM (
    SELECT
        survey_answers.rowid AS at_row,
        row_number() OVER (
            PARTITION BY survey, school_year, school_id, respondent_group, respondent_id, item_id
            ORDER BY survey_answers.answer IS NULL, survey_answers.rowid
        ) AS place
    FROM survey_answers
    SEMI JOIN (
        SELECT survey, school_year, school_id, respondent_group, respondent_id, item_id
        FROM survey_answers GROUP BY ALL HAVING count(*) > 1
    ) AS repeated USING (survey, school_year, school_id, respondent_group, respondent_id, item_id)
)
WHERE place > 1
"""
