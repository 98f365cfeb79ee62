-- Which schools lie outside what chance alone would do, beside the other chosen schools of the same
-- level and students of the same need: whether they are economically disadvantaged, as far as that
-- is known. Never a ranking.
-- One row per school with an enrollment in the year, by level and name; each answers for its own days.
-- other_schools: others of its level where somebody is evaluated. by_need: at its level more than one
-- need is known. expected: the rate if the students of each need had missed as those at the other
-- schools; of a need that nobody there has, as all of theirs. low, high: how far from it chance alone
-- takes a school of this size beside so many students, three standard deviations. standing: 'below',
-- 'inside' or 'above' them. All four are null where nobody is evaluated, or at no other school. To
-- nine places, as sums come in no order and differ in the last ones.
WITH counted AS (
    SELECT
        school_id,
        schools.level,
        student_year.economically_disadvantaged AS need,
        count(status.chronically_absent) AS students,
        count(*) FILTER (WHERE status.chronically_absent) AS absent
    FROM student_at_school AS status
    JOIN schools USING (school_id)
    JOIN student_year USING (student_id, school_year)
    WHERE status.period = 'this'
    GROUP BY ALL
),
beside AS (
    SELECT
        *,
        sum(students) OVER of_need - students AS alike,
        sum(absent) OVER of_need - absent AS alike_absent,
        sum(students) OVER of_level - sum(students) OVER of_school AS all_others,
        sum(absent) OVER of_level - sum(absent) OVER of_school AS all_others_absent,
        count(DISTINCT need) FILTER (WHERE students > 0) OVER of_level > 1 AS by_need
    FROM counted
    WINDOW
        of_need AS (PARTITION BY level, need),
        of_level AS (PARTITION BY level),
        of_school AS (PARTITION BY school_id)
),
other AS (
    SELECT
        school_id, level, by_need, students, absent,
        CASE WHEN alike > 0 THEN alike ELSE nullif(all_others, 0) END AS others,
        CASE WHEN alike > 0 THEN alike_absent ELSE all_others_absent END AS others_absent
    FROM beside
),
together AS (
    SELECT *, (absent + others_absent) / (students + others) AS rate FROM other
),
school AS (
    SELECT
        school_id,
        level,
        by_need,
        CAST(sum(students) AS BIGINT) AS students,
        CAST(sum(absent) AS BIGINT) AS students_absent,
        sum(students * others_absent / others) / nullif(sum(students), 0) AS expected,
        3 * sqrt(sum(students * rate * (1 - rate) * (students + others) / others))
            / nullif(sum(students), 0) AS reach
    FROM together
    GROUP BY ALL
),
judged AS (
    SELECT
        *,
        students_absent / nullif(students, 0) AS rate,
        count(*) FILTER (WHERE students > 0) OVER (PARTITION BY level)
            - CAST(students > 0 AS INTEGER) AS other_schools
    FROM school
)
SELECT
    schools.school_name,
    judged.level,
    judged.other_schools,
    judged.by_need,
    judged.students,
    judged.students_absent,
    judged.rate,
    round(expected, 9) AS expected,
    -- Shares; greatest() and least() would take the end of the axis for what is not known.
    round(expected - least(reach, expected), 9) AS low,
    round(expected + least(reach, 1 - expected), 9) AS high,
    CASE
        WHEN rate < expected - reach THEN 'below'
        WHEN rate > expected + reach THEN 'above'
        WHEN rate IS NOT NULL AND expected IS NOT NULL THEN 'inside'
    END AS standing
FROM judged
JOIN schools USING (school_id)
ORDER BY judged.level NULLS LAST, schools.school_name
