-- What became of the students of plans, as everybody may know it.
-- One row per network of the chosen schools, change idea and measure tried there: all plans of the
-- network together, whichever of its schools are chosen, so that no two answers can be subtracted.
-- students, comparison_students: to the nearest ten; points: whole. How far schools differ is not
-- told. It stands as when the month was coded.
SELECT
    network,
    idea,
    measure,
    CAST(NULL AS BIGINT) AS plans,
    schools,
    students,
    CAST(NULL AS BIGINT) AS matched,
    before_rate,
    before_rate_at_least,
    before_rate_at_most,
    after_rate,
    after_rate_at_least,
    after_rate_at_most,
    comparison_students,
    comparison_before,
    comparison_before_at_least,
    comparison_before_at_most,
    comparison_after,
    comparison_after_at_least,
    comparison_after_at_most,
    CAST(difference_points AS DOUBLE) AS difference_points,
    CAST(low AS DOUBLE) AS low,
    CAST(high AS DOUBLE) AS high,
    CAST(NULL AS BIGINT) AS plans_compared,
    CAST(NULL AS DOUBLE) AS lowest,
    CAST(NULL AS DOUBLE) AS highest,
    verdict,
    withheld
FROM share_study
WHERE school_year = $school_year
    AND EXISTS (
        SELECT 1
        FROM schools
        WHERE schools.school_id IN (SELECT unnest($schools))
            AND schools.network IS NOT DISTINCT FROM share_study.network
    )
