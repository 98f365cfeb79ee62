-- The day that the share view of a school year stands at, in place of the newest with data.
-- One row; as_of is null where nothing is told yet, before the first month has ended.
SELECT
    share_release.as_of,
    share_release.as_of AS last_counted_date,
    coalesce(share_release.as_of < year_dates.last_date, true) AS under_way
FROM share_release
JOIN year_dates USING (school_year)
WHERE school_year = $school_year
