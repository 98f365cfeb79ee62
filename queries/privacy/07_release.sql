-- What an earlier release of the share view told, in the database `release` beside the one that is
-- asked. Temporary macros, beside what 02_counts.sql counted.

-- One row per school year, month so far and kind of count (all students of a place, the parts that
-- they are broken down into, and what people understood): how many counts, and a digest of them.
CREATE OR REPLACE TEMP MACRO share_digest(counted) AS TABLE
SELECT
    school_year,
    point,
    CASE
        WHEN dimension = 'all' THEN 'all'
        WHEN dimension IN ('cause', 'knowledge') THEN 'understood'
        ELSE 'parts'
    END AS of_what,
    count(*) AS number,
    sum(CAST(hash(
        period, kind, place, dimension, category, students, absent, all_students, days_absent,
        days_enrolled
    ) AS HUGEINT)) AS digest
FROM query_table(counted)
GROUP BY ALL;

-- One row per school year and month so far all of whose counts are those of the release. That it
-- broke down what was its newest month, and now is not, is no matter. of_understood: with what
-- people understood.
CREATE OR REPLACE TEMP MACRO share_unchanged(of_understood) AS TABLE
SELECT here.school_year, here.point
FROM share_digest('share_count') AS here
LEFT JOIN share_digest('release.share_counted') AS there
    USING (school_year, point, of_what, number, digest)
WHERE here.of_what <> 'understood' OR of_understood
GROUP BY ALL
HAVING bool_and(there.point IS NOT NULL);

-- One row per school year, place, dimension and category that the release broke down on the same day,
-- its newest month, and counted the same: of what has no row here or there, nobody.
CREATE OR REPLACE TEMP MACRO share_same_category() AS TABLE
WITH here AS (
    SELECT school_year, kind, place, dimension, category, point, students, absent
    FROM share_count
    WHERE dimension <> 'all'
),
there AS (
    SELECT school_year, kind, place, dimension, category, point, students, absent
    FROM release.share_counted
    WHERE dimension <> 'all'
),
broken_down AS (
    SELECT DISTINCT here.school_year, here.kind, here.place
    FROM here
    JOIN there USING (school_year, kind, place, point, dimension)
    WHERE dimension = 'tier'
),
category AS (
    SELECT dimension, category FROM here
    UNION
    SELECT dimension, category FROM release.share_listed
),
another AS (
    (FROM here EXCEPT FROM there)
    UNION ALL
    (FROM there EXCEPT FROM here)
)
SELECT school_year, kind, place, dimension, category
FROM broken_down
CROSS JOIN category
ANTI JOIN another USING (school_year, kind, place, dimension, category);

-- One row: whether the release stands on the same days.
CREATE OR REPLACE TEMP MACRO share_stands_still() AS TABLE
SELECT NOT EXISTS (
    FROM (
        SELECT school_year, as_of FROM share_release
        UNION ALL
        SELECT school_year, as_of FROM release.share_release
    )
    WHERE as_of IS NOT NULL
    GROUP BY ALL
    HAVING count(*) <> 2
) AS stands_still;

CREATE OR REPLACE TEMP MACRO share_table(called) AS TABLE
SELECT called AS called, count(*) AS number, sum(CAST(hash(*COLUMNS(*)) AS HUGEINT)) AS digest
FROM query_table(called);

-- One row: whether every answer to a survey is the same.
CREATE OR REPLACE TEMP MACRO share_same_answers() AS TABLE
WITH here AS (
    FROM share_table('schools')
    UNION ALL FROM share_table('answer_count')
    UNION ALL FROM share_table('respondent_count')
    UNION ALL FROM share_table('survey_item')
    UNION ALL FROM share_table('scale_answer')
),
there AS (
    FROM share_table('release.schools')
    UNION ALL FROM share_table('release.answer_count')
    UNION ALL FROM share_table('release.respondent_count')
    UNION ALL FROM share_table('release.survey_item')
    UNION ALL FROM share_table('release.scale_answer')
)
SELECT count(*) = 5 AS same
FROM here
JOIN there ON there.called = 'release.' || here.called
WHERE there.number = here.number AND there.digest IS NOT DISTINCT FROM here.digest;
