"""Who needs a conversation, and about what?"""

import streamlit as st

from pages.shared import basis, filters, formats, forms, frame
from pages.shared.plans import sentences as plans_sentences
from pages.shared.students import charts, sentences
from pages.shared.students import forms as students_forms
from queries import causes, choices, health, plans

selection, viewer = frame.open_page(
    "Students",
    ("school_year", "network", "neighborhood", "school", "grade", "group"),
    names_only="This page is for an attendance team's weekly meeting and names students.",
)

# More schools than one team meets about; the lists would be those of a whole district.
SCHOOLS_AT_MOST = 40
# So many rows of a list stand there before somebody asks for all.
ROWS_OF_THE_FIRST = 25
ROWS_OF_A_CAUSE = 12

standing = health.standing(selection, viewer)
if standing.iloc[0].schools > SCHOOLS_AT_MOST:
    frame.nothing("Choose a school", "A meeting is about one school, or a few of them.")
if formats.is_missing(standing.iloc[0].as_of):
    frame.nothing("No attendance yet", "Choose another school year, or another school.")

students = causes.students(selection, viewer)
if students.empty:
    frame.nothing("Nobody is in this selection", "Choose another school year, school or grade.")
days = causes.student_days(selection, viewer)
notes = causes.student_notes(selection, viewer)
steps = causes.next_steps(selection, viewer)
in_plans = plans.members(selection, viewer)
to_choose = causes.to_choose(selection, viewer)
year = (choices.in_force(selection).iloc[0].first_date.date(), standing.iloc[0].as_of.date())

under_way = bool(standing.iloc[0].under_way)
several_schools = students.school_id.nunique() > 1
desk = forms.Desk(
    viewer,
    standing.iloc[0].as_of.date(),
    standing.iloc[0].school_year,
    causes=tuple(to_choose.cause),
)


# --- Since last time --------------------------------------------------------------------------


@st.fragment
def since_last_time(due) -> None:
    """Each next step that was due, and a form to say what came of it."""
    forms.start_again_if_written()
    with st.container(gap="small"):
        for row in due.itertuples():
            students_forms.change_step(row, sentences.step(row, several_schools), desk)


# --- Today ------------------------------------------------------------------------------------


def narrow_to(choices: list[str]) -> None:
    """Set the quick choices, as a click on each would."""
    st.session_state["only"] = choices


def turn_to(student_id: str) -> None:
    """Show this student."""
    st.session_state["student"] = student_id


def order_of_today(rows, chosen) -> list[str]:
    """The ids of today's students; the order stays while things are written about them."""
    if st.session_state.get("today_of") != chosen:
        st.session_state["today_of"] = chosen
        st.session_state["today"] = list(sentences.for_today(rows).student_id)
    here = set(rows.student_id)
    return [one for one in st.session_state["today"] if one in here]


@st.fragment
def one_by_one(rows, today: list[str]) -> None:
    """One student at a time: what to know before a conversation, and the forms to write."""
    forms.start_again_if_written()
    by_id = {row.student_id: row for row in rows.itertuples()}
    if st.session_state.get("student") not in by_id:
        st.session_state["student"] = (today or list(by_id))[0]
    chosen = st.session_state["student"]
    place = today.index(chosen) if chosen in today else -1
    before = today[place - 1] if place > 0 else None
    after = today[place + 1] if place + 1 < len(today) else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # In a text field these keys mark words, so nobody turns away from what is half typed: a
        # field sends what it holds when it is left.
        turns = (("Previous", before, "Shift+Left"), ("Next", after, "Shift+Right"))
        for label, other, keys in turns:
            st.button(label, shortcut=keys, disabled=other is None, on_click=turn_to, args=(other,))
        names = sentences.names(students)
        st.selectbox(
            "Student", list(by_id), key="student", format_func=names.__getitem__, width=260
        )
        if place >= 0:
            st.caption(f"{place + 1} of {len(today)} for today")
    row = by_id[chosen]
    st.markdown(f"### {formats.plain(row.student_name)}")
    own_days, own_notes, own_steps = (
        table[table.student_id == chosen] for table in (days, notes, steps)
    )
    st.markdown(
        sentences.before_the_conversation(
            row, own_days, own_notes, own_steps, several_schools, under_way
        )
    )
    own_plans = in_plans[(in_plans.student_id == chosen) & ~in_plans.closed]
    if len(own_plans):
        st.markdown(plans_sentences.in_plans(own_plans))
    with st.expander("Days missed, and what was written", type="compact"):
        if len(own_days):
            frame.show(charts.year, own_days, *year, alt=sentences.YEAR)
        for line in sentences.days_by_month(own_days):
            st.markdown(formats.plain(line))
        for heading, lines in sentences.written_by_kind(own_notes):
            st.markdown(f"**{heading}**")
            for line in lines:
                st.markdown(formats.plain(line))
    to_write = {
        "What we learned": lambda: learned(row),
        "Next step": lambda: students_forms.step(f"next_{chosen}", row, desk),
        "Note": lambda: students_forms.note(f"note_{chosen}", row, desk),
        "Letter, call or visit": lambda: students_forms.contact(f"made_{chosen}", row, desk),
        "Correct": lambda: students_forms.correct(f"correct_{chosen}", own_notes, desk),
    }
    for tab, form in zip(st.tabs(list(to_write)), to_write.values(), strict=True):
        with tab:
            form()


def learned(row) -> None:
    """The form for one student."""
    place = f"learned_{row.student_id}"
    forms.answer(place)
    students_forms.learned(place, [row], desk)


# --- Everybody --------------------------------------------------------------------------------


@st.fragment
def everybody(rows, in_order: bool) -> None:
    """The lists, with boxes to tick, and one form for all who are ticked."""
    forms.start_again_if_written()
    lists = [(sentences.IN_ORDER, "", rows)] if in_order else sentences.groups(rows, to_choose)
    ticked: dict = {}
    form = None
    st.markdown(sentences.TICK)
    with st.container(gap="small"):
        for number, (name, question, members) in enumerate(lists):
            heading = formats.plain(sentences.group(name, members))
            with st.expander(heading, expanded=number == 0):
                if question:
                    st.markdown(f"*{formats.plain(formats.one_line(question))}*")
                ticked |= tick(f"{number}_{name}", members, is_first=number == 0)
                if not several_schools:
                    start_a_plan(name)
            # Below the first list: nothing moves under the hand of who ticks in it.
            form = form or st.container()
    with form or st.container():
        forms.answer("together")
        if ticked:
            with st.container(border=True):
                who = sentences.ticked([row.student_name for row in ticked.values()])
                st.markdown(f"**{formats.plain(who)}**")
                students_forms.learned("together", list(ticked.values()), desk, tick_nobody)


def tick(name: str, members, is_first: bool) -> dict:
    """One list with a box before each student; those that are ticked, by id."""
    at_first = ROWS_OF_THE_FIRST if is_first else ROWS_OF_A_CAUSE
    is_whole = len(members) <= at_first or st.session_state.get(f"all_of_{name}", False)
    ticked = {}
    for row in (members if is_whole else members.head(at_first)).itertuples():
        if st.checkbox(
            sentences.in_brief(row, several_schools), key=f"tick_{name}_{row.student_id}"
        ):
            ticked[row.student_id] = row
    if not is_whole:
        label = f"Show all {formats.count(len(members))}"
        st.button(label, key=f"show_{name}", on_click=show_all, args=(name,))
    return ticked


def start_a_plan(name: str) -> None:
    """The way to a plan for one group of students of the school that was chosen."""
    group, label = plans_sentences.to_start(name)
    frame.link("pages/plans.py", label, start_for=group)


def show_all(name: str) -> None:
    """Show the whole of a list."""
    st.session_state[f"all_of_{name}"] = True


def tick_nobody() -> None:
    """Take every tick away, once something was written about those ticked."""
    for key in list(st.session_state):
        if str(key).startswith("tick_"):
            st.session_state[key] = False


# --- The meeting, from top to bottom ----------------------------------------------------------

st.caption(formats.plain(basis.standing(standing)))
forms.sign()

due = sentences.since_last_time(steps, desk.as_of)
with frame.card(sentences.since(due), sentences.since_caption(desk.as_of)):
    since_last_time(due)

crossed = sentences.only(students, [sentences.CROSSED, sentences.NO_CAUSE], None, None)
with frame.card(sentences.this_week(students), sentences.WHAT_TODAY_IS):
    if len(crossed):
        st.button(
            sentences.show_these(crossed),
            type="primary",
            on_click=narrow_to,
            args=([sentences.NO_CAUSE, sentences.CROSSED],),
        )
    only = st.pills(
        "Only",
        sentences.ONLY,
        selection_mode="multi",
        key="only",
        bind="query-params",
        help=sentences.WHAT_ONLY_MEANS,
    )
    with st.container(horizontal=True):
        tiers = {label: tier for tier, label in formats.TIERS.items()}
        tier = tiers.get(
            st.selectbox(
                "Days missed",
                [filters.ALL, *tiers],
                key="tier",
                bind="query-params",
                width=filters.WIDTH,
            )
        )
        of_cause = st.selectbox(
            "Cause", [filters.ALL, *to_choose.cause], key="cause", bind="query-params", width=260
        )
        cause = None if of_cause == filters.ALL else of_cause
    rows = sentences.only(students, only, tier, cause)
    if rows.empty:
        frame.nothing("Nobody is in this list", "Take one of the choices above away.")
    one_by_one(rows, order_of_today(rows, (selection, tuple(only), tier, cause)))

with frame.card(sentences.everybody(rows), sentences.narrowed_to(rows, only, tier, cause)):
    in_order = st.toggle("In order of days missed", key="in_order", bind="query-params")
    everybody(rows, in_order)
