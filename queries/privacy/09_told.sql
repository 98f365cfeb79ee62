-- What is told of students and answers, in the database `shared`: one row for one row.
CREATE TABLE shared.share_place_schools AS FROM share_place_schools;
CREATE TABLE shared.share_absence AS FROM share_absence;
CREATE TABLE shared.share_survey AS FROM share_survey;
CREATE TABLE shared.share_answers AS FROM share_answers;
CREATE TABLE shared.share_response AS FROM share_response;
CREATE TABLE shared.share_study AS FROM share_study;
