"""What a network wants to move together, as a card of Network and of every meeting."""

from collections.abc import Iterator

import streamlit as st

from pages.shared import blocks, formats, forms
from pages.shared.meeting import charts, sentences
from pages.shared.meeting import forms as meeting_forms
from queries import choices, culture, network
from queries.progress import progress


def card(selection, viewer, as_of) -> None:
    """The priorities: who stands behind each, and how far it is, school by school."""
    priorities = network.priorities(selection, viewer)
    with blocks.card(sentences.priorities(priorities), sentences.WHAT_PRIORITIES_ARE):
        for row, of_this in _told(priorities, selection, viewer, as_of):
            _by_school(row, of_this)


def _by_school(row, of_this) -> None:
    """Who stands behind a priority, and how far each school is."""
    st.caption(formats.plain(sentences.behind(row)))
    of_this = of_this.assign(
        stands_at=[sentences.now(place, row) for place in of_this.itertuples()]
    )
    goal = row.goal_percent / 100
    blocks.show(charts.progress, of_this, goal, alt=sentences.priority(row))
    blocks.table(of_this, ["school_name", "stands_at", "reached"], alt=sentences.priority(row))


def at_a_glance(selection, viewer, as_of) -> None:
    """The same beside other cards: school by school where one asks."""
    priorities = network.priorities(selection, viewer)
    with blocks.card(sentences.priorities(priorities), behind=sentences.WHAT_PRIORITIES_ARE):
        for row, of_this in _told(priorities, selection, viewer, as_of):
            with st.expander("School by school", key=f"schools_of_{row.record}", type="compact"):
                _by_school(row, of_this)


def in_brief(selection, viewer, as_of) -> None:
    """The same in two lines each, opened where one asks; nothing where there is none."""
    priorities = network.priorities(selection, viewer)
    if len(priorities):
        own = formats.number(len(priorities), "priority", "priorities")
        with st.popover(own, type="tertiary"):
            list(_told(priorities, selection, viewer, as_of))


def _told(priorities, selection, viewer, as_of) -> Iterator:
    """Each priority, and how far its schools are, once both are said."""
    values = progress(selection, viewer)
    for row in priorities.itertuples():
        of_this = values[values.record == row.record]
        st.markdown(f"**{formats.plain(sentences.priority(row))}**")
        st.caption(formats.plain(sentences.standing(of_this, row, as_of)))
        yield row, of_this


@st.fragment
def write(selection, viewer, desk: forms.Desk) -> None:
    """Set a priority, or let go of one; folded, so that the page stays calm."""
    forms.start_again_if_written()
    priorities = network.priorities(selection, viewer)
    networks = sorted(choices.schools(selection).network.fillna("").unique())
    with st.expander("Set a priority, or let go of one"):
        chosen = selection.network or networks[0]
        if len(networks) > 1 and not selection.network:
            st.caption("Choose a network above: each has its own three.")
            return
        items = sentences.items(culture.wording(selection), choices.surveys(selection))
        for row in priorities.itertuples():
            meeting_forms.let_go("priority", row, formats.plain(sentences.priority(row)), desk)
        meeting_forms.priority("priority", chosen, items, desk)
