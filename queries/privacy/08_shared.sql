-- What questions for everybody are answered from: a database of its own, `shared`, beside the
-- generation that is being built. One row for one row of the same name there, but where it says less.
-- What is made neither here nor in 09_told.sql they cannot ask for.

-- What there is, how it is counted, and when attendance was taken: no count of people.
CREATE TABLE shared.generation AS FROM generation;
CREATE TABLE shared.definitions AS FROM definitions;
CREATE TABLE shared.early_signs AS FROM early_signs;
CREATE TABLE shared.schools AS FROM schools;
CREATE TABLE shared.partners AS FROM partners;
CREATE TABLE shared.calendar AS FROM calendar;
CREATE TABLE shared.year_dates AS FROM year_dates;
CREATE TABLE shared.row_day AS FROM row_day;
CREATE TABLE shared.school_feed AS FROM school_feed;
CREATE TABLE shared.school_day AS FROM school_day;
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
