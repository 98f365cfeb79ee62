-- Answers to each item, of all chosen schools and of each. One row per school (null for all),
-- survey, year, respondent group and item. n: answers that count; favorable: the share of those,
-- null where fewer than may be shown, and here between equal ends. n_high: n.
WITH counted AS (
    SELECT
        school_id,
        survey,
        school_year,
        respondent_group,
        item_id,
        coalesce(CAST(sum(answers) FILTER (WHERE counts) AS BIGINT), 0) AS n,
        coalesce(CAST(sum(answers) FILTER (WHERE favorable) AS BIGINT), 0) AS favorable_n
    FROM answer_count
    WHERE list_contains($schools, school_id)
    GROUP BY GROUPING SETS (
        (school_id, survey, school_year, respondent_group, item_id),
        (survey, school_year, respondent_group, item_id)
    )
)
SELECT
    counted.*,
    n AS n_high,
    CASE WHEN n >= survey_limit.fewest_shown THEN favorable_n / n END AS favorable,
    favorable AS favorable_at_least,
    favorable AS favorable_at_most,
    1 AS nearest,
    false AS withheld
FROM counted
JOIN survey_limit USING (respondent_group)
