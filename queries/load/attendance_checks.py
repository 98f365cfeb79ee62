"""What refuses attendance files, what of them is counted once or for nothing, what is only odd."""

from queries.load import calendars, codes, shares
from queries.load.exchange import KINDS
from queries.load.loading import Loading
from queries.load.report import Finding, shown
from queries.load.tables import MOST_SET_ASIDE


def check(loading: Loading) -> None:
    """Find everything in the attendance files for which the folder is refused."""
    if "calendar" in loading.sources and "in_session" in loading.sources["calendar"].columns:
        loading.connection.execute("DELETE FROM calendar WHERE NOT in_session")
    calendars.keep(loading)
    if "calendar" in loading.sources:
        _ask_about_days_off(loading)
    if "attendance_codes" in loading.sources:
        loading.refuse(
            "attendance_codes",
            ("counts_as",),
            "SELECT rowid AS at_row FROM attendance_codes WHERE counts_as IS NULL",
            *KINDS["counts_as"],
        )
    codes.keep(loading)
    shares.keep(loading)
    if "attendance" in loading.sources:
        _refuse_codes_without_meaning(loading)
        _ask_where_nobody_is_absent(loading)
        _ask_for_periods(loading)
        _ask_about_lengths(loading)
    if "enrollments" in loading.sources:
        _ask_about_two_persons(loading)
        _ask_about_early_exits(loading)


def _refuse_codes_without_meaning(loading: Loading) -> None:
    loading.refuse(
        "attendance",
        ("missed_minutes", "code"),
        """
        SELECT attendance.rowid AS at_row
        FROM attendance
        JOIN code_of_school USING (code, school_id)
        WHERE code_of_school.counts_as = 'partial'
            AND attendance.missed_minutes IS NULL
            AND attendance.event_duration IS NULL
        """,
        "is partial and has no minutes",
        "write missed_minutes and day_minutes, or give it a code that counts as absent",
    )
    loading.refuse(
        "attendance",
        ("school_id", "code"),
        """
        SELECT attendance.rowid AS at_row
        FROM attendance
        SEMI JOIN attendance_codes USING (code)
        SEMI JOIN schools USING (school_id)
        ANTI JOIN code_of_school USING (code, school_id)
        """,
        "is a code of other schools only",
        "give it a row in attendance_codes for this school, or one without school_id",
    )


def _ask_where_nobody_is_absent(loading: Loading) -> None:
    """Of rows that all mean presence nobody is ever absent; those of absence are somewhere else."""
    [[first, rows, away]] = loading.connection.execute(
        """
        SELECT
            min(attendance.rowid),
            count(*),
            count(*) FILTER (code_of_school.counts_as IN ('absent', 'partial'))
        FROM attendance
        JOIN code_of_school USING (code, school_id)
        """
    ).fetchall()
    if loading.findings.rows_set_aside.get(loading.sources["attendance"].name, 0) > MOST_SET_ASIDE:
        return  # Rows of absence may be among those that nobody can read.
    if rows > MOST_SET_ASIDE and not away:
        known_as = loading.sources["attendance_codes"].name
        problem = f"is no absence, and nor is any other of the {rows:,} rows"
        remedy = (
            "add the rows of who was absent, whole days or parts; a day without a row is a day "
            f"present. If a code does mean absent, correct counts_as in {known_as}"
        )
        loading.refuse_for("attendance", ("code",), first, problem, remedy)
        return
    for first, school, year, rows, expected, places in loading.connection.execute(
        NOBODY_ABSENT, {"most": MOST_SET_ASIDE, "fewest": FEWEST_EXPECTED}
    ).fetchall():
        problem = (
            f"is no absence, and nor is any other of the {rows:,} rows of school {shown(school)} "
            f"in {year}, where by the rate of the others about {expected:,} should be"
        )
        if places > 1:
            problem += f" (and there are {places - 1:,} more schools or years like this)"
        remedy = (
            "add its rows of absence; if a code does mean absent there, say so in attendance_codes "
            "with its school_id"
        )
        loading.refuse_for("attendance", ("code",), first, problem, remedy)


FEWEST_EXPECTED = 7  # absences of a school and year: then that there is none has a chance of 1/1000


# Schools and years with rows, none of which is an absence, where the rate of all others makes that
# unlikely. possible: students times days up to the last row. One row, or none.
NOBODY_ABSENT = """
WITH sent AS (
    SELECT
        attendance.school_id,
        calendar.school_year,
        min(attendance.rowid) AS first,
        max(attendance.date) AS last_row,
        count(*) AS rows,
        count(*) FILTER (code_of_school.counts_as IN ('absent', 'partial')) AS away
    FROM attendance
    JOIN code_of_school USING (code, school_id)
    JOIN calendar USING (school_id, date)
    WHERE calendar.attendance_taken
    GROUP BY attendance.school_id, calendar.school_year
),
stay AS (
    SELECT school_id, school_year, count(DISTINCT student_id) AS students
    FROM enrollments
    GROUP BY school_id, school_year
),
weighed AS (
    SELECT
        sent.*,
        any_value(stay.students) * count(*) FILTER (calendar.date <= sent.last_row) AS possible
    FROM sent
    JOIN stay USING (school_id, school_year)
    JOIN calendar USING (school_id, school_year)
    WHERE calendar.attendance_taken
    GROUP BY ALL
),
expected AS (
    SELECT *, possible * sum(away) OVER () / sum(possible) FILTER (away > 0) OVER () AS expected
    FROM weighed
)
SELECT
    first, school_id, school_year, rows, CAST(floor(expected) AS BIGINT), count(*) OVER () AS places
FROM expected
WHERE away = 0 AND rows > $most AND expected >= $fewest
ORDER BY expected DESC, school_year, school_id
LIMIT 1
"""


def _ask_for_periods(loading: Loading) -> None:
    for first, total, schools, school in loading.connection.execute(PERIODS_UNKNOWN).fetchall():
        [[usual]] = loading.connection.execute(
            "SELECT mode(periods) FROM calendar WHERE school_id = $school", {"school": school}
        ).fetchall()
        known = loading.sources["calendar"].name if "calendar" in loading.sources else "calendar"
        problem = f"is a period, and {known} does not say how many make that day"
        if total > 1:
            problem += f" ({total:,} rows like this, at {schools:,} of the schools)"
        remedy = f"write their number in periods of {known}"
        if usual is not None:
            remedy += f"; on most days of this school it is {usual}"
        loading.refuse_for("attendance", ("school_id", "period"), first, problem, remedy)


def _ask_about_lengths(loading: Loading) -> None:
    """Hours in a column of minutes, or minutes of a class as those of the day, give rates that are
    wrong by all of it, and look like any others."""
    for first, rows in loading.connection.execute(
        SHORT_DAYS, {"most": MOST_SET_ASIDE, "shortest": SHORTEST_DAY}
    ).fetchall():
        problem = f"is no length of a school day ({rows:,} rows have fewer than {SHORTEST_DAY})"
        remedy = (
            "write the minutes of the whole school day, also where a class or an hour was missed; "
            "of days of which nothing but their share is known write event_duration"
        )
        loading.refuse_for("attendance", ("day_minutes",), first, problem, remedy)
    for first, code, rows, of in loading.connection.execute(
        HARDLY_MISSED, {"most": MOST_SET_ASIDE}
    ).fetchall():
        columns = ("missed_minutes", "day_minutes", "event_duration")
        problem = (
            f"is hardly anything of a day, and {shown(code)} counts as absent (so it is in "
            f"{rows:,} of its {of:,} rows with minutes or a share)"
        )
        remedy = (
            "leave them blank for whole days, and write minutes, not hours; a code of who was late "
            "and there counts as present or partial"
        )
        loading.refuse_for("attendance", columns, first, problem, remedy)


SHORTEST_DAY = 120  # minutes: of the shortest school days known, half-day kindergarten, two thirds

# One row, or none: where most lengths of day are no days.
SHORT_DAYS = """
SELECT min(rowid) FILTER (day_minutes < $shortest), count(*) FILTER (day_minutes < $shortest)
FROM attendance
WHERE day_minutes IS NOT NULL
HAVING count(*) FILTER (day_minutes < $shortest) > $most
    AND 2 * count(*) FILTER (day_minutes < $shortest) > count(*)
"""

# Codes that count as absent and mostly say that less than a twentieth of the day was missed.
HARDLY_MISSED = """
WITH said AS (
    SELECT
        attendance.rowid AS at_row,
        attendance.code,
        coalesce(
            20 * attendance.missed_minutes < attendance.day_minutes,
            20 * share_of_day.missed_units < share_of_day.day_units
        ) AS hardly
    FROM attendance
    JOIN code_of_school USING (code, school_id)
    LEFT JOIN share_of_day USING (event_duration)
    WHERE code_of_school.counts_as = 'absent'
        AND (attendance.missed_minutes IS NOT NULL OR attendance.event_duration IS NOT NULL)
)
SELECT min(at_row) FILTER (hardly), code, count(*) FILTER (hardly), count(*)
FROM said
GROUP BY code
HAVING count(*) FILTER (hardly) > $most AND 2 * count(*) FILTER (hardly) > count(*)
ORDER BY count(*) FILTER (hardly) DESC, code
LIMIT 1
"""

# Rows by period of which nobody can tell what share of the day they are. One row, or none.
PERIODS_UNKNOWN = """
SELECT
    min(attendance.rowid),
    count(*),
    count(DISTINCT attendance.school_id),
    arg_min(attendance.school_id, attendance.rowid)
FROM attendance
JOIN code_of_school USING (code, school_id)
JOIN calendar ON calendar.school_id = attendance.school_id AND calendar.date = attendance.date
WHERE attendance.period IS NOT NULL
    AND code_of_school.counts_as = 'absent'
    AND attendance.missed_minutes IS NULL
    AND attendance.event_duration IS NULL
    AND calendar.attendance_taken
    AND calendar.periods IS NULL
HAVING count(*) > 0
"""


def _ask_about_two_persons(loading: Loading) -> None:
    columns = ("student_id", "school_id", "grade")
    for first, school, grade, students in loading.connection.execute(TWO_PERSONS).fetchall():
        problem = f"is in grade {grade} at school {shown(school)} on the same days"
        if students > 1:
            problem += f" ({students:,} students have such stays)"
        remedy = "give two persons an id each; of one person, correct the grade"
        loading.refuse_for("enrollments", columns, first, problem, remedy)


# Stays on the same days whose grades no one person can have both: the first such row, the school
# and grade of the other, and how many students have such stays. One row, or none.
TWO_PERSONS = """
WITH stay AS (
    SELECT
        rowid AS at_row,
        * REPLACE (coalesce(exit_date, DATE '9999-12-31') AS exit_date),
        CASE grade WHEN 'PK' THEN -1 WHEN 'K' THEN 0 ELSE CAST(grade AS INTEGER) END AS level
    FROM enrollments
    WHERE grade IS NOT NULL AND entry_date < coalesce(exit_date, DATE '9999-12-31')
)
SELECT
    min(one.at_row),
    arg_min(other.school_id, one.at_row),
    arg_min(other.grade, one.at_row),
    count(DISTINCT one.student_id)
FROM stay AS one
JOIN stay AS other
    ON other.student_id = one.student_id
    AND other.school_year = one.school_year
    AND other.at_row < one.at_row
    AND other.entry_date < one.exit_date
    AND other.exit_date > one.entry_date
WHERE abs(one.level - other.level) > 2
HAVING count(*) > 0
"""


def _ask_about_days_off(loading: Loading) -> None:
    """Days off are no instructional days. Where calendar does not say which, it may have to."""
    source = loading.sources["calendar"]
    if "in_session" in source.columns:
        return
    for school, year, days, idle, weekends_off, places in loading.connection.execute(
        DAYS_OFF, {"most": MOST_DAYS}
    ).fetchall():
        problem = f"lists {days:,} days of {year} at school {shown(school)}"
        if weekends_off:
            problem += f", {idle:,} of them on weekends and without a row in attendance"
        if places > 1:
            problem += f" (and there are {places - 1:,} more schools or years like this)"
        remedy = "list instructional days only, or add in_session (yes or no) to every day"
        loading.findings.refuse(source.name, None, "date", None, problem, remedy)


MOST_DAYS = 200  # of instruction a year, unless there are rows on more of them


# Where calendar may list days off among the days of instruction: one row per school and year.
# No school is open every weekend and never has a row then; nor on a weekend day here and there
# where three with rows should be expected by what there is from Monday to Friday. Saturdays that
# are real have rows about as often as other days, and a few are believed in any case.
DAYS_OFF = """
WITH listed AS (
    SELECT
        calendar.school_id,
        calendar.school_year,
        calendar.date,
        isodow(calendar.date) >= 6 AS weekend,
        seen.date IS NOT NULL AS seen
    FROM calendar
    LEFT JOIN (SELECT DISTINCT school_id, date FROM attendance) AS seen
        ON seen.school_id = calendar.school_id AND seen.date = calendar.date
    WHERE calendar.attendance_taken
),
so_far AS (
    SELECT *, date <= max(date) FILTER (seen) OVER (PARTITION BY school_id, school_year) AS over
    FROM listed
),
counted AS (
    SELECT
        school_id,
        school_year,
        count(*) AS days,
        count(*) FILTER (seen) AS days_seen,
        count(DISTINCT date_trunc('week', date)) AS weeks,
        count(*) FILTER (weekend) AS all_weekend_days,
        count(*) FILTER (over AND NOT weekend) AS weekdays,
        count(*) FILTER (seen AND NOT weekend) AS weekdays_seen,
        count(*) FILTER (over AND weekend) AS weekend_days,
        count(*) FILTER (seen AND weekend) AS weekend_days_seen
    FROM so_far
    GROUP BY school_id, school_year
),
judged AS (
    SELECT
        *,
        2 * weekend_days_seen * weekdays < weekend_days * weekdays_seen
        AND (
            all_weekend_days >= greatest(weeks - 1, 3)
            OR (weekend_days_seen = 0 AND weekend_days * weekdays_seen >= 3 * weekdays)
        ) AS weekends_off
    FROM counted
)
SELECT
    school_id,
    school_year,
    days,
    all_weekend_days - weekend_days_seen AS idle,
    weekends_off,
    count(*) OVER () AS places
FROM judged
WHERE weekends_off OR (days > $most AND days_seen <= $most)
ORDER BY days DESC, school_year, school_id
LIMIT 1
"""


def _leave_out_outranked(loading: Loading) -> None:
    if "rank" not in loading.sources["attendance_codes"].columns:
        return
    words = ("is outranked by another row for that time", "the other is counted")
    loading.repair("attendance", EVENT, OUTRANKED, *words)
    loading.connection.execute(
        """
        DELETE FROM attendance
        WHERE rowid IN (SELECT at_row FROM staging.repaired WHERE file = 'attendance')
        """
    )


# An order among codes: whose row speaks for a session, a period, or the day and all that is in it.
OUTRANKED = """
WITH ranked AS (
    SELECT
        attendance.rowid AS at_row,
        attendance.student_id,
        attendance.school_id,
        attendance.date,
        attendance.session,
        attendance.period,
        coalesce(code_of_school."rank", 0) AS place
    FROM attendance
    JOIN code_of_school USING (code, school_id)
)
SELECT lower.at_row
FROM ranked AS lower
SEMI JOIN ranked AS higher
    ON higher.student_id = lower.student_id
    AND higher.school_id = lower.school_id
    AND higher.date = lower.date
    AND higher.place > lower.place
    AND (
        (higher.session IS NULL AND higher.period IS NULL)
        OR (
            higher.session IS NOT DISTINCT FROM lower.session
            AND higher.period IS NOT DISTINCT FROM lower.period
        )
    )
"""


def ask_what_several_rows_a_day_are(loading: Loading) -> None:
    """Now and then an event is there twice; in every twentieth row, or every tenth of
    a school, something else is meant."""
    if not {"attendance", "attendance_codes", "calendar"} <= loading.sources.keys():
        return
    loading.connection.execute(STUDENT_EVENTS)
    for school, first, again, rows, schools in loading.connection.execute(
        SEVERAL_A_DAY, {"most": MOST_SET_ASIDE}
    ).fetchall():
        known, calendar = (loading.sources[name].name for name in ("attendance_codes", "calendar"))
        where = f" of school {shown(school)}" if school is not None else ""
        problem = (
            f"has several rows for the day, and {again:,} of {rows:,} rows{where} are such second "
            "ones"
        )
        if school is not None and schools > 1:
            problem += f" (so it is at {schools - 1:,} more schools)"
        remedy = (
            "if they are periods, add period here and how many make a day, as periods, to "
            f"{calendar}; if they are half days, add session; if one corrects the other, say with "
            f"rank in {known} whose counts; otherwise keep one row a day"
        )
        loading.refuse_for("attendance", EVENT, first, problem, remedy)


REPEATED = """
WITH suspected AS (
    SELECT student_id, school_id FROM staging.student_events WHERE may_repeat
),
weighed AS (
    SELECT
        attendance.rowid AS at_row,
        attendance.student_id,
        attendance.school_id,
        attendance.date,
        attendance.session,
        attendance.period,
        least(
            CASE
                WHEN code_of_school.counts_as IN ('present', 'not_recorded') THEN 0
                ELSE coalesce(
                    attendance.missed_minutes / attendance.day_minutes,
                    share_of_day.missed_units / share_of_day.day_units,
                    CASE WHEN attendance.period IS NOT NULL THEN 1 / calendar.periods END,
                    1
                )
            END,
            CASE WHEN attendance.session IS NULL THEN 1 ELSE 0.5 END
        ) AS missed
    FROM attendance
    SEMI JOIN suspected USING (student_id, school_id)
    JOIN code_of_school USING (code, school_id)
    JOIN calendar USING (school_id, date)
    LEFT JOIN share_of_day USING (event_duration)
    WHERE attendance.rowid NOT IN (
        SELECT at_row FROM staging.repaired WHERE file = 'attendance'
    )
)
SELECT at_row
FROM (
    SELECT
        at_row,
        row_number() OVER (
            PARTITION BY student_id, school_id, date, session, period
            ORDER BY missed DESC, at_row
        ) AS place
    FROM weighed
)
WHERE place > 1
"""


# Where repeated events that name neither session nor period are many: the first of them, how many
# there are, and of how many rows. One row, of all schools or of the one with most; or none.
MANY_REPEATED = """
again AS (
    SELECT attendance.school_id, min(rowid) AS first, count(*) AS again
    FROM attendance
    WHERE session IS NULL AND period IS NULL AND rowid IN (SELECT at_row FROM repeated)
    GROUP BY GROUPING SETS ((attendance.school_id), ())
    HAVING count(*) > $most
),
counted AS (
    SELECT school_id, count(*) AS rows
    FROM attendance
    -- Nearly always nothing has to be counted.
    WHERE (SELECT count(*) FROM again) > 0
    GROUP BY GROUPING SETS ((school_id), ())
)
SELECT
    again.school_id, again.first, again.again, counted.rows,
    count(again.school_id) OVER () AS schools
FROM again
JOIN counted ON counted.school_id IS NOT DISTINCT FROM again.school_id
-- By chance one school of many has more than all of them together.
WHERE again.again * CASE WHEN again.school_id IS NULL THEN 20 ELSE 10 END > counted.rows
ORDER BY again.school_id IS NOT NULL, again.again DESC, again.school_id
LIMIT 1
"""

SEVERAL_A_DAY = f"WITH repeated AS ({REPEATED}), {MANY_REPEATED}"


OFF_DAY = """
SELECT attendance.rowid AS at_row
FROM attendance
ANTI JOIN (SELECT school_id, date FROM calendar WHERE attendance_taken) AS taken
    USING (school_id, date)
"""


# Grouping 80 million rows by day, or looking each up among enrollments, takes most of a minute.
# One pass by student, school and year shows who may have two events on one day (fewer bits than
# events) or events outside an enrollment; only the events of those are looked at one by one.
STUDENT_EVENTS = """
CREATE TABLE staging.student_events AS
SELECT
    attendance.student_id,
    attendance.school_id,
    calendar.school_year,
    min(attendance.date) AS first_date,
    max(attendance.date) AS last_date,
    count(*) > bit_count(
        bitstring_agg(CAST((attendance.date - DATE '1900-01-01') % 512 AS INTEGER), 0, 511)
    ) AS may_repeat
FROM attendance
JOIN calendar USING (school_id, date)
WHERE calendar.attendance_taken
GROUP BY
    attendance.student_id, attendance.school_id, calendar.school_year, attendance.session,
    attendance.period
"""


NOT_ENROLLED = """
WITH suspected AS (
    SELECT student_id, school_id, school_year
    FROM staging.student_events
    ANTI JOIN enrollments
        ON enrollments.student_id = student_events.student_id
        AND enrollments.school_id = student_events.school_id
        AND enrollments.school_year = student_events.school_year
        AND enrollments.entry_date <= student_events.first_date
        AND coalesce(enrollments.exit_date, DATE '9999-12-31') > student_events.last_date
),
event AS (
    SELECT
        attendance.rowid AS at_row,
        attendance.student_id,
        attendance.school_id,
        attendance.date,
        calendar.school_year
    FROM attendance
    JOIN calendar USING (school_id, date)
    SEMI JOIN suspected
        ON suspected.student_id = attendance.student_id
        AND suspected.school_id = attendance.school_id
        AND suspected.school_year = calendar.school_year
    WHERE calendar.attendance_taken
)
SELECT event.at_row
FROM event
ANTI JOIN enrollments
    ON enrollments.student_id = event.student_id
    AND enrollments.school_id = event.school_id
    AND enrollments.school_year = event.school_year
    AND enrollments.entry_date <= event.date
    AND coalesce(enrollments.exit_date, DATE '9999-12-31') > event.date
"""


OVERLAPPING = """
WITH several AS (
    SELECT student_id, school_id, school_year
    FROM enrollments GROUP BY ALL HAVING count(*) > 1
),
enrolled AS (
    SELECT
        enrollments.rowid AS at_row,
        enrollments.* REPLACE (coalesce(exit_date, DATE '9999-12-31') AS exit_date)
    FROM enrollments
    SEMI JOIN several USING (student_id, school_id, school_year)
)
SELECT at_row
FROM (
    SELECT
        at_row,
        entry_date < max(exit_date) OVER (
            PARTITION BY student_id, school_id, school_year ORDER BY entry_date, exit_date, at_row
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS again
    FROM enrolled
    WHERE entry_date < exit_date
)
WHERE again
"""


AT_TWO_SCHOOLS = """
WITH enrolled AS (
    SELECT
        enrollments.rowid AS at_row,
        enrollments.* REPLACE (coalesce(exit_date, DATE '9999-12-31') AS exit_date)
    FROM enrollments
    SEMI JOIN (
        SELECT student_id, school_year
        FROM enrollments GROUP BY ALL HAVING min(school_id) < max(school_id)
    ) AS several USING (student_id, school_year)
)
SELECT one.at_row
FROM enrolled AS one
SEMI JOIN enrolled AS other
    ON other.student_id = one.student_id
    AND other.school_year = one.school_year
    AND other.school_id <> one.school_id
    AND other.entry_date < one.exit_date
    AND other.exit_date > one.entry_date
    AND other.at_row < one.at_row
"""


def _ask_about_early_exits(loading: Loading) -> None:
    """Now and then a stay ends before it begins; of many the date means that there is none."""
    early = loading.found(LEFT_BEFORE_ENTRY)
    [[rows]] = loading.connection.execute("SELECT count(*) FROM enrollments").fetchall()
    if early.total > MOST_SET_ASIDE and early.total * 20 > rows:
        problem = f"leaves before it begins, and so do {early.total:,} of {rows:,} stays"
        remedy = "leave exit_date blank for who is still there; otherwise correct the dates"
        columns = ("entry_date", "exit_date")
        loading.refuse_for("enrollments", columns, early.first[0], problem, remedy)


LEFT_BEFORE_ENTRY = "SELECT rowid AS at_row FROM enrollments WHERE exit_date < entry_date"


OFF_DAY_WORDS = "is not a day on which the school took attendance"


NOT_ENROLLED_WORDS = "is not enrolled there on that day"


EVENT, ENROLLMENT = ("student_id", "school_id", "date"), ("student_id", "school_id", "school_year")


def repair(loading: Loading) -> None:
    """Mark what is counted once or for nothing, and note what is odd but stands."""
    if "attendance" not in loading.sources:
        return
    _leave_out_outranked(loading)
    ask_what_several_rows_a_day_are(loading)
    if loading.findings.refused:
        return
    nothing = "the event counts for nothing"
    loading.repair("attendance", ("school_id", "date"), OFF_DAY, OFF_DAY_WORDS, nothing)
    loading.repair("attendance", EVENT, NOT_ENROLLED, NOT_ENROLLED_WORDS, nothing)
    words = calendars.OWN_DAY_OFF_WORDS, nothing
    loading.repair("attendance", EVENT, calendars.OWN_DAY_OFF, *words)
    words = (
        "has another event for the same session or period",
        "the one that misses most is counted",
    )
    loading.repair("attendance", EVENT, REPEATED, *words)
    words = "is enrolled there already", "each day is counted once"
    loading.repair("enrollments", ENROLLMENT, OVERLAPPING, *words)
    words = "is enrolled at another school too", "over several schools each day is counted once"
    loading.note("enrollments", ENROLLMENT, AT_TWO_SCHOOLS, *words)
    words = "leaves before it begins", "it counts no day"
    loading.note("enrollments", ("entry_date", "exit_date"), LEFT_BEFORE_ENTRY, *words)


def list_days(loading: Loading) -> None:
    """Say which rows move no day of the figures, and which schools stopped sending: the tables
    decide both, so they are made before."""
    if "attendance" not in loading.sources:
        return
    loading.repair(
        "attendance",
        ("school_id", "date"),
        STRAY,
        "stands alone, ten or more instructional days after all other rows",
        "it counts for nothing; correct the date, or send the days between",
    )
    source = loading.sources["attendance"]
    for school, last_row, quiet in loading.connection.execute(STOPPED).fetchall():
        problem = (
            f"sent no attendance on the {quiet:,} instructional days after {last_row}, "
            "more than its days without a row before make likely"
        )
        remedy = (
            "its figures stand there; send the rest or, if nobody was absent, one row of the last "
            "day with a code that counts as present"
        )
        finding = Finding(source.name, None, "school_id, date", school, problem, remedy, "noted")
        loading.findings.add(finding, group="stopped")
    for school, school_year, days in loading.connection.execute(NOT_BELIEVED).fetchall():
        problem = (
            f"has {days:,} days of {school_year} with rows on which nobody is said to be absent"
        )
        remedy = "say so of days without a row alone: it is believed of no day of that year"
        where = "school_id, date, nobody_absent"
        source = loading.sources["calendar"]
        finding = Finding(source.name, None, where, school, problem, remedy, "noted")
        loading.findings.add(finding, group="not believed")
    calendars.note_part_time(loading)


# As 02_calendar.sql decides.
NOT_BELIEVED = """
SELECT schools.school_name, calendar.school_year, count(*)
FROM calendar
SEMI JOIN row_day USING (school_id, date)
JOIN schools USING (school_id)
WHERE calendar.nobody_absent
GROUP BY ALL
ORDER BY ALL
"""


# Ten is said again in queries/tables/02_calendar.sql, which decides.
STRAY = """
SELECT attendance.rowid AS at_row
FROM attendance
JOIN row_day USING (school_id, date)
WHERE row_day.stray
"""


STOPPED = """
SELECT schools.school_name, school_feed.last_row_date, school_feed.quiet_days
FROM school_feed
JOIN schools USING (school_id)
WHERE school_feed.has_stopped
ORDER BY school_feed.last_row_date DESC, schools.school_name
"""
