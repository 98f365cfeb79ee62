-- Answers to each item, as the share view tells them. One row per school (null for all chosen),
-- survey, year, respondent group and item: n to n_high answers that count, favorable a whole percent
-- or between two.
WITH told AS (
    SELECT CAST(NULL AS VARCHAR) AS school_id, * FROM share_survey WHERE place = $place
    UNION ALL
    SELECT place.schools[1], told.*
    FROM share_survey AS told
    JOIN share_place_schools AS place USING (place)
    WHERE len(place.schools) = 1 AND list_has_all($schools, place.schools)
)
SELECT
    * EXCLUDE (place, n_low),
    n_low AS n,
    favorable * n_low AS favorable_n,
    CAST(NULL AS INTEGER) AS nearest
FROM told
