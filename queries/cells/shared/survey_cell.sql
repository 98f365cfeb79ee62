-- Answers to each item, as the share view tells them. One row per school (null for all chosen),
-- survey, year, respondent group and item: n to n_high answers that count, favorable a whole percent
-- or between two.
SELECT
    * EXCLUDE (place, n_low),
    n_low AS n,
    favorable * n_low AS favorable_n,
    CAST(NULL AS INTEGER) AS nearest
FROM told_of('share_survey', $place, $schools)
