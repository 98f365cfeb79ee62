"""What a network wants to move together, as a card of Network and of every meeting."""

import streamlit as st

from pages.shared import formats, forms, frame, meeting_charts, meeting_forms
from pages.shared import meeting_readings as words
from queries import choices, culture, network
from queries.progress import progress


def card(selection, viewer, as_of) -> None:
    """The priorities: who stands behind each, and how far it is, school by school."""
    priorities = network.priorities(selection, viewer)
    with frame.card(words.priorities(priorities), words.WHAT_PRIORITIES_ARE):
        values = progress(selection, viewer)
        for row in priorities.itertuples():
            of_this = values[values.record == row.record]
            st.markdown(f"**{formats.plain(words.priority(row))}**")
            st.caption(formats.plain(words.standing(of_this, row, as_of)))
            st.caption(formats.plain(words.behind(row)))
            of_this = of_this.assign(
                stands_at=[words.now(place, row) for place in of_this.itertuples()]
            )
            goal = row.goal_percent / 100
            frame.show(meeting_charts.progress, of_this, goal, alt=words.priority(row))
            frame.table(of_this, ["school_name", "stands_at", "reached"], alt=words.priority(row))


@st.fragment
def write(selection, viewer, table: meeting_forms.Table) -> None:
    """Set a priority, or let go of one; folded, so that the page stays calm."""
    forms.start_again_if_written()
    priorities = network.priorities(selection, viewer)
    networks = sorted(choices.schools(selection).network.fillna("").unique())
    with st.expander("Set a priority, or let go of one"):
        chosen = selection.network or networks[0]
        if len(networks) > 1 and not selection.network:
            st.caption("Choose a network above: each has its own three.")
            return
        items = words.items(culture.wording(selection), choices.surveys(selection))
        for row in priorities.itertuples():
            meeting_forms.let_go("priority", row, formats.plain(words.priority(row)), table)
        meeting_forms.priority("priority", chosen, items, table)
