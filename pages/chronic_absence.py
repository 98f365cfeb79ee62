"""Who is missing school, where, and since when?"""

from functools import partial

import streamlit as st

from pages.shared import cards, charts, formats, frame, readings
from queries import absence, causes, health

selection, viewer = frame.open_page(
    "Chronic absence",
    "Who is missing school, where, and since when?",
    ("school_year", "network", "neighborhood", "school", "grade", "group", "definition", "as_of"),
)

standing = health.standing(selection)
headline = absence.headline(selection, viewer)
frame.stop_if_nobody(headline)
months = absence.by_month(selection, viewer)
shifts = absence.shifts(selection, viewer)
school_shifts = shifts[shifts.level == "school"]
tiers = absence.by_tier(selection, viewer)
grades = absence.by_grade(selection, viewer)
groups = absence.by_group(selection, viewer)
reasons = causes.recorded(selection, viewer)
published = absence.published_rates(selection)

now = headline.iloc[0]
under_way = bool(standing.iloc[0].under_way)
chronic = readings.chronic(under_way)
n = readings.n_of_students(headline)
loaded = health.generation(selection)
take = partial(frame.take, selection=selection, viewer=viewer, writers=cards.WRITERS)


def picture(reading: str, chart, rows, caption: str, *arguments) -> cards.Card:
    """A card of the share view, for a meeting."""
    everybody = readings.n_of_students(absence.headline(selection))
    facts = readings.facts(selection, standing, loaded, caption, rows, everybody)
    return cards.Card(reading, chart, rows, arguments, facts)


st.caption(formats.plain(readings.standing(standing)))

with st.container(horizontal=True):
    st.metric(
        formats.sentence_case(chronic),
        formats.row_told(now, "rate"),
        readings.change_in_brief(shifts),
        delta_color="off",
    )
    st.metric("Students", readings.about_of(headline))
    st.metric("Attendance", readings.attendance(headline))
    if frame.is_for_staff(viewer):
        st.metric(
            "Not evaluated",
            formats.count(now.students_not_evaluated),
            help="Enrolled for fewer days than the definition asks for.",
        )

BY_MONTH = (
    f"Share of students {chronic}, at each month's end, against last year at the same "
    "instructional day."
)
with frame.card(readings.change(shifts), f"{BY_MONTH} {n}."):
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
    take(
        "chronic_absence_by_month",
        make=lambda: picture(
            readings.change(absence.shifts(selection)),
            charts.rate_by_month,
            absence.by_month(selection),
            BY_MONTH,
        ),
    )

BY_SCHOOL = (
    "Each school by its own days, last year (open dot) and this year at the same instructional "
    "day, with the 95% interval of the change. Where the thin line reaches the open dot, chance "
    "could explain the change."
)
with frame.card(
    readings.schools(shifts),
    f"{BY_SCHOOL} A student who moved may count at both schools, so schools do not add up.",
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
    take(
        "chronic_absence_by_school",
        make=lambda: picture(
            readings.schools(absence.shifts(selection)),
            charts.changes,
            absence.shifts(selection).query("level == 'school'"),
            BY_SCHOOL,
        ),
    )

BY_TIER = "Students by share of their days missed so far, whatever the reason."
with frame.card(readings.tiers(tiers), f"{BY_TIER} {n}."):
    frame.show(charts.tiers, tiers, alt=readings.tiers(tiers))
    frame.table(tiers, ["tier", "students", "share"], alt="Students by share of days missed")
    take(
        "share_of_days_missed",
        make=lambda: picture(
            readings.tiers(absence.by_tier(selection)),
            charts.tiers,
            absence.by_tier(selection),
            BY_TIER,
        ),
    )
    if frame.is_for_staff(viewer):
        near = absence.near_threshold(selection, viewer)
        st.markdown(f"**{formats.plain(readings.near_threshold(near))}**")
        frame.show(charts.standings, near, alt=readings.near_threshold(near))

BY_GRADE = f"Share {chronic} by grade, with 95% intervals; the dashed line is the share of all."
BY_GROUP = (
    f"Share {chronic} by student group, with 95% intervals; the dashed line is the share of all. "
    "Groups overlap: a student is in one of each kind."
)
with frame.card(readings.grades(grades), readings.groups_caption(BY_GRADE, grades)):
    by_grade, by_group = st.tabs(["By grade", "By student group"])
    with by_grade:
        frame.show(charts.grade_rates, grades, now.rate, alt="Chronic absence by grade")
        frame.table(
            grades,
            ["grade", "students", "students_absent", "rate", "rate_low", "rate_high"],
            alt="Chronic absence by grade",
        )
        take(
            "chronic_absence_by_grade",
            make=lambda: picture(
                readings.grades(absence.by_grade(selection)),
                charts.grade_rates,
                absence.by_grade(selection),
                BY_GRADE,
                absence.headline(selection).iloc[0].rate,
            ),
        )
    with by_group:
        st.caption(formats.plain(readings.groups_caption(BY_GROUP, groups)))
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
        take(
            "chronic_absence_by_group",
            make=lambda: picture(
                "Chronic absence by student group",
                charts.group_rates,
                absence.by_group(selection),
                BY_GROUP,
                absence.headline(selection).iloc[0].rate,
            ),
        )

if frame.is_for_staff(viewer):
    weekdays = absence.by_weekday(selection, viewer)
    with frame.card(
        readings.weekdays(weekdays),
        "Percent of enrolled days missed by month and weekday. "
        f"n = {formats.count(now.days_absent)} days.",
    ):
        frame.show(charts.by_weekday, weekdays, alt=readings.weekdays(weekdays))

with frame.card(readings.reasons(reasons), readings.reasons_caption(headline)):
    frame.show(charts.reasons, reasons, alt=readings.reasons(reasons))
    frame.table(
        reasons, ["reason", "days", "share", "students"], alt="Days missed by recorded reason"
    )
    take(
        "recorded_reasons",
        make=lambda: picture(
            readings.reasons(causes.recorded(selection)),
            charts.reasons,
            causes.recorded(selection),
            readings.reasons_caption(absence.headline(selection)),
        ),
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
