-- What questions for everybody are answered from: a database of its own, `shared`, beside the
-- generation that is being built. One row for one row of the same name there, but where it says less.
-- What is made neither here nor in 09_told.sql they cannot ask for.

-- What there is, how it is counted, and when attendance was taken: no count of people.
CREATE TABLE shared.generation AS FROM generation;
CREATE TABLE shared.definitions AS FROM definitions;
CREATE TABLE shared.early_signs AS FROM early_signs;
CREATE TABLE shared.schools AS FROM schools;
CREATE TABLE shared.partners AS FROM partners;
CREATE TABLE shared.calendar AS SELECT * EXCLUDE (nobody_absent) FROM calendar;
CREATE TABLE shared.year_dates AS FROM year_dates;
-- On which days a school sent no row, nobody was absent: so of each its last day that was taken, or,
-- where it has stopped sending, the last row.
CREATE TABLE shared.school_feed AS
SELECT * REPLACE (
    CASE WHEN has_stopped THEN last_row_date END AS last_row_date,
    CASE WHEN has_stopped THEN quiet_days END AS quiet_days
)
FROM school_feed;
CREATE TABLE shared.row_day AS FROM row_day LIMIT 0;
INSERT INTO shared.row_day BY NAME
SELECT school_id, school_year, max(school_day.date) AS date, false AS stray
FROM school_day
JOIN share_release USING (school_year)
WHERE school_day.taken AND school_day.date <= share_release.as_of
GROUP BY ALL;
-- That no row came says that nobody was recorded as absent: for everybody such a day is not taken.
CREATE TABLE shared.school_day AS SELECT * REPLACE (false AS unsent) FROM school_day;
CREATE TABLE shared.school_total AS FROM school_total;
CREATE TABLE shared.school_year_end AS FROM school_year_end;
CREATE TABLE shared.share_release AS FROM share_release;

-- What was asked, and how it is judged.
CREATE TABLE shared.survey_administration AS FROM survey_administration;
CREATE TABLE shared.survey_item AS FROM survey_item;
CREATE TABLE shared.scale_answer AS FROM scale_answer;
CREATE TABLE shared.survey_rules AS FROM survey_rules;
CREATE TABLE shared.survey_limit AS FROM survey_limit;
-- Which survey was answered in which year, and neither an answer nor who gave it: the macros that
-- compare published tables read these two.
CREATE TABLE shared.respondent_count AS FROM respondent_count LIMIT 0;
CREATE TABLE shared.answer_count AS FROM answer_count LIMIT 0;
INSERT INTO shared.answer_count BY NAME SELECT DISTINCT survey, school_year FROM answer_count;

-- What others published.
CREATE TABLE shared.published_percentage AS FROM published_percentage;
CREATE TABLE shared.published_rates AS FROM published_rates;
