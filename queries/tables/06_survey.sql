-- Surveys: what was asked, what was answered, and how sure a difference is.

-- A survey that is asked more than once a year is one of its own each time: "Climate (fall)". Then
-- fall is compared with last fall, and has its own answers, rosters and rates.
CREATE MACRO survey_called(survey, administration) AS
    CASE WHEN administration = '' THEN survey ELSE survey || ' (' || administration || ')' END;

-- survey_given: what people answered, and counts instead of people. One row per survey, year,
-- administration, school, respondent group, item, answer and, where people are told apart,
-- respondent. answers: how many it stands for.
CREATE OR REPLACE TEMP VIEW survey_given AS
SELECT *, 1 AS answers FROM survey_answers
UNION ALL BY NAME
FROM survey_counts;

-- survey_administration: one row per survey as it is called, with its name and administration in
-- the files; administration is null where they name none.
CREATE TABLE survey_administration AS
SELECT DISTINCT
    survey_called(survey, administration) AS survey,
    survey AS survey_name,
    nullif(administration, '') AS administration
FROM (
    SELECT survey, administration FROM survey_items
    UNION
    SELECT survey, administration FROM survey_given
    UNION
    SELECT survey, administration FROM survey_published
)
ORDER BY ALL;

-- When in the year a survey was asked; null where the files do not say.
CREATE MACRO administration_of(called) AS
    (SELECT one.administration FROM survey_administration AS one WHERE one.survey = called);

-- Which of two administrations of one school year was earlier, by their names; else by the alphabet.
CREATE MACRO order_in_year(administration) AS
    list_position(
        ['fall', 'autumn', 'boy', 'winter', 'moy', 'spring', 'eoy', 'summer'], administration
    );
CREATE MACRO is_earlier(one, other) AS coalesce(order_in_year(one) < order_in_year(other), one < other);

-- Whether a survey is the one that was chosen, by its name or as it is called; null chooses all.
CREATE MACRO is_survey(called, chosen) AS
    chosen IS NULL
    OR called = chosen
    OR called IN (SELECT one.survey FROM survey_administration AS one WHERE one.survey_name = chosen);

-- administration_held: one row per survey, year, respondent group and administration with figures.
CREATE TABLE administration_held AS
SELECT survey, school_year, respondent_group, administration FROM survey_given
UNION
SELECT survey, school_year, respondent_group, administration FROM survey_published;

-- A wording without what does not change its sense: case, spaces, full stops and quotation marks.
CREATE MACRO words_alone(wording) AS
    regexp_replace(lower(nfc_normalize(wording)), '[\s\p{Z}."''`´‘’‚“”„«»]', '', 'g');

-- survey_item: one row per survey, year, respondent group and item. comparable: with the year
-- this item was asked before; where the file does not say, when wording and scale are the same. Never
-- where it is scored the other way round: then the same answers would read as a change. changed: why
-- it is not comparable.
CREATE TABLE survey_item AS
WITH asked AS (
    -- A blank administration is each one that has no row of its own.
    SELECT survey_items.* REPLACE (
        survey_called(
            survey_items.survey, coalesce(held.administration, survey_items.administration)
        ) AS survey,
        coalesce(survey_items.reverse_scored, false) AS reverse_scored
    )
    FROM survey_items
    LEFT JOIN administration_held AS held
        ON survey_items.administration = ''
        AND held.survey = survey_items.survey
        AND held.school_year = survey_items.school_year
        AND held.respondent_group = survey_items.respondent_group
        AND (held.survey, held.school_year, held.respondent_group, held.administration,
            survey_items.item_id) NOT IN (
                SELECT (survey, school_year, respondent_group, administration, item_id)
                FROM survey_items AS own
                WHERE own.administration <> ''
            )
)
SELECT
    survey,
    school_year,
    respondent_group,
    item_id,
    item_text,
    scale,
    about,
    topic,
    reverse_scored,
    lag(school_year) OVER years AS earlier_year,
    CASE
        WHEN reverse_scored <> lag(reverse_scored) OVER years THEN 'scored the other way round'
        WHEN comparable THEN NULL
        WHEN words_alone(item_text) <> words_alone(lag(item_text) OVER years) THEN 'other wording'
        WHEN scale <> lag(scale) OVER years THEN 'another scale'
        WHEN NOT comparable THEN 'not comparable, says survey_items'
    END AS changed,
    changed IS NULL AND (earlier_year IS NOT NULL OR coalesce(comparable, false)) AS comparable
FROM asked
WINDOW years AS (PARTITION BY survey, respondent_group, item_id ORDER BY school_year)
ORDER BY survey, school_year, respondent_group, item_id;

-- answer_label: one row per scale and answer of the file, with the answer that it is told as. Two
-- languages of one scale name the same position: the first label in the file stands for both.
CREATE TABLE answer_label AS
SELECT
    scale,
    answer AS given,
    CASE
        WHEN position IS NULL THEN answer
        ELSE first_value(answer) OVER (
            PARTITION BY scale, counts, favorable, position ORDER BY rowid
        )
    END AS answer
FROM survey_scales;

-- scale_answer: one row per scale and answer that is told. favorable_mirrored: for a reverse-scored
-- item, the mark of the answer that stands as far from the other end; neutral stays neutral.
CREATE TABLE scale_answer AS
WITH marked AS (
    SELECT survey_scales.* REPLACE (coalesce(counts, true) AS counts)
    FROM survey_scales
    SEMI JOIN answer_label USING (scale, answer)
),
ranked AS (
    SELECT
        *,
        dense_rank() OVER (PARTITION BY scale, counts ORDER BY position) AS from_low,
        dense_rank() OVER (PARTITION BY scale, counts ORDER BY position DESC) AS from_high
    FROM marked
)
SELECT
    one.scale,
    one.answer,
    one.position,
    one.counts,
    one.favorable,
    coalesce(
        one.counts AND bool_or(mirror.favorable) FILTER (WHERE mirror.counts = one.counts), false
    ) AS favorable_mirrored
FROM ranked AS one
LEFT JOIN ranked AS mirror
    ON mirror.scale = one.scale AND mirror.from_low = one.from_high
GROUP BY one.scale, one.answer, one.position, one.counts, one.favorable
ORDER BY one.scale, one.position;

-- answer_count: one row per survey, year, school, respondent group, item and answer of its scale
-- that somebody gave. favorable: after the mirror.
CREATE TABLE answer_count AS
WITH given AS (
    SELECT * REPLACE (survey_called(survey, administration) AS survey)
    FROM survey_given
    WHERE answers > 0
)
SELECT
    given.survey,
    given.school_year,
    given.school_id,
    given.respondent_group,
    given.item_id,
    scale_answer.answer,
    scale_answer.position,
    scale_answer.counts,
    CASE
        WHEN survey_item.reverse_scored THEN scale_answer.favorable_mirrored
        ELSE scale_answer.favorable
    END AND scale_answer.counts AS favorable,
    CAST(sum(given.answers) AS BIGINT) AS answers
FROM given
JOIN survey_item USING (survey, school_year, respondent_group, item_id)
JOIN answer_label
    ON answer_label.scale = survey_item.scale AND answer_label.given = given.answer
JOIN scale_answer
    ON scale_answer.scale = survey_item.scale AND scale_answer.answer = answer_label.answer
GROUP BY ALL
ORDER BY ALL;

-- respondent_count: one row per survey, year, school and respondent group that answered or was
-- invited. invited is null where there is no roster, respondents where answers came as counts, which
-- do not say whose they are: then the response rate is unknown. A group of the roster that was asked
-- no item and never answered is another one under a wrong name.
CREATE TABLE respondent_count AS
WITH answered AS (
    SELECT
        survey_called(survey, administration) AS survey, school_year, school_id, respondent_group,
        CASE WHEN count(*) = count(respondent_id) THEN count(DISTINCT respondent_id) END
            AS respondents
    FROM survey_given
    WHERE answer IS NOT NULL AND answers > 0
    GROUP BY ALL
),
-- A roster with a blank administration is that of each one that has none of its own.
roster AS (
    SELECT
        survey_called(
            survey_invited.survey, coalesce(held.administration, survey_invited.administration)
        ) AS survey,
        survey_invited.school_year,
        survey_invited.school_id,
        survey_invited.respondent_group,
        survey_invited.invited
    FROM survey_invited
    LEFT JOIN administration_held AS held
        ON survey_invited.administration = ''
        AND held.survey = survey_invited.survey
        AND held.school_year = survey_invited.school_year
        AND held.respondent_group = survey_invited.respondent_group
        AND (held.survey, held.school_year, held.respondent_group, held.administration,
            survey_invited.school_id) NOT IN (
                SELECT (survey, school_year, respondent_group, administration, school_id)
                FROM survey_invited AS own
                WHERE own.administration <> ''
            )
)
SELECT
    survey, school_year, school_id, respondent_group,
    CASE WHEN answered.school_id IS NULL THEN 0 ELSE answered.respondents END AS respondents,
    roster.invited
FROM answered
FULL JOIN (
    SELECT * FROM roster
    WHERE (survey, school_year, respondent_group) IN (
            SELECT (survey, school_year, respondent_group) FROM survey_item
        )
) AS roster USING (survey, school_year, school_id, respondent_group)
ORDER BY ALL;

-- published_percentage: one row per published survey, year, school, respondent group and item.
CREATE TABLE published_percentage AS
SELECT * EXCLUDE (administration) REPLACE (survey_called(survey, administration) AS survey)
FROM survey_published;

-- 95% intervals. Wilson's for one share; Newcombe's hybrid score for a difference of two
-- independent shares (Newcombe 1998, method 10). Null where n is unknown or nobody answered.
CREATE MACRO wilson_low(share, n) AS
    (
        share + 1.959964 * 1.959964 / (2 * nullif(n, 0))
        - 1.959964 * sqrt(
            share * (1 - share) / nullif(n, 0)
            + 1.959964 * 1.959964 / (4 * nullif(n, 0) * nullif(n, 0))
        )
    ) / (1 + 1.959964 * 1.959964 / nullif(n, 0));
CREATE MACRO wilson_high(share, n) AS 1 - wilson_low(1 - share, n);
CREATE MACRO newcombe_low(first_share, first_n, second_share, second_n) AS
    second_share - first_share - sqrt(
        power(second_share - wilson_low(second_share, second_n), 2)
        + power(wilson_high(first_share, first_n) - first_share, 2)
    );
CREATE MACRO newcombe_high(first_share, first_n, second_share, second_n) AS
    second_share - first_share + sqrt(
        power(wilson_high(second_share, second_n) - second_share, 2)
        + power(first_share - wilson_low(first_share, first_n), 2)
    );

-- The 97.5% point of Student's t, of which an interval over schools is made; from the 21st degree of
-- freedom on the expansion of Abramowitz and Stegun (26.7.5), right to six decimals.
CREATE MACRO students_t(degrees) AS coalesce(
    [
        12.706204736175, 4.302652729726, 3.182446305252, 2.776445105184, 2.570581835631,
        2.446911851143, 2.364624251593, 2.306004135205, 2.262157162800, 2.228138851989,
        2.200985160095, 2.178812829671, 2.160368656466, 2.144786687922, 2.131449545564,
        2.119905299225, 2.109815577837, 2.100922040245, 2.093024054413, 2.085963447270
    ][degrees],
    1.959963985 + 2.372271230 / degrees + 2.822498616 / power(degrees, 2)
        + 2.555849680 / power(degrees, 3) + 1.589534053 / power(degrees, 4)
);

-- How likely chance alone makes so large a change, or a larger one, from its 95% interval: how many
-- times the way from the change to the end that lies nearer to zero fits into the change, in standard
-- errors of the normal distribution (schools null, or one) or of Student's t over so many schools.
-- Below 0.05 exactly where the interval leaves zero out. Abramowitz and Stegun 7.1.26, right to six
-- decimals, and 26.7.3 and 26.7.4; beyond 200 degrees of freedom t is as good as it is there.
CREATE MACRO times_over(moved, low, high) AS
    abs(moved) / nullif(CASE WHEN moved > 0 THEN moved - low ELSE high - moved END, 0);
CREATE MACRO beyond_normal(z) AS
    list_sum(
        list_transform(
            [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429],
            lambda factor, place: factor * power(1 + 0.3275911 * z / sqrt(2), -place)
        )
    ) * exp(-z * z / 2);
CREATE MACRO beyond_t(t, degrees) AS
    1 - CASE
        WHEN degrees % 2 = 0 THEN
            sin(atan(t / sqrt(degrees))) / sqrt(pi()) * list_sum(
                list_transform(
                    range(degrees // 2),
                    lambda place: exp(lgamma(place + 0.5) - lgamma(place + 1))
                        * power(cos(atan(t / sqrt(degrees))), 2 * place)
                )
            )
        ELSE
            2 / pi() * (
                atan(t / sqrt(degrees))
                + sin(atan(t / sqrt(degrees))) * sqrt(pi()) / 2 * coalesce(
                    list_sum(
                        list_transform(
                            range((degrees - 1) // 2),
                            lambda place: exp(lgamma(place + 1) - lgamma(place + 1.5))
                                * power(cos(atan(t / sqrt(degrees))), 2 * place + 1)
                        )
                    ),
                    0
                )
            )
    END;
CREATE MACRO chance_of(moved, low, high, schools) AS
    CASE
        WHEN schools > 2 THEN beyond_t(
            students_t(least(schools - 1, 200)) * times_over(moved, low, high),
            least(schools - 1, 200)
        )
        ELSE beyond_normal(1.959964 * times_over(moved, low, high))
    END;

-- Which of several comparisons hold although they were picked from so many (Benjamini and Hochberg
-- 1995): of all that are said to hold, at most 5% are expected to be chance's.
-- comparisons: the name of a table, or of WITH, with chance and among, which set a row belongs to;
-- a row without chance is none of the comparisons. The same rows with holds.
CREATE MACRO held_among(comparisons) AS TABLE
WITH counted AS (
    SELECT
        *,
        count(chance) OVER (PARTITION BY among) AS of_all,
        count(chance) OVER (
            PARTITION BY among ORDER BY chance NULLS LAST
            RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS up_to_it
    FROM query_table(comparisons)
)
SELECT
    * EXCLUDE (of_all, up_to_it),
    coalesce(
        chance <= max(chance) FILTER (WHERE chance * of_all <= 0.05 * up_to_it)
            OVER (PARTITION BY among),
        false
    ) AS holds
FROM counted;

-- survey_rules: one row per rule on when a shift may be called clear. respondents: of whom it
-- speaks, as part of the name of the group; blank: of all others.
CREATE TABLE survey_rules AS
SELECT *
FROM read_csv(
    getvariable('tables_folder') || '/survey_rules.csv',
    header = true, auto_detect = false, delim = ',', quote = '"',
    columns = {
        'name': 'VARCHAR', 'respondents': 'VARCHAR', 'value': 'BIGINT', 'sentence': 'VARCHAR',
        'source': 'VARCHAR', 'date': 'DATE'
    }
);

-- survey_limit: one row per respondent group, with the rules that hold for it.
CREATE TABLE survey_limit AS
SELECT
    asked.respondent_group,
    max(value) FILTER (WHERE name = 'fewest_answers') AS fewest_answers,
    max(value) FILTER (WHERE name = 'fewest_shown') AS fewest_shown,
    max(value) FILTER (WHERE name = 'response_apart') AS response_apart,
    coalesce(
        min(value) FILTER (WHERE name = 'response_floor' AND respondents IS NOT NULL),
        min(value) FILTER (WHERE name = 'response_floor')
    ) AS response_floor
FROM (SELECT DISTINCT respondent_group FROM survey_item) AS asked
JOIN survey_rules
    ON respondents IS NULL OR regexp_matches(lower(asked.respondent_group), respondents)
GROUP BY asked.respondent_group;

-- Why a shift is not called clear, whatever its interval; null where nothing speaks against it.
-- limits: a row of survey_limit; answers: the fewer of the two years; apart: percentage points
-- between the two response rates; lowest: the lower of them, in percent; both null where they are
-- not known.
CREATE MACRO why_unsure(limits, answers, schools, apart, lowest) AS
    CASE
        WHEN answers < limits.fewest_answers
            THEN 'fewer than ' || limits.fewest_answers || ' answers then or now'
        WHEN schools = 2 THEN 'only two schools both times, so see each by itself'
        WHEN apart > limits.response_apart
            THEN 'response rates more than ' || limits.response_apart || ' points apart'
        WHEN lowest < limits.response_floor
            THEN 'response rate below ' || limits.response_floor || '%'
    END;

-- One row per survey and kind (answers, or a published table) that has the year asked for, or any
-- year when none is: the newest, and the one before it in the data unless another is asked for.
-- first_survey is the same survey; where an administration is asked for it is that one, earlier in
-- the second year, which is then the first year too.
CREATE MACRO survey_years(of_survey, of_year, against_year, against_administration) AS TABLE
WITH held AS (
    SELECT DISTINCT answer_count.survey, answer_count.school_year, false AS published
    FROM answer_count
    UNION
    SELECT DISTINCT survey, school_year, true AS published FROM published_percentage
),
newest AS (
    SELECT held.survey, held.published, max(held.school_year) AS second_year
    FROM held
    WHERE is_survey(held.survey, of_survey)
        AND (of_year IS NULL OR held.school_year = of_year)
    GROUP BY ALL
),
first AS (
    SELECT newest.survey, newest.published, newest.survey AS first_survey, held.school_year
    FROM newest
    JOIN held
        ON held.survey = newest.survey
        AND held.published = newest.published
        AND held.school_year < newest.second_year
    WHERE against_administration IS NULL
        AND (against_year IS NULL OR held.school_year = against_year)
    UNION ALL
    SELECT newest.survey, newest.published, held.survey AS first_survey, held.school_year
    FROM newest
    JOIN survey_administration AS own ON own.survey = newest.survey
    JOIN survey_administration AS earlier
        ON earlier.survey_name = own.survey_name
        AND is_earlier(earlier.administration, own.administration)
    JOIN held
        ON held.survey = earlier.survey
        AND held.published = newest.published
        AND held.school_year = newest.second_year
    WHERE earlier.administration = against_administration
)
SELECT
    newest.survey,
    newest.published,
    newest.second_year,
    max(first.school_year) AS first_year,
    coalesce(any_value(first.first_survey), newest.survey) AS first_survey
FROM newest
LEFT JOIN first ON first.survey = newest.survey AND first.published = newest.published
GROUP BY newest.survey, newest.published, newest.second_year;

-- The same of answers, a row for each of the two times: called and school_year say when it was asked,
-- survey is the one whose second year it is compared with.
CREATE MACRO survey_times(of_survey, of_year, against_year, against_administration) AS TABLE
SELECT survey, survey AS called, second_year AS school_year, true AS is_second
FROM survey_years(of_survey, of_year, against_year, against_administration)
WHERE NOT published
UNION ALL
SELECT survey, first_survey AS called, first_year AS school_year, false AS is_second
FROM survey_years(of_survey, of_year, against_year, against_administration)
WHERE NOT published AND first_year IS NOT NULL;

-- Why nothing stands before the year that is looked at.
CREATE MACRO nothing_before(against_administration) AS
    coalesce('no ' || against_administration || ' before it in the year', 'no year before it');

-- One row per survey, year and respondent group over the chosen schools. Of a school where more
-- answered than were invited the roster is wrong: the rate, with its respondents and invited, is that
-- of the others, and schools_left_out says how many it leaves out. It is unknown, and respondents are
-- all, when a school that answered has no roster, or no roster holds. Where a school has counts
-- instead of people, respondents are unknown too.
CREATE MACRO response_rates(of_schools) AS TABLE
WITH counted AS (
    SELECT
        survey,
        school_year,
        respondent_group,
        CASE WHEN count(*) = count(respondents) THEN sum(respondents) END AS all_respondents,
        sum(respondents) FILTER (WHERE respondents <= invited) AS respondents,
        sum(invited) FILTER (WHERE respondents <= invited) AS invited,
        count(*) FILTER (WHERE respondents > invited) AS schools_left_out,
        count(*) = count(respondents + invited)
            AND sum(invited) FILTER (WHERE respondents <= invited) > 0 AS known
    FROM respondent_count
    WHERE school_id IN (SELECT unnest(of_schools))
    GROUP BY ALL
)
SELECT
    survey,
    school_year,
    respondent_group,
    CAST(CASE WHEN known THEN respondents ELSE all_respondents END AS BIGINT) AS respondents,
    CASE WHEN known THEN CAST(invited AS BIGINT) END AS invited,
    CASE WHEN known THEN respondents / invited END AS response_rate,
    schools_left_out
FROM counted;

-- One item of each topic that is asked about beside absence: the newest that says the word by which
-- the topic is known, or the first.
-- One row per survey, group of respondents and topic. measure: the topic in plain words, as far as
-- the item says them; place: the order in which topics are told.
CREATE MACRO topic_items(of_survey, of_respondents, until_year) AS TABLE
SELECT
    survey_item.survey,
    survey_item.respondent_group,
    survey_item.item_id,
    survey_item.topic,
    CASE WHEN contains(lower(survey_item.item_text), theme.word) THEN theme.name
        ELSE survey_item.topic
    END AS measure,
    theme.place
FROM survey_item
JOIN (
    VALUES
        ('belonging', 'adult', 'caring adult', 4),
        ('safety', 'safe', 'safety', 5),
        ('trust', 'trust', 'trust', 6),
        ('learning', 'question', 'asking questions', 7)
) AS theme (topic, word, name, place) USING (topic)
WHERE is_survey(survey_item.survey, of_survey)
    AND (of_respondents IS NULL OR survey_item.respondent_group = of_respondents)
    AND (until_year IS NULL OR survey_item.school_year <= until_year)
QUALIFY row_number() OVER (
    PARTITION BY survey_item.survey, survey_item.respondent_group, survey_item.topic
    ORDER BY survey_item.school_year DESC,
        contains(lower(survey_item.item_text), theme.word) DESC, survey_item.item_id
) = 1;
