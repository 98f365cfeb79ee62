-- Why students are chronically absent, as people understood it when the month was coded: of those
-- chronically absent, who has each cause ('cause'), and of how many any is known ('knowledge').
-- Of one school year ($school_year), after 02_counts.sql, from the temporary table understood_cause.
-- One row per month so far, place, dimension and category. A generation keeps these counts and not
-- whom they count, so that what people wrote can be forgotten.
INSERT INTO understood_count BY NAME
WITH known AS (
    SELECT DISTINCT student_id FROM understood_cause WHERE school_year = $school_year
),
absent AS (
    SELECT
        share_member.point, share_member.kind, share_member.place, share_member.student_id,
        CASE WHEN known.student_id IS NULL THEN 'not known' ELSE 'known' END AS knowledge
    FROM share_member
    LEFT JOIN known USING (student_id)
    WHERE share_member.chronically_absent
),
whole AS (
    SELECT point, kind, place, students
    FROM share_count
    WHERE school_year = $school_year AND period = 'this' AND dimension = 'all'
        AND point = (SELECT max(point) FROM share_step)
)
SELECT $school_year AS school_year, 'this' AS period, point, kind, place, 'cause' AS dimension,
    understood_cause.cause AS category, count(*) AS absent
FROM absent
JOIN understood_cause USING (student_id)
WHERE understood_cause.school_year = $school_year
GROUP BY ALL
UNION ALL BY NAME
SELECT $school_year AS school_year, 'this' AS period, whole.point, whole.kind, whole.place,
    'knowledge' AS dimension, answer.knowledge AS category, whole.students,
    count(absent.student_id) AS absent
FROM whole
CROSS JOIN (SELECT unnest(['known', 'not known']) AS knowledge) AS answer
LEFT JOIN absent
    ON absent.point = whole.point AND absent.kind = whole.kind AND absent.place = whole.place
    AND absent.knowledge = answer.knowledge
GROUP BY ALL;
