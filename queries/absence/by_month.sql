-- The year so far: at each month's end, the share of students who had by then missed enough to be
-- chronically absent, and last year's at the same instructional day of each school.
-- One row per month so far.
SELECT
    this.month_end,
    this.instructional_day,
    this.students,
    this.nearest,
    this.students_absent,
    this.rate,
    this.rate_at_least,
    this.rate_at_most,
    this.attendance_rate,
    this.students_within_3,
    last.students AS last_year_students,
    last.nearest AS last_year_nearest,
    last.students_absent AS last_year_students_absent,
    last.rate AS last_year_rate,
    last.rate_at_least AS last_year_rate_at_least,
    last.rate_at_most AS last_year_rate_at_most,
    last.attendance_rate AS last_year_attendance_rate,
    this.withheld
FROM month_cell AS this
JOIN month_cell AS last ON last.month_end = this.month_end AND last.period = 'last'
WHERE this.period = 'this'
ORDER BY this.month_end
