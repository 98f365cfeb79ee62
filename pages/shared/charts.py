"""Every chart, as a function from a table to an Altair chart.

A chart takes its table and a look, 'light' or 'dark'. Colors have meaning: rust is chronically
absent, green is favorable, grey is what chance could do or what is compared with.

A table of the share view is coded: a share that is only known to lie between two ends is a soft
band from one to the other, without a dot; what is withheld is a word and no mark. Of such a table
a chart is given the columns that it draws and no others: what a page sends can be read there.
"""

import altair as alt
import pandas as pd

from pages.shared import drawing, formats
from pages.shared.drawing import LOOKS, PICK, SOFT, WIDE, Look

# Rows of items: from there on each has one line for its words.
MANY = 12
# Words of the share view in the place of a share.
UNTOLD = (formats.WITHHELD, formats.TOO_EARLY)


def rate_by_month(months: pd.DataFrame, look: str) -> alt.LayerChart:
    """The year so far and last year, by instructional day; rows of absence/by_month."""
    color = LOOKS[look]
    coded, months = formats.is_coded(months), drawing.with_nan(months)
    this_year = _points(months, "rate", "students", "this year")
    last_year = _points(months, "last_year_rate", "last_year_students", "last year")
    lines = pd.concat([last_year, this_year], ignore_index=True)
    told = lines.dropna(subset=["share"])
    if coded:
        early = lines.of == 0
        lines = drawing.in_words(lines, coded, "share", "of")
        lines.loc[early, "share_told"] = formats.TOO_EARLY
        told = lines[~lines.share_told.isin(UNTOLD)]
    ends = _ends(told, coded)
    names = dict(
        zip(months.instructional_day.astype(int), map(formats.month, months.month_end), strict=True)
    )
    colors, dashes = drawing.of_two("this year", "last year", color)
    days = alt.X(
        "instructional_day:Q",
        title="End of each month, placed by instructional day",
        scale=alt.Scale(domain=[0, max(names, default=1) * 1.2], nice=False),
        axis=alt.Axis(
            values=sorted(names), labelExpr=f"({names})[datum.value]", grid=False, ticks=True
        ),
    )
    scale = alt.Scale(domain=[0, drawing.ceiling(drawing.largest(told, "share"))])
    shares = {"title": None, "scale": scale, "axis": alt.Axis(format=".0%", tickCount=5)}
    share = alt.Y("share:Q", **shares)
    base = alt.Chart().encode(x=days, y=share, color=colors)
    tooltip = [
        alt.Tooltip("series:N", title="Year"),
        alt.Tooltip("month_end:T", title="Up to", format="%-d %B %Y"),
        alt.Tooltip("instructional_day:Q", title="Instructional day"),
        drawing.tip("share", "Chronically absent", coded, ".1%"),
        drawing.tip("of", "Students counted", coded, ","),
    ]
    upper = drawing.upper_end(ends)
    label = {
        "align": "left",
        "dx": 14 if coded else 8,
        "fontWeight": 600,
        "lineBreak": "\n",
        "lineHeight": 15,
    }
    return alt.layer(
        *(_months_in_bands(base, shares, tooltip, color) if coded else ()),
        base.mark_line(strokeWidth=2.5, aria=False).encode(strokeDash=dashes),
        base.mark_point(filled=True, size=55, opacity=1).encode(tooltip=tooltip),
        *(
            alt.Chart(ends[rows])
            .mark_text(baseline=baseline, dy=dy, **label)
            .encode(x=days, y=share, text=alt.Text("text:N"), color=colors)
            for rows, baseline, dy in ((upper, "bottom", -13), (~upper, "top", 0))
        ),
        data=_lines(lines) if coded else told,
        **drawing.dress(color, 300),
    )


def _points(months: pd.DataFrame, share: str, of: str, series: str) -> pd.DataFrame:
    points = pd.DataFrame(
        {
            "month_end": months.month_end,
            "instructional_day": months.instructional_day,
            "share": months[share],
            "of": months[of],
            "series": series,
        }
    )
    if formats.is_coded(months):
        for end in ("at_least", "at_most"):
            points[f"share_{end}"] = months[f"{share}_{end}"]
    return points


def _lines(lines: pd.DataFrame) -> pd.DataFrame:
    """The months of a coded table, also those without a point: there the line breaks.

    Of last year it is not known whether it is withheld or there was nothing to count.
    """
    nothing = lines.share_told.isin(UNTOLD) & (lines.series == "this year")
    rows = lines.assign(withheld=lines.share_told.where(nothing, ""))
    words = ["series", "month_end", "instructional_day", "share_told", "of_told", "withheld"]
    return drawing.only(rows, True, words, "share")


def _ends(told: pd.DataFrame, coded: bool) -> pd.DataFrame:
    """The last month of each year that is told, with the words that stand beside it."""
    ends = told.groupby("series").tail(1).reset_index(drop=True)
    shares = ends.share_told if coded else ends.share.map(formats.percent)
    ends["text"] = [f"{share}\n{year}" for share, year in zip(shares, ends.series, strict=True)]
    if coded:
        # Words beside a band stand at its upper end.
        ends["share"] = ends.share.fillna(ends.share_at_most)
    return drawing.only(ends, coded, ["series", "instructional_day", "share", "text"])


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
            y=alt.YValue("height"), text=alt.Text("withheld:N"), color=alt.ColorValue(color.muted)
        ),
    ]


def trend(months: pd.DataFrame, look: str, figure: str) -> alt.Chart:
    """The small trend under a headline number: one column of absence/by_month, month by month."""
    color = LOOKS[look]
    coded = formats.is_coded(months)
    rows = drawing.only(drawing.with_nan(months), coded, ["instructional_day", figure])
    return (
        alt.Chart(rows, **drawing.dress(color, 40))
        .mark_line(color=color.muted, strokeWidth=2, point={"size": 18, "color": color.muted})
        .encode(
            x=alt.X("instructional_day:Q", axis=None, scale=alt.Scale(nice=False)),
            y=alt.Y(f"{figure}:Q", axis=None, scale=alt.Scale(zero=figure != "attendance_rate")),
        )
    )


def tiers(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Students by share of days missed; one row per tier.

    In the share view a bar is as long as its share: on this axis a band has a place too.
    """
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    if coded:
        table = table.assign(value_at_least=table.share_at_least, value_at_most=table.share_at_most)
    shades = {
        "satisfactory": color.line,
        "at_risk": color.compared,
        "moderate": color.absent_light,
        "severe": color.absent,
    }
    return _bars(
        table.assign(
            label="Missed " + table.tier.map(formats.TIERS).str.lower(),
            text=[_tier_text(row, coded) for row in table.itertuples()],
            shade=table.tier.map(shades),
            value=table.share if coded else table.students,
        ),
        color,
    )


def _tier_text(row, coded: bool) -> str:
    share = formats.row_told(row, "share")
    if coded and formats.is_missing(row.students):
        return share
    return f"{share} · {drawing.students(row.students, coded)}"


def standings(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """How many students are near the threshold; one row per standing."""
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    shades = {
        "within_3": color.compared,
        "can_recover": color.absent_light,
        "next_year": color.absent,
    }
    return _bars(
        table.assign(
            label=table.standing.map(formats.STANDINGS),
            text=[drawing.students(value, coded) for value in table.students],
            shade=table.standing.map(shades),
            value=table.students,
        ),
        color,
    )


def _bars(rows: pd.DataFrame, color: Look) -> alt.LayerChart:
    """Horizontal bars in the table's order, the name above each so that a phone has room.

    Needs label, text, value and shade; in the share view value_at_least and _at_most where the
    values are shares.
    """
    base = drawing.row_base()
    banded = "value_at_most" in rows
    top = float(max([0, *drawing.largest(rows, "value").dropna()])) or 1.0
    along = {"axis": None, "scale": alt.Scale(domain=[0, top], nice=False)}
    encodings = {
        "color": alt.Color("shade:N", scale=None),
        "tooltip": [alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")],
    }
    bands = [
        drawing.band("value", along, encodings, height=14, yOffset=9, **drawing.outline(color))
    ]
    return alt.layer(
        *(bands if banded else ()),
        base.mark_bar(height=14, yOffset=9).encode(x=alt.X("value:Q", **along), **encodings),
        *drawing.row_words(base, color),
        data=drawing.only(
            drawing.numbered(rows),
            formats.is_coded(rows),
            ["row", "label", "text", "shade"],
            "value",
        ),
        **drawing.dress(color, alt.Step(44)),
    )


def rates(table: pd.DataFrame, look: str, whole: float) -> alt.LayerChart:
    """A share with its 95% interval for each label, and `whole`, the share of all, as a line."""
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    rows = table.assign(
        text=[
            drawing.share_of(formats.row_told(row, "rate"), formats.about(row.students, coded))
            for row in table.itertuples()
        ],
    )
    # The share of all can be withheld: then there is no line.
    overall = {} if formats.is_missing(whole) else {"whole": whole}
    rows = drawing.in_words(rows.assign(**overall), coded, "rate", "students_absent", "students")
    if coded:
        rows["text_narrow"] = drawing.fitting(rows.label, rows.text, rows.rate_told)
    base = drawing.row_base()
    # A group of a few has an interval over everything: it does not set the axis, and is cut by it.
    reach = rows.assign(rate=rows.rate_high[rows.students >= 10])
    share = alt.Scale(
        domain=[0, drawing.ceiling(drawing.largest(reach, "rate"))], nice=False, clamp=True
    )
    line = base.mark_rule(color=color.muted, strokeDash=[2, 3]).encode(
        x=alt.X("mean(whole):Q", scale=share, title=None),
        y=alt.YValue(0),
        y2=alt.Y2Value("height"),
    )
    return alt.layer(
        *([line] if overall else ()),
        *_interval(
            "rate",
            share,
            color.absent,
            color.absent_light,
            [
                drawing.tip("students_absent", "Chronically absent", coded, ","),
                drawing.tip("students", "Students counted", coded, ","),
            ],
            coded,
        ),
        *drawing.row_words(base, color, narrow=coded),
        data=_interval_data(
            rows, coded, "rate", ["students_absent_told", "students_told", *overall]
        ),
        **drawing.dress(color, alt.Step(42)),
    )


def _interval(
    figure: str,
    share: alt.Scale,
    strong: str,
    light: str,
    counts: list[alt.Tooltip],
    coded: bool,
    grid: bool = True,
) -> list[alt.Chart]:
    """A dot for a share and a line for its 95% interval, in columns figure, _low and _high; in the
    share view a band for a share known as one."""
    base = drawing.row_base()
    along = {"scale": share, "title": None, "axis": alt.Axis(format=".0%", tickCount=5, grid=grid)}
    about = [alt.Tooltip("label:N", title=" "), *counts, drawing.tip(figure, "Share", coded, ".1%")]
    # Of a coded table its ends are whole percents as well.
    decimals = ".0%" if coded else ".1%"
    ends = [
        alt.Tooltip(f"{figure}_low:Q", title="95% interval, from", format=decimals),
        alt.Tooltip(f"{figure}_high:Q", title="to", format=decimals),
    ]
    band = {"height": 12, "yOffset": 9, "color": strong}
    return [
        *([drawing.band(figure, along, {"tooltip": about}, **band)] if coded else ()),
        base.mark_rule(strokeWidth=2, color=light, yOffset=9).encode(
            x=alt.X(f"{figure}_low:Q", **along), x2=alt.X2(f"{figure}_high:Q")
        ),
        base.mark_point(filled=True, size=80, opacity=1, color=strong, yOffset=9).encode(
            x=alt.X(f"{figure}:Q", **along), tooltip=[*about, *ends]
        ),
    ]


def _interval_data(rows: pd.DataFrame, coded: bool, figure: str, others: list[str]) -> pd.DataFrame:
    words = ["row", "label", "text", "text_narrow", f"{figure}_told", *others]
    return drawing.only(
        drawing.numbered(rows), coded, [*words, f"{figure}_low", f"{figure}_high"], figure
    )


def school_items(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """One survey item school by school; rows of one item of culture/by_school."""
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    answers = [
        formats.answers_told(row.n, row.n_high) if coded else formats.count(row.n)
        for row in table.itertuples()
    ]
    favorable = [formats.row_told(row, "favorable") for row in table.itertuples()]
    shares = [drawing.share_of(*of) for of in zip(favorable, answers, strict=True)]
    responses = [_response(row) for row in table.itertuples()]
    rows = table.assign(
        label=table.school_name,
        text=[
            share if share == formats.WITHHELD else f"{share}{response}"
            for share, response in zip(shares, responses, strict=True)
        ],
    )
    if coded:
        narrow = drawing.fitting(rows.label, rows.text, shares, favorable)
        rows = rows.assign(favorable_told=favorable, n_told=answers, text_narrow=narrow)
    return alt.layer(
        *_interval(
            "favorable",
            alt.Scale(domain=[0, 1]),
            color.favorable,
            color.favorable_light,
            [drawing.tip("n", "Answers", coded, ",")],
            coded,
        ),
        *drawing.row_words(drawing.row_base(), color, narrow=coded),
        data=_interval_data(rows, coded, "favorable", ["n_told"]),
        **drawing.dress(color, alt.Step(34)),
    )


def items_of_a_year(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Agreement with each item in the second year of culture/shifts, in the table's order; where
    several groups answered, the name of each goes before its item."""
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    labels = [formats.cut(formats.item(row), 80) for row in table.itertuples()]
    if len(table) and table.respondent_group.nunique() > 1:
        groups = map(formats.sentence_case, table.respondent_group)
        labels = [": ".join(pair) for pair in zip(groups, labels, strict=True)]
    table = table[[name for name in table if name.startswith("second_")]].assign(label=labels)
    table = table.rename(columns=lambda name: name.removeprefix("second_"))
    answers = [
        formats.answers_told(row.n, row.n_high) if coded else formats.count(row.n)
        for row in table.itertuples()
    ]
    favorable = [formats.row_told(row, "favorable") for row in table.itertuples()]
    shares = [drawing.share_of(*of) for of in zip(favorable, answers, strict=True)]
    rows = table.assign(text=shares, text_narrow=favorable)
    if coded:
        rows = rows.assign(favorable_told=favorable, n_told=answers)
    many = len(rows) >= MANY
    return alt.layer(
        *([drawing.hairlines(30, color)] if many else ()),
        *_interval(
            "favorable",
            alt.Scale(domain=[0, 1]),
            color.favorable,
            color.favorable_light,
            [drawing.tip("n", "Answers", coded, ",")],
            coded,
            grid=not many,
        ),
        *drawing.row_words(drawing.row_base(), color, narrow=True),
        data=_interval_data(rows, coded, "favorable", ["n_told"]),
        **drawing.dress(color, alt.Step(30 if many else 42)),
    )


def _response(row) -> str:
    """', response 53%'; nothing in the share view where that is withheld or nobody knows it."""
    told = formats.row_told(row, "response_rate")
    return "" if told == formats.WITHHELD else f", response {told}"


def grade_rates(table: pd.DataFrame, look: str, whole: float) -> alt.LayerChart:
    """The same for grades; rows of absence/by_grade."""
    return rates(table.assign(label=table.grade.map(formats.grade)), look, whole)


def group_rates(table: pd.DataFrame, look: str, whole: float) -> alt.LayerChart:
    """The same for student groups; rows of absence/by_group."""
    labels = [formats.group(row.dimension, row.group_name) for row in table.itertuples()]
    return rates(table.assign(label=labels), look, whole)


def changes(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Chronic absence last year and this year; rows of absence/shifts."""
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    words = [_change_words(row, coded) for row in table.itertuples()]
    rows = pd.DataFrame(
        {
            "label": table.place,
            "first": table.first_rate,
            "second": table.second_rate,
            "low": table.first_rate + table.change_low / 100,
            "high": table.first_rate + table.change_high / 100,
            "clear": drawing.true(table.clear_of_chance),
            "text": [wide for wide, _ in words],
            "text_narrow": [narrow for _, narrow in words],
            **drawing.ends_of_bands(table, "rate"),
        }
    )
    return _dumbbells(rows, look, "absent", coded)


def _change_words(row, coded: bool) -> tuple[str, str]:
    """What is said of a change, in a wide chart and in a narrow one."""
    told = _told_without_change(row, "rate", row.change_points) if coded else None
    if told:
        return told
    if row.comparable:
        if formats.is_missing(row.change_low):
            why = formats.without_interval(row.schools_compared)
            return f"{formats.points(row.change_points)}; {why}", formats.signed(row.change_points)
        change = _change_text(row.change_points, row.change_low, row.change_high)
        return change, formats.signed(row.change_points)
    first, second = formats.percents_further(row.first_coverage, row.second_coverage, 5)
    return (
        f"not comparable: attendance was taken on {first} of days, then {second}",
        "not comparable",
    )


def shifts(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Agreement in one year and the next; rows of culture/shifts."""
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    words = [_shift_words(row, coded) for row in table.itertuples()]
    if len(table) > 1 and table.why_not_clear.notna().all() and table.why_not_clear.nunique() == 1:
        # What holds for every row stands in the heading.
        same = f"; {table.why_not_clear.iloc[0]}"
        words = [(wide.removesuffix(same), narrow) for wide, narrow in words]
    # Before and now stand on one line only where they may be compared.
    before = [column for column in table if column.startswith("first_favorable")]
    compared = table.assign(**{column: table[column].where(table.comparable) for column in before})
    rows = pd.DataFrame(
        {
            "label": [formats.item(row) for row in table.itertuples()],
            "first": compared.first_favorable,
            "second": table.second_favorable,
            "low": table.first_favorable + table.shift_low / 100,
            "high": table.first_favorable + table.shift_high / 100,
            "clear": drawing.true(table.clear_of_chance),
            "text": [wide for wide, _ in words],
            "text_narrow": [narrow for _, narrow in words],
            **drawing.ends_of_bands(compared, "favorable"),
        }
    )
    return _dumbbells(rows, look, "favorable", coded)


def _shift_words(row, coded: bool) -> tuple[str, str]:
    """The same of a shift."""
    told = _told_without_change(row, "favorable", row.shift_points) if coded else None
    if told and not formats.is_missing(row.why_not_clear) and formats.WITHHELD not in told:
        # Over several schools: the year before, as far as it is like with like.
        second = formats.row_told(row, "second_favorable")
        words = second if formats.is_missing(row.first_favorable) else told[0]
        return f"{words}; {row.why_not_clear}", f"now {second}"
    if told:
        return told
    if formats.is_missing(row.shift_points):
        return f"{row.why_not_clear}: no shift", "no shift"
    if formats.is_missing(row.why_not_clear):
        shift = _change_text(row.shift_points, row.shift_low, row.shift_high)
    elif formats.is_missing(row.shift_low):
        shift = f"{formats.points(row.shift_points)}; {row.why_not_clear}"
    else:
        interval = formats.interval(row.shift_low, row.shift_high)
        shift = f"{formats.points(row.shift_points)} ({interval}); {row.why_not_clear}"
    return shift, formats.signed(row.shift_points)


def gaps(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Where two groups see one item differently; rows of culture/group_gaps, the surest eight."""
    coded = formats.is_coded(table)
    rows = drawing.with_nan(table).head(8)
    first = rows.favorable_b
    ends = pd.DataFrame(
        {
            "label": [formats.item(row) for row in rows.itertuples()],
            "first": first,
            "second": rows.favorable_a,
            "low": first + rows.gap_low / 100,
            "high": first + rows.gap_high / 100,
            "clear": (rows.gap_low > 0) | (rows.gap_high < 0),
            "text": [
                f"{_group_share(row.group_b, row.favorable_b)}, "
                f"{_group_share(row.group_a, row.favorable_a)}"
                for row in rows.itertuples()
            ],
            "text_narrow": [formats.signed(gap) for gap in rows.gap_points],
        }
    )
    return _dumbbells(ends, look, "favorable", coded)


def _group_share(group: str, share: float) -> str:
    return f"{formats.sentence_case(group).lower()} {formats.percent(share)}"


def _change_text(change, low, high) -> str:
    if formats.is_missing(low):
        return f"{formats.points(change)}, n not published"
    return f"{formats.points(change)} ({formats.interval(low, high)})"


def _told_without_change(row, figure: str, change) -> tuple[str, str] | None:
    """What is said where the share view tells of two years, but of no change between them."""
    first, second = (formats.row_told(row, f"{year}_{figure}") for year in ("first", "second"))
    if first == second == formats.WITHHELD:
        return formats.WITHHELD, formats.WITHHELD
    if not row.comparable or not formats.is_missing(change):
        return None
    return drawing.in_turn([first, second]), f"now {second}"


def _dumbbell_rows(table: pd.DataFrame, color: Look, absent: bool, coded: bool) -> pd.DataFrame:
    """The words and colors of each row, and in how many lines its words stand."""
    strong = color.absent if absent else color.favorable
    light = color.absent_light if absent else color.favorable_light
    rows = table.assign(
        # The words of a row share a line with its figure; a phone has half of it.
        pick=table.label,
        # A questionnaire of thirty long sentences would be a page of ten screens: the whole
        # sentence stands in the tooltip and in the table.
        label=[
            _in_lines(row.label, max(40, 108 - len(row.text)), len(table))
            for row in table.itertuples()
        ],
        label_narrow=[
            _in_lines(row.label, min(44, 52 - len(row.text_narrow)) if coded else 44, len(table))
            for row in table.itertuples()
        ],
        low=table.low.clip(0, 1),
        high=table.high.clip(0, 1),
        strong=[strong if clear else color.compared for clear in table.clear],
        light=[light if clear else color.line for clear in table.clear],
        first_text=table["first"].map(formats.bare_percent),
        second_text=table.second.map(formats.bare_percent),
        rises=[1 if rise else -1 for rise in (table["first"] <= table.second)],
    )
    rows = drawing.in_words(drawing.in_words(rows, coded, "first"), coded, "second")
    if "first_at_most" in rows:
        # Its words say both years; a number beside the dot would stand on the band.
        in_bands = rows.first_at_most.notna() | rows.second_at_most.notna()
        rows.loc[in_bands, ["first_text", "second_text"]] = ""
    for words_of in ("label", "label_narrow", "text", "text_narrow"):
        rows[f"{words_of}_lines"] = [words.count("\n") for words in rows[words_of]]
    return rows


def _dumbbells(table: pd.DataFrame, look: str, meaning: str, coded: bool) -> alt.LayerChart:
    """Before, now and how sure the change is; one row per label, in the table's order.

    The thin line round the full dot is the 95% interval of the change, laid from the open dot:
    where it reaches the open dot, chance could explain the change, and the row is grey.
    Needs label, first, second, low, high (shares), clear, text and text_narrow; of the share view
    the ends of bands as well, if it has any.
    """
    color, absent = LOOKS[look], meaning == "absent"
    rows = _dumbbell_rows(table, color, absent, coded)
    lines = int(rows.label_narrow_lines.max() if len(rows) else 0)
    # The dots lie near the bottom of their band, the words end just above them.
    step, below, between_them = (30, 8, 9) if len(rows) >= MANY and not lines else (55, 16, 12)
    step += 15 * lines
    level = step / 2 - below
    above = level - between_them
    largest = pd.concat(
        [rows.high, drawing.largest(rows, "first"), drawing.largest(rows, "second")]
    )
    share = alt.Scale(domain=[0, drawing.ceiling(largest) if absent else 1], nice=False)
    percents = alt.Axis(format=".0%", tickCount=5, grid=step != 30)
    base = drawing.row_base()
    tooltip = [
        alt.Tooltip("pick:N", title=" "),
        drawing.tip("first", "Before", coded, ".1%"),
        drawing.tip("second", "Now", coded, ".1%"),
        alt.Tooltip("text:N", title="Change"),
    ]
    strong_color = alt.Color("strong:N", scale=None)

    along = {"scale": share, "title": None, "axis": percents}
    between = base.mark_rule(strokeWidth=6, yOffset=level, strokeCap="round").encode(
        x=alt.X("first:Q", **along), x2=alt.X2("second:Q"), color=alt.Color("light:N", scale=None)
    )
    bands = []
    if "first_at_most" in table:
        # Vega would draw a line from a dot that has no other one to the beginning of the axis.
        between = between.transform_filter("isValid(datum.second)")
        bands = _both_bands(along, strong_color, tooltip, level)

    return alt.layer(
        *([drawing.hairlines(step, color)] if step == 30 else ()),
        *bands,
        between,
        base.mark_rule(strokeWidth=1.5, yOffset=level).encode(
            x=alt.X("low:Q", scale=share, title=None), x2=alt.X2("high:Q"), color=strong_color
        ),
        base.mark_point(
            filled=False, size=70, opacity=1, fill=color.ground, strokeWidth=2, yOffset=level
        ).encode(x=alt.X("first:Q", scale=share, title=None), color=strong_color, tooltip=tooltip),
        base.mark_point(filled=True, size=110, opacity=1, yOffset=level)
        .encode(x=alt.X("second:Q", scale=share, title=None), color=strong_color, tooltip=tooltip)
        .add_params(alt.selection_point(name=PICK, fields=["pick"])),
        *_number("first", -1, share, level, color.ground, fontWeight=400, color=color.muted),
        *_number("second", 1, share, level, color.ground, fontWeight=700, color=color.ink),
        _words("left", 0, "label", color.ink, above),
        _words("right", "width", "text", color.muted, above),
        data=_dumbbell_data(drawing.numbered(rows), coded),
        **drawing.dress(color, alt.Step(step)),
    )


def _number(
    which: str, outward: int, share: alt.Scale, level: float, ground: str, **ink
) -> list[alt.Chart]:
    """The figure of one year beside its dot."""
    # Each number stands on the outer side of its dot, whichever way the change went, on a
    # patch of ground, so that the thin line does not strike it through.
    place = {
        "align": alt.expr(f"datum.rises * {outward} > 0 ? 'left' : 'right'"),
        "dx": alt.expr(f"datum.rises * {outward} > 0 ? 12 : -12"),
        "dy": level,
    }
    at = {
        "x": alt.X(f"{which}:Q", scale=share, title=None),
        "text": alt.Text(f"{which}_text:N"),
    }
    return [
        drawing.row_base()
        .mark_text(
            stroke=ground, strokeWidth=5, strokeJoin="round", **place, fontWeight=ink["fontWeight"]
        )
        .encode(**at),
        drawing.row_base().mark_text(**ink, **place).encode(**at),
    ]


def _words(align: str, x, text: str, ink: str, above: float) -> alt.Chart:
    """The words above a row, at one of its ends."""
    more_lines = f"(width < {WIDE} ? datum.{text}_narrow_lines : datum.{text}_lines)"
    return (
        drawing.row_base()
        .mark_text(
            align=align,
            baseline="bottom",
            dy=alt.expr(f"{above} - 15 * {more_lines}"),
            lineBreak="\n",
            lineHeight=15,
            color=ink,
            text=alt.expr(drawing.by_width(text)),
        )
        .encode(x=alt.XValue(x))
    )


def _in_lines(label: str, width: int, rows: int) -> str:
    """A label in two lines at most, in one where there are many rows."""
    lines = 1 if rows >= MANY else 2
    return drawing.wrapped(formats.cut(label, width * lines - 4 * (lines - 1)), width)


def _both_bands(
    along: dict, strong: alt.Color, tooltip: list[alt.Tooltip], level: float
) -> list[alt.Chart]:
    """Like the dots: before is open, now is full, and a click on either picks its row."""
    encodings = {"color": strong, "tooltip": tooltip}
    place = {"height": 12, "yOffset": level, "cursor": "pointer"}
    return [
        drawing.band("second", along, encodings, **place),
        drawing.band(
            "first", along, encodings, **place, filled=False, fill="transparent", strokeDash=[4, 3]
        ),
    ]


def _dumbbell_data(rows: pd.DataFrame, coded: bool) -> pd.DataFrame:
    words = ["label", "label_narrow", "text", "text_narrow"]
    columns = ["row", PICK, *words, *(f"{name}_lines" for name in words)]
    columns += ["low", "high", "strong", "light", "rises"]
    columns += [f"{year}_{words}" for year in ("first", "second") for words in ("text", "told")]
    first, second = (drawing.only(rows, coded, [], year) for year in ("first", "second"))
    return pd.concat([rows[columns], first, second], axis=1) if coded else rows


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
            drawing.tip("share", "Share", True, ".0%"),
        ],
    }
    base = drawing.row_base()
    place = {"height": 8, "yOffset": alt.expr("datum.level")}
    words = ["row", "label", "text", "text_narrow", "shade", "level"]
    words += ["school_year", "answer", "share_told"]
    return alt.layer(
        drawing.band("share", along, encodings, **place, **drawing.outline(color)),
        base.mark_bar(**place).encode(x=alt.X("share:Q", stack=False, **along), **encodings),
        *drawing.row_words(base, color, narrow=True),
        data=drawing.only(rows, True, words, "share"),
        **drawing.dress(color, alt.Step(40)),
    )


def _answer_rows(table: pd.DataFrame, color: Look) -> pd.DataFrame:
    """Each answer in each year, with the words of its row where it stands first."""
    given = drawing.in_words(table[table.counts.astype(bool)], True, "share")
    given = given.sort_values(["position", "answer"], kind="stable")
    if (given.share_told == formats.WITHHELD).all():
        given = given.head(1).assign(answer="Every answer")
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


def by_weekday(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Share of days missed by month and weekday; rows of absence/by_weekday."""
    color = LOOKS[look]
    rows = table.assign(
        month=[formats.month(value) for value in table.month_start],
        day=table.weekday.str[:3],
        text=[formats.bare_percent(value) for value in table.share],
    )
    highest = drawing.ceiling(rows.share)
    base = alt.Chart().encode(
        x=alt.X(
            "day:O",
            sort=None,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False),
        ),
        y=alt.Y("month:O", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    return alt.layer(
        base.mark_rect(stroke=color.ground, strokeWidth=2).encode(
            color=alt.Color(
                "share:Q",
                scale=alt.Scale(
                    domain=[0, highest],
                    range=[color.faint, color.absent_light],
                    interpolate="rgb",
                ),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("month:N", title="Month"),
                alt.Tooltip("weekday:N", title="Weekday"),
                alt.Tooltip("share:Q", title="Days missed", format=".1%"),
                alt.Tooltip("days_enrolled:Q", title="Of days enrolled", format=","),
            ],
        ),
        base.mark_text(color=color.ink).encode(text=alt.Text("text:N")),
        data=drawing.only(
            rows,
            formats.is_coded(table),
            ["month", "day", "weekday", "days_enrolled", "text", "share"],
        ),
        **drawing.dress(color, alt.Step(34)),
    )


def coverage(table: pd.DataFrame, look: str) -> alt.Chart:
    """On how many of a week's instructional days attendance was taken; rows of health/coverage."""
    color = LOOKS[look]
    rows = drawing.only(
        table.assign(share=table.days_taken / table.days_expected),
        formats.is_coded(table),
        ["school_name", "week_start", "days_taken", "days_expected", "share"],
    )
    return (
        alt.Chart(rows, **drawing.dress(color, alt.Step(26)))
        .mark_rect(stroke=color.ground, strokeWidth=1)
        .encode(
            x=alt.X(
                "yearweek(week_start):O",
                title=None,
                axis=alt.Axis(
                    format="%b",
                    labelAngle=0,
                    ticks=False,
                    domain=False,
                    labelExpr="date(datum.value) <= 7 ? timeFormat(datum.value, '%b') : ''",
                ),
            ),
            y=alt.Y(
                "school_name:N",
                sort=None,
                title=None,
                axis=alt.Axis(domain=False, ticks=False, labelLimit=110),
            ),
            color=alt.Color(
                "share:Q",
                scale=alt.Scale(domain=[0, 1], range=[color.absent, color.line], interpolate="rgb"),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("school_name:N", title="School"),
                alt.Tooltip("week_start:T", title="Week of", format="%-d %B %Y"),
                alt.Tooltip("days_taken:Q", title="Days taken"),
                alt.Tooltip("days_expected:Q", title="Instructional days"),
            ],
        )
    )


def steps(table: pd.DataFrame, look: str, here: str, there: str) -> alt.LayerChart:
    """A waterfall from the count `here` to the count `there`; rows of absence/reconciliation."""
    color = LOOKS[look]
    ends = table.students.where(table.step != "there", 0).cumsum()
    whole = table.step.isin(["here", "there"])
    names = formats.STEPS | {"here": here, "there": there}
    rows = table.assign(
        label=table.step.map(names),
        start=(ends - table.students).where(~whole, 0),
        end=ends.where(~whole, table.students),
        text=[
            formats.count(row.students) if total else formats.signed(row.students)
            for row, total in zip(table.itertuples(), whole, strict=True)
        ],
        shade=[color.absent if total else color.compared for total in whole],
    )[whole | (table.students != 0)]
    base = drawing.row_base()
    top = max(float(rows[["start", "end"]].max().max()), 1.0)
    return alt.layer(
        base.mark_bar(height=14, yOffset=9).encode(
            x=alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, top], nice=False)),
            x2=alt.X2("end:Q"),
            color=alt.Color("shade:N", scale=None),
            tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")],
        ),
        *drawing.row_words(base, color),
        data=drawing.only(
            drawing.numbered(rows),
            formats.is_coded(table),
            ["row", "label", "text", "shade", "start", "end"],
        ),
        **drawing.dress(color, alt.Step(44)),
    )


def reasons(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Days missed by recorded reason, in the share view students; rows of causes/recorded."""
    color = LOOKS[look]
    coded, table = formats.is_coded(table), drawing.with_nan(table)
    return _bars(
        table.assign(
            label=table.reason,
            text=[
                # Days are not told in the share view.
                drawing.students(row.students, coded)
                if coded
                else f"{formats.percent(row.share)} · {formats.number(row.days, 'day', 'days')} · "
                f"{drawing.students(row.students, coded)}"
                for row in table.itertuples()
            ],
            value=table.students if coded else table.days,
            shade=[
                color.compared if reason == "Not recorded" else color.absent_light
                for reason in table.reason
            ],
        ),
        color,
    )


# --- The share view ---------------------------------------------------------------------------


# --- What all charts have -----------------------------------------------------------------------
