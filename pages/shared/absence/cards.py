"""The cards on chronic absence."""

from dataclasses import replace

from pages.shared import basis, card, formats
from pages.shared.absence import charts, sentences
from queries import absence, choices, health, network
from queries.access import Viewer
from queries.selection import Selection


def under_way(selection: Selection, viewer: Viewer) -> bool:
    return bool(health.standing(selection, viewer).iloc[0].under_way)


def chronic(selection: Selection, viewer: Viewer) -> str:
    return sentences.chronic(under_way(selection, viewer))


def year_before_last(selection: Selection, viewer: Viewer) -> tuple[tuple[int, float], ...]:
    """Instructional days and rates, as they stand beside last year; none where nothing is told."""
    last_year = choices.in_force(selection).iloc[0].compare_year
    if formats.is_missing(last_year):
        return ()
    months = absence.by_month(replace(selection, school_year=last_year), viewer)
    told = months[["instructional_day", "last_year_rate"]].dropna()
    return tuple((int(day), float(rate)) for day, rate in told.itertuples(index=False))


def goal(selection: Selection, viewer: Viewer) -> float | None:
    """What the network wants chronic absence to fall to, where that is one of its priorities."""
    priorities = network.priorities(selection, viewer)
    goals = priorities[priorities.indicator == "chronic absence"].goal_percent
    return goals.iloc[0] / 100 if len(goals) == 1 else None


def chronic_absence(selection: Selection, viewer: Viewer) -> card.Card:
    """How many, in one sentence, and this year beside the last."""
    return card.Card(
        sentences.headline(absence.headline(selection, viewer), under_way(selection, viewer)),
        "Share of students at each month's end, this year and last at the same instructional day; "
        "the year before that is faint.",
        charts.rate_by_month,
        absence.by_month(selection, viewer),
        (year_before_last(selection, viewer), goal(selection, viewer)),
        alt=sentences.change(absence.shifts(selection, viewer)),
        columns="month_end students students_absent rate last_year_rate",
        table_alt="Chronic absence by month, this year and last",
    )


def chronic_absence_by_month(selection: Selection, viewer: Viewer) -> card.Card:
    """The change since last year, and each month's end of both."""
    return card.Card(
        sentences.change(absence.shifts(selection, viewer)),
        f"Share of students {chronic(selection, viewer)}, at each month's end, against last year "
        "at the same instructional day.",
        charts.rate_by_month,
        absence.by_month(selection, viewer),
        heading=sentences.change_at_a_glance(absence.shifts(selection, viewer)),
        more=f"{basis.n_of_students(absence.headline(selection, viewer))}.",
        columns="month_end instructional_day students students_absent rate last_year_students "
        "last_year_rate",
        table_alt="Chronic absence by month, this year and last",
    )


def chronic_absence_by_school(selection: Selection, viewer: Viewer) -> card.Card:
    """Which schools moved since last year; a click on one opens it."""
    shifts = absence.shifts(selection, viewer)
    return card.Card(
        sentences.schools(shifts),
        "Each school by its own days, last year (open dot) and this year at the same instructional "
        "day, with the 95% interval of the change. Where the thin line reaches the open dot, "
        "chance could explain the change.",
        charts.changes,
        shifts[shifts.level == "school"],
        heading=sentences.schools_at_a_glance(shifts),
        more="A student who moved may count at both schools, so schools do not add up.",
        opens="school",
        columns="place first_students second_students first_rate second_rate change_points "
        "change_low change_high clear_of_chance first_coverage second_coverage",
        table_alt="Chronic absence by school, this year and last",
    )


def share_of_days_missed(selection: Selection, viewer: Viewer) -> card.Card:
    """Students by tier."""
    tiers = absence.by_tier(selection, viewer)
    return card.Card(
        sentences.tiers(tiers),
        "Students by share of their days missed so far, whatever the reason.",
        charts.tiers,
        tiers,
        heading=sentences.tiers_at_a_glance(tiers),
        more=f"{basis.n_of_students(absence.headline(selection, viewer))}.",
        columns="tier students share",
        table_alt="Students by share of days missed",
    )


def chronic_absence_by_grade(selection: Selection, viewer: Viewer) -> card.Card:
    """Grades, against the share of all."""
    grades = absence.by_grade(selection, viewer)
    return card.Card(
        sentences.grades(grades),
        f"Share {chronic(selection, viewer)} by grade, with 95% intervals; the dashed line is the "
        "share of all.",
        charts.grade_rates,
        grades,
        (absence.headline(selection, viewer).iloc[0].rate,),
        more=sentences.groups_left_out(grades),
        alt="Chronic absence by grade",
        columns="grade students students_absent rate rate_low rate_high",
    )


def chronic_absence_by_group(selection: Selection, viewer: Viewer) -> card.Card:
    """Student groups, against the share of all."""
    groups = absence.by_group(selection, viewer)
    highest = sentences.highest(groups).head(charts.MOST_GROUPS)
    return card.Card(
        "Chronic absence by student group",
        f"Share {chronic(selection, viewer)} by student group, with 95% intervals; the dashed "
        "line is the share of all. Groups overlap: a student is in one of each kind.",
        charts.group_rates,
        highest,
        (absence.headline(selection, viewer).iloc[0].rate,),
        heading=sentences.groups(groups),
        more=sentences.first_groups(groups, len(highest)),
        in_table=groups,
        columns="dimension group_name students students_absent rate rate_low rate_high",
    )
