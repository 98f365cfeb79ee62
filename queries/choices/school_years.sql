-- School years with attendance, newest first.
-- One row per school year; under_way while the calendar goes on after the last counted day.
SELECT school_year, first_date, last_date, last_counted_date, last_counted_date < last_date AS under_way
FROM year_dates
ORDER BY school_year DESC
