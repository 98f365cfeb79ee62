"""A card: on a page, and as a picture to take to a meeting.

A card is made for whoever reads the page and, with everybody for the reader, for its picture.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from pages.shared import basis, blocks, drawing, formats, poster
from queries import absence, health
from queries.access import EVERYBODY, Viewer
from queries.selection import Selection


def on_attendance(selection: Selection, caption: str, rows: pd.DataFrame) -> tuple:
    """What stands below a picture of attendance, or of causes of absence."""
    n = basis.n_of_students(absence.headline(selection))
    loaded, standing = health.generation(selection), health.standing(selection)
    weeks = health.weeks(selection)
    return basis.facts(selection, caption, rows, n, loaded, standing, weeks)


@dataclass(frozen=True)
class Card:
    """A card as one reader may see it.

    heading: the reading in one line of half a page, where it has more. rows, arguments: what the
    chart is made of. more: what a page says after the caption. alt: of
    the chart, where it is not the reading. columns: those of the table, names in formats.COLUMNS;
    in_table: its rows, where the chart has others; table_alt: where it is not that of the chart.
    weeks: where it rests on the days of the year, the rows of health/weeks: a strip above its
    chart shows where they are missing.
    facts: what stands below its picture, a name and words each; facts_of: how to find them.
    instead: what is said in the place of chart and table, where there can be none.
    """

    reading: str
    caption: str
    chart: Callable | None
    rows: pd.DataFrame
    arguments: tuple = ()
    heading: str = ""
    more: str = ""
    alt: str = ""
    opens: str | None = None
    columns: str = ""
    in_table: pd.DataFrame | None = None
    table_alt: str = ""
    weeks: pd.DataFrame | None = None
    facts: tuple[tuple[str, str], ...] = ()
    facts_of: Callable[[Selection, str, pd.DataFrame], tuple] = on_attendance
    instead: str = ""

    @property
    def behind(self) -> str:
        """What opens at the heading of a page: the reading where it is longer, and how the card is
        worked out."""
        reading = f"{self.reading}." if self.heading else ""
        if self.instead:
            return reading
        return " ".join(filter(None, (reading, self.caption, self.more)))


def draw(
    make: Callable[..., Card],
    selection: Selection,
    viewer: Viewer,
    *,
    caption: str = "",
    file: str = "",
    fold: str = "",
    **choices,
):
    """A card on a page; its container, for what the page says at its end.

    make: the function that makes it for a reader. caption: one line that stands on the page in the
    open. file: where its file has another name than the card.
    fold: what all below the reading is called, where it is folded away. choices: what else the
    card depends on.
    """
    shown = make(selection, viewer, **choices)
    with blocks.card(
        shown.heading or shown.reading, caption, fold, behind=shown.behind
    ) as container:
        chart(shown)
        table(shown, is_open=bool(fold))
        if not shown.instead:
            take(make, selection, viewer, file=file, **choices)
    return container


def needs_days(what: str) -> Card:
    """In the place of a card that needs each day's absences, in a year that came as totals."""
    return Card(what, "", None, pd.DataFrame(), instead=basis.NEEDS_DAYS)


def strip(weeks: pd.DataFrame, within: pd.Series | None = None) -> None:
    """The weeks of the year above a chart that rests on them, or those of them that are `within`;
    none where nothing is missing. weeks: rows of health/weeks."""
    weeks = weeks if within is None else weeks[weeks.week_start.isin(within)]
    if basis.is_gap(weeks):
        alt = "; ".join(basis.missing(weeks)) or "Some weeks of the year are without attendance"
        blocks.show(drawing.weeks, weeks, alt=formats.sentence_case(alt))


def chart(shown: Card, *more) -> None:
    """The chart of a card that has one; none where there are no rows. more: arguments of the chart
    that its page gives."""
    if shown.instead:
        blocks.small(shown.instead)
    if shown.chart and len(shown.rows):
        if shown.weeks is not None:
            strip(shown.weeks)
        arguments, alt = (*shown.arguments, *more), shown.alt or shown.reading
        blocks.show(shown.chart, shown.rows, *arguments, alt=alt, opens=shown.opens)


def table(shown: Card, is_open: bool = False, **label: str) -> None:
    """The table of a card that has one, folded away unless it is in a fold already."""
    if shown.columns and not shown.instead:
        rows = shown.rows if shown.in_table is None else shown.in_table
        alt = shown.table_alt or shown.alt or shown.reading
        draw_table = blocks.open_table if is_open else blocks.table
        draw_table(rows, shown.columns.split(), alt, opens=shown.opens, **label)


def take(
    make: Callable[..., Card], selection: Selection, viewer: Viewer, *, file: str = "", **choices
) -> None:
    """Take this to a meeting: the picture of a card."""
    as_picture = partial(picture, make, selection, **choices)
    blocks.take(file or make.__name__, selection, viewer, poster.WRITERS, as_picture)


def picture(make: Callable[..., Card], selection: Selection, **choices) -> Card:
    """A card as everybody may see it, with what it rests on."""
    shown = make(selection, EVERYBODY, **choices)
    if shown.instead:
        shown = replace(shown, chart=None, caption=shown.instead)
    return replace(shown, facts=shown.facts_of(selection, shown.caption, shown.rows))
