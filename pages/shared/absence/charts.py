"""Charts of chronic absence: months, schools, tiers, grades and groups, days of the week."""

import math
from collections.abc import Iterator

import altair as alt
import pandas as pd

from pages.shared import drawing, formats, marks
from pages.shared.drawing import LOOKS, SOFT, Look

# A group of a few has an interval over everything: it does not set the axis, and is cut by it.
SETS_THE_AXIS = 10
# A chart as high as this names the years before last, and each month.
NAMES_YEARS = 200
# As many student groups as one looks at; the table has all.
MOST_GROUPS = 8


def rate_by_month(
    months: pd.DataFrame,
    look: str,
    before: tuple[tuple[str, int, float], ...] = (),
    goal: float | None = None,
    height: int = 350,
) -> alt.LayerChart:
    """The year so far and last year, by instructional day; rows of absence/by_month. before: years,
    days and rates of the years before that, which stay faint. goal: a rate not to be above."""
    color = LOOKS[look]
    months = drawing.with_nan(months)
    this_year = _points(months, "rate", "students", "this year")
    last_year = _points(months, "last_year_rate", "last_year_students", "last year")
    lines = pd.concat([last_year, this_year], ignore_index=True)
    lines = drawing.in_words(lines, "share", "students")
    told = lines[drawing.is_told(lines, "share")]
    banded = "share_at_most" in lines
    ends = _ends(told)
    colors, dashes = drawing.of_two("this year", "last year", color)
    days = _ends_of_months(months, every=1 if height >= NAMES_YEARS else 2)
    reached = months.instructional_day.max()
    context = _context(tuple(one for one in before if one[1] <= reached), goal)
    largest = pd.concat([drawing.largest(told, "share"), context.share])
    scale = alt.Scale(domain=[0, drawing.ceiling(largest)])
    shares = {"title": None, "scale": scale, "axis": alt.Axis(format=".0%", tickCount=5)}
    share = alt.Y("share:Q", **shares)
    base = alt.Chart().encode(x=days, y=share, color=colors)
    tooltip = [
        alt.Tooltip("series:N", title="Year"),
        alt.Tooltip("month_end:T", title="Up to", format="%B %-d, %Y"),
        alt.Tooltip("instructional_day:Q", title="Instructional day"),
        drawing.tip("share", "Chronically absent"),
        drawing.tip("students", "Students counted"),
    ]
    upper = drawing.upper_end(ends)
    label = {
        "align": "left",
        "dx": 14 if banded else 8,
        "fontWeight": 600,
        "lineBreak": "\n",
        "lineHeight": 15,
    }
    return alt.layer(
        *(_drawn_context(context, days, share, color, height) if len(context) else ()),
        *(_months_in_bands(base, shares, tooltip, color) if banded else ()),
        base.mark_line(strokeWidth=2.5, aria=False).encode(strokeDash=dashes),
        base.mark_point(filled=True, size=55, opacity=1).encode(tooltip=tooltip),
        *(
            alt.Chart(ends[rows])
            .mark_text(baseline=baseline, dy=dy, **label)
            .encode(x=days, y=share, text=alt.Text("text:N"), color=colors)
            for rows, baseline, dy in ((upper, "bottom", -13), (~upper, "top", 0))
        ),
        data=_lines(lines),
        **drawing.dress(color, height),
    )


def _ends_of_months(months: pd.DataFrame, every: int) -> alt.X:
    """The axis of instructional days, with room for words at its end; from the last month back,
    each `every`th is named."""
    names = dict(
        zip(months.instructional_day.astype(int), map(formats.month, months.month_end), strict=True)
    )
    return alt.X(
        "instructional_day:Q",
        title=None,
        scale=alt.Scale(domain=[0, max(names, default=1) * 1.2], nice=False),
        axis=alt.Axis(
            values=sorted(names)[::-every],
            labelExpr=f"({names})[datum.value]",
            grid=False,
            ticks=True,
        ),
    )


def _context(before: tuple[tuple[str, int, float], ...], goal: float | None) -> pd.DataFrame:
    """The years before last, and the goal from the first day on."""
    rows = [(day, rate, year) for year, day, rate in before]
    if goal is not None:
        rows.append((0, goal, f"goal: {formats.percent(goal)} or less"))
    return pd.DataFrame(rows, columns=["instructional_day", "share", "series"]).astype(
        {"instructional_day": int, "share": float}
    )


def _drawn_context(
    context: pd.DataFrame, days: alt.X, share: alt.Y, color: Look, height: int
) -> Iterator[alt.Chart]:
    """What the two years are seen against; years are named where the chart has room."""
    is_goal = context.series.str.startswith("goal")
    years = context[~is_goal]
    if len(years):
        line = alt.Chart(years).mark_line(
            color=color.compared, opacity=SOFT, strokeWidth=2, aria=False
        )
        yield line.encode(x=days, y=share, detail="series:N")
    if len(years) and height >= NAMES_YEARS:
        named = alt.Chart(years.drop_duplicates("series")).mark_text(
            align="right", dx=-6, fontSize=11, color=color.muted
        )
        yield named.encode(x=days, y=share, text="series:N")
    for row in context[is_goal].itertuples():
        goal = alt.Chart(context[is_goal])
        yield goal.mark_rule(color=color.favorable, strokeDash=[2, 3], aria=False).encode(y=share)
        words = goal.mark_text(align="left", baseline="top", dx=4, dy=3, color=color.favorable)
        yield words.encode(x=alt.XValue(0), y=share, text=alt.TextValue(row.series))


def _points(months: pd.DataFrame, share: str, students: str, series: str) -> pd.DataFrame:
    return months.assign(
        students=months[students], series=series, **drawing.renamed(months, share, "share")
    )


def _lines(lines: pd.DataFrame) -> pd.DataFrame:
    """The months, also those without a point: there the line breaks.

    Of last year it is not known whether it is withheld or there was nothing to count.
    """
    nothing = lines.share_told.isin(marks.UNTOLD) & (lines.series == "this year")
    rows = lines.assign(untold=lines.share_told.where(nothing, ""))
    words = ["series", "month_end", "instructional_day", "share_told", "students_told", "untold"]
    return drawing.only(rows, words, "share")


def _ends(told: pd.DataFrame) -> pd.DataFrame:
    """The last month of each year that is told, with the words that stand beside it: those beside a
    band at its upper end."""
    ends = told.groupby("series").tail(1).reset_index(drop=True)
    text = [f"{formats.figure(row, 'share')}\n{row.series}" for row in ends.itertuples()]
    share = ends.share.fillna(ends.share_at_most) if "share_at_most" in ends else ends.share
    ends = ends.assign(text=text, share=share)
    return drawing.only(ends, ["series", "instructional_day", "share", "text"])


def _months_in_bands(
    base: alt.Chart, shares: dict, tooltip: list[alt.Tooltip], color: Look
) -> list[alt.Chart]:
    """Months known as a band, those of the two years side by side; a word for one withheld."""
    beside = alt.expr("datum.series === 'this year' ? 5 : -5")
    return [
        base.mark_rule(strokeWidth=10, opacity=SOFT, xOffset=beside).encode(
            y=alt.Y("share_at_least:Q", **shares), y2=alt.Y2("share_at_most:Q"), tooltip=tooltip
        ),
        base.mark_text(angle=270, align="left", dx=6).encode(
            y=alt.YValue("height"), text=alt.Text("untold:N"), color=alt.ColorValue(color.muted)
        ),
    ]


def attendance(months: pd.DataFrame, look: str) -> alt.LayerChart:
    """The small trend beside a headline number: attendance month by month, of absence/by_month,
    and last year's, dashed. Its scale names the ends."""
    color = LOOKS[look]
    rates = ["attendance_rate", "last_year_attendance_rate"]
    rows = drawing.only(drawing.with_nan(months), ["instructional_day", *rates])
    # At full 5%, so that schools can be told apart; a flat line has a scale too.
    told = 20 * rows[rates].stack().dropna()
    low = min(math.floor(told.min()), 19) if len(told) else 0
    high = max(math.ceil(told.max()), low + 1) if len(told) else 20
    ends = [low / 20, high / 20]
    shares = {
        "title": None,
        "scale": alt.Scale(domain=ends, nice=False),
        "axis": alt.Axis(
            values=ends, format=".0%", grid=False, domain=False, ticks=False, labelPadding=8
        ),
    }
    days = alt.X("instructional_day:Q", axis=None, scale=alt.Scale(nice=False))
    return alt.layer(
        alt.Chart()
        .mark_line(color=color.compared, strokeWidth=2, strokeDash=[4, 3], aria=False)
        .encode(x=days, y=alt.Y("last_year_attendance_rate:Q", **shares)),
        alt.Chart()
        .mark_line(color=color.muted, strokeWidth=2, point={"size": 18, "color": color.muted})
        .encode(x=days, y=alt.Y("attendance_rate:Q", **shares)),
        data=rows,
        **drawing.dress(color, 52),
    )


def tiers(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Students by share of days missed; one row per tier.

    In the share view a bar is as long as its share: on this axis a band has a place too.
    """
    color = LOOKS[look]
    table = drawing.with_nan(table)
    measure = "share" if formats.is_coded(table) else "students"
    shades = {
        "satisfactory": color.line,
        "at_risk": color.compared,
        "moderate": color.absent_light,
        "severe": color.absent,
    }
    return marks.bars(
        table.assign(
            label="Missed " + table.tier.map(formats.TIERS).str.lower(),
            text=[_tier_text(row) for row in table.itertuples()],
            shade=table.tier.map(shades),
            **drawing.renamed(table, measure, "value"),
        ),
        color,
    )


def _tier_text(row) -> str:
    share, students = formats.figure(row, "share"), formats.students(row)
    return share if students == formats.WITHHELD else f"{share} · {students}"


def standings(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """How many students are near the threshold; one row per standing."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    shades = {
        "within_3": color.compared,
        "can_recover": color.absent_light,
        "next_year": color.absent,
    }
    return marks.bars(
        table.assign(
            label=table.standing.map(formats.STANDINGS),
            text=[formats.students(row) for row in table.itertuples()],
            shade=table.standing.map(shades),
            value=table.students,
        ),
        color,
    )


def rates(table: pd.DataFrame, look: str, whole: float) -> alt.LayerChart:
    """A share with its 95% interval for each label, and `whole`, the share of all, as a line."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    rows = table.assign(
        text=[
            drawing.share_of(formats.figure(row, "rate"), formats.amount(row))
            for row in table.itertuples()
        ],
    )
    # The share of all can be withheld: then there is no line.
    overall = {} if formats.is_missing(whole) else {"whole": whole}
    rows = drawing.in_words(rows.assign(**overall), "rate", "students_absent", "students")
    if "rate_at_most" in rows:
        rows["text_narrow"] = drawing.fitting(rows.label, rows.text, rows.rate_told)
    reach = rows.assign(rate=rows.rate_high[rows.students >= SETS_THE_AXIS])
    share = alt.Scale(
        domain=[0, drawing.ceiling(drawing.largest(reach, "rate"))], nice=False, clamp=True
    )
    line = (
        drawing.row_base()
        .mark_rule(color=color.muted, strokeDash=[2, 3])
        .encode(
            x=alt.X("mean(whole):Q", scale=share, title=None),
            y=alt.YValue(0),
            y2=alt.Y2Value("height"),
        )
    )
    return alt.layer(
        *([line] if overall else ()),
        *marks.interval(
            rows,
            "rate",
            share,
            color.absent,
            color.absent_light,
            [
                drawing.tip("students_absent", "Chronically absent"),
                drawing.tip("students", "Students counted"),
            ],
        ),
        *drawing.row_words(rows, color, over_lines=True),
        data=marks.interval_data(rows, "rate", "students_absent_told", "students_told", *overall),
        **drawing.dress(color, alt.Step(drawing.ROW)),
    )


def grade_rates(table: pd.DataFrame, look: str, whole: float) -> alt.LayerChart:
    """The same for grades, which have an order: side by side; rows of absence/by_grade."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    table = table[(table.grade != "Unknown") | (table.students >= SETS_THE_AXIS).fillna(False)]
    rows = table.assign(
        label=table.grade.map(formats.grade), grade=table.grade.replace("Unknown", "?")
    )
    rows = drawing.in_words(rows, "rate", "students_absent", "students")
    rows["untold"] = ["–" if told in marks.UNTOLD else "" for told in rows.rate_told]
    overall = {} if formats.is_missing(whole) else {"whole": whole}
    rows = rows.assign(**overall)
    reach = rows.assign(rate=rows.rate_high[rows.students >= SETS_THE_AXIS])
    top = drawing.ceiling(drawing.largest(reach, "rate"))
    along = {
        "scale": alt.Scale(domain=[0, top], nice=False, clamp=True),
        "title": None,
        "axis": alt.Axis(format=".0%", tickCount=4),
    }
    axis = alt.Axis(labelAngle=0, domain=False, ticks=False, grid=False)
    base = alt.Chart().encode(x=alt.X("grade:O", sort=None, title="Grade", axis=axis))
    tooltip = [
        alt.Tooltip("label:N", title=" "),
        drawing.tip("students_absent", "Chronically absent"),
        drawing.tip("students", "Students counted"),
        drawing.tip("rate", "Share"),
        *marks.ends("rate"),
    ]
    words = ["grade", "label", "untold", "students_absent_told", "students_told", *overall]
    ends = [f"rate_{end}" for end in ("low", "high", "told", "low_told", "high_told")]
    return alt.layer(
        *_grades(rows, base, along, tooltip, color),
        data=drawing.only(rows, [*words, *ends], "rate"),
        **drawing.dress(color, 220),
    )


def _grades(
    rows: pd.DataFrame, base: alt.Chart, along: dict, tooltip: list[alt.Tooltip], color: Look
) -> list[alt.Chart]:
    """The share of all, what is withheld or a band, each interval and its dot."""
    layers = []
    if "whole" in rows:
        line = alt.Chart().mark_rule(color=color.muted, strokeDash=[2, 3])
        layers.append(line.encode(y=alt.Y("mean(whole):Q", **along)))
    if "rate_at_most" in rows:
        layers += [
            base.mark_text(color=color.muted, baseline="bottom").encode(
                y=alt.YValue("height"), text=alt.Text("untold:N")
            ),
            base.mark_bar(width=10, fillOpacity=drawing.SOFT, color=color.absent).encode(
                y=alt.Y("rate_at_least:Q", **along), y2=alt.Y2("rate_at_most:Q"), tooltip=tooltip
            ),
        ]
    return [
        *layers,
        base.mark_rule(strokeWidth=2, color=color.absent_light).encode(
            y=alt.Y("rate_low:Q", **along), y2=alt.Y2("rate_high:Q")
        ),
        base.mark_point(filled=True, size=70, opacity=1, color=color.absent).encode(
            y=alt.Y("rate:Q", **along), tooltip=tooltip
        ),
    ]


def group_rates(table: pd.DataFrame, look: str, whole: float) -> alt.LayerChart:
    """The same for student groups; rows of absence/by_group."""
    labels = [formats.group(row.dimension, row.group_name) for row in table.itertuples()]
    return rates(table.assign(label=labels), look, whole)


def reasons_moved(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """The share of days missed this year, all and by recorded reason, with last year's and the
    change, which are strong where they are clear of chance; rows of absence/why_moved."""
    color = LOOKS[look]
    label = table.reason.fillna("All days missed")
    shares = [
        f"{formats.tenth_percent(row.first_share)} → {formats.tenth_percent(row.second_share)}"
        for row in table.itertuples()
    ]
    moved = [_reason_moved(row) for row in table.itertuples()]
    whole = [f"{share}: {change}" for share, change in zip(shares, moved, strict=True)]
    return marks.bars(
        table.assign(
            label=label,
            value=table.second_share,
            text=whole,
            text_narrow=drawing.fitting(label, whole, moved),
            shade=table.clear_of_chance.map({True: color.absent, False: color.absent_light}),
        ),
        color,
    )


def _reason_moved(row) -> str:
    """'−0.8, clear'; what is clear is never 0.0."""
    if not row.clear_of_chance:
        return formats.tenths_between(row.first_share, row.second_share, row.change_points)
    decimals = formats.decimals_apart([row.change_points], [0], least=1)
    return f"{formats.signed(row.change_points, decimals)}, clear"


def changes(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Chronic absence last year and this year; rows of absence/shifts."""
    table = drawing.with_nan(table)
    words = [_change_words(row) for row in table.itertuples()]
    rows = table.assign(
        label=table.place,
        low=table.first_rate + table.change_low / 100,
        high=table.first_rate + table.change_high / 100,
        clear=drawing.true(table.clear_of_chance),
        text=[wide for wide, _ in words],
        text_narrow=[narrow for _, narrow in words],
        **drawing.renamed(table, "first_rate", "first"),
        **drawing.renamed(table, "second_rate", "second"),
    )
    return marks.dumbbells(marks.with_ends(rows), look, "absent")


def _change_words(row) -> tuple[str, str]:
    """What is said of a change, in a wide chart and in a narrow one."""
    told = marks.told_without_change(row, "rate", row.change_points)
    if told:
        return told
    if row.comparable:
        if formats.is_missing(row.change_low):
            why = formats.without_interval(row.schools_compared)
            return f"{formats.points(row.change_points)}; {why}", formats.signed(row.change_points)
        change = marks.change_text(row.change_points, row.change_low, row.change_high)
        return change, formats.signed(row.change_points)
    first, second = formats.percents_further(row.first_coverage, row.second_coverage, 5)
    return (
        f"not comparable: attendance was taken on {first} of days, then {second}",
        "not comparable",
    )


def by_weekday(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Share of days missed by month and weekday; rows of absence/by_weekday."""
    tooltip = [
        alt.Tooltip("share:Q", title="Days missed", format=".1%"),
        alt.Tooltip("days_enrolled:Q", title="Of days enrolled", format=","),
    ]
    text = [formats.cell_percent(value) for value in table.share]
    rows = table.assign(text=text)
    return marks.by_day(rows, LOOKS[look], "share", drawing.ceiling(rows.share), tooltip)
