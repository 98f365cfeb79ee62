"""Who is missing school, where, and since when?"""

import streamlit as st

from pages.shared import charts, formats, frame, readings
from queries import absence, causes, health

selection = frame.open_page(
    "Chronic absence",
    "Who is missing school, where, and since when?",
    ("school_year", "network", "neighborhood", "school", "grade", "group", "definition", "as_of"),
)

standing = health.standing(selection)
headline = absence.headline(selection)
frame.stop_if_nobody(headline)
months = absence.by_month(selection)
shifts = absence.shifts(selection)
school_shifts = shifts[shifts.level == "school"]
tiers = absence.by_tier(selection)
grades = absence.by_grade(selection)
groups = absence.by_group(selection)
weekdays = absence.by_weekday(selection)
near = absence.near_threshold(selection)
reasons = causes.recorded(selection)
published = absence.published_rates(selection)

now = headline.iloc[0]
under_way = bool(standing.iloc[0].under_way)
chronic = readings.chronic(under_way)

st.caption(formats.plain(readings.standing(standing)))

with st.container(horizontal=True):
    st.metric(
        formats.sentence_case(chronic),
        formats.percent(now.rate),
        readings.change_in_brief(shifts),
        delta_color="off",
    )
    st.metric("Students", f"{formats.count(now.students_absent)} of {formats.count(now.students)}")
    st.metric("Attendance", formats.tenth_percent(now.attendance_rate))
    st.metric(
        "Not evaluated",
        formats.count(now.students_not_evaluated),
        help="Enrolled for fewer days than the definition asks for.",
    )

with frame.card(
    readings.change(shifts),
    f"Share of students {chronic}, at each month's end, against last year at the same "
    f"instructional day. n = {formats.count(now.students)} students.",
):
    frame.show(charts.rate_by_month, months, alt=readings.change(shifts))
    frame.table(
        months,
        [
            "month_end",
            "instructional_day",
            "students",
            "students_absent",
            "rate",
            "last_year_students",
            "last_year_rate",
        ],
        alt="Chronic absence by month, this year and last",
    )

with frame.card(
    readings.schools(shifts),
    "Each school by its own days, last year and this year at the same instructional day, with the "
    "95% interval of the change. Where the thin line reaches last year's open dot, chance could "
    "explain the change. A student who moved may count at both schools, so schools do not add up.",
):
    frame.show(charts.changes, school_shifts, alt=readings.schools(shifts), opens="school")
    frame.table(
        school_shifts,
        [
            "place",
            "first_students",
            "second_students",
            "first_rate",
            "second_rate",
            "change_points",
            "change_low",
            "change_high",
            "clear_of_chance",
            "first_coverage",
            "second_coverage",
        ],
        alt="Chronic absence by school, this year and last",
        opens="school",
    )

with frame.card(
    readings.tiers(tiers) + ". " + readings.near_threshold(near),
    "Students by share of their days missed so far, whatever the reason; and who is near the "
    f"threshold. n = {formats.count(now.students)} students.",
):
    frame.show(charts.tiers, tiers, alt=readings.tiers(tiers))
    frame.show(charts.standings, near, alt=readings.near_threshold(near))
    frame.table(tiers, ["tier", "students", "share"], alt="Students by share of days missed")

with frame.card(
    readings.grades(grades),
    f"Share {chronic} by grade and student group, with 95% intervals; the dashed line is the share "
    "of all. Groups overlap: a student is in one of each kind.",
):
    by_grade, by_group = st.tabs(["By grade", "By student group"])
    with by_grade:
        frame.show(charts.grade_rates, grades, now.rate, alt="Chronic absence by grade")
        frame.table(
            grades,
            ["grade", "students", "students_absent", "rate", "rate_low", "rate_high"],
            alt="Chronic absence by grade",
        )
    with by_group:
        frame.show(charts.group_rates, groups, now.rate, alt="Chronic absence by student group")
        frame.table(
            groups,
            [
                "dimension",
                "group_name",
                "students",
                "students_absent",
                "rate",
                "rate_low",
                "rate_high",
            ],
            alt="Chronic absence by student group",
        )

with frame.card(
    readings.weekdays(weekdays) + ". " + readings.reasons(reasons),
    "Percent of enrolled days missed by month and weekday, and days missed by the reason that the "
    f"office recorded. A code is not a cause. n = {formats.count(now.days_absent)} days.",
):
    frame.show(charts.by_weekday, weekdays, alt=readings.weekdays(weekdays))
    frame.show(charts.reasons, reasons, alt=readings.reasons(reasons))
    frame.table(
        reasons, ["reason", "days", "share", "students"], alt="Days missed by recorded reason"
    )

frame.table(
    published,
    [
        "place",
        "school_year",
        "grade",
        "students",
        "students_absent",
        "rate",
        "definition",
        "source",
    ],
    alt="Rates that others published",
    label="For context: rates that others published, by their own definitions",
)
