"""What refuses survey files, and what of them is counted once."""

import difflib

from queries.load.exchange import KINDS
from queries.load.loading import Loading
from queries.load.report import shown

# Where answers come from: people, and counts instead of people.
ANSWERS = {"survey_answers", "survey_counts"}
# answer_given: one row per row of both, with its file. answer_asked: one row per file, survey,
# year, administration, group, item and answer, with the scale on which it was asked.
GIVEN = """
CREATE TEMP VIEW answer_given AS
SELECT
    'survey_answers' AS file, rowid AS at_row,
    survey, school_year, administration, respondent_group, item_id, answer
FROM survey_answers
UNION ALL
SELECT
    'survey_counts' AS file, rowid AS at_row,
    survey, school_year, administration, respondent_group, item_id, answer
FROM survey_counts;

CREATE TEMP VIEW answer_asked AS
WITH given AS (
    SELECT DISTINCT file, survey, school_year, administration, respondent_group, item_id, answer
    FROM answer_given
    WHERE answer IS NOT NULL
)
SELECT given.*, survey_items.scale
FROM given
JOIN survey_items USING (survey, school_year, respondent_group, item_id)
WHERE survey_items.administration IN ('', given.administration)
-- An item of this administration goes before one of every administration.
QUALIFY row_number() OVER (PARTITION BY given ORDER BY survey_items.administration DESC) = 1
"""


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
            "if it was asked in fall and in spring, write which in a column administration; "
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
    loading.connection.execute(GIVEN)
    for name in sorted(ANSWERS & loading.sources.keys()):
        _refuse_unclear_administrations(loading, name)
        _refuse_unknown_answers(loading, name)
    if "survey_counts" in loading.sources:
        _refuse_counts(loading)
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


def _refuse_unclear_administrations(loading: Loading, name: str) -> None:
    """Where answers say when in the year they were given all do, and the item was asked then."""
    columns = ("survey", "school_year", "respondent_group")
    given = ("administration",) if "administration" in _columns_of(loading, name) else ()
    [[rows, first, others]] = loading.connection.execute(
        """
        WITH named AS (
            SELECT survey, school_year, respondent_group,
                string_agg(DISTINCT administration, ', ' ORDER BY administration)
                    FILTER (WHERE administration <> '') AS others
            FROM answer_given
            GROUP BY ALL
            HAVING count(DISTINCT administration) > 1
        )
        SELECT count(*), min(one.at_row), arg_min(named.others, one.at_row)
        FROM answer_given AS one
        JOIN named USING (survey, school_year, respondent_group)
        WHERE one.file = $file AND one.administration = ''
        """,
        {"file": name},
    ).fetchall()
    if rows:
        loading.refuse_for(
            name,
            (*columns, *given),
            first,
            f"names no administration, and other answers of them do ({others})",
            "write it in every row of this survey, year and group",
            rows,
        )
    elsewhere = loading.found(
        """
        SELECT one.at_row
        FROM answer_given AS one
        SEMI JOIN survey_items USING (survey, school_year, respondent_group, item_id)
        ANTI JOIN survey_items AS asked
            ON asked.survey = one.survey
            AND asked.school_year = one.school_year
            AND asked.respondent_group = one.respondent_group
            AND asked.item_id = one.item_id
            AND asked.administration IN ('', one.administration)
        WHERE one.file = $file
        """,
        file=name,
    )
    words = (
        "is in survey_items under another administration only",
        "add it to survey_items for this one, or leave its administration blank there if it was "
        "asked alike each time",
    )
    columns = (*columns, "item_id", *given)
    loading.list_rows(loading.sources[name], "refused", elsewhere, columns, words)


def _columns_of(loading: Loading, name: str) -> set[str]:
    return set(loading.sources[name].columns)


def _refuse_unknown_answers(loading: Loading, name: str) -> None:
    unknown = loading.found(
        """
        WITH unknown AS (
            SELECT * FROM answer_asked ANTI JOIN survey_scales USING (scale, answer)
        )
        SELECT at_row
        FROM answer_given
        SEMI JOIN unknown
            USING (file, survey, school_year, administration, respondent_group, item_id, answer)
        WHERE file = $file
        """,
        file=name,
    )
    words = (
        "is not an answer of the item's scale",
        "add the answer to survey_scales or correct it here",
    )
    loading.list_rows(loading.sources[name], "refused", unknown, ("item_id", "answer"), words)


def _refuse_counts(loading: Loading) -> None:
    """A count that nobody can read, and one of answers that stand there by person as well."""
    loading.refuse(
        "survey_counts",
        ("answers",),
        "SELECT rowid AS at_row FROM survey_counts WHERE answers IS NULL",
        *KINDS["count"],
    )
    loading.refuse(
        "survey_counts",
        ("survey", "school_year", "school_id", "respondent_group", "item_id"),
        """
        SELECT survey_counts.rowid AS at_row
        FROM survey_counts
        SEMI JOIN survey_answers USING (
            survey, school_year, administration, school_id, respondent_group, item_id
        )
        """,
        "has answers of people in survey_answers too",
        "keep the people or the counts of this item at this school, not both",
    )
    _refuse_answers_without_a_row(loading)


def _refuse_answers_without_a_row(loading: Loading) -> None:
    """A file of those who agree alone would tell of everybody that they agree."""
    columns = ("survey", "school_year", "respondent_group")
    for *_, scale, answers, first in loading.connection.execute(
        """
        WITH placed AS (
            -- Answers at one position are one answer in two languages.
            SELECT *, coalesce(CAST(position AS VARCHAR), answer) AS place
            FROM survey_scales
            WHERE counts
        ),
        counted AS (SELECT * FROM answer_asked WHERE file = 'survey_counts'),
        missing AS (
            SELECT one.survey, one.school_year, one.administration, one.respondent_group, one.scale,
                string_agg(DISTINCT placed.answer, ', ' ORDER BY placed.answer) AS answers
            FROM counted AS one
            JOIN placed USING (scale)
            ANTI JOIN (SELECT * FROM counted JOIN placed USING (scale, answer)) AS there
                ON there.survey = one.survey
                AND there.school_year = one.school_year
                AND there.administration = one.administration
                AND there.respondent_group = one.respondent_group
                AND there.scale = one.scale
                AND there.place = placed.place
            GROUP BY ALL
        )
        SELECT missing.*, min(survey_counts.rowid) AS first
        FROM missing
        JOIN survey_counts USING (survey, school_year, administration, respondent_group)
        GROUP BY ALL
        ORDER BY first, missing.scale
        """
    ).fetchall():
        problem = f"has no row of {shown(answers)} (scale {shown(scale)})"
        remedy = "add one for each answer, with 0 where nobody gave it"
        loading.refuse_for("survey_counts", columns, first, problem, remedy)


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
            SELECT survey, school_year, administration, school_id, respondent_group,
                count(DISTINCT respondent_id) AS respondents
            FROM survey_answers
            WHERE answer IS NOT NULL
            GROUP BY ALL
            UNION ALL
            -- Of counts it is known that so many answered an item.
            SELECT survey, school_year, administration, school_id, respondent_group,
                sum(answers) AS respondents
            FROM survey_counts
            GROUP BY survey, school_year, administration, school_id, respondent_group, item_id
        ) AS answered USING (survey, school_year, school_id, respondent_group)
        WHERE survey_invited.administration IN ('', answered.administration)
        GROUP BY survey_invited.rowid
        HAVING max(answered.respondents) > max(survey_invited.invited)
        """,
        "is fewer than answered there",
        "this school has no response rate, and that of the network does without it",
    )
    answered = loading.connection.execute(
        """
        SELECT DISTINCT survey, school_year, respondent_group, administration
        FROM answer_given WHERE answer IS NOT NULL
        """
    ).fetchall()
    for *name, rows, first in loading.connection.execute(
        """
        SELECT survey, school_year, respondent_group, administration, count(*), min(rowid)
        FROM survey_invited
        ANTI JOIN (SELECT * FROM answer_given WHERE answer IS NOT NULL) AS answered
            ON answered.survey = survey_invited.survey
            AND answered.school_year = survey_invited.school_year
            AND answered.respondent_group = survey_invited.respondent_group
            AND survey_invited.administration IN ('', answered.administration)
        GROUP BY survey, school_year, respondent_group, administration
        ORDER BY ALL
        """
    ).fetchall():
        columns: tuple[str, ...] = ("survey", "school_year", "respondent_group")
        if "administration" in _columns_of(loading, "survey_invited"):
            columns += ("administration",)
        problem = "names a survey or group that nobody answered under"
        words = (problem, _nearest(tuple(name), answered))
        found = loading.found("SELECT $first AS at_row", first=first)._replace(total=rows)
        source = loading.sources["survey_invited"]
        loading.list_rows(source, "noted", found, columns, words)


def _nearest(name: tuple[str, ...], answered: list[tuple[str, ...]]) -> str:
    """Which name may be meant by the first of survey, year, group and administration that nobody
    answered under."""
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
    SELECT survey, school_year, administration, school_id, respondent_group, respondent_id, item_id
    FROM survey_answers
    GROUP BY ALL
    HAVING count(*) > 1 AND count(DISTINCT answer) > 1
) AS differing
    USING (
        survey, school_year, administration, school_id, respondent_group, respondent_id, item_id
    )
WHERE survey_answers.answer IS NOT NULL
"""


ANSWERED_TWICE = """
SELECT at_row
FROM (
    SELECT
        survey_answers.rowid AS at_row,
        row_number() OVER (
            PARTITION BY
                survey, school_year, administration, school_id, respondent_group, respondent_id,
                item_id
            ORDER BY survey_answers.answer IS NULL, survey_answers.rowid
        ) AS place
    FROM survey_answers
    SEMI JOIN (
        SELECT
            survey, school_year, administration, school_id, respondent_group, respondent_id,
            item_id
        FROM survey_answers GROUP BY ALL HAVING count(*) > 1
    ) AS repeated
        USING (
            survey, school_year, administration, school_id, respondent_group, respondent_id,
            item_id
        )
)
WHERE place > 1
"""
