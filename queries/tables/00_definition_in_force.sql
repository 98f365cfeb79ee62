-- Which rule a definition is in a school year. These macros are of a generation, and of every question
-- as well: one that was made before definitions had years is asked by the same SQL.

-- Each definition as it holds in a school year: of several rows of one name the newest that holds by
-- then; in years before all of them the first. One row per name, with its place in their order.
-- all_definitions: the name of their table. since: the school year from which on the row holds; blank
-- where it always did. counted_anew: the years of a definition from which on it counts otherwise than
-- before; its sentence says so.
CREATE MACRO definitions_in(all_definitions, of_year) AS TABLE
SELECT
    * REPLACE (
        sentence || coalesce(
            ' Counted otherwise before ' || since || ': '
            || lag(sentence) OVER (PARTITION BY name ORDER BY since NULLS FIRST),
            ''
        ) AS sentence
    ),
    min(at_row) OVER (PARTITION BY name) AS place,
    list_sort(list(since) OVER (PARTITION BY name), 'ASC', 'NULLS FIRST')[2:] AS counted_anew
FROM (
    SELECT CAST(NULL AS VARCHAR) AS since WHERE false
    UNION ALL BY NAME
    SELECT row_number() OVER () AS at_row, * FROM query_table(all_definitions)
)
QUALIFY row_number() OVER (
    PARTITION BY name
    ORDER BY CASE WHEN since <= of_year THEN since END DESC NULLS LAST, since NULLS FIRST
) = 1;

-- How many days missed time counts as: a part of the day as it is, or half a day and more as one.
CREATE MACRO days_by_rule(day_rule, missed_parts, parts_per_day, half_missed) AS
    CASE day_rule
        WHEN 'fraction' THEN missed_parts / parts_per_day
        ELSE CAST(half_missed AS INTEGER)
    END;
