"""What a page is made of: cards, charts, tables, files to take away, and choices within a card."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.dataframe_util import (
    convert_anything_to_arrow_bytes,
    convert_pandas_df_to_arrow_table,
)

from pages.shared import filters, formats
from queries import access, health
from queries.access import Viewer
from queries.answer import kept
from queries.selection import Selection

# A choice of one page: it stands in the address, and says by itself of what it is one.
CHOICE: dict[str, Any] = {"bind": "query-params", "label_visibility": "collapsed"}


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
                "Topic", topics, key="topic", format_func=formats.sentence_case, **CHOICE
            )
        order = st.segmented_control(
            "Sorted", orders, default=orders[0], required=True, key="sorted", **CHOICE
        )
    return topic or "", order or orders[0]


def choose_item(shifts, first: int) -> str:
    """Let the reader pick one item of a survey; its id. first: the place of the one that stands
    there until then."""
    texts = {formats.item(row): row.item_id for row in shifts.itertuples()}
    return texts[st.selectbox("Item", list(texts), index=first, key="item", **CHOICE)]


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
