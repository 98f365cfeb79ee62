-- Who missed days for which recorded reason, as the share view tells it. One row per reason that
-- enough students had in any year. Days are not told: of few students they would say too much.
SELECT
    category AS reason,
    CAST(NULL AS BIGINT) AS days,
    CAST(NULL AS BIGINT) AS days_excused,
    CAST(NULL AS BIGINT) AS days_unexcused,
    CAST(NULL AS DOUBLE) AS share,
    students_absent AS students,
    nearest,
    withheld
FROM share_absence
WHERE place = $place AND school_year = $school_year AND is_newest AND dimension = 'reason'
