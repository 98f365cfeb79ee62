"""The forms of the plans page: start a plan, write its cycles, change it, close it.

Like every form here they keep what is typed, and change what nobody else has changed (forms.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import streamlit as st

from pages.shared import formats, forms
from pages.shared.plans import sentences
from queries.team import records

# Where it is said what became of a plan that was started.
PLACE = "plan"
# Where a session keeps the plan that was just started.
STARTED = "plan_started"
# How long a plan is tried unless somebody says otherwise: long enough for Study to say something.
WEEKS = 8
# By what is measured, where plans/candidates has how much of it was missed so far.
SO_FAR = {
    "days missed": "days_missed_percent",
    "Mondays and Fridays missed": "mondays_and_fridays_missed_percent",
}


# --- Starting a plan --------------------------------------------------------------------------


@dataclass(frozen=True)
class Beginning:
    """What stands above the form of a new plan: whom it is for, which idea, and the measure."""

    students: Any
    cause: str
    who_for: str
    idea: str | None
    is_new: bool
    measure: str


def idea(token: str, ideas, cause: str) -> str | None:
    """Let somebody choose from the menu or type what they found themselves; say what is known."""
    chosen = st.selectbox(
        "Change idea",
        sentences.ideas_for(ideas, cause),
        index=None,
        key=f"{token}_idea",
        accept_new_options=True,
        placeholder="Choose from the menu, or type your own",
    )
    known = {one.casefold(): one for one in ideas.idea}
    chosen = formats.one_line(chosen or "") or None
    chosen = known.get(chosen.casefold(), chosen) if chosen else None
    if sentences.known(ideas, chosen):
        st.caption(f"What is known: {formats.plain(sentences.known(ideas, chosen))}")
    return chosen


def measure(token: str, students) -> str:
    """Let somebody choose what the plan is to move, and say where that stands."""
    chosen = st.radio(
        "Measure",
        records.MEASURES,
        key=f"{token}_measure",
        format_func=sentences.measure,
        horizontal=True,
    )
    st.markdown(formats.plain(sentences.so_far(students, SO_FAR[chosen], chosen)))
    return chosen


def start(token: str, about: Beginning, partners: list[str], desk: forms.Desk) -> None:
    """The rest of a new plan: aim, dates, who is at the table."""
    monday = desk.as_of + timedelta(days=7 - desk.as_of.weekday())
    with forms.form(token):
        if about.is_new:
            st.text_area(
                "What is known about this idea, and from where",
                key=f"{token}_known",
                height=68,
                placeholder="Who tried it, what they saw; “not studied” is an answer",
                **forms.KEPT,
            )
        # Another group has another name and another aim.
        st.text_input(
            "Whom it is for", about.who_for, key=f"{token}_who_for_{about.who_for}", **forms.KEPT
        )
        to, begins, due = st.columns(3)
        to.number_input(
            "To, in percent of days",
            0,
            100,
            None,
            key=f"{token}_to",
            placeholder="The aim",
            **forms.KEPT,
        )
        begins.date_input("Begins", monday, key=f"{token}_begins", **forms.DAY)
        until = monday + timedelta(weeks=WEEKS)
        due.date_input("Look at it by", until, key=f"{token}_due", **forms.DAY)
        _at_the_table(token, partners, about.cause)
        forms.save(token, "Start the plan", _start, token, about, desk)


def _at_the_table(form: str, partners: list[str], cause: str = "") -> None:
    st.multiselect(
        "Partners",
        partners,
        key=f"{form}_partners",
        select_all=False,
        placeholder=f"First those who work on {cause}" if cause else "Who could help",
        **forms.KEPT,
    )
    st.text_area(
        "People at the table, one a line",
        key=f"{form}_people",
        height=68,
        placeholder="A nurse, a grandmother, a student",
        **forms.KEPT,
    )
    st.text_input("Owner", key=f"{form}_owner", placeholder="Who sees to it", **forms.KEPT)


def _start(token: str, about: Beginning, desk: forms.Desk) -> None:
    who_for = forms.words(token, f"who_for_{about.who_for}")
    owner, known = forms.words(token, "owner"), forms.words(token, "known")
    to, begins_on, due_on = (forms.typed(token, name) for name in ("to", "begins", "due"))
    people, partners = _lines(token), tuple(forms.typed(token, "partners"))
    stands_at = about.students.iloc[0][SO_FAR[about.measure]]
    missing = {
        "choose a change idea, or type your own": not about.idea,
        "say what is known about the idea": about.is_new and not known,
        "say whom it is for": not who_for,
        "say to how many percent it should go": to is None,
        f"set an aim below the {stands_at}% of today": to is not None and to >= stands_at,
        "say when it begins": not begins_on,
        "say by when you look at it": not due_on,
        "say who owns it": not owner,
    }

    def written(_: str, token: str) -> list[records.Record]:
        idea = about.idea or ""
        school_id = about.students.iloc[0].school_id
        plan = records.Plan(
            school_id=school_id,
            school_year=desk.school_year,
            idea=idea,
            who_for=who_for,
            measure=about.measure,
            from_percent=int(stands_at),
            to_percent=int(to),
            begins_on=begins_on,
            due_on=due_on,
            owner=owner,
            cause=about.cause,
            people=people,
            partners=partners,
        )
        # The first record that is written under a token has this name.
        members = [
            records.Member(one, school_id, f"{token}-0") for one in about.students.student_id
        ]
        causes = (about.cause,) if about.cause else ()
        own = [records.Idea(idea, causes, known)] if about.is_new else []
        return [plan, *members, *own]

    told = formats.number(len(about.students), "student", "students")
    said = f"Started: {about.idea}, for {told}."
    for plan in forms.add(desk.viewer, PLACE, token, missing, written, said)[:1]:
        st.session_state[STARTED] = plan


def _lines(form: str) -> tuple[str, ...]:
    """What stands in a field of one name a line."""
    names = (formats.one_line(line) for line in forms.words(form, "people").splitlines())
    return tuple(name for name in names if name)


# --- Cycles -----------------------------------------------------------------------------------

_CYCLE = {
    "planned": "Plan: what we will do",
    "did": "Do: what was done",
    "studied": "Study: what we saw",
    "acted": "Act: what follows",
}


def next_cycle(place: str, plan, desk: forms.Desk) -> None:
    """Write the next round of a plan; all but what is planned may come later."""
    token = forms.token(place)
    forms.answer(place)
    with forms.form(token):
        st.date_input("Begins", desk.as_of, key=f"{token}_began", **forms.DAY)
        _cycle(token)
        forms.save(token, "Save the cycle", _add_cycle, place, token, plan, desk)


def change_cycle(row, desk: forms.Desk) -> None:
    """One round, as it is told, and the form to go on with it."""
    form = f"cycle_{row.record}"
    forms.begin(form, row.version, {field: getattr(row, field) for field in _CYCLE})
    is_unsaved = forms.is_unsaved(form)
    forms.answer(form)
    with st.expander(sentences.cycle(row), expanded=is_unsaved, type="compact"):
        for line in sentences.cycle_lines(row):
            st.markdown(line)
        with forms.form(form):
            _cycle(form)
            forms.save(form, "Save what came of it", _change_cycle, form, row.record, desk)


def _cycle(form: str) -> None:
    for field, label in _CYCLE.items():
        st.text_area(label, key=f"{form}_{field}", height=68, **forms.KEPT)


def _add_cycle(place: str, token: str, plan, desk: forms.Desk) -> None:
    said = {field: forms.words(token, field) for field in _CYCLE}
    began_on = forms.typed(token, "began")
    forms.add(
        desk.viewer,
        place,
        token,
        {"say what is planned": not said["planned"], "say when it begins": not began_on},
        lambda *_: [records.Cycle(plan.school_id, plan.record, began_on, **said)],
        "Saved: the next cycle.",
    )


def _change_cycle(form: str, name: str, desk: forms.Desk) -> None:
    said = {field: forms.words(form, field) for field in _CYCLE}
    missing = {"say what is planned": not said["planned"]}
    yours = formats.one_line(" · ".join(filter(None, said.values())))
    _change(form, name, missing, lambda before, _: replace(before, **said), yours, desk)


# --- Changing and closing a plan --------------------------------------------------------------


def change(row, partners: list[str], desk: forms.Desk) -> None:
    """Change the aim of a plan and who is at its table, or take it back."""
    form = f"change_{row.record}"
    fields = {
        "who_for": row.who_for,
        "to": row.to_percent,
        "due": row.due_on.date(),
        "partners": list(row.partners),
        "people": "\n".join(row.people),
        "owner": row.owner,
        "gone": False,
    }
    forms.begin(form, row.version, fields)
    forms.answer(form)
    with forms.form(form):
        st.text_input("Whom it is for", key=f"{form}_who_for", **forms.KEPT)
        to, due = st.columns(2)
        to.number_input("To, in percent of days", 0, 100, key=f"{form}_to", **forms.KEPT)
        due.date_input("Look at it by", key=f"{form}_due", **forms.DAY)
        _at_the_table(form, list(dict.fromkeys([*row.partners, *partners])))
        st.checkbox("Take it back: it was started by mistake", key=f"{form}_gone", **forms.KEPT)
        forms.save(form, "Save the change", _save_change, form, row, desk)


def close(row, study: str, desk: forms.Desk) -> None:
    """Close a plan: its measure looked at, a decision, and what was learned. A closed one may be
    corrected here, or opened again."""
    form = f"close_{row.record}"
    is_closed = row.stage == "closed"
    fields = {
        "decision": row.decision or None,
        "learned": row.learned,
        "looked": is_closed,
        "again": False,
    }
    forms.begin(form, row.version, fields)
    forms.answer(form)
    st.markdown(f"{formats.plain(study)}.")
    with forms.form(form):
        st.checkbox(
            f"We looked at the study up to {formats.day(desk.as_of)}",
            key=f"{form}_looked",
            **forms.KEPT,
        )
        st.radio(
            "What follows",
            records.DECISIONS,
            index=None,
            key=f"{form}_decision",
            format_func=sentences.DECISIONS.get,
            **forms.KEPT,
        )
        st.text_area("What we learned", key=f"{form}_learned", height=100, **forms.KEPT)
        if is_closed:
            st.checkbox("Open it again", key=f"{form}_again", **forms.KEPT)
        forms.save(
            form,
            "Save the correction" if is_closed else "Close the plan",
            _close,
            form,
            row.record,
            desk,
        )


def _save_change(form: str, row, desk: forms.Desk) -> None:
    gone = forms.typed(form, "gone")
    who_for, owner = forms.words(form, "who_for"), forms.words(form, "owner")
    to, due_on = forms.typed(form, "to"), forms.typed(form, "due")
    missing = {
        "say whom it is for": not who_for,
        "say to how many percent it should go": to is None,
        "say by when you look at it": not due_on,
        "say who owns it": not owner,
    }
    said = {"who_for": who_for, "owner": owner, "people": _lines(form), "due_on": due_on}
    said["partners"] = tuple(forms.typed(form, "partners"))

    def after(before, _):
        return None if gone else replace(before, to_percent=int(to), **said)

    yours = "Take it back" if gone else sentences.told(row._replace(to_percent=to, **said))
    _change(form, row.record, {} if gone else missing, after, yours, desk)


def _close(form: str, name: str, desk: forms.Desk) -> None:
    decision, learned = forms.typed(form, "decision"), forms.words(form, "learned")
    again = forms.typed(form, "again")
    missing = {
        "choose adapt, adopt or abandon": not decision,
        "look at the study, and say that you did": not forms.typed(form, "looked"),
        "write what you learned": not learned,
    }

    def after(before, _):
        if again:
            return replace(before, decision="", learned="", looked_up_to=None, ended_on=None)
        return replace(
            before,
            decision=decision,
            learned=learned,
            looked_up_to=desk.as_of,
            ended_on=before.ended_on or desk.as_of,
        )

    yours = "Open it again" if again else f"{decision}: {learned}"
    _change(form, name, {} if again else missing, after, yours, desk)


def _change(form: str, name: str, missing: Mapping[str, bool], after, yours: str, desk: forms.Desk):
    # Another form on the same record changes other fields: it does not wait for us. What they took
    # back has no form any more: it is said where every reader of the page looks.
    forms.change(
        *(form, form, desk.viewer, name, missing, after, sentences.version, yours),
        gone_at=PLACE,
        beside=(f"change_{name}", f"close_{name}"),
    )
