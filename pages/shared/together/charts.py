"""Charts of culture beside absence, as functions from rows of together/by_school to Altair charts.

They keep to what charts.py says of tables, looks, colors and the share view. A dot has a color
only where it stands clearly apart from the other schools.
"""

import altair as alt
import pandas as pd

from pages.shared import drawing, formats
from pages.shared.drawing import LOOKS, Look

# A strip takes this much of its column, the rest parts it from the next one.
STRIP = 0.84
# From the middle of a row to its name, its figures and its strips, in pixels.
NAME, FIGURES, STRIPS = -15, 1, 15
ROW = 50
# As wide as one letter above a column; longer words stand upright.
LETTER = 6
# What is not told, or was not asked, has one mark.
UNTOLD = "–"
# Years stand on the left of their row; the shares have the rest of the width.
YEAR_ROW, YEARS = 24, 0.62
ENDS = ("share", "share_at_least", "share_at_most")


def side_by_side(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Schools down, measures across, each a strip from 0% to 100%: the newest year a full dot with
    its 95% interval, the year before an open one, the other schools together a tick."""
    color = LOOKS[look]
    rows = _strips(drawing.with_nan(table), color)
    measures = list(dict.fromkeys(rows.measure))
    across = {
        "scale": alt.Scale(domain=[0, len(measures)], nice=False, zero=False),
        "title": None,
        "axis": _heads([formats.measure(name) for name in measures], color),
    }
    shade = alt.Color("shade:N", scale=None)
    tooltip = [
        alt.Tooltip("school_name:N", title=" "),
        alt.Tooltip("measure:N", title="Measure"),
        alt.Tooltip("told:N", title="Share"),
        alt.Tooltip("of:N", title="Of"),
        alt.Tooltip("before_told:N", title="The year before"),
        alt.Tooltip("others_told:N", title="The other schools together"),
    ]
    base = drawing.row_base()
    along = alt.X("x:Q", **across)
    place = {"yOffset": STRIPS, "opacity": 1}
    encodings = {"color": shade, "tooltip": tooltip}
    return alt.layer(
        base.mark_rule(color=color.line, strokeWidth=5, strokeCap="round", yOffset=STRIPS).encode(
            x=alt.X("from:Q", **across), x2=alt.X2("to:Q")
        ),
        *drawing.bands(rows, "x", across, encodings, height=12, yOffset=STRIPS),
        base.mark_rule(strokeWidth=2, yOffset=STRIPS).encode(
            x=alt.X("low:Q", **across), x2=alt.X2("high:Q"), color=shade
        ),
        base.mark_tick(
            orient="vertical", height=16, thickness=1.5, color=color.muted, **place
        ).encode(x=alt.X("others_x:Q", **across)),
        base.mark_point(filled=False, size=50, strokeWidth=1.5, fill=color.ground, **place).encode(
            x=alt.X("before_x:Q", **across), color=shade
        ),
        base.mark_point(filled=True, size=85, **place).encode(x=along, **encodings),
        base.mark_text(align="left", dy=NAME, color=color.ink, fontWeight=600).encode(
            x=alt.XValue(0), text=alt.Text("name:N")
        ),
        base.mark_text(align="left", dy=FIGURES, text=alt.expr(drawing.by_width("text"))).encode(
            x=alt.X("from:Q", **across), color=alt.Color("ink:N", scale=None)
        ),
        data=rows,
        **drawing.dress(color, alt.Step(ROW)),
    )


def _strips(table: pd.DataFrame, color: Look) -> pd.DataFrame:
    """A row for every school and measure, with the places of all that is drawn on its strip."""
    newest = table[table.recent == 1].sort_values("place", kind="stable")
    measures = list(dict.fromkeys(newest.measure))
    schools = sorted(dict.fromkeys(table.school_name))
    every = pd.MultiIndex.from_product([schools, measures], names=["school_name", "measure"])
    now = newest.set_index(["school_name", "measure"]).reindex(every).reset_index()
    asked_alike = now.comparable.map(lambda same: formats.is_missing(same) or bool(same))
    earlier = table[table.recent == 2].set_index(["school_name", "measure"]).reindex(every)
    before = earlier.reset_index()
    column = now.measure.map(measures.index)
    absent = now.kind != "item"
    apart = now.standing.isin(["above", "below"])
    rows = pd.DataFrame(
        {
            "row": now.school_name.map(schools.index),
            "school_name": now.school_name,
            "measure": now.measure.map(formats.measure),
            "name": now.school_name.where(column == 0, ""),
            "from": column.astype(float),
            "to": column + STRIP,
            **{
                name: column + STRIP * values
                for name, values in drawing.renamed(now, "share", "x").items()
            },
            "low": column + STRIP * now.share_low.clip(0, 1),
            "high": column + STRIP * now.share_high.clip(0, 1),
            "before_x": column + STRIP * before.share.where(asked_alike),
            "others_x": column + STRIP * now.others,
            "shade": [
                color.compared if not clear else color.absent if missing else color.favorable
                for clear, missing in zip(apart, absent, strict=True)
            ],
            "ink": apart.map({True: color.ink, False: color.muted}),
            "told": [_told(row) for row in now.itertuples()],
            "of": [_of(row) for row in now.itertuples()],
            "before_told": [
                _told(row) if same else "asked otherwise"
                for row, same in zip(before.itertuples(), asked_alike, strict=True)
            ],
            "others_told": [
                UNTOLD if formats.is_missing(share) else formats.percent(share)
                for share in now.others
            ],
        }
    )
    rows["text"] = rows.told.replace(formats.WITHHELD, UNTOLD)
    rows["text_narrow"] = [_brief(row) for row in now.itertuples()]
    return rows


def _told(row) -> str:
    told = formats.figure(row, "share")
    return UNTOLD if told == formats.UNKNOWN else told


def _brief(row) -> str:
    """The same for a narrow strip: '≥ 90%', '20–30%'."""
    return drawing.in_short(_told(row).replace(formats.WITHHELD, UNTOLD))


def _of(row) -> str:
    """Of how many: '34 answers', 'about 490 students'."""
    if formats.is_missing(row.n) and not formats.is_coded(row):
        return UNTOLD
    return (
        formats.answers_told(row.n, row.n_high)
        if row.kind == "item"
        else formats.students(row, "n")
    )


def _heads(names: list[str], color: Look) -> alt.Axis:
    """The names of the columns above them, a word a line; upright where they would touch."""
    longest = max((len(word) for name in names for word in name.split()), default=1)
    narrow = f"width < {len(names) * LETTER * longest}"
    return alt.Axis(
        orient="top",
        domain=False,
        ticks=False,
        grid=False,
        values=list(range(len(names))),
        labelExpr=f"{narrow} ? {names}[datum.value] : split({names}[datum.value], ' ')",
        labelAngle=alt.ExprRef(f"{narrow} ? -90 : 0"),
        labelAlign="left",
        labelBaseline=alt.ExprRef(f"{narrow} ? 'top' : 'bottom'"),
        labelColor=color.ink,
        labelLineHeight=14,
        labelPadding=alt.ExprRef(f"{narrow} ? 4 : 16"),
        labelLimit=160,
        labelOverlap=False,
    )


def year_by_year(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """One school, each measure with a row a year: its share and 95% interval from 0% to 100%. The
    thin line from year to year breaks where an item was worded otherwise."""
    color = LOOKS[look]
    rows = _years(drawing.with_nan(table), color)
    # The shares begin where the words of a row end, on a phone as on a laptop.
    across = {
        "scale": alt.Scale(domain=[-YEARS, 1], nice=False, zero=False),
        "title": None,
        "axis": alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
    }
    tooltip = [
        alt.Tooltip("measure:N", title=" "),
        alt.Tooltip("school_year:N", title="Year"),
        alt.Tooltip("told:N", title="Share"),
        alt.Tooltip("of:N", title="Of"),
    ]
    base = drawing.row_base()
    shade = alt.Color("shade:N", scale=None)
    return alt.layer(
        base.mark_line(strokeWidth=1.5, color=color.compared, aria=False).encode(
            x=alt.X("share:Q", **across), detail=alt.Detail("run:N"), order=alt.Order("row:O")
        ),
        *drawing.bands(rows, "share", across, {"color": shade, "tooltip": tooltip}, height=10),
        base.mark_rule(strokeWidth=2).encode(
            x=alt.X("low:Q", **across), x2=alt.X2("high:Q"), color=alt.Color("light:N", scale=None)
        ),
        base.mark_point(filled=True, size=80, opacity=1).encode(
            x=alt.X("share:Q", **across), color=shade, tooltip=tooltip
        ),
        base.mark_text(align="left", color=color.ink, fontWeight=600).encode(
            x=alt.XValue(0), text=alt.Text("head:N")
        ),
        base.mark_text(
            align="left", color=color.muted, text=alt.expr(drawing.by_width("text"))
        ).encode(x=alt.XValue(0)),
        data=rows,
        **drawing.dress(color, alt.Step(YEAR_ROW)),
    )


def _years(table: pd.DataFrame, color: Look) -> pd.DataFrame:
    """For each measure a row with its name, then one for each year, the oldest first."""
    rows = []
    ordered = table.sort_values(["place", "school_year"], kind="stable")
    for measure, years in ordered.groupby("measure", sort=False):
        name = formats.measure(measure)
        rows.append({"head": name, "text": "", "text_narrow": "", "run": name})
        run = 0
        for row in years.itertuples():
            anew = not formats.is_missing(row.comparable) and not row.comparable
            run += anew
            told, of = _told(row), _of(row)
            strong = color.favorable if row.kind == "item" else color.absent
            light = color.favorable_light if row.kind == "item" else color.absent_light
            whole = drawing.share_of(told, of.replace(" students", "").replace(" answers", ""))
            rows.append(
                {
                    "head": "",
                    "measure": name,
                    "school_year": row.school_year,
                    "told": told,
                    "of": of,
                    "text": f"{row.school_year} · {whole}",
                    "text_narrow": f"{row.school_year} · {_brief(row)}",
                    "run": f"{name} {run}",
                    "low": min(max(row.share_low, 0), 1),
                    "high": min(max(row.share_high, 0), 1),
                    "shade": strong,
                    "light": light,
                    **{end: getattr(row, end) for end in ENDS if hasattr(row, end)},
                }
            )
    return drawing.numbered(pd.DataFrame(rows))
