-- Who answered, of those invited, as the share view tells it. One row per school (null for all
-- chosen), survey, year and respondent group. respondents is the fewest of the band told of those who
-- answered an item: more may have answered others.
WITH told AS (
    SELECT CAST(NULL AS VARCHAR) AS school_id, * FROM share_response WHERE place = $place
    UNION ALL
    SELECT place.schools[1], told.*
    FROM share_response AS told
    JOIN share_place_schools AS place USING (place)
    WHERE len(place.schools) = 1 AND list_has_all($schools, place.schools)
)
SELECT
    * EXCLUDE (place, n_low, n_high),
    n_low AS respondents,
    CAST(NULL AS BIGINT) AS respondents_high,
    CAST(NULL AS BIGINT) AS invited,
    CAST(NULL AS BIGINT) AS schools_left_out
FROM told
