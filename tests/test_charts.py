"""Protects every chart: it is valid, its shares start at 0, its colors mean what they say and can
be read on their ground, in both looks; of a table of the share view it shows what that tells, no
more."""

import inspect
import json
import os
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import vl_convert

from pages.shared import drawing
from pages.shared.absence import charts as absence_charts
from pages.shared.causes import charts as causes_charts
from pages.shared.culture import charts as culture_charts
from pages.shared.data import charts as data_charts
from queries import absence, causes, culture, health
from queries.access import EVERYBODY
from queries.selection import Selection
from tests.support.readers import STAFF

PROJECT = Path(__file__).resolve().parent.parent
LOOKS = list(drawing.LOOKS)
EVERYTHING = Selection(survey="Hillside culture survey", respondent_group="staff")
HERITAGE = Selection(survey="Heritage staff survey", respondent_group="staff", assumed_n=32)


def one_item(table: pd.DataFrame) -> pd.DataFrame:
    return table[table.item_id == table.item_id.iloc[0]]


def school_shifts(*asked) -> pd.DataFrame:
    rows = absence.shifts(*asked)
    return rows[rows.level == "school"]


# Every chart of the pages, with the table that its page gives it, by the choice and the reader.
CHARTS = {
    "rate_by_month": lambda *asked: (absence.by_month(*asked),),
    "attendance": lambda *asked: (absence.by_month(*asked),),
    "tiers": lambda *asked: (absence.by_tier(*asked),),
    "standings": lambda *asked: (absence.near_threshold(*asked),),
    "grade_rates": lambda *asked: (absence.by_grade(*asked), 0.2),
    "group_rates": lambda *asked: (absence.by_group(*asked), 0.2),
    "changes": lambda *asked: (school_shifts(*asked),),
    "reasons_moved": lambda *asked: (absence.why_moved(*asked),),
    "shifts": lambda *asked: (culture.shifts(*asked),),
    "gaps": lambda *asked: (culture.group_gaps(*asked),),
    "distribution": lambda *asked: (one_item(culture.distribution(*asked)),),
    "school_items": lambda *asked: (one_item(culture.by_school(*asked)),),
    "topics": lambda *asked: (culture.by_topic(*asked),),
    "by_weekday": lambda *asked: (absence.by_weekday(*asked),),
    "coverage": lambda *asked: (health.coverage(asked[0]),),
    "steps": lambda *asked: (
        absence.reconciliation(Selection(other_definition="over_10"), asked[1]),
        "Here",
        "There",
    ),
    "reasons": lambda *asked: (causes.recorded(*asked),),
}

# The charts of causes and of what schools share are drawn in tests of theirs, but for this one.
DRAWN_BY = {
    name: chart
    for module in (absence_charts, culture_charts, data_charts)
    for name, chart in inspect.getmembers(module, inspect.isfunction)
    if not name.startswith("_") and chart.__module__ == module.__name__
} | {"reasons": causes_charts.reasons}


def draw(name: str, look: str, selection: Selection = EVERYTHING, viewer=STAFF) -> dict:
    """A chart as Vega-Lite, drawn once for all tests that look at it."""
    return _drawn(os.environ["ROUNDTABLE_HOME"], name, look, selection, viewer)


@cache
def _drawn(_home: str, name: str, look: str, selection: Selection, viewer) -> dict:
    """Altair checks the chart against the schema on the way."""
    table, *arguments = CHARTS[name](selection, viewer)
    chart = DRAWN_BY[name](table, look, *arguments).to_dict()
    # The browser cannot read a chart with NaN in it.
    json.dumps(chart, allow_nan=False)
    return chart


def parts(value, key=None):
    """Every (key, value) of a nested dictionary."""
    if isinstance(value, dict):
        for inner_key, inner in value.items():
            yield inner_key, inner
            yield from parts(inner, inner_key)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner, key)


def test_every_chart_of_the_pages_is_drawn_here():
    drawn_by_others = {"rates"}
    assert set(DRAWN_BY) - drawn_by_others == set(CHARTS)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_valid_and_has_something_in_it(sample, name, look):
    assert [row for data in draw(name, look)["datasets"].values() for row in data]


@pytest.mark.parametrize("name", CHARTS)
def test_axes_of_shares_start_at_zero(sample, name):
    for selection in (EVERYTHING, Selection(school="Willow High", survey=EVERYTHING.survey)):
        for _, encoding in parts(draw(name, "light", selection)):
            if not isinstance(encoding, dict) or not isinstance(encoding.get("axis"), dict):
                continue
            # A small trend names both of its ends instead.
            if encoding["axis"].get("format", "").endswith("%") and name != "attendance":
                low, high = encoding["scale"]["domain"]
                assert low == 0
                assert 0 < high <= 1


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", CHARTS)
def test_colors_are_those_of_the_look(sample, name, look):
    own = set(vars(drawing.LOOKS[look]).values())
    chart = draw(name, look)
    used = {color.lower() for color in re.findall(r"#[0-9a-fA-F]{3,8}\b", json.dumps(chart))}
    assert used <= own, used - own
    for key, value in parts(chart):
        if key in {"color", "fill", "stroke", "background", "shade"} and isinstance(value, str):
            assert value in own | {"transparent"}, (key, value)


@pytest.mark.parametrize("name", ["shifts", "school_items", "distribution", "gaps"])
@pytest.mark.parametrize("group", ["staff", "students", "families"])
def test_surveys_of_every_group_can_be_drawn(sample, name, group):
    chosen = Selection(survey=EVERYTHING.survey, respondent_group=group)
    assert draw(name, "light", chosen)["datasets"]


@pytest.mark.parametrize("selection", [HERITAGE, Selection(survey=HERITAGE.survey)])
def test_a_published_table_can_be_drawn(sample, selection):
    chart = culture_charts.shifts(culture.shifts(selection, STAFF), "light").to_dict()
    assert len(next(iter(chart["datasets"].values()))) == 10


@pytest.mark.parametrize("name", [name for name in CHARTS if name not in {"gaps", "steps"}])
@pytest.mark.slow
def test_a_chart_of_an_almost_empty_network_can_be_drawn(network, name):
    """One school, three days, nobody evaluated, no last year."""
    network(survey_answers=[{"respondent_id": f"r{number}"} for number in range(5)])
    draw(name, "light", Selection(survey="climate", respondent_group="student"))


@pytest.mark.parametrize("name", ["rate_by_month", "changes", "coverage", "by_weekday", "tiers"])
@pytest.mark.slow
def test_a_chart_with_a_silent_school_can_be_drawn(network, name):
    """Birch has sent no attendance: its rates are not known, and neither is its change."""
    network(
        schools=[{}, {"school_id": "birch", "school_name": "Birch School"}],
        students=[{"student_id": "ann"}, {"student_id": "ben"}],
        enrollments=[{"student_id": "ann"}, {"student_id": "ben", "school_id": "birch"}],
        calendar=[
            {"school_id": school, "date": f"2025-09-{day:02}"}
            for school in ("alder", "birch")
            for day in range(1, 27)
        ],
        attendance=[{"date": f"2025-09-{day:02}"} for day in range(1, 27)],
    )
    draw(name, "light")
    draw(name, "light", Selection(school="Birch School"))


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["ink", "muted", "absent", "favorable"])
def test_words_can_be_read_on_the_ground(look, name):
    color = drawing.LOOKS[look]
    assert contrast(getattr(color, name), color.ground) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["absent", "favorable", "compared"])
def test_dots_and_lines_can_be_seen_on_the_ground(look, name):
    color = drawing.LOOKS[look]
    assert contrast(getattr(color, name), color.ground) >= 3


@pytest.mark.parametrize("look", LOOKS)
def test_percents_can_be_read_on_the_bars_that_they_stand_on(sample, look):
    for group in ("staff", "students", "families"):
        chosen = Selection(survey=EVERYTHING.survey, respondent_group=group)
        rows = [row for d in draw("distribution", look, chosen)["datasets"].values() for row in d]
        for row in rows:
            if row["text"]:
                assert contrast(row["ink"], row["shade"]) >= 4.5, (group, row["answer"])


@pytest.mark.parametrize("look", LOOKS)
def test_percents_can_be_read_on_the_squares_that_they_stand_on(look):
    color = drawing.LOOKS[look]
    for end in (color.faint, color.absent_light):
        assert contrast(color.ink, end) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
def test_pages_and_charts_share_ground_and_ink(look):
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme = config["theme"][look]
    color = drawing.LOOKS[look]
    assert theme["backgroundColor"] == color.ground
    assert theme["textColor"] == color.ink


@pytest.mark.parametrize("look", LOOKS)
def test_words_of_the_theme_can_be_read(look):
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme = config["theme"][look]
    for ground in (
        theme["backgroundColor"],
        theme["secondaryBackgroundColor"],
        theme["sidebar"]["backgroundColor"],
        theme["sidebar"]["secondaryBackgroundColor"],
    ):
        assert contrast(theme["textColor"], ground) >= 4.5
        assert contrast(theme["linkColor"], ground) >= 4.5
    assert contrast("#ffffff", theme["primaryColor"]) >= 4.5


@pytest.mark.parametrize(
    "largest, end", [(None, 1.0), (0, 0.1), (0.04, 0.1), (0.1, 0.15), (0.24, 0.25), (1, 1.0)]
)
def test_the_end_of_an_axis_lies_above_the_largest_share(largest, end):
    smallest = None if largest is None else 0.0
    assert drawing.ceiling(pd.Series([smallest, largest], dtype=float)) == pytest.approx(end)


# --- The share view ---------------------------------------------------------------------------

# What is in no chart, though a table that should not have it did.
SECRET = 0.987654
# What says where a mark stands in its chart, not how much there is of anything.
LAYOUT = re.compile("row|level|rises|.*_lines")
NOT_SHARED = {"standings", "by_weekday", "coverage", "reasons_moved", "steps"}


def coded(**columns) -> pd.DataFrame:
    """A table of the share view, and columns that no chart draws. Charts go by what a row tells;
    that the table has a column `withheld` says that it is coded."""
    return pd.DataFrame(columns).assign(withheld=False, secret=SECRET, days_absent=SECRET)


# A share that is told, one known to lie in a band, one withheld.
RATES = {
    "students": pd.array([480, 210, None], dtype="Int64"),
    "students_absent": pd.array([110, None, None], dtype="Int64"),
    "rate": [0.23, None, None],
    "rate_at_least": [None, 0.2, None],
    "rate_at_most": [None, 0.3, None],
    "rate_low": [0.194444, None, None],
    "rate_high": [0.269999, None, None],
}
# What is said of two years: both told, the one or the other as a band, both as bands, the second
# withheld, and both.
TURNS = [
    "−7 points (−12 to −2)",
    "23%, then 20% to 30%",
    "20% to 30%, then 35%",
    "17% or less, then 90% or more",
    "30%, then withheld",
    "withheld",
]


def two_years(figure: str, change: str) -> dict:
    return {
        f"first_{figure}": [0.31, 0.23, None, None, 0.3, None],
        f"first_{figure}_at_least": [None, None, 0.2, 0.0, None, None],
        f"first_{figure}_at_most": [None, None, 0.3, 0.17, None, None],
        f"second_{figure}": [0.24, None, 0.35, None, None, None],
        f"second_{figure}_at_least": [None, 0.2, None, 0.9, None, None],
        f"second_{figure}_at_most": [None, 0.3, None, 1.0, None, None],
        f"{change}_points": [-7.0, *[None] * 5],
        f"{change}_low": [-12.25, *[None] * 5],
        f"{change}_high": [-1.75, *[None] * 5],
        "clear_of_chance": pd.array([True, *[None] * 5], dtype="boolean"),
        "comparable": True,
        "why_not_clear": None,
    }


MONTHS = {
    "month_end": pd.to_datetime(["2025-09-30", "2025-10-31", "2025-11-28", "2025-12-19"]),
    "instructional_day": [21, 43, 58, 72],
    "students": pd.array([60, 60, 60, None], dtype="Int64"),
    "rate": [0.15, 0.16, None, None],
    "rate_at_least": [None, None, 0.0, None],
    "rate_at_most": [None, None, 0.17, None],
    "attendance_rate": [0.95, None, 0.94, None],
    "last_year_students": [70, 70, 70, 70],
    "last_year_rate": [0.11, None, None, 0.25],
    "last_year_rate_at_least": [None, 0.1, None, None],
    "last_year_rate_at_most": [None, 0.2, None, None],
    "last_year_attendance_rate": [0.94, 0.93, None, None],
}
# For each chart that the share view has: its table, what it is called with, how many marks of each
# kind it draws (a band is a bar, by month a rule), and words that stand in it.
CODED = {
    "rate_by_month": (
        coded(**MONTHS),
        (),
        {"rule mark": 2, "point": 4},
        ["17% or less\nthis year", "25%\nlast year", "withheld"],
    ),
    "attendance": (coded(**MONTHS), (), {"point": 2}, []),
    "tiers": (
        coded(
            tier=["satisfactory", "at_risk", "moderate", "severe"],
            students=pd.array([130, None, None, None], dtype="Int64"),
            share=[0.28, None, None, None],
            share_at_least=[None, 0.0, 0.2, None],
            share_at_most=[None, 0.03, 0.3, None],
        ),
        (),
        {"bar": 3},
        ["28% · about 130 students", "3% or less", "20% to 30%", "withheld"],
    ),
    "reasons": (
        coded(
            reason=["Illness", "Travel"],
            days=pd.array([None, None], dtype="Int64"),
            share=[None, None],
            students=pd.array([310, None], dtype="Int64"),
        ),
        (),
        {"bar": 1},
        ["about 310 students", "withheld"],
    ),
    "grade_rates": (
        coded(grade=["K", "1", "2"], **RATES),
        (0.22,),
        {"rule mark": 2, "bar": 1, "point": 1},
        ["23%", "about 480", "20% to 30%", "about 210", "–", "withheld"],
    ),
    "group_rates": (
        coded(dimension="home_language", group_name=["English", "Spanish", "Urdu"], **RATES),
        (None,),
        {"rule mark": 1, "bar": 1, "point": 1},
        ["23% of about 480", "20% to 30% of about 210", "withheld", "about 110"],
    ),
    "changes": (
        coded(
            place=["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"],
            first_coverage=0.93,
            second_coverage=0.97,
            **two_years("rate", "change"),
        ),
        (),
        # Between two dots a line, and round one of them the interval.
        {"rule mark": 2, "bar": 4, "point": 5},
        [f"31% → 24%: {TURNS[0]}", *TURNS[1:]],
    ),
    "shifts": (
        coded(
            item_text=["I belong.", "I ask.", "I read.", "I write.", "I listen.", "I rest."],
            reverse_scored=False,
            respondent_group="staff",
            first_year="2024-25",
            group_of_students=["57%", "20% to 30%", "withheld", "", "", ""],
            group_of_staff=["24%", "20% to 30%", "7%", "5% or less", "withheld", "withheld"],
            **two_years("favorable", "shift"),
        ),
        (),
        {"rule mark": 2, "bar": 4, "point": 5},
        TURNS,
    ),
    "gaps": (
        coded(
            item_text=["I belong."],
            group_a="families",
            group_b="staff",
            n_a=101,
            n_b=21,
            favorable_a=0.56,
            favorable_b=0.89,
            gap_points=-33.0,
            gap_low=-45.25,
            gap_high=-11.5,
        ),
        (),
        {"rule mark": 2, "point": 2},
        ["staff 89%, families 56%"],
    ),
    "distribution": (
        coded(
            school_year=["2024-25"] * 3 + ["2025-26"] * 3,
            answer=["No", "Perhaps", "Yes"] * 2,
            position=[1, 2, 3] * 2,
            counts=True,
            favorable=[False, False, True] * 2,
            answers=pd.array([None] * 6, dtype="Int64"),
            share=[None, 0.48, 0.49, 0.07, 0.48, None],
            share_at_least=[0.0, *[None] * 5],
            share_at_most=[0.05, *[None] * 5],
        ),
        (),
        {"bar": 5},
        ["5% or less, then 7%", "48% both times", "49%, then withheld"],
    ),
    "topics": (
        coded(
            school_name=["Alder", "Birch", "Cedar", "Dale"],
            topic="trust",
            items=[2, 2, 2, 2],
            scales=[1, 1, 1, 2],
            n=pd.array([21, 10, None, None], dtype="Int64"),
            n_high=pd.array([40, 20, None, None], dtype="Int64"),
            favorable=[0.72, None, None, None],
            favorable_at_least=[None, 0.8, None, None],
            favorable_at_most=[None, 1.0, None, None],
        ),
        (),
        {},
        ["72%", "≥ 80%", "80% or more", "–", ""],
    ),
    "school_items": (
        coded(
            school_name=["Alder", "Birch", "Cedar"],
            first_year=None,
            n=pd.array([21, 10, None], dtype="Int64"),
            n_high=pd.array([40, 20, None], dtype="Int64"),
            favorable=[0.72, None, None],
            favorable_at_least=[None, 0.8, None],
            favorable_at_most=[None, 1.0, None],
            favorable_low=[0.5, None, None],
            favorable_high=[0.875, None, None],
            response_rate=[0.53, None, None],
            response_rate_at_least=[None, 0.9, None],
            response_rate_at_most=[None, 1.0, None],
        ),
        (),
        {"rule mark": 1, "bar": 1, "point": 1},
        [
            "72% of 21 to 40 answers, response 53%",
            "80% or more of 10 to 20 answers, response 90% or more",
            "withheld",
        ],
    ),
}


def draw_coded(name: str, look: str = "light", table: pd.DataFrame | None = None) -> dict:
    given, arguments, *_ = CODED[name]
    chart = DRAWN_BY[name](given if table is None else table, look, *arguments).to_dict()
    json.dumps(chart, allow_nan=False)
    return chart


def data_of(chart: dict) -> list[dict]:
    return [row for rows in chart["datasets"].values() for row in rows]


def marks_of(chart: dict) -> dict[str, int]:
    """How many marks of each kind are drawn, words and lines through many points left out."""
    drawn = vl_convert.vegalite_to_svg(chart | {"width": 640})
    kinds = re.findall('aria-roledescription="([^"]+)"', drawn)
    return Counter(kind for kind in kinds if kind in {"bar", "point", "rule mark"})


def withheld_throughout(name: str) -> pd.DataFrame:
    """The table of a chart with no figure in it."""
    kept = {"instructional_day", "position", "reverse_scored"}
    table = CODED[name][0]
    figures = [
        column
        for column in table.select_dtypes("number").columns
        if column not in kept and not column.endswith("coverage")
    ]
    return table.assign(**dict.fromkeys(figures, float("nan")), withheld=True)


def test_every_chart_of_the_share_view_is_drawn_here():
    assert set(CODED) == set(CHARTS) - NOT_SHARED


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", CODED)
def test_a_coded_table_is_drawn_in_dots_bands_and_words(name, look):
    chart = draw_coded(name, look)
    _, _, marks, words = CODED[name]
    assert marks_of(chart) == marks
    written = {value for row in data_of(chart) for value in row.values()}
    assert set(words) <= written
    used = {color.lower() for color in re.findall(r"#[0-9a-fA-F]{3,8}\b", json.dumps(chart))}
    assert used <= set(vars(drawing.LOOKS[look]).values())


@pytest.mark.parametrize("name", CODED)
def test_no_number_is_in_a_chart_that_its_coded_table_does_not_hold(name):
    table, arguments, *_ = CODED[name]
    known = {value for value in table.drop(columns=["secret", "days_absent"]).stack()} | {
        *arguments
    }
    # The interval of a change is laid from the first of its two shares.
    for change, first in (("change", "first_rate"), ("shift", "first_favorable")):
        if f"{change}_low" in table:
            ends = [table[first] + table[f"{change}_{end}"] / 100 for end in ("low", "high")]
            known |= {*ends[0], *ends[1]}
    if name == "gaps":
        known |= {*(table.favorable_b + table.gap_low / 100)}
        known |= {*(table.favorable_b + table.gap_high / 100)}
    chart = draw_coded(name)
    for row in data_of(chart):
        for column, value in row.items():
            if isinstance(value, int | float) and not LAYOUT.fullmatch(column):
                assert value in known, (column, value)
            assert not re.search(r"\d\.\d", value if isinstance(value, str) else ""), value
    assert not re.search("secret|days_absent|98.?7654", json.dumps(chart))


@pytest.mark.parametrize("name", CODED)
def test_axes_of_a_coded_table_end_where_it_says(name):
    """At a full 5% or at a value that is told: no end gives away more than the table."""
    table = CODED[name][0].drop(columns=["secret", "days_absent"])
    told = {value for column in table.select_dtypes("number") for value in table[column].dropna()}
    for _, scale in parts(draw_coded(name)):
        if isinstance(scale, dict) and isinstance(scale.get("domain"), list):
            for end in scale["domain"]:
                if isinstance(end, float) and end not in told:
                    assert end > 1 or end * 20 == pytest.approx(round(end * 20)), scale


@pytest.mark.parametrize("name", CODED)
def test_tooltips_of_a_coded_table_have_no_decimals(name):
    fields = [
        field
        for key, shown in parts(draw_coded(name))
        if key == "tooltip"
        for field in shown
        if field["type"] == "quantitative" and field["field"] != "instructional_day"
    ]
    # What is told stands there in words; the ends of an interval are worked out from it.
    assert all(re.fullmatch(".*_(low|high)", field["field"]) for field in fields)
    assert {field["format"] for field in fields} <= {".0%"}


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA], ids=["None", "NaN", "NA"])
@pytest.mark.parametrize("name", CODED)
@pytest.mark.slow
def test_what_is_not_told_may_be_missing_in_every_way(name, missing):
    table = CODED[name][0]
    odd = pd.DataFrame(
        {
            column: table[column]
            if table[column].dtype.kind == "M"
            else table[column].astype(object).where(table[column].notna(), missing)
            for column in table
        }
    )
    assert draw_coded(name, table=odd) == draw_coded(name)


@pytest.mark.parametrize("name", sorted(set(CODED) - {"gaps"}))
def test_a_table_withheld_throughout_can_be_drawn(name):
    chart = draw_coded(name, table=withheld_throughout(name))
    marks = marks_of(chart)
    # The share of all is not from the table.
    assert marks.total() == (1 if name == "grade_rates" else 0), marks
    if name != "attendance":
        assert "withheld" in {value for row in data_of(chart) for value in row.values()}


@pytest.mark.parametrize("name", CODED)
def test_a_coded_table_without_rows_can_be_drawn(name):
    assert not marks_of(draw_coded(name, table=CODED[name][0].head(0)))


def test_a_line_breaks_at_a_month_that_is_known_as_a_band():
    drawn = vl_convert.vegalite_to_svg(draw_coded("rate_by_month") | {"width": 640})
    lines = re.findall(r'<path[^>]* d="(M[^"]*)"[^>]*stroke-width="2.5"', drawn)
    # This year goes on from its first month to its second; last year has one and, later, another.
    assert sorted(line.count("L") for line in lines) == [0, 1]


def test_answers_of_the_share_view_are_not_stacked():
    """Behind a band nobody knows where the next one begins; Vega stacks bars by itself."""
    compiled = vl_convert.vegalite_to_vega(draw_coded("distribution"))
    assert "stack" not in {kind for key, kind in parts(compiled) if key == "type"}


def test_a_band_and_a_dot_of_a_row_can_be_clicked():
    compiled = vl_convert.vegalite_to_vega(draw_coded("changes"))
    clicked = [mark["type"] for mark in compiled["marks"] if mark.get("interactive")]
    assert sorted(clicked) == ["rect", "rect", "symbol", "symbol"]
    assert {row[drawing.PICK] for row in data_of(draw_coded("changes"))} == set(
        CODED["changes"][0].place
    )


@pytest.mark.parametrize(
    "first, why, words",
    [
        ({"first_favorable": [0.5]}, "other wording", "other wording: no shift"),
        (
            {"first_favorable_at_least": [0.8], "first_favorable_at_most": [1.0]},
            "other wording",
            "other wording: no shift",
        ),
        ({}, "nothing told of the time before", "nothing told of the time before"),
        ({}, None, "withheld, then 24%"),
    ],
)
def test_the_share_view_says_why_there_is_no_shift(first, why, words):
    table = CODED["shifts"][0].head(1)
    nothing = [column for column in table if re.match("first_favorable|shift", column)]
    table = table.assign(**dict.fromkeys(nothing)).assign(
        **first, comparable=why is None, why_not_clear=why
    )
    (row,) = data_of(draw_coded("shifts", table=table))
    assert words in row["text"]
    # What may not be compared does not stand on one line with what is now.
    assert row["first"] is None
    assert row["first_at_most"] is None


def test_schools_are_drawn_both_times_where_there_is_a_time_before():
    """In the dots and words of shifts: of a school by itself."""
    named = {"second_favorable": "favorable", "second_favorable_at_least": "favorable_at_least"}
    named |= {"second_favorable_at_most": "favorable_at_most"}
    shifts = CODED["shifts"][0]
    schools = shifts.assign(school_name=list("ABCDEF")).rename(columns=named)
    drawn = data_of(draw_coded("school_items", table=schools))
    told = [row["text"] for row in data_of(draw_coded("shifts"))]
    assert [row["text"].removeprefix("31% → 24%: ") for row in drawn] == told
    assert drawn[0]["text_narrow"] == "31% → 24%"
    assert [row["pick"] for row in drawn] == list("ABCDEF")


def test_a_long_item_is_cut_and_whole_where_a_reader_points_at_it():
    long = " ".join(["peer-to-peer"] * 70)
    table = CODED["shifts"][0].assign(item_text=long)
    for row in data_of(draw_coded("shifts", table=table)):
        assert row["pick"] == long
        assert row["label"].count("\n") == 1 and len(row["label"]) < 200
    lines = [encoding for key, encoding in parts(draw_coded("shifts")) if key == "tooltip"]
    assert any(one["field"] == "pick" for line in lines for one in line)


def test_seventy_items_are_less_than_three_screens():
    table = pd.concat([CODED["shifts"][0]] * 12).head(70)
    drawn = vl_convert.vegalite_to_svg(draw_coded("shifts", table=table) | {"width": 860})
    assert float(re.search(r'height="([\d.]+)"', drawn)[1]) < 2_300


def test_two_years_that_are_not_comparable_say_so_in_the_share_view_too():
    table = CODED["changes"][0].assign(comparable=False)
    words = [row["text"] for row in data_of(draw_coded("changes", table=table))]
    assert words[:5] == ["not comparable: attendance was taken on 93% of days, then 97%"] * 5
    assert words[5] == "withheld"


def test_on_a_phone_every_row_says_the_share_alone_where_names_are_long():
    short, long = ("English", "Economically disadvantaged: not known")
    rows = {name: CODED["grade_rates"][0].assign(label=name) for name in (short, long)}
    said = {
        name: data_of(absence_charts.rates(table, "light", None).to_dict())
        for name, table in rows.items()
    }
    assert said[short][1]["text_narrow"] == "20% to 30% of about 210"
    assert [row["text_narrow"] for row in said[long]] == ["23%", "20% to 30%", "withheld"]


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", CODED)
def test_the_share_view_of_the_sample_can_be_drawn(sample, name, look):
    school = Selection(school="Willow High", survey=EVERYTHING.survey, respondent_group="staff")
    for chosen in (EVERYTHING, school):
        chart = draw(name, look, chosen, EVERYBODY)
        vl_convert.vegalite_to_vega(chart)


@pytest.mark.parametrize("selection", [HERITAGE, Selection(survey=HERITAGE.survey)])
def test_a_published_table_is_the_same_in_both_views(sample, selection):
    said = [
        [
            row["text"]
            for row in data_of(
                culture_charts.shifts(culture.shifts(selection, viewer), "light").to_dict()
            )
        ]
        for viewer in (STAFF, EVERYBODY)
    ]
    assert said[0] == said[1]


@pytest.mark.parametrize("name", CHARTS)
def test_an_exact_table_has_no_bands(sample, name):
    assert not re.search("_at_most|withheld|about \\d", json.dumps(draw(name, "light")))


def test_the_weeks_of_as_many_schools_as_a_large_district_has_are_drawn():
    weeks = pd.DataFrame(
        {
            "school_name": [f"School {n}" for n in range(200) for _ in range(40)],
            "week_start": pd.date_range("2025-09-01", periods=40, freq="7D").tolist() * 200,
            "days_taken": 4,
            "days_expected": 5,
            "days_unsent": 0,
        }
    )
    (rows,) = data_charts.coverage(weeks, "light").to_dict()["datasets"].values()
    assert len(rows) == 8_000
