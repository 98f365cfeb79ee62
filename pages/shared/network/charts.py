"""Charts of what schools share, and of who is at the table."""

import textwrap

import altair as alt
import pandas as pd

from pages.shared import drawing, formats, marks
from pages.shared.causes import charts as causes_charts
from pages.shared.drawing import LOOKS, Look

# What stands in a cell of the share view that is not told, and at the head of what is not known.
UNTOLD = "–"
# As many columns as a phone has room for.
MOST_CAUSES = 8
# Names beside a grid stand in two lines, those above it in three.
ROW_LETTERS, ROW_LINES = 22, 2
COLUMN_LETTERS, COLUMN_LINES = 14, 3
LINE, ROW = 14, 36
# What names take beside a grid.
NAMES_WIDE = 140
# A share of fewer says little.
SMALL = 10


def shared(table: pd.DataFrame, look: str, asked: str = "") -> alt.LayerChart:
    """Causes by schools and students; rows of network/shared_causes. Strong where nobody who works
    on the cause is at the table; with `asked`, that cause alone, and how many schools share it."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    label = table.cause.map(formats.sentence_case)
    schools = [_schools(row) if asked in ("", row.cause) else "" for row in table.itertuples()]
    students = [
        _of_those(row) if school else formats.students(row)
        for row, school in zip(table.itertuples(), schools, strict=True)
    ]
    told = [" · ".join(filter(None, words)) for words in zip(schools, students, strict=True)]
    brief = [
        school or formats.amount(row)
        for school, row in zip(schools, table.itertuples(), strict=True)
    ]
    strong = table.cause == asked if asked else table.partners_at_table == 0
    return marks.bars(
        table.assign(
            label=label,
            value=table.students,
            shade=strong.map({True: color.absent, False: color.absent_light}),
            text=told,
            text_narrow=drawing.fitting(label, told, brief),
        ),
        color,
    )


def _of_those(row) -> str:
    """'about 80 of 140 students': of the schools named those, where others have students too."""
    if formats.is_missing(row.students) or row.students_at_schools == row.students:
        return formats.students(row)
    return f"{formats.amount(row, 'students_at_schools')} of {formats.count(row.students)} students"


def _schools(row) -> str:
    """'4 schools', in the share view 'at least 4 schools'; '' where no school's own number is
    told."""
    if formats.is_missing(row.schools) or not row.schools:
        return ""
    least = "at least " if formats.is_coded(row) else ""
    return f"{least}{formats.number(row.schools, 'school', 'schools')}"


def whole_grid(table: pd.DataFrame, names: list[str], causes: list[str]) -> pd.DataFrame:
    """A table of causes with a row for every name and cause: columns name, cause, students.

    names: the rows, in the column `name` of the table. causes: the columns, as many as fit.
    """
    shown = list(dict.fromkeys(causes))[:MOST_CAUSES]
    every = pd.MultiIndex.from_product([list(names), shown], names=["name", "cause"])
    told = table.drop_duplicates(["name", "cause"]).set_index(["name", "cause"])
    whole = told.reindex(every).reset_index()
    # Nobody and too few look the same.
    return whole.assign(withheld=whole.students.isna()) if "withheld" in whole else whole


def of_schools(by_school: pd.DataFrame, shared: pd.DataFrame, schools: list[str]) -> pd.DataFrame:
    """The grid of network/cause_by_school, the causes in the order of network/shared_causes; those
    that are told of no school are left out."""
    told = by_school[by_school.students.notna()]
    order = [cause for cause in shared.cause if cause in set(told.cause)]
    return whole_grid(told.assign(name=told.school_name), schools, order)


ALL_TOGETHER, SEATED = "All together", "Partners at a table"
# As many schools as stand beside each other.
MOST_SCHOOLS = 12


def of_causes(by_school: pd.DataFrame, shared: pd.DataFrame, schools: list[str]) -> pd.DataFrame:
    """The same turned: causes down, schools across, and at the end what all have together and how
    many of the partners known for a cause are at a table (seated, known)."""
    rows = shared.head(MOST_CAUSES)
    told = by_school.dropna(subset=["students"])
    if len(schools) > MOST_SCHOOLS:
        most = told.groupby("school_name").students.sum().nlargest(MOST_SCHOOLS).index
        schools = [school for school in schools if school in most]
    told = told[told.school_name.isin(schools)].assign(
        name=lambda table: table.cause, cause=lambda table: table.school_name
    )
    every = pd.MultiIndex.from_product([list(rows.cause), schools], names=["name", "cause"])
    told = told.drop_duplicates(["name", "cause"]).set_index(["name", "cause"])
    cells = told.filter(["students", "withheld"]).reindex(every).reset_index()
    together = pd.DataFrame({"name": rows.cause, "cause": ALL_TOGETHER, "students": rows.students})
    seated = pd.DataFrame(
        {
            "name": rows.cause,
            "cause": SEATED,
            "seated": rows.partners_at_table,
            "known": rows.partners_known,
        }
    )
    whole = pd.concat([cells, together, seated], ignore_index=True)
    whole["order"] = whole.name.map({name: place for place, name in enumerate(rows.cause)})
    return whole.sort_values("order", kind="stable").drop(columns="order").reset_index(drop=True)


def _of_causes_in_words(table: pd.DataFrame, color: Look) -> pd.DataFrame:
    """What stands in each cell, and how strong."""
    is_cell = ~table.cause.isin([ALL_TOGETHER, SEATED])
    is_seat = table.cause == SEATED
    counts = [_cell(row) for row in table.itertuples()]
    seats = [
        _seated(row) if last else "" for row, last in zip(table.itertuples(), is_seat, strict=True)
    ]
    return drawing.with_nan(table).assign(
        down=table.name.map(
            lambda name: _in_lines(formats.cut(formats.sentence_case(name), 40), ROW_LETTERS)
        ),
        across=table.cause.map(lambda name: _in_lines(name, COLUMN_LETTERS)),
        text=[
            seat if last else cell for seat, cell, last in zip(seats, counts, is_seat, strict=True)
        ],
        told=[
            f"{seat} partners" if last else _told(row)
            for seat, row, last in zip(seats, table.itertuples(), is_seat, strict=True)
        ],
        strength=table.students.where(is_cell).fillna(0).astype(float),
        is_cell=is_cell,
        ink=[
            color.absent
            if seat.startswith(("0 ", "none"))
            else color.ink
            if cell not in ("", UNTOLD) or seat
            else color.muted
            for seat, cell in zip(seats, counts, strict=True)
        ],
    )


def _seated(row) -> str:
    """'1 of 3': of the partners known for a cause those at a table."""
    return f"{row.seated:.0f} of {row.known:.0f}" if row.known else "none"


def _by_strength(rows: pd.DataFrame, color: Look) -> alt.Color:
    """The stronger a cell, the stronger its color."""
    top = max(float(rows.strength.max() or 0), 1e-9) if len(rows) else 1.0
    shades = [color.faint, color.absent_light]
    scale = alt.Scale(domain=[0, top], range=shades, interpolate="rgb")
    return alt.Color("strength:Q", scale=scale, legend=None)


def causes_and_schools(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Causes down, schools across; rows of of_causes. Strong is where nobody who works on a cause
    is at any table."""
    color = LOOKS[look]
    rows = _of_causes_in_words(table, color)
    base = _cells(rows.across, color)
    return alt.layer(
        base.mark_rect(stroke=color.ground, strokeWidth=2).encode(
            color=_by_strength(rows, color),
            opacity=alt.condition(alt.datum.is_cell, alt.value(1), alt.value(0)),
            tooltip=[
                alt.Tooltip("name:N", title="Cause"),
                alt.Tooltip("cause:N", title=" "),
                alt.Tooltip("told:N", title="Students"),
            ],
        ),
        base.mark_text(
            fontWeight=alt.expr("datum.is_cell ? 400 : 600"),
            color=alt.expr("datum.ink"),
            # On a phone a column is as wide as two figures.
            fontSize=alt.expr("width < 250 ? 10 : 13"),
            text=alt.expr("width < 250 ? replace(datum.text, ' of ', '/') : datum.text"),
        ),
        data=rows[
            ["name", "down", "across", "cause", "text", "told", "strength", "is_cell", "ink"]
        ],
        **drawing.dress(color, alt.Step(ROW)),
    )


def grid(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Causes across, schools or groups down; rows of whole_grid. A cell is as strong as its count,
    or where the size of the group is known (students_absent) as its share of it."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    strength = table.students
    if "students_absent" in table:
        of = table.groupby("name").students_absent.transform("max")
        # One of a few would be the strongest of all.
        strength = (table.students / of).where(of >= SMALL)
    unknown = table.cause == causes_charts.NOT_KNOWN
    rows = table.assign(
        down=table.name.map(lambda name: _in_lines(name, ROW_LETTERS)),
        across=table.cause.map(lambda name: _in_lines(formats.sentence_case(name), COLUMN_LETTERS)),
        cause=table.cause.map(formats.sentence_case),
        text=[_cell(row) for row in table.itertuples()],
        told=[_told(row) for row in table.itertuples()],
        # What is not known would be the strongest everywhere: it keeps out of the scale.
        strength=strength.where(~unknown).fillna(0).astype(float),
        quiet=unknown | table.students.isna(),
    )
    base = _cells(rows.across, color)
    return alt.layer(
        base.mark_rect(stroke=color.ground, strokeWidth=2).encode(
            color=_by_strength(rows, color),
            tooltip=[
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("cause:N", title="Cause"),
                alt.Tooltip("told:N", title="Students"),
            ],
        ),
        base.mark_text().encode(
            text=alt.Text("text:N"),
            color=alt.condition(alt.datum.quiet, alt.value(color.muted), alt.value(color.ink)),
        ),
        data=rows[["name", "down", "across", "cause", "text", "told", "strength", "quiet"]],
        **drawing.dress(color, alt.Step(ROW)),
    )


def _cell(row) -> str:
    if formats.is_missing(row.students):
        return UNTOLD if formats.is_coded(row) else ""
    return formats.count(row.students)


def _told(row) -> str:
    told = formats.amount(row)
    return "nobody" if told == formats.UNKNOWN else told


def seats(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Who is at the table of each school; rows of network/seats. A full dot is somebody, an open
    ring an empty chair."""
    color = LOOKS[look]
    rows = table.assign(
        down=table.school_name.map(lambda name: _in_lines(name, ROW_LETTERS)),
        across=table.seat.map(formats.sentence_case),
        told=table.present.map({True: "at the table", False: "empty chair"}),
        fill=table.present.map({True: color.compared, False: "transparent"}),
        edge=table.present.map({True: color.compared, False: color.absent}),
    )
    base = _cells(rows.across, color)
    return alt.layer(
        base.mark_point(shape="circle", size=130, strokeWidth=2, opacity=1).encode(
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("edge:N", scale=None),
            tooltip=[
                alt.Tooltip("school_name:N", title="School"),
                alt.Tooltip("across:N", title="Chair"),
                alt.Tooltip("told:N", title=" "),
                alt.Tooltip("names:N", title="Who"),
            ],
        ),
        data=rows[["school_name", "down", "across", "names", "told", "fill", "edge"]],
        **drawing.dress(color, alt.Step(ROW)),
    )


def days_by_month(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Days missed a school day, by month and weekday; rows of one reason of
    causes/recorded_by_month."""
    tooltip = [
        alt.Tooltip("days:Q", title="Days missed", format=",.0f"),
        alt.Tooltip("dates:Q", title="School days"),
    ]
    rows = table.assign(
        days=table.days.astype(float),
        days_a_date=table.days_a_date.astype(float),
        text=[formats.count(value) for value in table.days_a_date],
    )
    top = max(float(rows.days_a_date.max()), 1e-9)
    weekdays = rows.sort_values("weekday_number").weekday.str[:3].unique().tolist()
    return marks.by_day(rows, LOOKS[look], "days_a_date", top, tooltip, ROW, weekdays)


def _cells(across: pd.Series, color: Look) -> alt.Chart:
    """The places of a grid, by the columns down and across; these are named upright where the grid
    is narrow."""
    # Of the whole chart, as the width beside the names is known only after they are set, and cut;
    # a picture stands in no page.
    narrow = f"(containerSize()[0] || width + {NAMES_WIDE}) < {drawing.WIDE}"
    lines = min(COLUMN_LINES, max([name.count("\n") + 1 for name in across], default=1))
    return alt.Chart().encode(
        x=alt.X(
            "across:O",
            sort=None,
            title=None,
            axis=alt.Axis(
                orient="top",
                domain=False,
                ticks=False,
                labelAngle=alt.ExprRef(f"{narrow} ? -90 : 0"),
                labelAlign=alt.ExprRef(f"{narrow} ? 'left' : 'center'"),
                labelBaseline=alt.ExprRef(f"{narrow} ? 'middle' : 'bottom'"),
                # Lines after the first go down from it.
                labelPadding=alt.ExprRef(f"{narrow} ? 4 : {4 + LINE * (lines - 1)}"),
                labelExpr=(
                    f"{narrow} ? replace(datum.label, regexp('\\n', 'g'), ' ')"
                    f" : slice(split(datum.label, '\\n'), 0, {COLUMN_LINES})"
                ),
                labelLimit=130,
                labelOverlap=False,
                labelColor=color.ink,
                labelLineHeight=LINE,
            ),
        ),
        y=alt.Y(
            "down:O",
            sort=None,
            title=None,
            axis=alt.Axis(
                domain=False,
                ticks=False,
                labelExpr=f"slice(split(datum.label, '\\n'), 0, {ROW_LINES})",
                labelLimit=NAMES_WIDE,
                labelColor=color.ink,
                labelLineHeight=LINE,
            ),
        ),
    )


def _in_lines(name: str, letters: int) -> str:
    """A name in lines of so many letters: all of it, as no two of a grid may look the same."""
    return "\n".join(textwrap.wrap(name, letters, break_long_words=False)) or name


def bright_spots(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """The rate of each school, and between which limits chance alone would keep it; rows of
    network/bright_spots."""
    color = LOOKS[look]
    rows = drawing.numbered(
        table.assign(
            label=[_with_level(row) for row in table.itertuples()],
            text=[_spot(row) for row in table.itertuples()],
            text_narrow=[_rates(row) for row in table.itertuples()],
            shade=table.standing.map({"below": color.favorable, "above": color.absent}).fillna(
                color.compared
            ),
        )
    )
    reach = pd.concat([rows.rate, rows.high[rows.students.fillna(0) >= SMALL]])
    share = alt.Scale(domain=[0, drawing.ceiling(reach)], nice=False, clamp=True)
    base = drawing.row_base()
    axis = {"title": None, "scale": share}
    return alt.layer(
        base.mark_bar(height=10, yOffset=drawing.BELOW, color=color.line).encode(
            x=alt.X("low:Q", **axis, axis=alt.Axis(format=".0%", tickCount=5)), x2=alt.X2("high:Q")
        ),
        base.mark_tick(height=10, thickness=2, yOffset=drawing.BELOW, color=color.muted).encode(
            x=alt.X("expected:Q", **axis)
        ),
        base.mark_point(filled=True, size=90, opacity=1, yOffset=drawing.BELOW).encode(
            x=alt.X("rate:Q", **axis),
            color=alt.Color("shade:N", scale=None),
            tooltip=[
                alt.Tooltip("school_name:N", title="School"),
                alt.Tooltip("rate:Q", title="Chronically absent", format=".1%"),
                alt.Tooltip("expected:Q", title="As at other schools", format=".1%"),
                alt.Tooltip("low:Q", title="Chance alone, from", format=".1%"),
                alt.Tooltip("high:Q", title="to", format=".1%"),
                alt.Tooltip("students:Q", title="Students counted", format=","),
            ],
        ),
        *drawing.row_words(rows, color, over_lines=True),
        data=rows,
        **drawing.dress(color, alt.Step(drawing.ROW)),
    )


def _with_level(row) -> str:
    """'Cedar (middle)'; a name that says its level says it once."""
    level = "" if formats.is_missing(row.level) else row.level
    is_said = level.lower() in row.school_name.lower()
    return row.school_name if is_said else f"{row.school_name} ({level})"


def _rates(row) -> str:
    """'12%, others 22%'."""
    rate = formats.percent(row.rate)
    return (
        rate
        if formats.is_missing(row.expected)
        else f"{rate}, others {formats.percent(row.expected)}"
    )


def _spot(row) -> str:
    told = f"{_rates(row)}; n = {formats.count(row.students)}"
    return f"{told} · ask this principal" if row.standing == "below" else told
