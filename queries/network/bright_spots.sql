-- Which schools lie outside what chance alone would do: a p-chart with limits of three standard
-- deviations around the rate of all schools together, by the size of each. Never a ranking.
-- One row per school with an enrollment in the year, by name; each answers for its own days.
-- network_rate: the ratio of sums over the schools, where a student who moved may count twice.
-- standing: 'below', 'inside' or 'above' the limits low and high; null where nobody is evaluated.
WITH school AS (
    SELECT
        school_id,
        count(*) FILTER (WHERE chronically_absent IS NOT NULL) AS students,
        count(*) FILTER (WHERE chronically_absent) AS students_absent
    FROM student_at_school WHERE period = 'this'
    GROUP BY school_id
),
pooled AS (
    SELECT
        *,
        students_absent / nullif(students, 0) AS rate,
        sum(students_absent) OVER () / nullif(sum(students) OVER (), 0) AS network_rate
    FROM school
),
limited AS (
    SELECT
        *,
        3 * sqrt(network_rate * (1 - network_rate) / nullif(students, 0)) AS reach
    FROM pooled
)
SELECT
    schools.school_name,
    limited.students,
    limited.students_absent,
    limited.rate,
    limited.network_rate,
    greatest(0.0, limited.network_rate - limited.reach) AS low,
    least(1.0, limited.network_rate + limited.reach) AS high,
    CASE
        WHEN limited.rate < limited.network_rate - limited.reach THEN 'below'
        WHEN limited.rate > limited.network_rate + limited.reach THEN 'above'
        WHEN limited.rate IS NOT NULL THEN 'inside'
    END AS standing
FROM limited
JOIN schools USING (school_id)
ORDER BY schools.school_name
