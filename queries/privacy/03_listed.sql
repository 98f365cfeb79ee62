-- share_listed: one row per school year, place, dimension and category that is a cell there.
-- A grade, a group, a reason or a cause is listed at a place where it had the minimum of students in
-- any year. One that is not listed is a cell that is never shown: everybody knows that it is fewer
-- (is_few), unless it is who is not known. A group that anybody is of is a cell of every place, or what
-- is told would say whether there are none or a few; which grades and reasons a school has is no secret.
-- Where two schools, or two other places, list it neither, or one school alone has it and does not,
-- their whole does not list it, for that would say that each has some. What a part lists its whole lists.
-- In the only year that can have the minimum, what is listed has it (is_enough).
-- What none of a place's schools of a year has in any is no cell there: which grades a school has that
-- left, or that has not joined yet, is no secret either.
-- What stands as a release had it (share_stands) is there already, or is no cell: what a later year
-- brings was nobody then, and what it lists first had fewer.
INSERT INTO share_listed
WITH year AS (
    SELECT school_year, kind, place, all_students >= $minimum AS has_enough
    FROM share_count
    WHERE dimension = 'all' AND period = 'this'
    QUALIFY point = max(point) OVER (PARTITION BY school_year)
),
anywhere AS (
    SELECT DISTINCT dimension, category
    FROM share_count
    WHERE dimension NOT IN ('all', 'tier', 'knowledge', 'cause', 'reason', 'grade')
    UNION
    SELECT DISTINCT dimension, 'Unknown'
    FROM share_count
    WHERE dimension IN ('gender', 'race_ethnicity', 'home_language')
    UNION
    SELECT DISTINCT dimension, 'yes' FROM share_count WHERE category = 'no or not known'
),
ever AS (
    SELECT
        kind,
        place,
        dimension,
        category,
        category <> 'Unknown' OR dimension = 'reason' AS is_known,
        max(CASE WHEN dimension IN ('reason', 'cause') THEN absent ELSE students END) AS most
    FROM (
        SELECT kind, place, dimension, category, students, absent
        FROM share_count
        WHERE dimension NOT IN ('all', 'tier', 'knowledge') AND (students > 0 OR absent > 0)
        UNION ALL
        SELECT kind, place, dimension, category, 0, 0
        FROM (SELECT DISTINCT kind, place FROM year) CROSS JOIN anywhere
    )
    GROUP BY ALL
),
of_parts AS (
    SELECT whole.kind, whole.place, whole.dimension, whole.category,
        max(part.most) < $minimum
            AND (count(*) = 2 OR (count(*) = 1 AND whole.most >= $minimum)) AS of_few,
        max(part.most) >= $minimum AS listed_there
    FROM ever AS whole
    JOIN share_consists AS consists USING (kind, place)
    JOIN ever AS part
        ON part.kind = consists.part_kind AND part.place = consists.part_place
        AND part.dimension = whole.dimension AND part.category = whole.category
    WHERE whole.dimension <> 'cause'
    GROUP BY whole.kind, whole.place, whole.dimension, whole.category, whole.most, consists.by
),
of_any AS (
    SELECT kind, place, dimension, category,
        bool_or(of_few) AS is_of_few, bool_or(listed_there) AS is_listed_there
    FROM of_parts
    GROUP BY ALL
),
-- What a place can have in a year: whatever its schools of that year have in any.
had AS (
    SELECT DISTINCT year.school_year, share_place.kind, share_place.place, dimension, category
    FROM share_place
    JOIN year ON year.kind = 'school' AND year.place = share_place.school_id
    JOIN ever ON ever.kind = 'school' AND ever.place = share_place.school_id
    UNION
    SELECT DISTINCT school_year, kind, place, dimension, category FROM share_count
),
-- In how many years a place can have the minimum of a category, for all that was told.
possible AS (
    SELECT ever.kind, ever.place, ever.dimension, ever.category, count(*) AS years
    FROM ever
    JOIN year USING (kind, place)
    SEMI JOIN had USING (school_year, kind, place, dimension, category)
    LEFT JOIN share_stands AS stands
        USING (school_year, kind, place, dimension, category)
    LEFT JOIN share_listed AS was USING (school_year, kind, place, dimension, category)
    WHERE year.has_enough AND (stands.place IS NULL OR NOT was.is_few)
    GROUP BY ALL
),
listed AS (
    SELECT
        year.school_year, kind, place, dimension, category,
        is_known AND NOT is_less AND NOT is_made_of_few AS is_listed,
        -- A cause that is withheld is no row either: that there is none says nothing.
        is_known AND is_less AND NOT is_made_of_few AND dimension <> 'cause' AS is_few,
        is_listed AND most >= $minimum AND year.has_enough AND possible.years = 1
            AND dimension <> 'cause' AS is_enough
    FROM ever
    JOIN year USING (kind, place)
    SEMI JOIN had USING (school_year, kind, place, dimension, category)
    LEFT JOIN possible USING (kind, place, dimension, category)
    LEFT JOIN of_any USING (kind, place, dimension, category)
    CROSS JOIN LATERAL (
        SELECT coalesce(is_of_few, false) AS is_made_of_few,
            most < $minimum AND NOT coalesce(is_listed_there, false) AS is_less
    )
    UNION ALL
    SELECT DISTINCT school_year, kind, place, dimension, category, true AS is_listed,
        false AS is_few, false AS is_enough
    FROM share_count
    WHERE dimension IN ('tier', 'knowledge')
)
SELECT listed.*
FROM listed
ANTI JOIN share_stands
        USING (school_year, kind, place, dimension, category)
ORDER BY ALL;
