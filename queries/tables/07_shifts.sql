-- The comparisons with last year that several questions rest on.

-- One row per school, and one for all of them, with school_id null. coverage: share of instructional
-- days on which attendance was taken. comparable is false where it differs by more than 5 points
-- between the years: then a change may only be a change of record keeping.
CREATE MACRO coverage_shifts(of_year, against_year, until, of_schools) AS TABLE
WITH coverage AS (
    SELECT
        school_id,
        sum(days_taken) FILTER (WHERE period = 'last') AS first_taken,
        sum(instructional_day) FILTER (WHERE period = 'last') AS first_days,
        sum(days_taken) FILTER (WHERE period = 'this') AS second_taken,
        sum(instructional_day) FILTER (WHERE period = 'this') AS second_days
    FROM school_points(of_year, against_year, until, of_schools, false)
    GROUP BY GROUPING SETS ((school_id), ())
)
SELECT
    school_id,
    first_taken / nullif(first_days, 0) AS first_coverage,
    second_taken / nullif(second_days, 0) AS second_coverage,
    -- Whole numbers, so that exactly 5 points is not more than 5.
    coalesce(
        first_days > 0
        AND second_days > 0
        AND 20 * abs(second_taken * first_days - first_taken * second_days)
            <= first_days * second_days,
        false
    ) AS comparable
FROM coverage;

-- Chronic absence now against last year at the same instructional day, for the selection, for
-- each school by itself and for each grade, with the 95% Newcombe interval of the difference.
-- One row per level and place. Where coverage is not comparable, no change is claimed.
CREATE MACRO absence_shifts(
    of_definition, of_year, against_year, until, of_schools, of_grade, of_dimension, of_group
) AS TABLE
WITH status AS (
    SELECT 'selection' AS level, 'All students' AS place, *
    FROM student_status(
        of_definition, of_year, against_year, until, of_schools, of_grade, of_dimension,
        of_group, each_month := false, each_school := false
    )
),
school_status AS (
    SELECT 'school' AS level, schools.school_name AS place, one.*
    FROM student_status(
        of_definition, of_year, against_year, until, of_schools, of_grade, of_dimension,
        of_group, each_month := false, each_school := true
    ) AS one
    JOIN schools USING (school_id)
),
all_status AS (
    SELECT * FROM status
    UNION ALL
    SELECT 'grade' AS level, grade AS place, status.* EXCLUDE (level, place) FROM status
    UNION ALL
    SELECT * FROM school_status
),
counted AS (
    SELECT
        level,
        place,
        max(school_id) AS school_id,
        count(*) FILTER (WHERE period = 'last' AND chronically_absent IS NOT NULL) AS first_students,
        count(*) FILTER (WHERE period = 'last' AND chronically_absent) AS first_students_absent,
        count(*) FILTER (WHERE period = 'this' AND chronically_absent IS NOT NULL)
            AS second_students,
        count(*) FILTER (WHERE period = 'this' AND chronically_absent) AS second_students_absent
    FROM all_status
    GROUP BY level, place
),
rated AS (
    SELECT
        counted.level,
        counted.place,
        counted.first_students,
        counted.second_students,
        counted.first_students_absent,
        counted.second_students_absent,
        counted.first_students_absent / nullif(counted.first_students, 0) AS first_rate,
        counted.second_students_absent / nullif(counted.second_students, 0) AS second_rate,
        coverage.first_coverage,
        coverage.second_coverage,
        coverage.comparable
    FROM counted
    LEFT JOIN coverage_shifts(of_year, against_year, until, of_schools) AS coverage
        ON coverage.school_id IS NOT DISTINCT FROM
            CASE WHEN counted.level = 'school' THEN counted.school_id END
),
measured AS (
    SELECT
        *,
        100 * (second_rate - first_rate) AS change_points,
        100 * newcombe_low(first_rate, first_students, second_rate, second_students) AS change_low,
        100 * newcombe_high(first_rate, first_students, second_rate, second_students) AS change_high
    FROM rated
)
SELECT
    *,
    comparable AND (change_low > 0 OR change_high < 0) AS clear_of_chance
FROM measured;

-- Whether wording, scale and scoring of an item stayed the same in every year after one and up to
-- another.
CREATE MACRO is_asked_alike(of_survey, of_respondents, of_item, after_year, up_to_year) AS
    coalesce((
        SELECT bool_and(step.comparable)
        FROM survey_item AS step
        WHERE step.survey = of_survey
            AND step.respondent_group = of_respondents
            AND step.item_id = of_item
            AND step.school_year > after_year
            AND step.school_year <= up_to_year
    ), false);

-- What changed last in these years; null where nothing did.
CREATE MACRO what_changed(of_survey, of_respondents, of_item, after_year, up_to_year) AS (
    SELECT max_by(step.changed, step.school_year)
    FROM survey_item AS step
    WHERE step.survey = of_survey
        AND step.respondent_group = of_respondents
        AND step.item_id = of_item
        AND step.school_year > after_year
        AND step.school_year <= up_to_year
);

-- How far agreement moved from one year to the next, item by item.
-- One row per survey, respondent group and item asked in the second year (a published table: also
-- school), largest shift first. The interval is Newcombe's at 95%; no shift is given across a
-- changed wording, scale or scoring; why_not_clear says why. For a published table without n, assumed_answers stands in for both.
CREATE MACRO culture_shifts(
    of_survey, of_year, against_year, of_schools, every_school, of_respondents, assumed_answers
) AS TABLE
WITH pair AS (
    SELECT * FROM survey_years(of_survey, of_year, against_year)
),
chosen AS (
    SELECT school_id, school_name FROM schools WHERE school_id IN (SELECT unnest(of_schools))
),
answered AS (
    SELECT
        survey,
        CAST(NULL AS VARCHAR) AS school_name,
        respondent_group,
        item_id,
        school_year,
        false AS published,
        CAST(sum(answers) FILTER (WHERE counts) AS BIGINT) AS n,
        CAST(sum(answers) FILTER (WHERE favorable) AS BIGINT) AS favorable_n
    FROM answer_count
    WHERE school_id IN (SELECT school_id FROM chosen)
    GROUP BY ALL
),
result AS (
    SELECT
        survey, school_name, respondent_group, item_id, school_year, published,
        coalesce(n, 0) AS n,
        coalesce(n, 0) AS n_for_interval,
        coalesce(favorable_n, 0) / nullif(n, 0) AS favorable,
        false AS n_assumed
    FROM answered
    UNION ALL
    SELECT
        survey, school_name, respondent_group, item_id, school_year, true AS published,
        respondents AS n,
        coalesce(respondents, assumed_answers) AS n_for_interval,
        percent_favorable / 100 AS favorable,
        respondents IS NULL AND assumed_answers IS NOT NULL AS n_assumed
    FROM survey_published
    -- Every school chosen is no narrowing, and a published school need not be one of ours.
    WHERE every_school OR school_name IN (SELECT school_name FROM chosen)
),
rates AS (
    SELECT * FROM response_rates(of_schools)
),
both_years AS (
    SELECT
        second.survey,
        second.published,
        second.school_name,
        second.respondent_group,
        second.item_id,
        survey_item.item_text,
        survey_item.about,
        survey_item.topic,
        survey_item.reverse_scored,
        pair.first_year,
        pair.second_year,
        first.n AS first_n,
        second.n AS second_n,
        first.n_for_interval AS first_n_for_interval,
        second.n_for_interval AS second_n_for_interval,
        first.favorable AS first_favorable,
        second.favorable AS second_favorable,
        coalesce(first.n_assumed, false) OR second.n_assumed AS n_assumed,
        EXISTS (
            SELECT 1
            FROM survey_item AS earlier
            WHERE earlier.survey = second.survey
                AND earlier.school_year = pair.first_year
                AND earlier.respondent_group = second.respondent_group
                AND earlier.item_id = second.item_id
        )
            AND is_asked_alike(
                second.survey,
                second.respondent_group,
                second.item_id,
                pair.first_year,
                pair.second_year
            ) AS comparable,
        what_changed(
            second.survey,
            second.respondent_group,
            second.item_id,
            pair.first_year,
            pair.second_year
        ) AS changed
    FROM pair
    JOIN result AS second
        ON second.survey = pair.survey
        AND second.published = pair.published
        AND second.school_year = pair.second_year
    LEFT JOIN result AS first
        ON first.survey = second.survey
        AND first.published = second.published
        AND first.school_name IS NOT DISTINCT FROM second.school_name
        AND first.respondent_group = second.respondent_group
        AND first.item_id = second.item_id
        AND first.school_year = pair.first_year
    JOIN survey_item
        ON survey_item.survey = second.survey
        AND survey_item.school_year = second.school_year
        AND survey_item.respondent_group = second.respondent_group
        AND survey_item.item_id = second.item_id
    WHERE of_respondents IS NULL OR second.respondent_group = of_respondents
),
measured AS (
    SELECT
        both_years.*,
        CASE WHEN comparable THEN 100 * second_favorable - 100 * first_favorable END AS shift_points,
        CASE WHEN comparable THEN 100 * newcombe_low(
            first_favorable, first_n_for_interval, second_favorable, second_n_for_interval
        ) END AS shift_low,
        CASE WHEN comparable THEN 100 * newcombe_high(
            first_favorable, first_n_for_interval, second_favorable, second_n_for_interval
        ) END AS shift_high
    FROM both_years
)
SELECT
    measured.survey,
    measured.school_name,
    measured.respondent_group,
    measured.item_id,
    measured.item_text,
    measured.about,
    measured.topic,
    measured.reverse_scored,
    measured.first_year,
    measured.second_year,
    measured.first_n,
    measured.second_n,
    measured.first_favorable,
    measured.second_favorable,
    measured.shift_points,
    measured.shift_low,
    measured.shift_high,
    measured.shift_low > 0 OR measured.shift_high < 0 AS clear_of_chance,
    measured.comparable,
    CASE
        WHEN NOT measured.comparable THEN coalesce(changed, 'not asked the year before')
        WHEN measured.shift_points IS NULL THEN 'no answers the year before'
    END
        AS why_not_clear,
    CASE WHEN NOT measured.published THEN first_rates.response_rate END AS first_response_rate,
    CASE WHEN NOT measured.published THEN second_rates.response_rate END AS second_response_rate,
    measured.published,
    measured.n_assumed
FROM measured
LEFT JOIN rates AS first_rates
    ON first_rates.survey = measured.survey
    AND first_rates.school_year = measured.first_year
    AND first_rates.respondent_group = measured.respondent_group
LEFT JOIN rates AS second_rates
    ON second_rates.survey = measured.survey
    AND second_rates.school_year = measured.second_year
    AND second_rates.respondent_group = measured.respondent_group;
