"""Charts of surveys: shifts, gaps between groups, schools, and how answers are spread."""

import altair as alt
import pandas as pd

from pages.shared import drawing, formats, marks
from pages.shared.drawing import LOOKS, Look


def school_items(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """One survey item school by school; rows of one item of culture/by_school. Both times, where
    there is one before."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    if table.first_year.notna().any():
        names = {name: f"second_{name}" for name in table if name.startswith("favorable")}
        both = table.rename(columns=names | {"n": "second_n", "n_high": "second_n_high"})
        rows = _both_times(both, table.school_name)
        return marks.dumbbells(marks.with_ends(rows), look, "favorable")
    answers = [formats.answers(row) for row in table.itertuples()]
    favorable = [formats.figure(row, "favorable") for row in table.itertuples()]
    shares = [drawing.share_of(*of) for of in zip(favorable, answers, strict=True)]
    rows = table.assign(
        label=table.school_name,
        text=[
            share if share == formats.WITHHELD else f"{share}{_response(row)}"
            for share, row in zip(shares, table.itertuples(), strict=True)
        ],
    )
    rows = drawing.in_words(rows, "favorable").assign(n_told=answers)
    if "favorable_at_most" in rows:
        rows = rows.assign(text_narrow=drawing.fitting(rows.label, shares, favorable))
    whole, told = alt.Scale(domain=[0, 1]), [drawing.tip("n", "Answers")]
    return alt.layer(
        *marks.interval(rows, "favorable", whole, color.favorable, color.favorable_light, told),
        *drawing.row_words(rows, color, over_lines=True),
        data=marks.interval_data(rows, "favorable", "n_told"),
        **drawing.dress(color, alt.Step(34)),
    )


def _response(row) -> str:
    """', response 53%'; nothing in the share view where that is withheld or nobody knows it."""
    told = formats.figure(row, "response_rate")
    return "" if told == formats.WITHHELD else f", response {told}"


# A row of items: its height, from how many on it is lower, and from which width on it stands in one
# line; as shares of the width, how wide a group's figure is, and where the dots begin and end.
ITEM, SO_MANY, LOW_ITEM, ONE_LINE = 36, 30, 30, 700
FIGURE, DOTS_FROM, DOTS_TO = 0.078, 0.63, 0.865


def shifts(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Agreement with each item and how far it moved; rows of culture/shifts, with what each group
    says in the columns of sentences.beside_groups where they have them.

    From left to right: the item, the figure of each group, then before (open dot), now (full) and
    the 95% interval of the shift, or of the share where there is no year before, and the shift in
    words. A narrow chart has the figures below the item, and the shift in words alone.
    """
    color = LOOKS[look]
    rows = _item_rows(drawing.with_nan(table), color)
    groups = [name for name in rows if name.startswith(formats.GROUP)]
    step = LOW_ITEM if len(rows) > SO_MANY else ITEM
    wide = alt.expr(f"width < {ONE_LINE} ? 0 : 1")
    share = alt.Scale(
        domain=[0, 1],
        range=[alt.ExprRef(f"width * {end}") for end in (DOTS_FROM, DOTS_TO)],
    )
    along = {"scale": share, "title": None, "axis": None}
    return alt.layer(
        *(_scale(along, orient, wide) for orient in ("top", "bottom")),
        drawing.hairlines(step, color),
        *_item_dots(rows, along, color, wide),
        *_item_words(groups, color, step, "Shift, points" if _moved(table) else "Before, now"),
        *_item_figures(rows, groups, color, step),
        data=_item_data(rows, groups),
        resolve=alt.Resolve(axis=alt.AxisResolveMap(x="independent")),
        **drawing.dress(color, alt.Step(step)),
    )


def _scale(along: dict, orient: str, opacity: alt.expr) -> alt.Chart:
    """The scale of the dots at one end of a long list; it has no marks of its own."""
    axis = alt.Axis(
        orient=orient,
        format=".0%",
        labelExpr=f"width < {ONE_LINE} ? '' : datum.label",
        values=[0, 0.5, 1],
        grid=orient == "top",
        gridOpacity=opacity,
        tickOpacity=opacity,
        domainOpacity=opacity,
        minExtent=30 if orient == "top" else 0,
    )
    return (
        drawing.row_base()
        .mark_point(opacity=0, aria=False)
        .encode(x=alt.X("second:Q", **along | {"axis": axis}))
    )


def _item_rows(table: pd.DataFrame, color: Look) -> pd.DataFrame:
    """The words and colors of each row of items."""
    groups = [name for name in table if name.startswith(formats.GROUP)]
    items = [formats.item(row) for row in table.itertuples()]
    letters = int((DOTS_FROM - FIGURE * len(groups)) * 146)
    rows = _both_times(table, items)
    if "under" in table:
        under = zip(table.under, items, strict=True)
        items = [f"{formats.sentence_case(topic)}: {item}" for topic, item in under]
    if len(table) and table.first_year.isna().all():
        rows = rows.assign(
            clear=True, low=rows.second_favorable_low, high=rows.second_favorable_high, text=""
        )
    rows = drawing.in_words(drawing.in_words(rows, "first"), "second")
    return drawing.numbered(rows).assign(
        pick=rows.label,
        label=[drawing.wrapped(formats.cut(item, 2 * letters - 8), letters) for item in items],
        label_narrow=items,
        text_wide=rows.text.map(_in_two_lines),
        # What joins two dots reads as a shift: it stands where one is told.
        joined=rows.shift_points.notna(),
        low=rows.low.clip(0, 1),
        high=rows.high.clip(0, 1),
        strong=[color.favorable if clear else color.compared for clear in rows.clear],
        light=[color.favorable_light if clear else color.line for clear in rows.clear],
        ink=[color.ink if clear else color.muted for clear in rows.clear],
        # What is told of now stands among the figures.
        text_narrow=["" if told.startswith("now ") else told for told in rows.text_narrow],
        **{name: rows[name].map(drawing.in_short) for name in groups},
    )


def _in_two_lines(words: str) -> str:
    """The shift of a row in two short lines; the rest stands in the tooltip and in the table."""
    words = words.replace(" points", "").replace(" point", "")
    for between in (" (", "; ", ": ", ", n "):
        words = words.replace(between, "\n" + between.lstrip(":;, "))
    lines = [line for part in words.split("\n") for line in drawing.wrapped(part, 18).split("\n")]
    return "\n".join(lines[:2]) + (" …" if len(lines) > 2 else "")


def _item_dots(
    rows: pd.DataFrame, along: dict, color: Look, opacity: alt.expr
) -> list[alt.LayerChart]:
    """Before, now and the interval of each row; a click anywhere on a row picks it."""
    base, strong = drawing.row_base(), alt.Color("strong:N", scale=None)
    tooltip = [
        alt.Tooltip("pick:N", title=" "),
        drawing.tip("first", "Before"),
        drawing.tip("second", "Now"),
        alt.Tooltip("text:N", title="Change"),
    ]
    soft = {"height": 10, "opacity": opacity}
    before = {"filled": False, "fill": "transparent", "strokeDash": [4, 3]}
    joined = base.mark_rule(strokeWidth=6, strokeCap="round", opacity=opacity)
    return [
        *drawing.bands(rows, "second", along, {"color": strong}, **soft),
        *drawing.bands(rows, "first", along, {"color": strong}, **soft, **before),
        # Vega would draw a line from a dot that has no other one to the beginning of the axis.
        joined.encode(
            x=alt.X("first:Q", **along),
            x2=alt.X2("second:Q"),
            color=alt.Color("light:N", scale=None),
        ).transform_filter("isValid(datum.second) && datum.joined"),
        base.mark_rule(strokeWidth=1.5, opacity=opacity).encode(
            x=alt.X("low:Q", **along), x2=alt.X2("high:Q"), color=strong
        ),
        base.mark_point(
            filled=False, size=60, opacity=opacity, fill=color.ground, strokeWidth=2
        ).encode(x=alt.X("first:Q", **along), color=strong),
        base.mark_point(filled=True, size=100, opacity=opacity).encode(
            x=alt.X("second:Q", **along), color=strong
        ),
        base.mark_rect(fill="transparent", cursor="pointer", aria=False)
        .encode(x=alt.XValue(0), x2=alt.X2Value("width"), tooltip=tooltip)
        .add_params(alt.selection_point(name=drawing.PICK, fields=["pick"])),
    ]


def _moved(table: pd.DataFrame) -> bool:
    return bool(table.shift_points.notna().any())


def _item_words(groups: list[str], color: Look, step: int, head: str) -> list[alt.Chart]:
    """The item at the left of each row, its shift at the right below this heading."""
    narrow = f"width < {ONE_LINE}"
    lines = {"lineBreak": "\n", "lineHeight": 15, "baseline": "middle"}
    room = DOTS_FROM - FIGURE * len(groups) - 0.02
    item = drawing.row_base().mark_text(
        align="left",
        dy=alt.expr(f"{narrow} ? -8 : -7.5 * (length(split(datum.label, '\\n')) - 1)"),
        limit=alt.expr(f"{narrow} ? width : width * {room}"),
        color=color.ink,
        text=alt.expr(f"{narrow} ? datum.label_narrow : datum.label"),
        **lines,
    )
    shift = drawing.row_base().mark_text(
        align="right",
        dy=alt.expr(f"{narrow} ? 9 : -7.5 * (length(split(datum.text_wide, '\\n')) - 1)"),
        fontSize=12,
        text=alt.expr(f"{narrow} ? datum.text_narrow : datum.text_wide"),
        **lines,
    )
    return [
        item.encode(x=alt.XValue(0)),
        drawing.row_base()
        .transform_filter("datum.row == 0 && datum.text != ''")
        .mark_text(
            x=alt.expr("width"),
            align="right",
            baseline="line-bottom",
            dy=-step / 2 - 18,
            fontSize=12,
            color=color.muted,
            text=alt.expr(f"{narrow} ? '' : '{head}'"),
        ),
        shift.encode(x=alt.XValue("width"), color=alt.Color("ink:N", scale=None)),
    ]


def _item_figures(rows: pd.DataFrame, groups: list[str], color: Look, step: int) -> list[alt.Chart]:
    """What each group says, below the name of each; that of the group that was chosen in bold."""
    marks_of = []
    own = rows.respondent_group.iloc[0] if len(rows) else ""
    each = 0.8 / max(4, len(groups))
    for place, name in enumerate(groups):
        right = DOTS_FROM - 0.015 - FIGURE * (len(groups) - 1 - place)
        lines = {
            "x": alt.expr(f"width < {ONE_LINE} ? width * {each * place} : width * {right}"),
            "align": alt.expr(f"width < {ONE_LINE} ? 'left' : 'right'"),
            "fontSize": 12,
            "lineBreak": "\n",
            "lineHeight": 13,
            "fontWeight": 700 if name == f"{formats.GROUP}{own}" else 400,
        }
        marks_of += [
            drawing.row_base()
            .mark_text(
                color=color.ink if name == f"{formats.GROUP}{own}" else color.muted,
                dy=alt.expr(f"width < {ONE_LINE} ? 9 : 0"),
                text=alt.expr(f"datum['{name}']"),
                **lines,
            )
            .encode(),
            drawing.row_base()
            .transform_filter("datum.row == 0")
            .mark_text(
                color=color.muted,
                baseline="line-bottom",
                dy=-step / 2 - 18,
                text=_heading(name).split("\n"),
                **lines,
            ),
        ]
    return marks_of


def _heading(name: str) -> str:
    return drawing.wrapped(formats.sentence_case(name.removeprefix(formats.GROUP)), 9)


def _item_data(rows: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    columns = ["row", "pick", "label", "label_narrow", "text", "text_wide", "text_narrow"]
    columns += ["low", "high", "strong", "light", "ink", "first_told", "second_told", "joined"]
    return drawing.only(rows, [*columns, *groups], "first", "second")


def topics(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Schools down and topics across, the stronger the color the more agree; rows of
    culture/by_topic."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    told = drawing.in_words(table, "favorable").favorable_told
    rows = table.assign(
        pick=table.school_name,
        topic=table.topic.map(formats.sentence_case),
        text=[
            ""
            if row.scales > 1
            else drawing.in_short(formats.figure(row, "favorable")).replace(formats.WITHHELD, "–")
            for row in table.itertuples()
        ],
        favorable_told=told,
        n_told=[formats.answers(row) for row in table.itertuples()],
    )
    heads = alt.Axis(
        orient="top",
        labelAngle=alt.expr("width < 240 ? -40 : 0"),
        labelAlign=alt.expr("width < 240 ? 'left' : 'center'"),
        domain=False,
        ticks=False,
    )
    base = alt.Chart().encode(
        x=alt.X("topic:O", title=None, axis=heads),
        y=alt.Y("pick:O", title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=130)),
    )
    shades = alt.Scale(domain=[0, 1], range=[color.ground, color.favorable_light])
    about = [
        alt.Tooltip("pick:N", title="School"),
        alt.Tooltip("topic:N", title="Topic"),
        alt.Tooltip("items:N", title="Items"),
        drawing.tip("n", "Fewest answers to one"),
        drawing.tip("favorable", "Mean share"),
    ]
    return alt.layer(
        base.mark_rect(stroke=color.ground, strokeWidth=2)
        .encode(color=alt.Color("favorable:Q", scale=shades, legend=None))
        .transform_filter("isValid(datum.favorable)"),
        base.mark_text(color=color.ink, fontSize=alt.expr("width < 240 ? 10 : 12")).encode(
            text=alt.Text("text:N")
        ),
        # Also where nothing has a color.
        base.mark_rect(fill="transparent", cursor="pointer", aria=False)
        .encode(tooltip=about)
        .add_params(alt.selection_point(name=drawing.PICK, fields=["pick"])),
        data=drawing.only(
            rows, ["pick", "topic", "text", "items", "n_told", "favorable_told"], "favorable"
        ),
        **drawing.dress(color, alt.Step(28)),
    )


def _both_times(table: pd.DataFrame, labels) -> pd.DataFrame:
    """What dots and words of rows with two years are drawn from."""
    words = [_shift_words(row) for row in table.itertuples()]
    reasons = table.why_not_clear.value_counts()
    if len(table) > 1 and len(reasons) and reasons.iloc[0] > len(table) / 2:
        # What holds for most rows stands behind the heading.
        same = f"; {reasons.index[0]}"
        words = [(wide.removesuffix(same), narrow) for wide, narrow in words]
    # Before and now stand on one line only where they may be compared.
    before = [column for column in table if column.startswith("first_favorable")]
    compared = table.assign(**{column: table[column].where(table.comparable) for column in before})
    return table.assign(
        label=list(labels),
        low=table.first_favorable + table.shift_low / 100,
        high=table.first_favorable + table.shift_high / 100,
        clear=drawing.true(table.clear_of_chance),
        text=[wide for wide, _ in words],
        text_narrow=[narrow for _, narrow in words],
        **drawing.renamed(compared, "first_favorable", "first"),
        **drawing.renamed(compared, "second_favorable", "second"),
    )


def _shift_words(row) -> tuple[str, str]:
    """The same of a shift."""
    told = marks.told_without_change(row, "favorable", row.shift_points)
    if told and not formats.is_missing(row.why_not_clear) and formats.WITHHELD not in told:
        # Over several schools: the year before, as far as it is like with like.
        second = formats.figure(row, "second_favorable")
        words = second if formats.is_missing(row.first_favorable) else told[0]
        return f"{words}; {row.why_not_clear}", f"now {second}"
    if told:
        return told
    if formats.is_missing(row.shift_points):
        return f"{row.why_not_clear}: no shift", "no shift"
    if formats.is_missing(row.why_not_clear):
        shift = marks.change_text(row.shift_points, row.shift_low, row.shift_high)
    elif formats.is_missing(row.shift_low):
        shift = f"{formats.points(row.shift_points)}; {row.why_not_clear}"
    else:
        interval = formats.interval(row.shift_low, row.shift_high)
        shift = f"{formats.points(row.shift_points)} ({interval}); {row.why_not_clear}"
    return shift, formats.signed(row.shift_points)


def gaps(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Where two groups see one item differently; rows of culture/group_gaps, the surest eight."""
    rows = drawing.with_nan(table).head(8)
    ends = rows.assign(
        label=[formats.item(row) for row in rows.itertuples()],
        first=rows.favorable_b,
        second=rows.favorable_a,
        low=rows.favorable_b + rows.gap_low / 100,
        high=rows.favorable_b + rows.gap_high / 100,
        clear=(rows.gap_low > 0) | (rows.gap_high < 0),
        text=[
            f"{_group_share(row.group_b, row.favorable_b)}, "
            f"{_group_share(row.group_a, row.favorable_a)}"
            for row in rows.itertuples()
        ],
        text_narrow=[
            f"{formats.percent(row.favorable_b)} → {formats.percent(row.favorable_a)}"
            for row in rows.itertuples()
        ],
    )
    return marks.dumbbells(ends, look, "favorable")


def _group_share(group: str, share: float) -> str:
    return f"{formats.sentence_case(group).lower()} {formats.percent(share)}"


def distribution(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Answers of one item as shares of those that count, a bar a year; rows of one item of
    culture/distribution. Favorable answers are green, the outermost strongest."""
    color = LOOKS[look]
    if formats.is_coded(table):
        return _answers_apart(drawing.with_nan(table), color)
    rows = _stacked(table[table.counts], color)
    base = alt.Chart().encode(
        y=alt.Y(
            "school_year:O",
            sort=list(rows.school_year.unique()),
            title=None,
            axis=alt.Axis(domain=False, ticks=False),
        ),
    )
    along = alt.X(
        "start:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    return alt.layer(
        base.mark_bar(height=30, stroke=color.ground, strokeWidth=1.5).encode(
            x=along,
            x2=alt.X2("end:Q"),
            color=alt.Color("shade:N", scale=None),
            tooltip=[
                alt.Tooltip("school_year:N", title="Year"),
                alt.Tooltip("answer:N", title="Answer"),
                alt.Tooltip("answers:Q", title="Answers", format=","),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        ),
        base.mark_text(fontWeight=600).encode(
            x=alt.X("middle:Q", title=None),
            text=alt.Text("text:N"),
            color=alt.Color("ink:N", scale=None),
        ),
        data=rows,
        **drawing.dress(color, alt.Step(46)),
    )


def _stacked(rows: pd.DataFrame, color: Look) -> pd.DataFrame:
    """Where each answer begins and ends in the bar of its year. The rows come in the order of time,
    which the words of two times of one year need not be in."""
    ends = rows.groupby("school_year").share.cumsum()
    places = rows.groupby("school_year").position
    outermost = (rows.position == places.transform("min")) | (
        rows.position == places.transform("max")
    )
    return rows.assign(
        start=ends - rows.share,
        end=ends,
        middle=ends - rows.share / 2,
        text=[formats.percent(share) if share >= 0.06 else "" for share in rows.share.fillna(0)],
        shade=[
            (color.favorable if outer else color.favorable_light)
            if favorable
            else (color.compared if outer else color.line)
            for favorable, outer in zip(rows.favorable, outermost, strict=True)
        ],
        ink=[
            color.ink if not outer else color.ground if favorable else color.on_compared
            for favorable, outer in zip(rows.favorable, outermost, strict=True)
        ],
    )


def _answers_apart(table: pd.DataFrame, color: Look) -> alt.LayerChart:
    """The same for the share view: each answer in a row of its own, with a bar for each year.

    In a stack it would be invented where the answer after a band begins.
    """
    rows = _answer_rows(table, color)
    told = drawing.largest(rows, "share")
    years = list(table.school_year.unique())
    along = {
        "title": f"Above {years[0]}, below {years[1]}" if len(years) == 2 else " ".join(years),
        "scale": alt.Scale(domain=[0, drawing.ceiling(told)], nice=False),
        "axis": alt.Axis(format=".0%", tickCount=5) if told.notna().any() else None,
    }
    encodings = {
        "color": alt.Color("shade:N", scale=None),
        "tooltip": [
            alt.Tooltip("school_year:N", title="Year"),
            alt.Tooltip("answer:N", title="Answer"),
            drawing.tip("share", "Share"),
        ],
    }
    place = {"height": 8, "yOffset": alt.expr("datum.level")}
    words = ["row", "label", "text", "text_narrow", "shade", "level"]
    words += ["school_year", "answer", "share_told"]
    return alt.layer(
        *drawing.bands(rows, "share", along, encodings, **place, **drawing.outline(color)),
        drawing.row_base()
        .mark_bar(**place)
        .encode(x=alt.X("share:Q", stack=False, **along), **encodings),
        *drawing.row_words(rows, color, over_lines=True),
        data=drawing.only(rows, words, "share"),
        **drawing.dress(color, alt.Step(40)),
    )


def _answer_rows(table: pd.DataFrame, color: Look) -> pd.DataFrame:
    """Each answer in each year, with the words of its row where it stands first."""
    given = drawing.in_words(table[table.counts.astype(bool)], "share")
    given = given.sort_values(["position", "answer"], kind="stable")
    answer = given.groupby(["position", "answer"])
    newest = given.school_year.isin(table.school_year.tail(1))
    shades = {
        (True, True): color.favorable,
        (True, False): color.favorable_light,
        (False, True): color.compared,
        (False, False): color.line,
    }
    again = answer.cumcount() > 0
    return given.assign(
        row=answer.ngroup(),
        label=given.answer.mask(again, ""),
        text=answer.share_told.transform(drawing.in_turn).mask(again, ""),
        # The name of answers that are told together is long: a phone has the newest alone.
        text_narrow=answer.share_told.transform("last").mask(again, ""),
        shade=[shades[bool(good), new] for good, new in zip(given.favorable, newest, strict=True)],
        level=newest.map({True: 16, False: 6}),
    )
