-- The other administrations of each survey in the same school year: what it may be compared with.
-- One row per survey, kind, school year and other administration, the latest first. is_earlier: than
-- the survey itself.
WITH held AS (
    SELECT DISTINCT survey, school_year, false AS published FROM answer_count
    UNION
    SELECT DISTINCT survey, school_year, true AS published FROM published_percentage
),
called AS (
    SELECT * FROM held JOIN survey_administration USING (survey)
)
SELECT
    own.survey,
    own.school_year,
    other.survey AS other_survey,
    other.administration,
    is_earlier(other.administration, own.administration) AS is_earlier
FROM called AS own
JOIN called AS other USING (survey_name, school_year, published)
WHERE other.administration <> own.administration
ORDER BY
    own.survey, own.school_year, order_in_year(other.administration) DESC NULLS LAST,
    other.administration
