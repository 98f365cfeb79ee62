-- The reasons that the attendance office recorded for days missed: codes, not causes.
-- One row per recorded reason that enough students had in any year, most students first. Days are
-- not told: of few students they would say too much.
SELECT
    category AS reason,
    CAST(NULL AS BIGINT) AS days,
    CAST(NULL AS BIGINT) AS days_excused,
    CAST(NULL AS BIGINT) AS days_unexcused,
    CAST(NULL AS DOUBLE) AS share,
    students_absent AS students,
    withheld
FROM share_absence
WHERE place = $place AND school_year = $school_year AND dimension = 'reason'
ORDER BY students_absent DESC NULLS LAST, category
