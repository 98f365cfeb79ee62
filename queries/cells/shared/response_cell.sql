-- Who answered, of those invited, as the share view tells it. One row per school (null for all
-- chosen), survey, year and respondent group. respondents is the fewest of the band told of those who
-- answered an item: more may have answered others.
SELECT
    * EXCLUDE (place, n_low, n_high),
    n_low AS respondents,
    n_low AS respondents_known,
    CAST(NULL AS BIGINT) AS respondents_high,
    CAST(NULL AS BIGINT) AS invited,
    CAST(NULL AS BIGINT) AS schools_left_out
FROM told_of('share_response', $place, $schools)
