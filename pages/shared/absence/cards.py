"""The cards on chronic absence."""

from dataclasses import replace

import pandas as pd

from pages.shared import basis, card, drawing, formats
from pages.shared.absence import charts, sentences
from pages.shared.overview import sentences as overview_sentences
from queries import absence, choices, health, network
from queries.access import Viewer
from queries.answer import kept
from queries.selection import Selection

# As many years are faint beside the two that are compared.
MOST_YEARS = 3


@kept
def _of_schools(shifts: pd.DataFrame) -> pd.DataFrame:
    return shifts[shifts.level == "school"]


@kept
def with_trend(shifts: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
    """Schools of absence/shifts with a column trend: percents of absence/school_trend, oldest year
    first, from the year on since which every one is told and comparable; none of one alone. Of
    years that are not comparable no change stands there."""
    trend: dict[str, list[float]] = {}
    for school, rows in years.groupby("school_name"):
        is_told = rows.rate.notna() & rows.comparable
        unbroken = rows[is_told[::-1].cumprod()[::-1].astype(bool)]
        trend[school] = list(100 * unbroken.rate.astype(float)) if len(unbroken) > 1 else []
    comparable = drawing.true(shifts.comparable)
    change = ("change_points", "change_low", "change_high")
    return shifts.assign(
        trend=[trend.get(place, []) for place in shifts.place],
        **{name: drawing.floats(shifts[name]).where(comparable) for name in change},
    )


def under_way(selection: Selection, viewer: Viewer) -> bool:
    return bool(health.standing(selection, viewer).iloc[0].under_way)


def instead(selection: Selection, viewer: Viewer) -> str:
    """What stands in the place of what needs single days, in a year of totals; '' in others."""
    of_totals = basis.is_of_totals(health.standing(selection, viewer))
    return basis.NEEDS_DAYS if of_totals else ""


def chronic(selection: Selection, viewer: Viewer) -> str:
    return sentences.chronic(under_way(selection, viewer))


def years_before_last(
    selection: Selection, viewer: Viewer, most: int = MOST_YEARS
) -> tuple[tuple[str, int, float], ...]:
    """Of so many years before last their names, instructional days and rates, each as it stands
    beside the year after it; none where nothing is told."""
    told: list[tuple[str, int, float]] = []
    after = choices.in_force(selection).iloc[0].compare_year
    while most and not formats.is_missing(after):
        of_after = replace(selection, school_year=after, compare_year=None)
        after = choices.in_force(of_after).iloc[0].compare_year
        months = absence.by_month(of_after, viewer)[["instructional_day", "last_year_rate"]]
        told += [(after, int(day), float(rate)) for day, rate in months.dropna().values]
        most -= 1
    return tuple(told)


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
        (years_before_last(selection, viewer, most=1), goal(selection, viewer)),
        alt=sentences.change(absence.shifts(selection, viewer)),
        columns="month_end students students_absent rate last_year_rate",
        table_alt="Chronic absence by month, this year and last",
        weeks=health.weeks(selection, viewer),
        instead=instead(selection, viewer),
    )


def chronic_absence_by_month(selection: Selection, viewer: Viewer) -> card.Card:
    """The change since last year, and each month's end of both."""
    return card.Card(
        sentences.change(absence.shifts(selection, viewer)),
        f"Share of students {chronic(selection, viewer)}, at each month's end, against last year "
        "at the same instructional day; earlier years are faint.",
        charts.rate_by_month,
        absence.by_month(selection, viewer),
        (years_before_last(selection, viewer), goal(selection, viewer)),
        heading=sentences.change_at_a_glance(absence.shifts(selection, viewer)),
        more=f"{basis.n_of_students(absence.headline(selection, viewer))}.",
        columns="month_end instructional_day students students_absent rate last_year_students "
        "last_year_rate",
        table_alt="Chronic absence by month, this year and last",
        weeks=health.weeks(selection, viewer),
        instead=instead(selection, viewer),
    )


def chronic_absence_by_school(selection: Selection, viewer: Viewer) -> card.Card:
    """Which schools moved since last year; a row of its table opens the school."""
    shifts = absence.shifts(selection, viewer)
    of_schools = _of_schools(shifts)
    when = "as whole years" if instead(selection, viewer) else "at the same instructional day"
    return card.Card(
        sentences.schools(shifts),
        f"Each school by its own days, last year (open dot) and this year {when}, with the 95% "
        "interval of the change. Where the thin line reaches the open dot, chance could explain "
        "the change.",
        charts.changes,
        of_schools,
        heading=sentences.schools_at_a_glance(shifts),
        more="A student who moved may count at both schools, so schools do not add up.",
        opens="school",
        in_table=with_trend(of_schools, absence.school_trend(selection, viewer)),
        # On a phone the first three are seen.
        columns="place second_rate change_points trend first_rate change_low change_high "
        "second_students",
        table_alt="Chronic absence by school, this year and last",
        weeks=health.weeks(selection, viewer),
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
        weeks=health.weeks(selection, viewer),
    )


def days_missed_by_reason(selection: Selection, viewer: Viewer) -> card.Card:
    """What the office recorded, and how it moved since last year; for staff."""
    reasons = absence.why_moved(selection, viewer)
    if instead(selection, viewer):
        return card.needs_days("Days missed by recorded reason")
    return card.Card(
        overview_sentences.days_missed(reasons),
        f"{overview_sentences.recording(reasons)} Strong color: clear of chance.",
        charts.reasons_moved,
        reasons,
        heading=sentences.days_missed_at_a_glance(reasons),
        columns="reason first_share second_share change_points change_low change_high "
        "clear_of_chance",
        in_table=reasons[reasons.reason.notna()],
        table_alt="Days missed by recorded reason, this year and last",
        weeks=health.weeks(selection, viewer),
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
        weeks=health.weeks(selection, viewer),
    )


def chronic_absence_by_group(selection: Selection, viewer: Viewer) -> card.Card:
    """Student groups, against the share of all."""
    groups = absence.by_group(selection, viewer)
    whole = absence.headline(selection, viewer).iloc[0].rate
    highest = sentences.highest(groups).head(charts.MOST_GROUPS)
    return card.Card(
        "Chronic absence by student group",
        f"Share {chronic(selection, viewer)} by student group, with 95% intervals; the dashed "
        "line is the share of all. Groups overlap: a student is in one of each kind.",
        charts.group_rates,
        highest,
        (whole,),
        heading=sentences.groups(groups, whole),
        more=sentences.first_groups(groups, len(highest)),
        in_table=groups,
        columns="dimension group_name students students_absent rate rate_low rate_high",
        weeks=health.weeks(selection, viewer),
    )
