"""What is around every page: the guard, the menu, the title, the filters, the cards."""

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.dataframe_util import (
    convert_anything_to_arrow_bytes,
    convert_pandas_df_to_arrow_table,
)
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared import basis, filters, formats, remembered, typed
from pages.shared.door import account
from queries import access, health
from queries.access import Viewer
from queries.answer import kept
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


def heading(reading: str, behind: str = "") -> None:
    """What a card says, in one line; behind: how it is worked out, which opens at it."""
    st.subheader(formats.plain(reading), anchor=False, help=formats.plain(behind) or None)


@contextmanager
def card(reading: str, caption: str = "", fold: str = "", behind: str = "") -> Iterator:
    """One step of a page: a heading that states the reading, then unit and n, then the chart; under
    a fold of this name all but the heading, if it has one. behind: how it is worked out, which
    opens at the heading."""
    container = st.container()
    with container:
        heading(reading, behind)
        with st.expander(fold, type="compact") if fold else nullcontext():
            if caption:
                st.caption(formats.plain(caption))
            yield container


def grid(columns: int = 2, least: int = 300):
    """Cards beside each other, fewer where one would be narrower than `least`: two on a laptop, one
    on a phone. Each is made in a cell of it: `with grid.cell():`."""
    return st.grid(columns, border=True, min_column_width=least)


def counted(standing, weeks=None) -> None:
    """What is counted on this page, in one line; by which rule opens at it. weeks: of health/weeks,
    where what the page draws rests on the days of the year."""
    words, rule = basis.counted(standing, weeks), basis.rule(standing)
    st.caption(formats.plain(words), help=formats.plain(rule) or None)


def small(*lines: str) -> None:
    """Lines of a card that are read at a glance."""
    st.markdown("  \n".join(f":small[{formats.plain(words)}]" for words in lines))


def show(chart: Callable, rows, *arguments, alt: str, opens: str | None = None) -> None:
    """Draw a chart of pages.shared.charts in the reader's theme; `alt` is for screen readers.

    opens: the filter that a click on a row sets, such as 'school'.
    """
    text, datasets = _drawn(chart, look(), arguments, _as_key(rows))
    # Streamlit takes out of it what it sends.
    spec = json.loads(text) | {"datasets": dict(datasets)}
    if opens is None:
        st.vega_lite_chart(spec=spec, theme=None, alt=alt)
    else:
        key = f"picked_{opens}"
        st.vega_lite_chart(
            spec=spec, theme=None, alt=alt, key=key, on_select=lambda: _pick(key, opens)
        )


def look() -> str:
    """The reader's theme, by its name in pages.shared.drawing."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _leave_to_alt(spec: dict) -> None:
    """Marks of nothing, where all is withheld, would be images without a name to a screen reader:
    `alt` and the table say what a chart of the share view shows."""
    for layer in spec.get("layer", [spec]):
        if "mark" in layer:
            layer["mark"]["aria"] = False
        else:
            _leave_to_alt(layer)


@dataclass(frozen=True)
class _Table:
    """A table that is the same as another one when every cell is."""

    cells: str
    rows: Any = field(compare=False)


@kept
def _as_key(rows) -> _Table:
    return _Table(rows.to_json(orient="split", date_format="iso"), rows)


@lru_cache(maxsize=512)
def _drawn(
    chart: Callable, look: str, arguments: tuple, table: _Table
) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """A chart as text, and the data it names as the bytes that are sent. Making one of ten rows
    takes Altair 20 to 55 ms, most of the time of a page whose answers are kept, and its bytes 1 ms;
    finding them takes 0.1 ms. That it is what Vega-Lite knows is looked at by tests alone, for that
    takes a quarter of the time."""
    spec = json.loads(chart(table.rows, look, *arguments).to_json(indent=None, validate=False))
    if formats.is_coded(table.rows):
        _leave_to_alt(spec)
    datasets = spec.pop("datasets", {})
    sent = ((name, convert_anything_to_arrow_bytes(rows)) for name, rows in datasets.items())
    return json.dumps(spec), tuple(sent)


def _pick(key: str, opens: str) -> None:
    picked = st.session_state[key].selection.get("pick")
    if picked:
        st.session_state[opens] = picked[0]["pick"]


def take(
    name: str,
    selection: Selection,
    viewer: Viewer,
    writers: dict[str, Callable],
    make: Callable,
    label: str = "Take this to a meeting",
) -> None:
    """Take this to a meeting: the card as a picture, always of the share view.

    writers: from what make() gives to the bytes of a file, by its ending. Both run when somebody
    asks for the file, and that it was taken is recorded first.
    """
    with st.popover(label, icon=":material/co_present:", type="tertiary"):
        try:
            access.allow("absence/headline", selection, access.EVERYBODY)
        except access.NotShown as reason:
            st.caption(f"Pictures are of the share view. {formats.plain(reason)}")
            return
        if health.is_untold(selection.generation):
            st.caption(
                "Pictures are of the share view, and that of these data is still being made."
            )
            return
        st.caption("A picture of the share view, with what it rests on.")
        with st.container(horizontal=True):
            for kind, write in writers.items():
                st.download_button(
                    f"{kind.upper()}, 1600 × 900",
                    data=partial(_taken, name, selection, viewer, write, make),
                    file_name=f"{name}.{kind}",
                    key=f"{name}_{kind}",
                    on_click="ignore",
                )


def take_file(
    label: str,
    name: str,
    selection: Selection,
    viewer: Viewer,
    make: Callable[[], bytes],
    students: int | None = None,
) -> None:
    """A file of what this reader's view shows; that it was taken is recorded first.

    students: how many it names, and then it is for the names view alone."""
    st.download_button(
        label,
        data=partial(_taken, name, selection, viewer, lambda made: made, make, students),
        file_name=name,
        on_click="ignore",
        type="primary",
    )


def _taken(
    name: str,
    selection: Selection,
    viewer: Viewer,
    write: Callable,
    make: Callable,
    students: int | None = None,
) -> bytes:
    access.record_file(viewer, name, selection, students)
    return write(make())


def table(
    rows,
    columns: list[str],
    alt: str,
    label: str = "The same in a table",
    opens: str | None = None,
) -> None:
    """The numbers behind a card, folded away; `columns` are names in formats.COLUMNS.

    opens: the filter that a row's link sets, on chronic absence, to the row's first column.
    """
    with st.expander(label, type="compact"):
        open_table(rows, columns, alt, opens)


def open_table(rows, columns: list[str], alt: str, opens: str | None = None) -> None:
    """The same where it is not folded away."""
    coded = formats.is_coded(rows)
    columns = [name for name in columns if not coded or rows[name].notna().any()]
    config = {name: _column(name, coded) for name in columns}
    links = None
    # What a chart sets on its own page alone, as an item of a survey, is no filter.
    if opens in filters.KEYS:
        links = tuple(
            f"/chronic_absence?{urlencode(filters.address(**{opens: name}), doseq=True)}"
            for name in rows[columns[0]]
        )
        config["open"] = st.column_config.LinkColumn("Behind it", display_text="Open")
    shown = _sent(tuple(columns), links, _as_key(rows))
    st.dataframe(shown, column_config=config, hide_index=True, alt=alt, placeholder="")


@lru_cache(maxsize=256)
def _sent(columns: tuple[str, ...], links: tuple[str, ...] | None, table: _Table):
    """A table as Arrow, as it is sent. Measured on the seven tables of Network, making them took
    2 ms each, and finding them takes 0.3 ms."""
    rows = table.rows
    shown = rows[list(columns)].assign(**{name: _readable(rows, name) for name in columns})
    return convert_pandas_df_to_arrow_table(shown if links is None else shown.assign(open=links))


def _readable(rows, name: str):
    _, kind = formats.COLUMNS[name]
    values = rows[name]
    if name == "item_text":
        return [formats.item(row) for row in rows.itertuples()]
    if name == "step":
        return [formats.step(row) for row in rows.itertuples()]
    if formats.is_coded(rows) and kind in ("percent", "count"):
        return _as_told(rows, name, kind)
    if kind == "percent":
        return 100 * values.astype(float)
    if kind in formats.WORDS:
        return values.map(formats.WORDS[kind])
    return values


def _as_told(rows, name: str, kind: str) -> list[str]:
    """A column of the share view in words: 'about 90', '20% to 30%', '21 to 40', 'withheld'."""
    if kind == "percent":
        return [formats.figure(row, name) for row in rows.itertuples()]
    if f"{name}_high" in rows:
        bands = rows[[name, f"{name}_high"]].itertuples(index=False)
        return [formats.answers_told(*band) for band in bands]
    if name in formats.ABOUT:
        return [formats.amount(row, name) for row in rows.itertuples()]
    return [formats.count(value) for value in rows[name]]


def choose_topic(topics: list[str], orders: tuple[str, ...]) -> tuple[str, str]:
    """Let the reader pick a topic of a survey ('' for all) and how its items are sorted."""
    with st.container(horizontal=True, vertical_alignment="center"):
        topic = None
        if len(topics) > 1:
            topic = st.pills(
                "Topic",
                topics,
                key="topic",
                bind="query-params",
                format_func=formats.sentence_case,
                label_visibility="collapsed",
            )
        order = st.segmented_control(
            "Sorted",
            orders,
            default=orders[0],
            required=True,
            key="sorted",
            bind="query-params",
            label_visibility="collapsed",
        )
    return topic or "", order or orders[0]


def choose_item(shifts, first: int) -> str:
    """Let the reader pick one item of a survey; its id. first: the place of the one that stands
    there until then."""
    texts = {formats.item(row): row.item_id for row in shifts.itertuples()}
    chosen = st.selectbox(
        "Item",
        list(texts),
        index=first,
        key="item",
        bind="query-params",
        label_visibility="collapsed",
    )
    return texts[chosen]


def choose_school(schools) -> str:
    """Let the reader pick one of the schools of a table; its name."""
    names = list(dict.fromkeys(schools.school_name))
    if len(names) == 1:
        return names[0]
    return st.selectbox("One school", names, key="one_school", bind="query-params")


def _column(name: str, coded: bool):
    label, kind = formats.COLUMNS[name]
    config = st.column_config
    if coded and kind in ("percent", "count"):
        return config.TextColumn(label)
    if kind == "percent":
        return config.NumberColumn(label, format="%.1f%%")
    if kind == "points":
        return config.NumberColumn(label, format="%+.1f")
    if kind == "count":
        return config.NumberColumn(label, format="localized")
    if kind == "trend":
        return config.LineChartColumn(label, width="small", y_min=0)
    if kind == "date":
        return config.DateColumn(label, format="D MMM YYYY")
    return config.TextColumn(label)


def is_for_staff(viewer: Viewer) -> bool:
    """Whether exact numbers may be shown."""
    return viewer.view != access.SHARE


def offer_staff_view(viewer: Viewer, what: str) -> None:
    """Say what is in the view for staff, with the button that opens it for those who have it."""
    if viewer.view == access.SHARE and access.SCHOOL in access.ROLES[viewer.role]:
        small(what)
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
    with card(what):
        small(basis.NEEDS_DAYS)


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
