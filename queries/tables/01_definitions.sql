-- What "chronically absent" means: each definition is a row, and one macro takes such a row.
-- definitions: one row per definition and school year from which on it is another rule (since; blank
-- where it always was this one); a rule is a share of days enrolled or a number of days. Those that
-- ship with Roundtable, then those of the folder, which its file of this name was read into.
CREATE OR REPLACE TABLE definitions AS
SELECT *
FROM read_csv(
    getvariable('tables_folder') || '/definitions.csv',
    header = true, auto_detect = false, delim = ',', quote = '"',
    columns = {
        'name': 'VARCHAR', 'label': 'VARCHAR',
        'share_numerator': 'BIGINT', 'share_denominator': 'BIGINT', 'days': 'BIGINT',
        'inclusive': 'BOOLEAN', 'minimum_days': 'BIGINT', 'day_rule': 'VARCHAR',
        'minimum_days_present': 'BIGINT', 'sentence': 'VARCHAR', 'source': 'VARCHAR', 'date': 'DATE',
        'since': 'VARCHAR'
    }
)
UNION ALL BY NAME
SELECT
    * REPLACE (
        coalesce(minimum_days, 0) AS minimum_days,
        coalesce(day_rule, 'half_day') AS day_rule,
        coalesce(minimum_days_present, 0) AS minimum_days_present
    )
FROM definitions;

-- early_signs: one row per sign of the first month, before a share of days means much: days missed in
-- the first within_days days of the calendar. at_least, at_most and more_than are in days; null where
-- that end is open.
CREATE TABLE early_signs AS
SELECT *
FROM read_csv(
    getvariable('tables_folder') || '/early_signs.csv',
    header = true, auto_detect = false, delim = ',', quote = '"',
    columns = {
        'name': 'VARCHAR', 'label': 'VARCHAR', 'at_least': 'BIGINT', 'at_most': 'BIGINT',
        'more_than': 'BIGINT', 'within_days': 'BIGINT', 'sentence': 'VARCHAR', 'source': 'VARCHAR',
        'date': 'DATE'
    }
);

-- Missed time is a whole number of parts, `parts_per_day` to the day, so that every comparison
-- below is between whole numbers and nothing is lost to rounding.

-- True, false, or null when the student is not evaluated. Federal rule: EDFacts FS195.
-- 0 of 0 is never evaluated, also where a definition has no minimum.
CREATE MACRO is_chronically_absent(definition, missed, parts_per_day, days_enrolled) AS
    CASE
        WHEN days_enrolled < greatest(definition.minimum_days, 1) THEN NULL
        WHEN days_enrolled * parts_per_day - missed
            < definition.minimum_days_present * parts_per_day THEN NULL
        WHEN definition.days IS NOT NULL THEN missed >= definition.days * parts_per_day
        WHEN definition.inclusive
            THEN missed * definition.share_denominator
                >= days_enrolled * parts_per_day * definition.share_numerator
        ELSE missed * definition.share_denominator
            > days_enrolled * parts_per_day * definition.share_numerator
    END;

-- Whether a student has one of the early signs: a row of early_signs.
CREATE MACRO has_early_sign(sign, missed, parts_per_day) AS
    (sign.at_least IS NULL OR missed >= sign.at_least * parts_per_day)
    AND (sign.at_most IS NULL OR missed <= sign.at_most * parts_per_day)
    AND (sign.more_than IS NULL OR missed > sign.more_than * parts_per_day);

-- Attendance Works' tiers by share of days missed, whatever the definition of chronic:
-- 9.995% stays at risk. Ask only for students who are evaluated.
CREATE MACRO absence_tier(missed, parts_per_day, days_enrolled) AS
    CASE
        WHEN missed * 20 < days_enrolled * parts_per_day THEN 'satisfactory'
        WHEN missed * 10 < days_enrolled * parts_per_day THEN 'at_risk'
        WHEN missed * 5 < days_enrolled * parts_per_day THEN 'moderate'
        ELSE 'severe'
    END;

-- Whole numbers rounded down and up, also below zero, where DuckDB's // rounds towards zero.
CREATE MACRO floor_divide(numerator, denominator) AS
    numerator // denominator
    - CASE WHEN numerator % denominator < 0 THEN 1 ELSE 0 END;
CREATE MACRO ceiling_divide(numerator, denominator) AS
    -floor_divide(-numerator, denominator);

-- How many more whole days a student may miss and not be chronically absent at the year's end,
-- when `days_in_all` are the days enrolled by then; negative when that is no longer possible,
-- null when so few days are never evaluated.
CREATE MACRO whole_absences_left(definition, missed, parts_per_day, days_in_all) AS
    CASE
        WHEN days_in_all < greatest(definition.minimum_days, 1) THEN NULL
        WHEN definition.days IS NOT NULL
            THEN ceiling_divide(definition.days * parts_per_day - missed, parts_per_day) - 1
        WHEN definition.inclusive
            THEN ceiling_divide(
                days_in_all * parts_per_day * definition.share_numerator
                - missed * definition.share_denominator,
                parts_per_day * definition.share_denominator
            ) - 1
        ELSE floor_divide(
            days_in_all * parts_per_day * definition.share_numerator
            - missed * definition.share_denominator,
            parts_per_day * definition.share_denominator
        )
    END;
