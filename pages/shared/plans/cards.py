"""The cards on what is tried."""

from pages.shared import card
from pages.shared.plans import charts, sentences
from queries import health, plans
from queries.access import Viewer
from queries.selection import Selection


def what_we_try(selection: Selection, viewer: Viewer) -> card.Card:
    """The newest plans on a line of time."""
    tried = plans.tried(selection, viewer)
    return card.Card(
        sentences.tried(tried),
        sentences.TIMELINE,
        charts.timeline,
        tried.head(sentences.PLANS_SHOWN),
        (health.standing(selection, viewer).iloc[0].as_of,),
    )


def same_idea(selection: Selection, viewer: Viewer) -> card.Card:
    """One change idea over all schools that tried it."""
    by_idea = plans.by_idea(selection, viewer)
    return card.Card(
        sentences.by_idea(by_idea),
        sentences.by_idea_caption(by_idea),
        charts.by_idea,
        by_idea,
        heading=sentences.by_idea_at_a_glance(by_idea),
        columns="idea measure schools students difference_points low high",
    )
