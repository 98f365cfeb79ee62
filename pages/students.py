"""Who needs a conversation, and about what?"""

from functools import partial

import streamlit as st

from pages.shared import blocks, filters, formats, forms, frame
from pages.shared.plans import sentences as plans_sentences
from pages.shared.students import charts, paper, sentences, students_list
from pages.shared.students import forms as students_forms
from queries import absence, causes, choices, health, plans

selection, viewer = frame.open_page(
    "Students",
    ("school_year", "school", "grade"),
    names_only="This page is for an attendance team's weekly meeting and names students.",
)


# Of more schools than these the filter above is a better way to one.
SCHOOLS_AT_MOST = 40


def choose_school(name: str) -> None:
    """Choose a school, as its filter would."""
    st.session_state["school"] = name


standing = health.standing(selection, viewer)
if standing.iloc[0].schools > 1:
    st.subheader("Choose a school", anchor=False)
    st.markdown("A meeting is about the students of one school.")
    with st.container(horizontal=True, gap="xsmall"):
        for name in choices.schools(selection).school_name.head(SCHOOLS_AT_MOST):
            st.button(formats.plain(name), key=f"to_{name}", on_click=choose_school, args=(name,))
    st.stop()
if formats.is_missing(standing.iloc[0].as_of):
    frame.nothing("No attendance yet", "Choose another school year, or another school.")

counted, group, name = st.columns([4, 1.2, 1.5], vertical_alignment="center")
with counted:
    frame.counted(standing)
with group:
    selection = filters.ask(("group",), selection, viewer)
    filters.write_address()
with name:
    forms.sign(says_for_what=False)

if filters.has_arrived():
    # Who comes back has moved on from what was written here before.
    for kept in ("just_saved", "listed"):
        st.session_state.pop(kept, None)

as_of = standing.iloc[0].as_of.date()
steps = causes.next_steps(selection, viewer)
students = sentences.with_steps(causes.students(selection, viewer), steps, as_of)
if students.empty:
    frame.nothing("Nobody is in this selection", "Choose another school year, school or grade.")
days = causes.student_days(selection, viewer)
notes = causes.student_notes(selection, viewer)
in_plans = plans.members(selection, viewer)
to_choose = causes.to_choose(selection, viewer)
year = (
    choices.in_force(selection).iloc[0].first_date.date(),
    as_of,
    tuple(absence.school_days(selection, viewer).date),
)
by_id = {row.student_id: row for row in students.itertuples()}
names = sentences.names(students)
left_by = sentences.counts(students)
signed = forms.signature()
desk = forms.Desk(
    viewer,
    as_of,
    standing.iloc[0].school_year,
    causes=tuple(to_choose.cause),
    people=tuple(sentences.owners(steps, signed)),
)


# --- The list ---------------------------------------------------------------------------------


def turn_to(student_id: str | None) -> None:
    """Show this student; what was saved of another one is done with."""
    if student_id in by_id:
        st.session_state["student"] = student_id
        st.session_state.pop("just_saved", None)


def quick_choices() -> list[str]:
    """The pills above the page, each with how many students it leaves."""
    only = st.pills(
        "Only",
        filters.offered("only", list(left_by)),
        selection_mode="multi",
        key="only",
        format_func=lambda one: sentences.choice(one, left_by),
        label_visibility="collapsed",
    )
    filters.write_offered("only", only)
    return list(only)


def narrowed() -> tuple[str, str | None, str | None, str]:
    """The choices above the list: a name, tier, cause, order."""
    tiers = {label: tier for tier, label in formats.TIERS.items()}
    any_tier, any_cause = "Any tier", "Any cause"
    # Two beside each other on a phone too.
    fields = st.grid(2, min_column_width=140, gap="xsmall")
    sought = fields.cell().text_input(
        "Find a student",
        key="find",
        type="search",
        live=True,
        placeholder="Find a student",
        label_visibility="collapsed",
    )
    order = fields.cell().selectbox("Order", sentences.ORDERS, key="order", **blocks.CHOICE)
    every_tier, every_cause = [any_tier, *tiers], [any_cause, *to_choose.cause]
    tier = fields.cell().selectbox("Days missed", every_tier, key="tier", **blocks.CHOICE)
    cause = fields.cell().selectbox("Cause", every_cause, key="cause", **blocks.CHOICE)
    return sought.strip(), tiers.get(tier), None if cause == any_cause else cause, order


def lists_of(sought: str, only: list[str], tier: str | None, cause: str | None, order: str) -> list:
    """The list in its order, which stays while things are written: who was written about is in
    sight until another list is chosen. sought: a name, of everybody with an enrollment."""
    rows = sentences.only(students, only, tier, cause)
    chosen = (selection, sought, tuple(only), tier, cause, order)
    listed_for, listed = st.session_state.get("listed", (None, []))
    if listed_for != chosen:
        listed = (
            sentences.called(students, rows, sought)
            if sought
            else sentences.in_order(rows, order, to_choose)
        )
        # In one step, as somebody who types may stop the page at any line.
        st.session_state["listed"] = chosen, listed
        everyone = sentences.order_of(listed)
        if everyone and st.session_state.get("student") not in everyone:
            turn_to(everyone[0])
    known = set(sentences.order_of(listed))
    new = [] if sought else [one for one in rows.student_id if one not in known]
    parts = [
        (heading, question, [one for one in ids if one in by_id])
        for heading, question, ids in listed
    ]
    return parts + ([("New in this list", "", new)] if new else [])


def to_turn(everyone: list[str], chosen: str) -> tuple[str | None, str | None]:
    """Who stands before and after a student in the list."""
    place = everyone.index(chosen) if chosen in everyone else -1
    before = everyone[place - 1] if place > 0 else None
    after = everyone[place + 1] if place + 1 < len(everyone) else None
    return before, after


def the_list(
    lists: list, chosen: str, before: str | None, after: str | None, name: str, choices: list[str]
) -> None:
    """The rows, and below them the ways on: to whom is next, to paper, and to a plan for all of
    them. name: whom the plan is for. choices: what the list is narrowed to."""
    everyone = sentences.order_of(lists)
    groups = [
        {
            "heading": sentences.heading(heading, ids),
            "question": formats.one_line(question),
            "rows": [sentences.row(by_id[one]) for one in ids],
        }
        for heading, question, ids in lists
    ]
    students_list.draw(sentences.listed(everyone), groups, chosen, turn_to)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        # In a text field these keys mark words, so nobody turns away from what is half typed: a
        # field sends what it holds when it is left.
        turns = (("Previous", before, "Shift+Left"), ("Next", after, "Shift+Right"))
        for label, other, keys in turns:
            st.button(label, shortcut=keys, disabled=other is None, on_click=turn_to, args=(other,))
        st.caption(
            sentences.place(lists, chosen),
            width="content",
            help=f"{sentences.WHAT_TODAY_IS}\n\n{sentences.WHAT_ONLY_MEANS}",
        )
        # Made when somebody opens it: before, it was a fifth of the time of the page.
        printing = st.popover("Print", key="print", on_change="rerun")
        if printing.open:
            with printing:
                to_print(everyone, choices)
        group, label = plans_sentences.to_start(name)
        frame.link("pages/plans.py", label, start_for=group)


def the_steps() -> None:
    """Open steps and those that were due, by who does them, and a form to say what came of each."""
    st.caption(formats.plain(sentences.since(sentences.since_last_time(steps, as_of))))
    with st.container(height=students_list.HEIGHT, border=False, gap="xsmall"):
        for owner, of_owner in sentences.by_owner(steps, as_of, signed):
            st.markdown(f"**{formats.plain(sentences.owner(owner, of_owner))}**")
            for row in of_owner.itertuples():
                students_forms.change_step(row, sentences.step(row), desk)
        earlier = sentences.done_earlier(steps, as_of, signed)
        if earlier:
            forms.fold(sentences.earlier(earlier), "earlier", done_earlier, earlier)


def done_earlier(told: list[str]) -> None:
    """What was done before the last meeting, and the days missed around it."""
    st.caption("Days missed before and after a step. The one need not come from the other.")
    for words in told:
        st.markdown(words)


# --- On paper ---------------------------------------------------------------------------------


def to_print(everyone: list[str], choices: list[str]) -> None:
    """The list and the agenda on paper, each made and recorded when somebody asks for it."""
    st.caption("These pages name students. That you took one is recorded.")
    parts, rest = sentences.agenda(students)
    take = partial(blocks.take_file, selection=selection, viewer=viewer)
    take(
        "Roster: this list",
        "roster.html",
        make=partial(roster, everyone, choices),
        students=len(everyone),
    )
    take(
        "Agenda: whom to talk about",
        "agenda.html",
        make=partial(agenda, parts, rest),
        students=sum(len(ids) for _, ids in parts),
    )


def roster(everyone: list[str], choices: list[str]) -> bytes:
    """One line a student, in the order of the list."""
    return paper.roster(
        sentences.paper(students, desk.school_year, sentences.listed(everyone)),
        sentences.narrowed_to(selection, choices, as_of),
        sentences.ROSTER,
        sentences.roster([by_id[one] for one in everyone], steps, names),
    )


def agenda(parts: list, rest: str) -> bytes:
    """What to know of each student before we talk, and room to write."""
    return paper.agenda(
        sentences.paper(students, desk.school_year, "Agenda"),
        sentences.narrowed_to(selection, [], as_of),
        [
            (heading, [(names[one], lines_on(one, told_elsewhere=steps.head(0))) for one in ids])
            for heading, ids in parts
        ],
        rest,
    )


# --- One student ------------------------------------------------------------------------------


def one_student(chosen: str, after: str | None, tells_steps: bool) -> None:
    """What to know before a conversation, and the form to write: of this student, or of all ticked.

    tells_steps: what came of a step is said here too."""
    row = by_id[chosen]
    st.markdown(f"### {formats.plain(formats.one_line(row.student_name))}")
    own_days, own_notes, own_steps = (
        table[table.student_id == chosen] for table in (days, notes, steps)
    )
    told = sentences.since_last_time(own_steps, as_of) if tells_steps else own_steps.head(0)
    if len(own_days):
        blocks.show(charts.year, own_days, *year, alt=sentences.YEAR)
    blocks.small(*lines_on(chosen, told))
    own_plans = in_plans[(in_plans.student_id == chosen) & ~in_plans.closed]
    if len(own_plans):
        st.markdown(plans_sentences.in_plans(own_plans))
    for step in told.itertuples():
        students_forms.change_step(step, sentences.own_step(step), desk)
    ticked = [by_id[one] for one in students_list.ticked() if one in by_id]
    place = students_forms.TOGETHER if ticked else f"write_{chosen}"
    if ticked:
        who = formats.plain(sentences.ticked([one.student_name for one in ticked]))
        st.markdown(f"**{who}**")
    students_forms.answer(place, desk)
    students_forms.write(place, ticked or [row], desk, None if ticked else after)
    footnotes(row, own_days, own_notes)


def lines_on(student_id: str, told_elsewhere) -> list[str]:
    """What to know of one student, in a few lines; but for the steps that are told elsewhere."""
    own_days, own_notes, own_steps = (
        table[table.student_id == student_id]
        for table in (days, notes, steps.drop(told_elsewhere.index))
    )
    under_way = bool(standing.iloc[0].under_way)
    return sentences.before_the_conversation(
        by_id[student_id], own_days, own_notes, own_steps, as_of, under_way
    )


def footnotes(row, own_days, own_notes) -> None:
    """What is read now and then, and what is written seldom."""
    chosen = row.student_id
    seldom = f"seldom_{chosen}{students_forms.FOLD}"
    forms.fold(
        "Days missed, and what was written", f"history_{chosen}", history, own_days, own_notes
    )
    forms.fold("Letter, call or visit; correct", seldom, write_seldom, row, own_notes)


def history(own_days, own_notes) -> None:
    """Every day missed, and all that was written."""
    for line in sentences.days_by_month(own_days):
        st.markdown(formats.plain(line))
    for heading, lines in sentences.written_by_kind(own_notes):
        st.markdown(f"**{heading}**")
        for line in lines:
            st.markdown(formats.plain(line))


def write_seldom(row, own_notes) -> None:
    """What the rules ask to be written down, and corrections."""
    students_forms.contact(f"made_{row.student_id}", row, desk)
    st.markdown("**Correct what was written**")
    students_forms.correct(f"correct_{row.student_id}", own_notes, desk)


# --- The meeting ------------------------------------------------------------------------------


@st.fragment
def meeting() -> None:
    """The list beside one student; a click in either draws these two alone."""
    forms.start_again_if_written()
    only = quick_choices()
    left, right = st.columns([1.2, 1], gap="small")
    with left:
        listing, stepping = st.tabs(["Students", "Next steps"], key="beside", on_change="rerun")
        with listing:
            sought, tier, cause, order = narrowed()
            lists = lists_of(sought, only, tier, cause, order)
            everyone = sentences.order_of(lists)
            if st.session_state.get("student") not in by_id:
                st.session_state["student"] = (everyone or list(by_id))[0]
            chosen = st.session_state["student"]
            before, after = to_turn(everyone, chosen)
            if everyone:
                named = (
                    sentences.UNKNOWN_CAUSE if sentences.NO_CAUSE in only else sentences.IN_ORDER
                )
                choices = sentences.choices(sought, only, tier, cause)
                the_list(lists, chosen, before, after, cause or named, choices)
            elif sought:
                st.markdown("Nobody here is called so.")
            else:
                st.markdown("Nobody is in this list. Take one of the choices above away.")
        if stepping.open:
            with stepping:
                the_steps()
    with right.container(border=True, key="one_student"):
        one_student(chosen, after, tells_steps=not stepping.open)


meeting()
