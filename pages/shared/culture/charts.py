"""Charts of surveys: shifts, gaps between groups, schools, and how answers are spread."""

import altair as alt
import pandas as pd

from pages.shared import drawing, formats, marks
from pages.shared.drawing import LOOKS, Look


def school_items(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """One survey item school by school; rows of one item of culture/by_school."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    answers = [formats.answers(row) for row in table.itertuples()]
    favorable = [formats.figure(row, "favorable") for row in table.itertuples()]
    shares = [drawing.share_of(*of) for of in zip(favorable, answers, strict=True)]
    responses = [_response(row) for row in table.itertuples()]
    rows = table.assign(
        label=table.school_name,
        text=[
            share if share == formats.WITHHELD else f"{share}{response}"
            for share, response in zip(shares, responses, strict=True)
        ],
    )
    rows = drawing.in_words(rows, "favorable").assign(n_told=answers)
    if "favorable_at_most" in rows:
        narrow = drawing.fitting(rows.label, rows.text, shares, favorable)
        rows = rows.assign(text_narrow=narrow)
    return alt.layer(
        *_agreement(rows, color),
        *drawing.row_words(rows, color),
        data=marks.interval_data(rows, "favorable", "n_told"),
        **drawing.dress(color, alt.Step(34)),
    )


def items_of_a_year(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Agreement with each item in the second year of culture/shifts, in the table's order; where
    several groups answered, the name of each goes before its item."""
    color = LOOKS[look]
    table = drawing.with_nan(table)
    labels = [formats.cut(formats.item(row), 80) for row in table.itertuples()]
    if len(table) and table.respondent_group.nunique() > 1:
        groups = map(formats.sentence_case, table.respondent_group)
        labels = [": ".join(pair) for pair in zip(groups, labels, strict=True)]
    kept = [name for name in table if name.startswith("second_") or name == "withheld"]
    table = table[kept].assign(label=labels)
    table = table.rename(columns=lambda name: name.removeprefix("second_"))
    answers = [formats.answers(row) for row in table.itertuples()]
    favorable = [formats.figure(row, "favorable") for row in table.itertuples()]
    shares = [drawing.share_of(*of) for of in zip(favorable, answers, strict=True)]
    rows = table.assign(text=shares, text_narrow=favorable, n_told=answers)
    rows = drawing.in_words(rows, "favorable")
    many = len(rows) >= marks.MANY
    return alt.layer(
        *([drawing.hairlines(30, color)] if many else ()),
        *_agreement(rows, color, grid=not many),
        *drawing.row_words(rows, color),
        data=marks.interval_data(rows, "favorable", "n_told"),
        **drawing.dress(color, alt.Step(30 if many else 42)),
    )


def _agreement(rows: pd.DataFrame, color: Look, grid: bool = True) -> list[alt.Chart]:
    """Shares of favorable answers from 0% to 100%, with their intervals."""
    whole, told = alt.Scale(domain=[0, 1]), [drawing.tip("n", "Answers")]
    return marks.interval(
        rows, "favorable", whole, color.favorable, color.favorable_light, told, grid
    )


def _response(row) -> str:
    """', response 53%'; nothing in the share view where that is withheld or nobody knows it."""
    told = formats.figure(row, "response_rate")
    return "" if told == formats.WITHHELD else f", response {told}"


def shifts(table: pd.DataFrame, look: str) -> alt.LayerChart:
    """Agreement in one year and the next; rows of culture/shifts."""
    table = drawing.with_nan(table)
    words = [_shift_words(row) for row in table.itertuples()]
    reasons = table.why_not_clear.value_counts()
    if len(table) > 1 and len(reasons) and reasons.iloc[0] > len(table) / 2:
        # What holds for most rows stands behind the heading.
        same = f"; {reasons.index[0]}"
        words = [(wide.removesuffix(same), narrow) for wide, narrow in words]
    # Before and now stand on one line only where they may be compared.
    before = [column for column in table if column.startswith("first_favorable")]
    compared = table.assign(**{column: table[column].where(table.comparable) for column in before})
    rows = table.assign(
        label=[formats.item(row) for row in table.itertuples()],
        low=table.first_favorable + table.shift_low / 100,
        high=table.first_favorable + table.shift_high / 100,
        clear=drawing.true(table.clear_of_chance),
        text=[wide for wide, _ in words],
        text_narrow=[narrow for _, narrow in words],
        **drawing.renamed(compared, "first_favorable", "first"),
        **drawing.renamed(compared, "second_favorable", "second"),
    )
    return marks.dumbbells(rows, look, "favorable")


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
        text_narrow=[formats.signed(gap) for gap in rows.gap_points],
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
        *drawing.row_words(rows, color),
        data=drawing.only(rows, words, "share"),
        **drawing.dress(color, alt.Step(40)),
    )


def _answer_rows(table: pd.DataFrame, color: Look) -> pd.DataFrame:
    """Each answer in each year, with the words of its row where it stands first."""
    given = drawing.in_words(table[table.counts.astype(bool)], "share")
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
