-- What the share view may be asked about. Temporary tables: exact counts never leave a load.
-- share_place: one row per place and school in it; a place is all schools, a network, a
-- neighborhood or one school (by its id).
CREATE OR REPLACE TEMP TABLE share_place AS
WITH named AS (
    SELECT 1 AS place_order, 'all' AS kind, '' AS place, school_id FROM schools
    UNION ALL
    SELECT 2, 'network', network, school_id FROM schools WHERE network IS NOT NULL
    UNION ALL
    SELECT 3, 'neighborhood', neighborhood, school_id FROM schools WHERE neighborhood IS NOT NULL
    UNION ALL
    SELECT 0, 'school', school_id, school_id FROM schools
),
counted AS (
    SELECT place_order, kind, place, list(school_id ORDER BY school_id) AS schools
    FROM named
    GROUP BY ALL
),
-- Two names of the same schools are one place, lest one tell what the other withholds.
one_each AS (
    SELECT * FROM counted QUALIFY row_number() OVER (PARTITION BY schools ORDER BY place_order, place) = 1
)
SELECT kind, place, unnest(schools) AS school_id FROM one_each;

-- share_consists: one row per place of several schools and place that it is made up of, `by` its
-- schools; and all schools also by networks and by neighborhoods, with the schools that are in none.
CREATE OR REPLACE TEMP TABLE share_consists AS
WITH named AS (
    SELECT DISTINCT kind FROM share_place WHERE kind IN ('network', 'neighborhood')
)
SELECT DISTINCT whole.kind, whole.place, 'school' AS by, part.kind AS part_kind,
    part.place AS part_place
FROM share_place AS whole
JOIN share_place AS part USING (school_id)
WHERE whole.kind <> 'school' AND part.kind = 'school'
UNION ALL
SELECT DISTINCT 'all', '', named.kind, part.kind, part.place
FROM named
JOIN share_place AS part
    ON part.kind = named.kind
    OR (part.kind = 'school' AND part.school_id NOT IN (
        SELECT school_id FROM share_place AS inside WHERE inside.kind = named.kind
    ));

-- share_point: one row per school year, period, month so far and school: how far the year had come.
-- 'this' is the year itself up to each month's last instructional day, as far as the share view goes;
-- 'last' the year before up to the same instructional day of the same school (as in the macro
-- school_points). Of a year of totals there is one point, and of two years of which one at least came
-- as totals 'last' is the whole year, where both are whole.
CREATE OR REPLACE TEMP TABLE share_point AS
WITH year AS (
    SELECT
        school_year,
        as_of,
        (
            SELECT max(earlier.school_year)
            FROM (
                SELECT school_year FROM school_day
                UNION
                SELECT school_year FROM total_year
            ) AS earlier
            WHERE earlier.school_year < share_release.school_year
        ) AS compare_year
    FROM share_release
),
month AS (
    SELECT year.school_year, year.compare_year, max(school_day.date) AS point
    FROM year
    JOIN school_day USING (school_year)
    WHERE school_day.date <= year.as_of
    GROUP BY year.school_year, year.compare_year, date_trunc('month', school_day.date)
    UNION ALL
    SELECT school_year, year.compare_year, year.as_of
    FROM year
    SEMI JOIN total_year USING (school_year)
    WHERE year.as_of IS NOT NULL
),
this_year AS (
    SELECT
        month.school_year,
        'this' AS period,
        month.point,
        month.school_year AS data_year,
        month.compare_year,
        schools.school_id,
        month.point AS until_date,
        coalesce(max(school_day.date), max(school_total.last_counted_date)) AS cutoff_date,
        coalesce(max(school_day.instructional_day), 0) AS instructional_day,
        coalesce(max(school_day.days_taken), 0) AS days_taken
    FROM month
    CROSS JOIN schools
    LEFT JOIN school_total
        ON school_total.school_id = schools.school_id
        AND school_total.school_year = month.school_year
    LEFT JOIN school_day
        ON school_day.school_id = schools.school_id
        AND school_day.school_year = month.school_year
        AND school_day.date <= month.point
        AND NOT school_day.silent
    GROUP BY ALL
),
year_pair AS (
    SELECT
        this.school_year, this.school_id, this.last_date AS this_date,
        last.* EXCLUDE (school_id, school_year), last.school_year AS compare_year
    FROM school_year_end AS this
    JOIN school_year_end AS last USING (school_id)
    WHERE this.is_of_totals OR last.is_of_totals
),
last_year AS (
    SELECT
        this_year.school_year,
        'last' AS period,
        this_year.point,
        this_year.compare_year AS data_year,
        this_year.compare_year,
        this_year.school_id,
        coalesce(max(school_day.date), max(year_pair.last_date)) AS until_date,
        coalesce(max(school_day.date), max(year_pair.last_date)) AS cutoff_date,
        coalesce(max(school_day.instructional_day), max(year_pair.instructional_day), 0)
            AS instructional_day,
        coalesce(max(school_day.days_taken), max(year_pair.days_taken), 0) AS days_taken
    FROM this_year
    LEFT JOIN school_day
        ON school_day.school_id = this_year.school_id
        AND school_day.school_year = this_year.compare_year
        AND school_day.instructional_day <= this_year.instructional_day
    LEFT JOIN year_pair
        ON year_pair.school_id = this_year.school_id
        AND year_pair.school_year = this_year.school_year
        AND year_pair.compare_year = this_year.compare_year
        AND year_pair.this_date <= this_year.cutoff_date
    WHERE this_year.compare_year IS NOT NULL
    GROUP BY ALL
),
either AS (
    SELECT * FROM this_year
    UNION ALL
    SELECT * FROM last_year
)
SELECT
    * EXCLUDE (compare_year),
    point = max(point) OVER (PARTITION BY school_year) AS is_newest
FROM either;

-- share_told_as: one row per school year, period and place at which anybody can be counted, and the
-- place whose count it is: before a school joined a network, and after it left, the network is the
-- schools that it has then. Of such places the first is counted, and told of the others too.
CREATE OR REPLACE TEMP TABLE share_told_as AS
WITH present AS (
    SELECT DISTINCT at_point.school_year, at_point.period, at_point.school_id
    FROM share_point AS at_point
    SEMI JOIN entry
        ON entry.school_id = at_point.school_id AND entry.school_year = at_point.data_year
    WHERE at_point.cutoff_date IS NOT NULL
),
place AS (
    SELECT present.school_year, present.period, share_place.kind, share_place.place,
        list(school_id ORDER BY school_id) AS schools
    FROM present
    JOIN share_place USING (school_id)
    GROUP BY ALL
)
SELECT school_year, period, kind, place,
    first(kind) OVER counted AS counted_kind, first(place) OVER counted AS counted_place
FROM place
WINDOW counted AS (
    PARTITION BY school_year, period, schools
    ORDER BY list_position(['school', 'all', 'network', 'neighborhood'], kind), place
);

-- share_count: one row per school year, period, month so far, place, dimension and category.
-- students: evaluated. absent: of those, chronically absent; in the dimension 'tier' those of the
-- tier, in 'reason' those who missed a day for it. all_students, days_absent and days_enrolled are
-- over all students, also not evaluated. Filled year by year by 02_counts.sql.
CREATE OR REPLACE TEMP TABLE share_count (
    school_year VARCHAR, period VARCHAR, point DATE, kind VARCHAR, place VARCHAR,
    dimension VARCHAR, category VARCHAR,
    students BIGINT, absent BIGINT, all_students BIGINT, days_absent BIGINT, days_enrolled BIGINT
);

-- share_answer: one row per survey, year, respondent group, item, place and answer given.
CREATE OR REPLACE TEMP TABLE share_answer AS
SELECT
    answer_count.survey,
    answer_count.school_year,
    answer_count.respondent_group,
    answer_count.item_id,
    share_place.kind,
    share_place.place,
    answer_count.answer,
    answer_count.counts,
    answer_count.favorable,
    CAST(sum(answer_count.answers) AS BIGINT) AS answers
FROM answer_count
JOIN share_place USING (school_id)
GROUP BY ALL;

-- share_respondent: one row per survey, year, respondent group and place. invited is null where a
-- school that answered has no roster, or more answered than it invited.
CREATE OR REPLACE TEMP TABLE share_respondent AS
SELECT
    respondent_count.survey,
    respondent_count.school_year,
    respondent_count.respondent_group,
    share_place.kind,
    share_place.place,
    CAST(sum(respondent_count.respondents) AS BIGINT) AS respondents,
    CASE WHEN bool_and(coalesce(respondent_count.respondents <= respondent_count.invited, false))
        THEN CAST(sum(respondent_count.invited) AS BIGINT)
    END AS invited
FROM respondent_count
JOIN share_place USING (school_id)
GROUP BY ALL;
