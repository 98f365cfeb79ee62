-- The same item school by school, in the newest year of the survey or the one asked for.
-- One row per survey, respondent group, school and item; favorable is null where fewer answered than
-- may be shown.
WITH pair AS (
    SELECT *
    FROM survey_years($survey, $asked_year, $asked_compare_year, $compare_administration)
    WHERE NOT published
),
counted AS (
    SELECT
        answer_count.survey,
        answer_count.school_year,
        answer_count.school_id,
        answer_count.respondent_group,
        answer_count.item_id,
        coalesce(CAST(sum(answer_count.answers) FILTER (WHERE answer_count.counts) AS BIGINT), 0)
            AS n,
        coalesce(
            CAST(sum(answer_count.answers) FILTER (WHERE answer_count.favorable) AS BIGINT), 0
        ) AS favorable_n
    FROM answer_count
    JOIN pair
        ON pair.survey = answer_count.survey AND pair.second_year = answer_count.school_year
    WHERE answer_count.school_id IN (SELECT unnest($schools))
        AND ($respondent_group IS NULL OR answer_count.respondent_group = $respondent_group)
    GROUP BY ALL
)
SELECT
    counted.survey,
    administration_of(counted.survey) AS administration,
    counted.school_year,
    counted.respondent_group,
    schools.school_id,
    schools.school_name,
    counted.item_id,
    survey_item.item_text,
    survey_item.reverse_scored,
    counted.n,
    CASE WHEN counted.n >= survey_limit.fewest_shown THEN counted.favorable_n / counted.n END
        AS favorable,
    wilson_low(favorable, counted.n) AS favorable_low,
    wilson_high(favorable, counted.n) AS favorable_high,
    CASE
        WHEN respondent_count.respondents <= respondent_count.invited
            THEN respondent_count.respondents / nullif(respondent_count.invited, 0)
    END AS response_rate
FROM counted
JOIN schools USING (school_id)
JOIN survey_item USING (survey, school_year, respondent_group, item_id)
JOIN survey_limit USING (respondent_group)
LEFT JOIN respondent_count USING (survey, school_year, school_id, respondent_group)
ORDER BY
    counted.survey, counted.respondent_group, counted.item_id, schools.school_name
