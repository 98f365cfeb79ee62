"""What is around every page: the guard, the menu, the title, the filters, and why a page stops."""

import gc
from dataclasses import replace
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared import basis, blocks, filters, formats, remembered, typed
from pages.shared.door import account
from queries import access, health
from queries.access import Viewer
from queries.selection import Selection
from queries.team import StoreProblem

STYLE = Path(__file__).with_suffix(".css")
PRESENTED_STYLE = Path(__file__).with_name("presented.css")
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

MENU = {
    "Look together": {
        "app.py": "Overview",
        "pages/chronic_absence.py": "Chronic absence",
        "pages/causes.py": "Causes",
        "pages/school_culture.py": "School culture",
        "pages/culture_and_absence.py": "Culture and absence",
    },
    "Work together": {
        "pages/students.py": "Students",
        "pages/plans.py": "Plans",
        "pages/network.py": "Network",
        "pages/meeting.py": "Meeting",
    },
    "Know the data": {
        "pages/how_we_count.py": "How we count",
        "pages/data_health.py": "Data health",
        "pages/bring_your_data.py": "Bring your data",
        "pages/accounts.py": "Accounts",
    },
}

# Each view: what it is called, what stands above every page, so that it also stands in a
# screenshot, and what opens at that.
BANDS = {
    access.SHARE: (
        "For everybody",
        ":green-badge[:material/public: Share view] {as_of}",
        "This page may be shown: counts are rounded and small numbers withheld.",
    ),
    access.SCHOOL: (
        "For staff",
        ":orange-badge[:material/group: For staff] :small[Keep inside.]",
        "Numbers are exact, also those of small groups.",
    ),
    access.NAMES: (
        "With names",
        ":red-badge[:material/lock: Student information: not for sharing]",
        "Each look at a list of students is recorded.",
    ),
}
# What the share view is not narrowed by; two choices together would tell small numbers.
NOT_IN_SHARE = {"grade", "group", "definition", "as_of", "other_definition", "compared_year"}


@st.cache_resource(show_spinner=False)
def _settle_memory() -> None:
    """Take what the imports made out of every later collection: measured, it was two thirds of the
    time of a rerun."""
    gc.collect()
    gc.freeze()


def open_page(
    title: str,
    asked: tuple[str, ...] = (),
    *,
    names_only: str | None = None,
    of_attendance: bool = True,
    of_team: bool = True,
    needs_data: bool = True,
    may_be_presented: bool = False,
) -> tuple[Selection, Viewer]:
    """Guard the page, draw what is around it, and return what the reader chose and may see.

    asked: which filters, by their names in filters.py, in the order in which they stand.
    names_only: why the page is for the names view alone.
    of_attendance: the page shows nothing without attendance. of_team: it shows what people wrote.
    needs_data: False where the page is of use before there is anything that can be read; its
    selection is then of no generation.
    may_be_presented: on a wall it is the share view, whatever its reader chose, without menu and
    choices.
    Stops the page, with words on what to do, when there are no data for it, or when the view is not
    the one it is for.
    """
    presented = may_be_presented and is_presented()
    st.set_page_config(page_title=f"{title} · Roundtable", layout="wide")
    _dress(presented)
    _refuse_frames()
    _refuse_other_origins()
    is_first = _begin(title)
    generation = _generation(needed=needs_data)
    _settle_memory()
    if generation is None:
        return Selection(), _open_without_data(title)
    if is_first:
        _recall(Selection(generation=generation))
    with st.container(horizontal=True, vertical_alignment="center", key="title"):
        heading = st.container()
        viewer = account.viewer(access.SHARE) if presented else _viewer()
    _stop_at_names(viewer, names_only, heading, title)
    shared = viewer.view == access.SHARE
    selection = Selection(generation=_told_generation(generation) if shared else generation)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        names = tuple(name for name in asked if not (shared and name in NOT_IN_SHARE))
        selection = filters.ask(names, selection, viewer)
        band = st.container(width="content")
    heading.title(_heading(title, asked, selection), anchor=False)
    filters.write_address()
    _remember()
    typed.take_along()
    _menu()
    _copy_a_link()
    # Surveys do not wait for the end of a month.
    _say_whose(band, viewer, _as_of(selection) if shared and "school_year" in asked else None)
    if of_attendance:
        _stop_without_attendance(selection, shared)
    problem = health.written_problem(selection.generation)
    if problem and of_team:
        nothing("What people wrote cannot be read", formats.plain(problem))
    if problem:
        st.caption(f"What people wrote cannot be read. {formats.plain(problem)}")
    return (_one_place(selection) if shared else selection), viewer


def _stop_without_attendance(selection: Selection, shared: bool) -> None:
    if not filters.has_attendance(selection):
        without_attendance()
        st.stop()
    if shared:
        stop_if_totals_untold(health.standing(selection))


def _as_of(selection: Selection):
    """The day that the share view of a school year stands at; of totals of a whole year there is
    none."""
    of_year = Selection(school_year=selection.school_year, generation=selection.generation)
    row = health.standing(of_year).iloc[0]
    return row.as_of if row.under_way or not row.is_of_totals else None


def _open_without_data(title: str) -> Viewer:
    """What is around a page where nothing can be read: no filters, and nothing to remember."""
    with st.container(horizontal=True, vertical_alignment="center", key="title"):
        st.title(title, anchor=False)
        viewer = _viewer()
    _say_whose(st.container(), viewer)
    _menu()
    return viewer


def _refuse_other_origins() -> None:
    """A page of another address, open in a reader's browser, may ask this server for pages too:
    Streamlit lets in whatever is served on this machine, on any port."""
    origin = st.context.headers.get("Origin")
    if origin and urlsplit(origin).netloc != st.context.headers.get("Host"):
        nothing("This page was asked for from another address", "Open Roundtable by its own one.")
    _refuse_who_may_not()


def _refuse_who_may_not() -> None:
    """Show nothing to who has not signed in, or is not at this machine where nobody signs in."""
    try:
        is_sample = health.is_sample()
    except health.NoData:
        is_sample = False
    try:
        refused = account.refusal(is_sample=is_sample)
    except StoreProblem as problem:
        refused = "Who may sign in cannot be read", formats.plain(str(problem))
    if refused:
        nothing(*refused)


def _dress(presented: bool) -> None:
    st.html(STYLE)
    if presented:
        st.html(PRESENTED_STYLE)


def _refuse_frames() -> None:
    """Streamlit's server sends no header that forbids frames, so the page itself leaves one."""
    data = account.screen_time()
    st.components.v2.component("not_in_a_frame", js=SCRIPT)(key="not_in_a_frame", data=data)


def _begin(title: str) -> bool:
    """Whether a visit begins here. Who gives out data begins it, in staff's view, where something
    waits for their answer."""
    is_first = filters.follow_address(title)
    if is_first and title == "Overview" and (page := account.waits_at()):
        filters.chosen_last().update(view=access.SCHOOL, signed_by=account.signs_as() or "")
        st.switch_page(page)
    return is_first


def _recall(selection: Selection) -> None:
    """Begin a visit where this browser's reader left off: in staff's view, not in that of names,
    and at their school, unless the address says what to show."""
    chosen_last = filters.chosen_last()
    staff_first = access.SCHOOL in (account.first_view(), remembered.recall(remembered.VIEW))
    if staff_first and access.SCHOOL in access.ROLES[account.role()]:
        chosen_last["view"] = access.SCHOOL
    if name := account.signs_as() or remembered.recall(remembered.NAME):
        chosen_last["signed_by"] = name
    filters.begin_at(remembered.recall(remembered.SCHOOL), selection, account.only_school())


def _remember() -> None:
    """Names are never the first thing on a screen, so their view is remembered as that of staff."""
    chosen_last = filters.chosen_last()
    is_share = chosen_last.get("view", access.SHARE) == access.SHARE
    remembered.keep(
        {
            remembered.SCHOOL: filters.own_school(),
            remembered.VIEW: "" if is_share else access.SCHOOL,
            # An account signs for itself, and is nobody's business at the same browser later.
            remembered.NAME: "" if account.signs_as() else chosen_last.get("signed_by", "").strip(),
        }
    )


def _viewer() -> Viewer:
    """Who is reading, in the view they chose, which is never in the address."""
    views = list(access.ROLES[account.role()])
    st.radio(
        "View",
        views,
        format_func=lambda view: BANDS[view][0],
        horizontal=True,
        label_visibility="collapsed",
        key=filters.carry("view"),
        persist_state="session",
    )
    view = filters.carried("view")
    # What a browser says is no leave: a role that changed meanwhile, or a message made by hand.
    return account.viewer(view if view in views else access.SHARE)


def is_presented() -> bool:
    """Whether the page is to stand on a wall."""
    return st.query_params.get("present") == "yes"


def present() -> None:
    """Put the page on a wall."""
    st.query_params["present"] = "yes"


def end_presenting() -> None:
    """Take it off the wall."""
    st.query_params.pop("present", None)


def _heading(title: str, asked: tuple[str, ...], selection: Selection) -> str:
    """'Birch Elementary · 2025-26 · Causes': what stays from page to page stands first."""
    year = filters.school_year() if "school_year" in asked else ""
    place = ""
    if "school" in asked or "neighborhood" in asked:
        place = filters.only_school(selection) or basis.place(selection)
    words = (place, year, title)
    return formats.plain(" · ".join(word for word in words if word))


def _stop_at_names(viewer: Viewer, names_only: str | None, heading, title: str) -> None:
    """Stop a page of names in another view, and any page where no look at names can be recorded."""
    words = None
    if viewer.view == access.NAMES and (problem := access.cannot_record()):
        words = (
            f"Names are shown only where each look can be recorded. {formats.plain(problem)} "
            "Until then, choose another view above."
        )
    elif names_only and viewer.view != access.NAMES:
        words = f"{names_only} If you may see them, choose **{BANDS[access.NAMES][0]}** above."
    if words:
        heading.title(title, anchor=False)
        _say_whose(st.container(), viewer)
        _menu()
        st.markdown(words)
        st.stop()


def _say_whose(band, viewer: Viewer, as_of=None) -> None:
    """Whom the page is for, and in the share view the day it stands at, once the year is chosen."""
    day = "" if formats.is_missing(as_of) else f":small[As of {formats.day(as_of)}.]"
    _, words, behind = BANDS[viewer.view]
    band.markdown(words.format(as_of=day), help=behind, width="content")


def _one_place(selection: Selection) -> Selection:
    """A school says more than its neighborhood, and that more than its network."""
    if selection.school or selection.schools:
        return replace(selection, network=None, neighborhood=None)
    return replace(selection, network=None) if selection.neighborhood else selection


def _menu() -> None:
    """After the filters, whose choices its links take along."""
    with st.sidebar:
        st.subheader("Roundtable", anchor=False)
        for group, pages in MENU.items():
            st.caption(group)
            for page, label in pages.items():
                link(page, label)
        if name := account.signs_as():
            st.caption(formats.plain(name))
            st.button("Sign out", key="sign_out", type="tertiary", on_click=st.logout)


def _copy_a_link() -> None:
    """The address of what the page shows, also for somebody whose browser opens at a school."""
    choices = {"school": [f"{filters.ALL} schools"]} | {
        key: st.query_params.get_all(key) for key in st.query_params
    }
    page = (st.context.url or "").partition("?")[0]
    with st.sidebar, st.popover("Copy a link to this view", type="tertiary"):
        st.code(f"{page}?{urlencode(choices, doseq=True)}", language=None, wrap_lines=True)


def link(page: str, label: str, **more: str) -> None:
    """A link to another page, which shows the same schools and year there."""
    st.page_link(page, label=label, query_params=filters.address(**more))


def _generation(*, needed: bool = True) -> str | None:
    """The generation that this run of the page stands on, from its first query to its last; where
    there is none that can be read, the page ends here, unless it is of use without."""
    try:
        with st.spinner("Opening the sample network for the first time …", show_time=True):
            # What the sample's people wrote would stay beside what a district's people write.
            return health.current_generation(build_sample=account.signs_as() is None)
    except health.NoData as problem:
        if not needed:
            return None
        _menu()
        st.title("There is nothing to show", anchor=False)
        st.markdown(formats.plain(problem))
        st.stop()


def _told_generation(generation: str) -> str:
    try:
        return health.told_generation(generation)
    except health.NoData as problem:
        _menu()
        nothing("Nothing is told yet", formats.plain(problem))


def stop_unread(words: str) -> NoReturn:
    """Stop a page, or a part of it that is drawn again, at what cannot be read any more."""
    nothing("This page cannot go on", formats.plain(words))


def _stop_unread(words: str) -> None:
    # Questions are asked outside of pages too, where the error says it.
    if get_script_run_ctx() is not None:
        stop_unread(words)


health.say_what_is_unreadable_by(_stop_unread)


def counted(standing, weeks=None) -> None:
    """What is counted on this page, in one line; by which rule opens at it. weeks: of health/weeks,
    where what the page draws rests on the days of the year."""
    words, rule = basis.counted(standing, weeks), basis.rule(standing)
    st.caption(formats.plain(words), help=formats.plain(rule) or None)


def is_for_staff(viewer: Viewer) -> bool:
    """Whether exact numbers may be shown."""
    return viewer.view != access.SHARE


def offer_staff_view(viewer: Viewer, what: str) -> None:
    """Say what is in the view for staff, with the button that opens it for those who have it."""
    if viewer.view == access.SHARE and access.SCHOOL in access.ROLES[viewer.role]:
        blocks.small(what)
        st.button(BANDS[access.SCHOOL][0], key="open_staff_view", on_click=_turn_to_staff)


def _turn_to_staff() -> None:
    st.session_state["view"] = access.SCHOOL


def sees_names(viewer: Viewer) -> bool:
    """Whether students may be named, and something written of them."""
    return viewer.view == access.NAMES


def without_attendance() -> None:
    """Say what would fill a page, or a part of it, and where the survey stands."""
    st.subheader("No attendance was loaded", anchor=False)
    st.markdown(
        "`students.csv`, `enrollments.csv`, `calendar.csv`, `attendance.csv` and "
        "`attendance_codes.csv` would fill this page: add them to the folder of the survey, and "
        "load it again."
    )
    link("pages/school_culture.py", "**School culture**: the survey")


def needs_days(what: str) -> None:
    """In the place of what needs each day's absences, in a year that came as totals."""
    with blocks.card(what):
        blocks.small(basis.NEEDS_DAYS)


def stop_if_nobody(headline) -> None:
    """Stop a page on attendance when nobody is in the selection, and say what to change."""
    for row in headline.itertuples():
        if formats.is_coded(headline) or row.students:
            return
        if row.students_not_evaluated and formats.is_missing(row.days_absent):
            nothing(
                "These totals do not tell by this definition",
                "In totals of whole days nobody sees parts of days, and in totals with parts of "
                "days nobody sees which days were missed by half or more. Choose another "
                "definition.",
            )
        if row.students_not_evaluated:
            return
    nothing(
        "Nobody is in this selection",
        "No student was enrolled here with these filters. Choose another school year, all schools, "
        "all grades or all students.",
    )


def stop_if_too_early(viewer: Viewer, standing) -> None:
    """Stop a page of the share view before the first month has ended, and where nobody can be
    evaluated by then: all on it would be withheld."""
    row = standing.iloc[0]
    if row.nothing_told:
        nothing(
            f"Nothing is told of {row.school_year} yet",
            "The share view stands on the last school day of a month, and begins with the first. "
            "Choose an earlier school year.",
        )
    if not is_for_staff(viewer) and row.nobody_yet and row.days_possible:
        days = formats.number(row.days_possible, "day", "days")
        nothing(
            "Nobody can be evaluated yet",
            f"Attendance was taken on {days} so far, and a student is evaluated from "
            f"{formats.count(row.minimum_days)} days enrolled on. Choose an earlier school year.",
        )


def stop_if_totals_untold(standing) -> None:
    """Stop a page of the share view on a year of totals of which it tells nothing, and say why."""
    row = standing.iloc[0]
    if row.nothing_told and row.is_of_totals:
        why = (
            "Its totals count up to some day, and the share view tells of whole years."
            if row.under_way
            else "Its totals have parts of days, and do not say which were half days or more, as "
            "the share view counts them."
        )
        nothing(
            f"Nothing is told of {row.school_year}",
            f"{why} Staff see it. Choose another school year.",
        )


def stop_if_no_answers(shifts) -> None:
    """Stop a page on a survey when nobody answered in the selection, and say what to change."""
    if shifts.empty:
        nothing(
            "Nobody answered here",
            "This survey has no answers from this group in this selection. Choose another survey, "
            "another group or all schools.",
        )


def nothing(what: str, remedy: str) -> NoReturn:
    """Say that the choice is empty and what to change, and stop the page."""
    st.subheader(what, anchor=False)
    st.markdown(remedy)
    st.stop()
