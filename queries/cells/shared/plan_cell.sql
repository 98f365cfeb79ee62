-- What is being tried, as everybody may know it: no word that somebody wrote, and no number. An idea,
-- a cause and a partner that people named themselves are there without their name
-- (queries/team/told.py). One row per plan of the school year.
SELECT
    school_id, school_year, idea, cause, measure, begins_on, due_on, partners, decision, ended_on,
    '' AS record,
    CAST(NULL AS INTEGER) AS version,
    '' AS who_for,
    CAST(NULL AS INTEGER) AS from_percent,
    CAST(NULL AS INTEGER) AS to_percent,
    '' AS owner,
    CAST([] AS VARCHAR[]) AS people,
    '' AS learned,
    CAST(NULL AS DATE) AS looked_up_to,
    CAST(NULL AS BIGINT) AS students,
    false AS withheld
FROM team_plan
WHERE school_year = $school_year AND list_contains($schools, school_id)
