"""The cards on what schools share."""

from pages.shared import card
from pages.shared.absence import cards as absence_cards
from pages.shared.causes import charts as causes_charts
from pages.shared.network import charts, sentences
from queries import network
from queries.access import Viewer
from queries.answer import kept
from queries.selection import Selection

# Found where they were made of the same answers.
_of_schools, _of_causes = kept(charts.of_schools), kept(charts.of_causes)
whole_grid = kept(charts.whole_grid)
_with_schools = kept(sentences.with_schools)


def shared_causes(selection: Selection, viewer: Viewer) -> card.Card:
    """Causes, the one that most schools share first."""
    shared = network.shared_causes(selection, viewer)
    return card.Card(
        sentences.ranked(shared),
        sentences.ranked_caption(shared, absence_cards.chronic(selection, viewer)),
        charts.shared,
        shared.head(causes_charts.MOST_BARS),
        columns="cause family of_schools students partners_known partners_at_table",
        in_table=_with_schools(shared, len(network.seats(selection).school_name.unique())),
        table_alt="Understood causes by schools and students",
    )


def cause_by_school(selection: Selection, viewer: Viewer) -> card.Card:
    """Which cause is found at which school."""
    by_school = network.cause_by_school(selection, viewer)
    shared = network.shared_causes(selection, viewer)
    schools = list(network.seats(selection).school_name.unique())
    return card.Card(
        sentences.grid(by_school, shared, schools),
        sentences.grid_caption(by_school),
        charts.grid,
        _of_schools(by_school, shared, schools),
        columns="cause school_name students",
        in_table=by_school,
        table_alt="Understood causes by school",
    )


def causes_and_schools(selection: Selection, viewer: Viewer) -> card.Card:
    """Causes, the one that most schools share first, at which school each is found, and whether
    somebody who works on it is at a table: the whole network in one picture."""
    by_school = network.cause_by_school(selection, viewer)
    shared = network.shared_causes(selection, viewer)
    schools = list(network.seats(selection).school_name.unique())
    return card.Card(
        sentences.ranked(shared),
        f"{sentences.ranked_caption(shared, absence_cards.chronic(selection, viewer))} "
        f"{sentences.grid_caption(by_school)}",
        charts.causes_and_schools,
        _of_causes(by_school, shared, schools),
        columns="cause school_name students",
        in_table=by_school,
        table_alt="Understood causes by school",
    )


def who_is_missing(selection: Selection, viewer: Viewer) -> card.Card:
    """The chairs at each school's table; everybody sees the same."""
    seats = network.seats(selection)
    return card.Card(
        sentences.seats(seats),
        "Who has a seat at each school’s table; an open ring is an empty chair.",
        charts.seats,
        seats,
        in_table=seats,
        columns="school_name seat names present",
        table_alt="Who is at the table of each school",
    )
