-- What each school says to the items of a topic, together: the mean of their shares of favorable
-- answers, each item for the same.
-- One row per survey, respondent group, school and topic of the newest year or the one asked for.
-- items: how many; n to n_high: answers to the item that the fewest answered. favorable is null, and
-- scales over one, where the items do not share a scale; null, too, where one of them is not told
-- of the school or was answered by fewer than may be shown: then the schools' means would be of
-- other items. Where ends are told, its ends are their means, as whole percents that hold them.
WITH pair AS (
    SELECT *
    FROM survey_years($survey, $asked_year, $asked_compare_year, $compare_administration)
    WHERE NOT published
),
asked AS (
    SELECT item.*
    FROM survey_item AS item
    JOIN pair ON pair.survey = item.survey AND pair.second_year = item.school_year
    WHERE item.topic IS NOT NULL
        AND ($respondent_group IS NULL OR item.respondent_group = $respondent_group)
),
topic AS (
    SELECT
        survey, school_year, respondent_group, topic,
        count(*) AS items,
        count(DISTINCT scale) AS scales
    FROM asked
    GROUP BY ALL
),
school AS (
    SELECT
        asked.survey,
        asked.school_year,
        asked.respondent_group,
        cell.school_id,
        asked.topic,
        count(*) AS answered,
        count(cell.favorable) AS told,
        count(coalesce(cell.favorable, cell.favorable_at_most)) AS bounded,
        min(cell.n) AS n,
        min(cell.n_high) AS n_high,
        -- In one order, so that every run gives the same to the last bit.
        avg(cell.favorable ORDER BY asked.item_id) AS favorable,
        avg(coalesce(cell.favorable, cell.favorable_at_least) ORDER BY asked.item_id) AS at_least,
        avg(coalesce(cell.favorable, cell.favorable_at_most) ORDER BY asked.item_id) AS at_most
    FROM asked
    JOIN survey_cell AS cell USING (survey, school_year, respondent_group, item_id)
    WHERE cell.school_id IS NOT NULL
    GROUP BY ALL
)
SELECT
    school.survey,
    administration_of(school.survey) AS administration,
    school.school_year,
    school.respondent_group,
    schools.school_id,
    schools.school_name,
    school.topic,
    topic.items,
    topic.scales,
    school.n,
    school.n_high,
    CASE WHEN topic.scales = 1 AND school.told = topic.items THEN school.favorable END AS favorable,
    CASE WHEN topic.scales = 1 AND school.told < topic.items AND school.bounded = topic.items
        THEN floor(round(100 * school.at_least, 9)) / 100 END AS favorable_at_least,
    CASE WHEN topic.scales = 1 AND school.told < topic.items AND school.bounded = topic.items
        THEN ceil(round(100 * school.at_most, 9)) / 100 END AS favorable_at_most,
    school.bounded < school.answered AS withheld
FROM school
JOIN topic USING (survey, school_year, respondent_group, topic)
JOIN schools USING (school_id)
ORDER BY school.survey, school.respondent_group, schools.school_name, school.topic
