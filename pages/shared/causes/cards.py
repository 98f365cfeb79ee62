"""The cards on causes."""

from collections.abc import Callable

from pages.shared import card
from pages.shared.absence import cards as absence_cards
from pages.shared.causes import charts, sentences
from queries import absence, causes, health
from queries.access import Viewer
from queries.selection import Selection


def recorded_reasons(
    selection: Selection, viewer: Viewer, bars: Callable = charts.reasons
) -> card.Card:
    """What the office recorded. bars: cause_charts.recorded where there is half a page for them."""
    reasons = causes.recorded(selection, viewer)
    if absence_cards.instead(selection, viewer):
        return card.needs_days("What the office recorded")
    return card.Card(
        sentences.reasons(reasons),
        sentences.reasons_caption(absence.headline(selection, viewer)),
        bars,
        reasons,
        heading=sentences.reasons_at_a_glance(reasons),
        more=sentences.excused(reasons),
        columns="reason days days_excused days_unexcused share students",
        table_alt="Days missed by recorded reason",
        weeks=health.weeks(selection, viewer),
    )


def not_known(selection: Selection, viewer: Viewer) -> card.Card:
    """Of how many nobody has written down why."""
    unknown = causes.unknown(selection, viewer)
    standing = health.standing(selection, viewer)
    return card.Card(
        sentences.not_known(unknown, standing),
        sentences.not_known_caption(unknown, absence_cards.chronic(selection, viewer)),
        charts.not_known,
        unknown,
        heading=sentences.not_known_at_a_glance(unknown, standing),
    )


def understood_causes(selection: Selection, viewer: Viewer) -> card.Card:
    """What people understood, beside what the office recorded most."""
    understood = causes.understood(selection, viewer)
    return card.Card(
        sentences.recorded_and_understood(causes.recorded(selection, viewer), understood),
        sentences.both_caption(understood, causes.unknown(selection, viewer)),
        charts.understood,
        understood.head(charts.MOST_BARS),
        heading=sentences.understood_at_a_glance(understood),
        columns="cause family students",
        in_table=understood,
        table_alt="Students by understood cause",
    )
