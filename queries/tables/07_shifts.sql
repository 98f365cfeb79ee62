-- The comparisons with last year that several questions rest on.

-- One row per school, and one for all of them, with school_id null. coverage: share of instructional
-- days on which attendance was taken. comparable is false where it differs by more than 5 points
-- between the years: then a change may only be a change of record keeping. Of totals nobody can tell,
-- and a year of them is compared where both years are whole.
CREATE MACRO coverage_shifts(of_year, against_year, until, of_schools) AS TABLE
WITH coverage AS (
    SELECT
        school_id,
        sum(days_taken) FILTER (WHERE period = 'last') AS first_taken,
        sum(instructional_day) FILTER (WHERE period = 'last') AS first_days,
        sum(days_taken) FILTER (WHERE period = 'this') AS second_taken,
        sum(instructional_day) FILTER (WHERE period = 'this') AS second_days,
        count(cutoff_date) FILTER (WHERE period = 'last') > 0 AS is_known,
        EXISTS (
            FROM school_total WHERE school_total.school_year IN (of_year, against_year)
        ) AS of_totals
    FROM school_points(of_year, against_year, until, of_schools, false)
    GROUP BY GROUPING SETS ((school_id), ())
)
SELECT
    school_id,
    first_taken / nullif(first_days, 0) AS first_coverage,
    second_taken / nullif(second_days, 0) AS second_coverage,
    -- Whole numbers, so that exactly 5 points is not more than 5.
    coalesce(
        CASE WHEN of_totals THEN is_known END,
        first_days > 0
        AND second_days > 0
        AND 20 * abs(second_taken * first_days - first_taken * second_days)
            <= first_days * second_days,
        false
    ) AS comparable
FROM coverage;

-- Whether wording, scale and scoring of an item stayed the same in every year after the first and up
-- to the second, or from one administration of a year to another: for the years of survey_years.
-- One row per survey, kind, respondent group and item. changed: what changed last, null where
-- nothing did.
CREATE MACRO items_alike(of_survey, of_year, against_year, against_administration) AS TABLE
WITH pair AS (
    SELECT * FROM survey_years(of_survey, of_year, against_year, against_administration)
)
SELECT
    pair.survey,
    pair.published,
    item.respondent_group,
    item.item_id,
    bool_or(item.school_year = pair.first_year) AS asked_before,
    max_by(item.changed, item.school_year)
        FILTER (WHERE item.school_year > pair.first_year AND item.changed IS NOT NULL) AS changed
FROM pair
JOIN survey_item AS item
    ON item.survey = pair.survey
    AND item.school_year BETWEEN pair.first_year AND pair.second_year
WHERE pair.first_survey = pair.survey
GROUP BY ALL
UNION ALL
SELECT
    pair.survey,
    pair.published,
    item.respondent_group,
    item.item_id,
    true AS asked_before,
    CASE
        WHEN item.reverse_scored <> earlier.reverse_scored THEN 'scored the other way round'
        WHEN words_alone(item.item_text) <> words_alone(earlier.item_text) THEN 'other wording'
        WHEN item.scale <> earlier.scale THEN 'another scale'
    END AS changed
FROM pair
JOIN survey_item AS item
    ON item.survey = pair.survey AND item.school_year = pair.second_year
JOIN survey_item AS earlier
    ON earlier.survey = pair.first_survey
    AND earlier.school_year = pair.first_year
    AND earlier.respondent_group = item.respondent_group
    AND earlier.item_id = item.item_id
WHERE pair.first_survey <> pair.survey;

-- A shift over schools from the shifts of each: "Schools are the unit: each wanders from year to year
-- for reasons of its own."
-- school_shifts: the name of a table, or of WITH, with one row per item and school that answered in
-- both years: survey, respondent_group, item_id, school_name, first_n, second_n, first_favorable,
-- second_favorable.
-- One row per item. A school weighs n1 n2 / (n1 + n2), the same in both years, so that no shift comes
-- of another mix of schools; first_favorable and second_favorable are weighted so, and the shift is
-- their difference. Of one school, Newcombe's interval; of two, none, for two say nothing of how
-- schools wander; from three on, Student's t on the schools' shifts (variance the sum of
-- w^2 (d - D)^2 / (1 - w)), and never narrower than the answers alone would make it: schools that
-- happen to agree know no more than they asked. Sums go by school, so that every run gives the same
-- to the last bit.
CREATE MACRO shift_over_schools(school_shifts) AS TABLE
WITH school AS (
    SELECT
        *,
        first_n * second_n / (first_n + second_n) AS weight,
        100 * second_favorable - 100 * first_favorable AS moved,
        100 * newcombe_low(first_favorable, first_n, second_favorable, second_n) AS moved_low,
        100 * newcombe_high(first_favorable, first_n, second_favorable, second_n) AS moved_high
    FROM query_table(school_shifts)
),
weighed AS (
    SELECT
        *,
        count(*) OVER item AS schools,
        CASE WHEN schools = 1 THEN 1.0 ELSE weight / sum(weight) OVER item END AS part
    FROM school
    WINDOW item AS (
        PARTITION BY survey, respondent_group, item_id ORDER BY school_name
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
),
centred AS (
    SELECT *, sum(part * moved) OVER item AS shift
    FROM weighed
    WINDOW item AS (
        PARTITION BY survey, respondent_group, item_id ORDER BY school_name
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
),
added AS (
    SELECT
        survey,
        respondent_group,
        item_id,
        count(*) AS schools,
        CAST(sum(first_n) AS BIGINT) AS first_n,
        CAST(sum(second_n) AS BIGINT) AS second_n,
        sum(part * first_favorable ORDER BY school_name) AS first_favorable,
        sum(part * second_favorable ORDER BY school_name) AS second_favorable,
        any_value(shift) AS shift_points,
        sqrt(sum(power(part * (moved - moved_low), 2) ORDER BY school_name)) AS below,
        sqrt(sum(power(part * (moved_high - moved), 2) ORDER BY school_name)) AS above,
        students_t(count(*) - 1) * sqrt(
            sum(power(part * (moved - shift), 2) / nullif(1 - part, 0) ORDER BY school_name)
        ) AS around
    FROM centred
    GROUP BY ALL
)
SELECT
    survey,
    respondent_group,
    item_id,
    schools,
    first_n,
    second_n,
    first_favorable,
    second_favorable,
    shift_points,
    -- A share cannot move by more than all of it.
    CASE WHEN schools <> 2 THEN greatest(shift_points - greatest(below, around), -100) END
        AS shift_low,
    CASE WHEN schools <> 2 THEN least(shift_points + greatest(above, around), 100) END AS shift_high
FROM added;

-- How far agreement moved from one year to the next, item by item.
-- One row per survey, respondent group and item asked in the second year (a published table: also
-- school).
-- A shift rests on the schools that answered in both years (schools_compared; schools_new and
-- schools_gone name the others), and so do first_n, second_n, first_favorable and second_favorable:
-- it is their difference. Where there is no shift they are each year's own, which first_all_n and so
-- on are always. No shift is given across a changed wording, scale or scoring, or where no school
-- answered in both years; comparable is false then. why_not_clear says why, or why a shift is not
-- called clear whatever its interval. For a published table without n, assumed_answers stands in
-- for both.
CREATE MACRO culture_shifts(
    of_survey, of_year, against_year, against_administration, of_schools, every_school,
    of_respondents, assumed_answers
) AS TABLE
WITH pair AS (
    SELECT * FROM survey_years(of_survey, of_year, against_year, against_administration)
),
chosen AS (
    SELECT school_id, school_name FROM schools WHERE school_id IN (SELECT unnest(of_schools))
),
-- One row per survey, group, item, school and whether it is the second year.
answered AS (
    SELECT
        asked.survey,
        answer_count.respondent_group,
        answer_count.item_id,
        chosen.school_name,
        asked.is_second,
        CAST(coalesce(sum(answer_count.answers) FILTER (WHERE answer_count.counts), 0) AS BIGINT)
            AS n,
        CAST(coalesce(sum(answer_count.answers) FILTER (WHERE answer_count.favorable), 0) AS BIGINT)
            AS favorable_n
    FROM answer_count
    JOIN chosen USING (school_id)
    JOIN survey_times(of_survey, of_year, against_year, against_administration) AS asked
        ON asked.called = answer_count.survey AND asked.school_year = answer_count.school_year
    WHERE of_respondents IS NULL OR answer_count.respondent_group = of_respondents
    GROUP BY ALL
),
school AS (
    SELECT
        survey,
        respondent_group,
        item_id,
        school_name,
        sum(n) FILTER (WHERE NOT is_second) AS first_n,
        sum(n) FILTER (WHERE is_second) AS second_n,
        sum(favorable_n) FILTER (WHERE NOT is_second) AS first_favorable_n,
        sum(favorable_n) FILTER (WHERE is_second) AS second_favorable_n
    FROM answered
    GROUP BY ALL
),
in_both AS (
    SELECT
        survey,
        respondent_group,
        item_id,
        school_name,
        first_n,
        second_n,
        first_favorable_n / first_n AS first_favorable,
        second_favorable_n / second_n AS second_favorable
    FROM school
    WHERE first_n > 0 AND second_n > 0
),
over_schools AS (
    SELECT * FROM shift_over_schools('in_both')
),
of_answers AS (
    SELECT
        school.survey,
        school.respondent_group,
        school.item_id,
        CAST(sum(school.first_n) AS BIGINT) AS first_n,
        CAST(sum(school.second_n) AS BIGINT) AS second_n,
        sum(school.first_favorable_n) / nullif(sum(school.first_n), 0) AS first_favorable,
        sum(school.second_favorable_n) / nullif(sum(school.second_n), 0) AS second_favorable,
        string_agg(school.school_name, '; ' ORDER BY school.school_name)
            FILTER (WHERE school.second_n > 0 AND coalesce(school.first_n, 0) = 0) AS schools_new,
        string_agg(school.school_name, '; ' ORDER BY school.school_name)
            FILTER (WHERE school.first_n > 0 AND coalesce(school.second_n, 0) = 0) AS schools_gone
    FROM school
    GROUP BY ALL
    HAVING count(school.second_n) > 0
),
of_tables AS (
    SELECT
        survey, school_name, respondent_group, item_id, school_year, respondents AS n,
        coalesce(respondents, assumed_answers) AS n_for_interval,
        percent_favorable / 100 AS favorable
    FROM published_percentage
    -- Every school chosen is no narrowing, and a published school need not be one of ours.
    WHERE every_school OR school_name IN (SELECT school_name FROM chosen)
),
both_years AS (
    SELECT
        all_answers.* EXCLUDE (schools_new, schools_gone),
        CAST(NULL AS VARCHAR) AS school_name,
        pair.first_survey,
        pair.first_year,
        pair.second_year,
        false AS published,
        false AS n_assumed,
        CASE WHEN pair.first_year IS NOT NULL THEN all_answers.schools_new END AS schools_new,
        all_answers.schools_gone,
        compared.schools AS schools_compared,
        least(compared.first_n, compared.second_n) AS fewest,
        compared.first_n AS compared_first_n,
        compared.second_n AS compared_second_n,
        compared.first_favorable AS compared_first_favorable,
        compared.second_favorable AS compared_second_favorable,
        compared.shift_points,
        compared.shift_low,
        compared.shift_high
    FROM of_answers AS all_answers
    JOIN pair ON pair.survey = all_answers.survey AND NOT pair.published
    LEFT JOIN over_schools AS compared
        ON compared.survey = all_answers.survey
        AND compared.respondent_group = all_answers.respondent_group
        AND compared.item_id = all_answers.item_id
    UNION ALL BY NAME
    SELECT
        second.survey,
        second.respondent_group,
        second.item_id,
        first.n AS first_n,
        second.n AS second_n,
        first.favorable AS first_favorable,
        second.favorable AS second_favorable,
        second.school_name,
        pair.first_survey,
        pair.first_year,
        pair.second_year,
        true AS published,
        assumed_answers IS NOT NULL
            AND (second.n IS NULL OR (first.favorable IS NOT NULL AND first.n IS NULL))
            AS n_assumed,
        least(first.n_for_interval, second.n_for_interval) AS fewest,
        first.n AS compared_first_n,
        second.n AS compared_second_n,
        first.favorable AS compared_first_favorable,
        second.favorable AS compared_second_favorable,
        100 * second.favorable - 100 * first.favorable AS shift_points,
        100 * newcombe_low(
            first.favorable, first.n_for_interval, second.favorable, second.n_for_interval
        ) AS shift_low,
        100 * newcombe_high(
            first.favorable, first.n_for_interval, second.favorable, second.n_for_interval
        ) AS shift_high
    FROM pair
    JOIN of_tables AS second
        ON pair.published AND second.survey = pair.survey AND second.school_year = pair.second_year
    LEFT JOIN of_tables AS first
        ON first.survey = pair.first_survey
        AND first.school_name = second.school_name
        AND first.respondent_group = second.respondent_group
        AND first.item_id = second.item_id
        AND first.school_year = pair.first_year
    WHERE of_respondents IS NULL OR second.respondent_group = of_respondents
),
alike AS (
    SELECT * FROM items_alike(of_survey, of_year, against_year, against_administration)
),
judged AS (
    SELECT
        both_years.*,
        CASE
            WHEN both_years.first_year IS NULL THEN nothing_before(against_administration)
            WHEN NOT coalesce(alike.asked_before, false) THEN 'not asked the time before'
            WHEN alike.changed IS NOT NULL THEN alike.changed
            WHEN both_years.first_favorable IS NULL THEN 'no answers the time before'
            WHEN both_years.second_favorable IS NULL THEN 'no answers that count'
            WHEN NOT both_years.published
                AND least(
                    both_years.first_n, both_years.second_n,
                    both_years.compared_first_n, both_years.compared_second_n
                ) < survey_limit.fewest_shown
                THEN 'fewer than ' || survey_limit.fewest_shown || ' answers then or now'
            WHEN both_years.shift_points IS NULL THEN 'no school answered both times'
        END AS why_not_compared
    FROM both_years
    JOIN survey_limit ON survey_limit.respondent_group = both_years.respondent_group
    LEFT JOIN alike
        ON alike.survey = both_years.survey
        AND alike.published = both_years.published
        AND alike.respondent_group = both_years.respondent_group
        AND alike.item_id = both_years.item_id
),
rates AS (
    SELECT * FROM response_rates(of_schools)
),
rated AS (
    SELECT
        judged.*,
        survey_limit AS limits,
        why_not_compared IS NULL AS comparable,
        -- Not where fewer answered than may be shown.
        CASE WHEN judged.published OR judged.first_n >= survey_limit.fewest_shown
            THEN judged.first_favorable END AS first_shown,
        CASE WHEN judged.published OR judged.second_n >= survey_limit.fewest_shown
            THEN judged.second_favorable END AS second_shown,
        CASE WHEN NOT judged.published THEN first_rates.response_rate END AS first_response_rate,
        CASE WHEN NOT judged.published THEN second_rates.response_rate END AS second_response_rate
    FROM judged
    JOIN survey_limit ON survey_limit.respondent_group = judged.respondent_group
    LEFT JOIN rates AS first_rates
        ON first_rates.survey = judged.first_survey
        AND first_rates.school_year = judged.first_year
        AND first_rates.respondent_group = judged.respondent_group
    LEFT JOIN rates AS second_rates
        ON second_rates.survey = judged.survey
        AND second_rates.school_year = judged.second_year
        AND second_rates.respondent_group = judged.respondent_group
),
told AS (
    SELECT
        rated.* REPLACE (
            CASE WHEN comparable THEN compared_first_n ELSE first_n END AS first_n,
            CASE WHEN comparable THEN compared_second_n ELSE second_n END AS second_n,
            CASE WHEN comparable THEN compared_first_favorable ELSE first_shown END
                AS first_favorable,
            CASE WHEN comparable THEN compared_second_favorable ELSE second_shown END
                AS second_favorable,
            CASE WHEN comparable THEN shift_points END AS shift_points,
            CASE WHEN comparable THEN shift_low END AS shift_low,
            CASE WHEN comparable THEN shift_high END AS shift_high
        ),
        first_n AS first_all_n,
        second_n AS second_all_n,
        first_shown AS first_all_favorable,
        second_shown AS second_all_favorable,
        coalesce(
            why_not_compared,
            -- Nine decimals, so that exactly 20 points are not more than 20.
            why_unsure(
                limits,
                fewest,
                schools_compared,
                round(100 * abs(second_response_rate - first_response_rate), 9),
                round(100 * least(first_response_rate, second_response_rate), 9)
            )
        ) AS why_not_clear
    FROM rated
)
SELECT
    told.survey,
    administration_of(told.survey) AS administration,
    told.school_name,
    told.respondent_group,
    told.item_id,
    survey_item.item_text,
    survey_item.about,
    survey_item.topic,
    survey_item.reverse_scored,
    administration_of(told.first_survey) AS first_administration,
    told.first_year,
    told.second_year,
    told.first_n,
    told.second_n,
    told.first_favorable,
    told.second_favorable,
    wilson_low(told.second_favorable, told.second_n) AS second_favorable_low,
    wilson_high(told.second_favorable, told.second_n) AS second_favorable_high,
    told.shift_points,
    told.shift_low,
    told.shift_high,
    chance_of(told.shift_points, told.shift_low, told.shift_high, told.schools_compared) AS chance,
    CASE
        WHEN told.shift_points IS NULL THEN NULL
        WHEN told.why_not_clear IS NOT NULL THEN false
        ELSE told.shift_low > 0 OR told.shift_high < 0
    END AS clear_of_chance,
    told.comparable,
    told.why_not_clear,
    told.first_response_rate,
    told.second_response_rate,
    told.schools_compared,
    told.schools_new,
    told.schools_gone,
    told.first_all_n,
    told.second_all_n,
    told.first_all_favorable,
    told.second_all_favorable,
    told.published,
    told.n_assumed
FROM told
JOIN survey_item
    ON survey_item.survey = told.survey
    AND survey_item.school_year = told.second_year
    AND survey_item.respondent_group = told.respondent_group
    AND survey_item.item_id = told.item_id;
