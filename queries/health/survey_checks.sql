-- What is odd about the answers to a survey.
-- One row per survey, year and respondent group that schools of the selection answered.
-- of_ten: respondents who answered ten items or more; straight: those of them who gave one answer to
-- all; straight_share of of_ten. alike: those who gave, and not one answer to all, the very answers
-- that somebody before them at their school gave. schools_without_roster: of so many schools.
-- items_reworded: items in other words, or on another scale, than when they were asked before.
WITH given AS (
    SELECT
        survey_called(survey, administration) AS survey, school_year, respondent_group,
        school_id, respondent_id, item_id, answer
    FROM survey_answers
    WHERE answer IS NOT NULL AND school_id IN (SELECT unnest($schools))
),
respondent AS (
    SELECT
        survey, school_year, respondent_group, school_id, respondent_id,
        count(*) >= 10 AS of_ten,
        count(*) >= 10 AND count(DISTINCT answer) = 1 AS straight,
        list((item_id, answer) ORDER BY item_id) AS answers
    FROM given
    GROUP BY ALL
),
marked AS (
    SELECT
        *,
        of_ten AND NOT straight AND row_number() OVER (
            PARTITION BY survey, school_year, respondent_group, school_id, answers
            ORDER BY respondent_id
        ) > 1 AS alike
    FROM respondent
),
answered AS (
    SELECT
        survey, school_year, respondent_group,
        count(*) AS respondents,
        count(*) FILTER (of_ten) AS of_ten,
        count(*) FILTER (straight) AS straight,
        count(*) FILTER (alike) AS alike
    FROM marked
    GROUP BY ALL
),
roster AS (
    SELECT
        survey, school_year, respondent_group,
        count(*) AS schools,
        count(*) FILTER (invited IS NULL) AS schools_without_roster
    FROM respondent_count
    WHERE respondents > 0 AND school_id IN (SELECT unnest($schools))
    GROUP BY ALL
),
wording AS (
    SELECT
        survey, school_year, respondent_group,
        count(*) FILTER (changed IN ('other wording', 'another scale')) AS items_reworded
    FROM survey_item
    WHERE earlier_year IS NOT NULL
    GROUP BY ALL
)
SELECT
    answered.survey,
    answered.school_year,
    answered.respondent_group,
    answered.respondents,
    answered.of_ten,
    answered.straight,
    answered.straight / nullif(answered.of_ten, 0) AS straight_share,
    answered.alike,
    coalesce(roster.schools, 0) AS schools,
    coalesce(roster.schools_without_roster, 0) AS schools_without_roster,
    coalesce(wording.items_reworded, 0) AS items_reworded
FROM answered
LEFT JOIN roster USING (survey, school_year, respondent_group)
LEFT JOIN wording USING (survey, school_year, respondent_group)
ORDER BY answered.school_year DESC, answered.survey, answered.respondent_group
