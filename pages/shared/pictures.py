"""The cards of the pages that can be taken to a meeting: one function for each.

It makes the card for whoever reads the page and, with everybody for the reader, its picture.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from pages.shared import (
    cards,
    cause_charts,
    cause_readings,
    charts,
    formats,
    frame,
    plan_charts,
    plan_readings,
    readings,
    together_charts,
    together_readings,
)
from queries import absence, causes, choices, culture, health, network, plans, together
from queries.access import EVERYBODY, Viewer
from queries.selection import Selection


def on_attendance(selection: Selection, caption: str, rows: pd.DataFrame) -> tuple:
    """What stands below a picture of attendance, or of causes of absence."""
    n = readings.n_of_students(absence.headline(selection))
    loaded, standing = health.generation(selection), health.standing(selection)
    return readings.facts(selection, caption, rows, n, loaded, standing)


def on_survey(selection: Selection, caption: str, rows: pd.DataFrame) -> tuple:
    """What stands below a picture of a survey."""
    n = readings.survey_standing(culture.shifts(selection), culture.response_rates(selection))
    return readings.facts(selection, caption, rows, n, health.generation(selection))


def on_culture_and_absence(selection: Selection, caption: str, rows: pd.DataFrame) -> tuple:
    """What stands below a picture of both, with the wording of its items."""
    return (*on_attendance(selection, caption, rows), ("Items", together_readings.asked(rows)))


def questions_first(selection: Selection, caption: str, rows: pd.DataFrame) -> tuple:
    """The questions for schools, and what stands below them."""
    facts = dict(on_attendance(selection, caption, rows))
    claim = f"{facts['What is shown']} {together_readings.no_claim(rows)}"
    below = {"Where": facts["Where"], "What is shown": claim, "Source": facts["Source"]}
    return (*together_readings.prompts(rows), *below.items())


@dataclass(frozen=True)
class Shown:
    """A card as one reader may see it.

    rows, arguments: what the chart is made of. more: what a page says after the caption. alt: of
    the chart, where it is not the reading. columns: those of the table, names in formats.COLUMNS;
    in_table: its rows, where the chart has others; table_alt: where it is not that of the chart.
    """

    reading: str
    caption: str
    chart: Callable | None
    rows: pd.DataFrame
    arguments: tuple = ()
    more: str = ""
    alt: str = ""
    opens: str | None = None
    columns: str = ""
    in_table: pd.DataFrame | None = None
    table_alt: str = ""
    facts: Callable[[Selection, str, pd.DataFrame], tuple] = on_attendance

    @property
    def on_page(self) -> str:
        """The caption of a page."""
        return f"{self.caption} {self.more}".rstrip()


# --- On a page, and taken from it --------------------------------------------------------------


def draw(
    name: str,
    selection: Selection,
    viewer: Viewer,
    *,
    caption: str = "",
    file: str = "",
    fold: str = "",
    **choices,
):
    """A card of CARDS on a page; its container, for what the page says at its end.

    caption, file: where the page has a caption of its own, or its file another name than the card.
    fold: what all below the reading is called, where it is folded away. choices: what else the
    card depends on.
    """
    shown = CARDS[name](selection, viewer, **choices)
    with frame.card(shown.reading, caption or shown.on_page, fold) as container:
        chart(shown)
        table(shown, is_open=bool(fold))
        take(name, selection, viewer, file=file, **choices)
    return container


def chart(shown: Shown) -> None:
    """The chart of a card that has one; none where there are no rows."""
    if shown.chart and len(shown.rows):
        alt = shown.alt or shown.reading
        frame.show(shown.chart, shown.rows, *shown.arguments, alt=alt, opens=shown.opens)


def table(shown: Shown, is_open: bool = False, **label: str) -> None:
    """The table of a card that has one, folded away unless it is in a fold already."""
    if shown.columns:
        rows = shown.rows if shown.in_table is None else shown.in_table
        alt = shown.table_alt or shown.alt or shown.reading
        draw_table = frame.open_table if is_open else frame.table
        draw_table(rows, shown.columns.split(), alt, opens=shown.opens, **label)


def take(name: str, selection: Selection, viewer: Viewer, *, file: str = "", **choices) -> None:
    """Take this to a meeting: the picture of a card."""
    make = partial(picture, name, selection, **choices)
    frame.take(file or name, selection, viewer, cards.WRITERS, make)


def with_survey(selection: Selection) -> Selection:
    """A choice that a card on a survey can be made of: the first survey, as staff answered it, or
    whoever did. As it is where nobody was asked anything."""
    surveys = choices.surveys(selection)
    asked = choices.respondent_groups(selection)
    asked = asked[asked.survey.isin(surveys[~surveys.published].survey.head(1))]
    if asked.empty:
        return selection
    staff_first = asked.sort_values("respondent_group", key=lambda group: group != "staff")
    chosen = staff_first.iloc[0]
    return replace(selection, survey=chosen.survey, respondent_group=chosen.respondent_group)


def picture(name: str, selection: Selection, **choices) -> cards.Card:
    """A card of CARDS as everybody may see it, with what it rests on."""
    shown = CARDS[name](selection, EVERYBODY, **choices)
    facts = shown.facts(selection, shown.caption, shown.rows)
    return cards.Card(shown.reading, shown.chart, shown.rows, shown.arguments, facts)


# --- Chronic absence ---------------------------------------------------------------------------


def _under_way(selection: Selection) -> bool:
    return bool(health.standing(selection).iloc[0].under_way)


def _chronic(selection: Selection) -> str:
    return readings.chronic(_under_way(selection))


def chronic_absence(selection: Selection, viewer: Viewer) -> Shown:
    """How many, in one sentence, and this year beside the last."""
    return Shown(
        readings.headline(absence.headline(selection, viewer), _under_way(selection)),
        "Share of students at each month's end, this year and last at the same instructional day.",
        charts.rate_by_month,
        absence.by_month(selection, viewer),
        alt=readings.change(absence.shifts(selection, viewer)),
        columns="month_end students students_absent rate last_year_rate",
        table_alt="Chronic absence by month, this year and last",
    )


def chronic_absence_by_month(selection: Selection, viewer: Viewer) -> Shown:
    """The change since last year, and each month's end of both."""
    return Shown(
        readings.change(absence.shifts(selection, viewer)),
        f"Share of students {_chronic(selection)}, at each month's end, against last year at the "
        "same instructional day.",
        charts.rate_by_month,
        absence.by_month(selection, viewer),
        more=f"{readings.n_of_students(absence.headline(selection, viewer))}.",
        columns="month_end instructional_day students students_absent rate last_year_students "
        "last_year_rate",
        table_alt="Chronic absence by month, this year and last",
    )


def chronic_absence_by_school(selection: Selection, viewer: Viewer) -> Shown:
    """Which schools moved since last year; a click on one opens it."""
    shifts = absence.shifts(selection, viewer)
    return Shown(
        readings.schools(shifts),
        "Each school by its own days, last year (open dot) and this year at the same instructional "
        "day, with the 95% interval of the change. Where the thin line reaches the open dot, "
        "chance could explain the change.",
        charts.changes,
        shifts[shifts.level == "school"],
        more="A student who moved may count at both schools, so schools do not add up.",
        opens="school",
        columns="place first_students second_students first_rate second_rate change_points "
        "change_low change_high clear_of_chance first_coverage second_coverage",
        table_alt="Chronic absence by school, this year and last",
    )


def share_of_days_missed(selection: Selection, viewer: Viewer) -> Shown:
    """Students by tier."""
    tiers = absence.by_tier(selection, viewer)
    return Shown(
        readings.tiers(tiers),
        "Students by share of their days missed so far, whatever the reason.",
        charts.tiers,
        tiers,
        more=f"{readings.n_of_students(absence.headline(selection, viewer))}.",
        columns="tier students share",
        table_alt="Students by share of days missed",
    )


def chronic_absence_by_grade(selection: Selection, viewer: Viewer) -> Shown:
    """Grades, against the share of all."""
    grades = absence.by_grade(selection, viewer)
    return Shown(
        readings.grades(grades),
        f"Share {_chronic(selection)} by grade, with 95% intervals; the dashed line is the share "
        "of all.",
        charts.grade_rates,
        grades,
        (absence.headline(selection, viewer).iloc[0].rate,),
        more=readings.groups_left_out(grades),
        alt="Chronic absence by grade",
        columns="grade students students_absent rate rate_low rate_high",
    )


def chronic_absence_by_group(selection: Selection, viewer: Viewer) -> Shown:
    """Student groups, against the share of all."""
    groups = absence.by_group(selection, viewer)
    return Shown(
        "Chronic absence by student group",
        f"Share {_chronic(selection)} by student group, with 95% intervals; the dashed line is the "
        "share of all. Groups overlap: a student is in one of each kind.",
        charts.group_rates,
        groups,
        (absence.headline(selection, viewer).iloc[0].rate,),
        more=readings.groups_left_out(groups),
        columns="dimension group_name students students_absent rate rate_low rate_high",
    )


# --- Causes ------------------------------------------------------------------------------------


def recorded_reasons(
    selection: Selection, viewer: Viewer, bars: Callable = charts.reasons
) -> Shown:
    """What the office recorded. bars: cause_charts.recorded where there is half a page for them."""
    reasons = causes.recorded(selection, viewer)
    return Shown(
        readings.reasons(reasons),
        readings.reasons_caption(absence.headline(selection, viewer)),
        bars,
        reasons,
        more=readings.excused(reasons),
        columns="reason days days_excused days_unexcused share students",
        table_alt="Days missed by recorded reason",
    )


def not_known(selection: Selection, viewer: Viewer) -> Shown:
    """Of how many nobody has written down why."""
    unknown = causes.unknown(selection, viewer)
    return Shown(
        cause_readings.not_known(unknown, health.standing(selection)),
        cause_readings.not_known_caption(unknown, _chronic(selection)),
        cause_charts.not_known,
        unknown,
    )


def understood_causes(selection: Selection, viewer: Viewer) -> Shown:
    """What people understood, beside what the office recorded most."""
    understood = causes.understood(selection, viewer)
    return Shown(
        cause_readings.recorded_and_understood(causes.recorded(selection, viewer), understood),
        cause_readings.both_caption(understood, causes.unknown(selection, viewer)),
        cause_charts.understood,
        understood.head(cause_charts.MOST_BARS),
        columns="cause family students",
        in_table=understood,
        table_alt="Students by understood cause",
    )


def shared_causes(selection: Selection, viewer: Viewer) -> Shown:
    """Causes, the one that most schools share first."""
    shared = network.shared_causes(selection, viewer)
    return Shown(
        cause_readings.ranked(shared),
        cause_readings.ranked_caption(shared, _chronic(selection)),
        cause_charts.shared,
        shared.head(cause_charts.MOST_BARS),
        columns="cause family schools students partners_known partners_at_table",
        in_table=shared,
        table_alt="Understood causes by schools and students",
    )


def cause_by_school(selection: Selection, viewer: Viewer) -> Shown:
    """Which cause is found at which school."""
    by_school = network.cause_by_school(selection, viewer)
    shared = network.shared_causes(selection, viewer)
    schools = list(network.seats(selection).school_name.unique())
    return Shown(
        cause_readings.grid(by_school, shared, schools),
        cause_readings.grid_caption(formats.is_coded(by_school)),
        cause_charts.grid,
        cause_charts.of_schools(by_school, shared, schools),
        columns="cause school_name students",
        in_table=by_school,
        table_alt="Understood causes by school",
    )


def who_is_missing(selection: Selection, viewer: Viewer) -> Shown:
    """The chairs at each school's table; everybody sees the same."""
    seats = network.seats(selection)
    return Shown(
        cause_readings.seats(seats),
        "Who has a seat at each school’s table; an open ring is an empty chair.",
        cause_charts.seats,
        seats,
        columns="school_name seat names present",
        table_alt="Who is at the table of each school",
    )


# --- School culture ----------------------------------------------------------------------------


def agreement_by_item(selection: Selection, viewer: Viewer) -> Shown:
    """Each item of a survey both times; of a survey with one year in that one."""
    shifts = culture.shifts(selection, viewer)
    if len(shifts) and readings.is_first_year(shifts):
        rows = shifts.sort_values(["second_favorable", "item_id"], ascending=[False, True])
        return Shown(
            readings.items_of_a_year(rows),
            readings.year_caption(rows),
            charts.items_of_a_year,
            rows,
            columns="item_text about second_n second_favorable",
            table_alt="Agreement with each item",
            facts=on_survey,
        )
    return Shown(
        readings.shifts(shifts),
        readings.shift_caption(shifts),
        charts.shifts,
        shifts,
        columns="item_text about first_n second_n first_favorable second_favorable shift_points "
        "shift_low shift_high clear_of_chance why_not_clear schools_compared schools_new "
        "schools_gone",
        table_alt="Agreement with each item both times",
        facts=on_survey,
    )


def agreement_by_group(selection: Selection, viewer: Viewer) -> Shown:
    """What each group of respondents agrees with most and least, in the newest year."""
    rows = culture.shifts(replace(selection, respondent_group=None), viewer)
    rows = readings.most_and_least(rows[~rows.published.astype(bool)])
    if rows.empty:
        return agreement_by_item(selection, viewer)
    return Shown(
        readings.groups_of_a_year(rows),
        "Of each group the item with the highest and the lowest share of favorable answers in "
        f"{rows.iloc[0].second_year}, with its 95% interval, among those that are told "
        "with ten answers or more. Not every group was asked every item.",
        charts.items_of_a_year,
        rows,
        columns="respondent_group item_text about second_n second_favorable",
        table_alt="What each group agrees with most and least",
        facts=on_survey,
    )


def agreement_by_school(selection: Selection, viewer: Viewer, item: str = "") -> Shown:
    """One item in each school; the first one where none is chosen."""
    shifts = culture.shifts(selection, viewer)
    if shifts.empty:
        return agreement_by_item(selection, viewer)
    asked = shifts[shifts.item_id == item].iloc[0] if item else shifts.iloc[0]
    schools = culture.by_school(selection, viewer)
    rows = schools[schools.item_id == asked.item_id]
    return Shown(
        formats.cut(formats.item(asked), 160),
        "Favorable answers in each school, with the 95% interval.",
        charts.school_items,
        rows,
        alt=readings.item_schools(rows),
        facts=on_survey,
    )


def gaps_between_groups(selection: Selection, viewer: Viewer) -> Shown:
    """Items that two groups were asked."""
    gaps = culture.group_gaps(selection, viewer)
    return Shown(
        readings.gaps(gaps),
        "One item asked of two groups in the same words; the open dot is the first one named.",
        charts.gaps,
        gaps[gaps.gap_points.notna()],
        columns="item_text item_text_b group_a group_b n_a n_b favorable_a favorable_b gap_points "
        "gap_low gap_high",
        in_table=gaps,
        table_alt="Gaps between groups",
        facts=on_survey,
    )


# --- Culture and absence -----------------------------------------------------------------------


def culture_beside_absence(selection: Selection, viewer: Viewer) -> Shown:
    """What people say beside chronic absence, school by school."""
    schools = together.by_school(selection, viewer)
    return Shown(
        together_readings.side_by_side(schools),
        together_readings.picture_caption(schools),
        together_charts.side_by_side,
        schools,
        facts=on_culture_and_absence,
    )


def questions_for_schools(selection: Selection, viewer: Viewer) -> Shown:
    """A question for each school at which something stands apart, in words."""
    schools = together.by_school(selection, viewer)
    return Shown(
        together_readings.prompts_reading(schools),
        together_readings.PROMPTS_CAPTION,
        None,
        schools,
        facts=questions_first,
    )


def school_year_by_year(selection: Selection, viewer: Viewer) -> Shown:
    """Both for one school, year by year; of several the first."""
    schools = together.by_school(selection, viewer)
    rows = schools[schools.school_name.isin(schools.school_name.head(1))]
    return Shown(
        together_readings.years(rows),
        together_readings.years_caption(rows, _under_way(selection)),
        together_charts.year_by_year,
        rows,
        facts=on_culture_and_absence,
    )


# --- Plans -------------------------------------------------------------------------------------


def what_we_try(selection: Selection, viewer: Viewer) -> Shown:
    """The newest plans on a line of time."""
    tried = plans.tried(selection, viewer)
    return Shown(
        plan_readings.tried(tried),
        plan_readings.TIMELINE,
        plan_charts.timeline,
        tried.head(plan_readings.PLANS_SHOWN),
        (health.standing(selection).iloc[0].as_of,),
    )


def same_idea(selection: Selection, viewer: Viewer) -> Shown:
    """One change idea over all schools that tried it."""
    by_idea = plans.by_idea(selection, viewer)
    return Shown(
        plan_readings.by_idea(by_idea),
        plan_readings.by_idea_caption(by_idea),
        plan_charts.by_idea,
        by_idea,
        columns="idea measure schools students difference_points low high",
    )


# How each card is called where somebody chooses one.
_TITLES = {
    "How many are chronically absent": chronic_absence,
    "Chronic absence since last year": chronic_absence_by_month,
    "Chronic absence by school": chronic_absence_by_school,
    "How many of their days students missed": share_of_days_missed,
    "Chronic absence by grade": chronic_absence_by_grade,
    "Chronic absence by student group": chronic_absence_by_group,
    "How much we do not know yet": not_known,
    "What the office recorded": recorded_reasons,
    "What people understood": understood_causes,
    "Which causes schools share": shared_causes,
    "Which causes at which school": cause_by_school,
    "Who is missing from the table": who_is_missing,
    "What moved in the survey": agreement_by_item,
    "What each group agrees with most and least": agreement_by_group,
    "One survey item, school by school": agreement_by_school,
    "Where groups answer apart": gaps_between_groups,
    "Culture beside absence": culture_beside_absence,
    "A question for each school": questions_for_schools,
    "One school, year by year": school_year_by_year,
    "What we are trying": what_we_try,
    "The same idea at several schools": same_idea,
}
CARDS: dict[str, Callable[..., Shown]] = {card.__name__: card for card in _TITLES.values()}
TITLES = {card.__name__: title for title, card in _TITLES.items()}
