"""What are we trying, and does it help?"""

from dataclasses import replace

import streamlit as st

from pages.shared import basis, blocks, card, filters, formats, forms, frame
from pages.shared.plans import cards, charts, sentences
from pages.shared.plans import forms as plans_forms
from queries import causes, choices, health, plans

selection, viewer = frame.open_page(
    "Plans",
    ("school_year", "network", "neighborhood", "school"),
)

standing = health.standing(selection, viewer)
if formats.is_missing(standing.iloc[0].as_of):
    frame.nothing("No attendance yet", "Choose another school year, or another school.")

tried = plans.tried(selection, viewer)
ideas = plans.ideas(selection, viewer)
as_of = standing.iloc[0].as_of.date()
several_schools = int(standing.iloc[0].schools) > 1
desk = forms.Desk(viewer, as_of, standing.iloc[0].school_year)
may_write = frame.sees_names(viewer)
of_totals = basis.is_of_totals(standing)


# --- What is being tried ----------------------------------------------------------------------


def told(rows) -> None:
    """Each plan in a few short lines."""
    for row in rows.itertuples():
        with st.container(gap=None):
            st.markdown(f"{sentences.idea(row)}  \n{sentences.for_whom(row)}")
            st.caption(sentences.table(row))


# --- Study ------------------------------------------------------------------------------------


def run_chart(row, study) -> None:
    """The weeks of a plan before and after its start."""
    weeks = sentences.of_plan(plans.weeks(selection, viewer), row.record)
    if len(weeks):
        of_school = replace(selection, school=row.school_id)
        card.strip(health.weeks(of_school, viewer), weeks.week_start)
        blocks.show(
            charts.weeks,
            weeks,
            *(row.begins_on, study.before_rate, study.after_rate),
            alt=sentences.weeks(row),
        )
        blocks.table(
            weeks,
            ["week_start", "days_enrolled", "days_missed", "rate", "comparison_rate"],
            alt=sentences.weeks(row),
        )


@st.fragment
def work_on(row, study: str) -> None:
    """The cycles of a plan; with names whom it is for, and the forms to go on with it."""
    forms.start_again_if_written()
    cycles = sentences.of_plan(plans.cycles(selection, viewer), row.record)
    st.markdown(f"**{formats.plain(sentences.cycles(cycles))}**")
    for cycle in cycles.itertuples():
        if may_write:
            plans_forms.change_cycle(cycle, desk)
        else:
            with st.expander(sentences.cycle(cycle), type="compact"):
                for line in sentences.cycle_lines(cycle):
                    st.markdown(line)
    if not may_write:
        return
    with st.expander("Whom it is for, by name", type="compact"):
        st.markdown(
            sentences.named(sentences.of_plan(plans.members(selection, viewer), row.record))
        )
    forms.fold("Go on with this plan", f"go_on_{row.record}", go_on, row, study)


def go_on(row, study: str) -> None:
    """The forms of a plan, one beside the other."""
    to_write = {
        "Next cycle": lambda: plans_forms.next_cycle(f"next_{row.record}", row, desk),
        "Close the plan": lambda: plans_forms.close(row, study, desk),
        "Change the plan": lambda: plans_forms.change(row, partners_of(row), desk),
    }
    for tab, form in zip(st.tabs(list(to_write)), to_write.values(), strict=True):
        with tab:
            form()


def partners_of(row) -> list[str]:
    """The partners who reach the school of a plan, those who work on its cause first."""
    reach = causes.partners(replace(selection, school=row.school_id))
    return sentences.partners_for(reach, row.cause)


# --- Starting a plan --------------------------------------------------------------------------


@st.fragment
def start() -> None:
    """A new plan, in a fold that stands open for who came to start one."""
    forms.start_again_if_written()
    forms.answer(plans_forms.PLACE)
    came_to_start = "start_for" in st.query_params
    fold = st.expander(
        "Start a plan", expanded=came_to_start, key="start_a_plan", on_change="rerun"
    )
    if fold.open:
        with fold:
            st.caption(sentences.STARTING)
            begin(forms.token(plans_forms.PLACE))


def begin(token: str) -> None:
    """Whom a plan is for, the idea and the measure, then the form."""
    one_school = selection
    with st.container(horizontal=True):
        if several_schools:
            names = list(filters.own_schools(selection, viewer).school_name)
            chosen = st.selectbox(
                "School of the plan", names, key="start_at", bind="query-params", width=240
            )
            one_school = replace(selection, school=chosen)
        students = plans.candidates(one_school, viewer)
        groups = sentences.groups(students)
        if not groups:
            st.markdown(sentences.NOBODY)
            return
        group = st.selectbox("Students", groups, key="start_for", bind="query-params", width=320)
        grades = {formats.grade(one): one for one in choices.grades(one_school, viewer).grade}
        grade = st.selectbox("Grade", [sentences.ALL_GRADES, *grades], key="plan_grade", width=180)
    if grade in grades:
        students = plans.candidates(replace(one_school, grade=grades[grade]), viewer)
    students = sentences.of_group(students, group)
    if students.empty:
        st.markdown(sentences.NOBODY_OF_GRADE)
        return
    with st.expander(sentences.chosen(students), type="compact"):
        st.markdown(sentences.named(students))
    cause = sentences.cause_of(group)
    idea = plans_forms.idea(token, ideas, cause)
    about = plans_forms.Beginning(
        students=students,
        cause=cause,
        who_for=sentences.who_for(group, grade),
        idea=idea,
        is_new=bool(idea) and idea not in set(ideas.idea),
        measure=plans_forms.measure(token, students),
    )
    reach = sentences.partners_for(causes.partners(one_school), cause)
    plans_forms.start(token, about, reach, desk)


# --- The page, from top to bottom -------------------------------------------------------------

frame.counted(standing, health.weeks(selection, viewer))

grid = blocks.grid()
with (
    grid.cell(),
    blocks.card(sentences.tried_at_a_glance(tried), behind=sentences.tried_caption(as_of)),
):
    due, others = sentences.folded(tried)
    told(due)
    if len(tried):
        card.chart(cards.what_we_try(selection, viewer))
    if len(others):
        with st.expander(sentences.others(others, len(due)), type="compact"):
            told(others)
    if len(tried):
        card.take(cards.what_we_try, selection, viewer)
with (
    grid.cell(),
    card.draw(cards.same_idea, selection, viewer),
    st.expander(sentences.MENU_LABEL, type="compact"),
):
    st.caption(sentences.MENU)
    for row in ideas.itertuples():
        st.markdown(sentences.menu_line(row))

if of_totals:
    with st.container(border=True):
        frame.needs_days("Starting a plan, and its Study")
elif may_write:
    with st.container(border=True):
        forms.sign()
        start()
elif frame.is_for_staff(viewer):
    st.caption(sentences.TO_START)

if len(tried) and frame.is_for_staff(viewer) and not of_totals:
    studies = plans.study(selection, viewer)
    names = sentences.names(sentences.compared_first(tried, studies))
    started = st.session_state.pop(plans_forms.STARTED, None)
    for name, record in names.items():
        if record == started:
            st.session_state["plan"] = name
    with st.container(border=True):
        chosen = st.selectbox("Study of", list(names), key="plan", bind="query-params")
        (plan,) = tried[tried.record == names[chosen]].itertuples()
        (study,) = sentences.of_plan(studies, plan.record).itertuples()
        said = sentences.study(study)
        with blocks.card(
            sentences.study_at_a_glance(study),
            behind=f"{said}. {sentences.study_caption(study)}",
        ):
            weeks, work = st.columns([3, 2], gap="medium")
            with weeks:
                run_chart(plan, study)
            with work:
                st.markdown(f":small[{sentences.for_whom(plan)}]")
                blocks.small(*filter(None, [sentences.before_and_after(study)]))
                work_on(plan, said)
