"""Protects every chart: it is valid, its shares start at 0, its colors mean what they say and can
be read on their ground, in both looks."""

import inspect
import json
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from pages.shared import charts
from queries import absence, causes, culture, health
from queries.selection import Selection

PROJECT = Path(__file__).resolve().parent.parent
LOOKS = list(charts.LOOKS)
EVERYTHING = Selection(survey="Hillside culture survey", respondent_group="staff")
HERITAGE = Selection(survey="Heritage staff survey", respondent_group="staff", assumed_n=32)


def one_item(table: pd.DataFrame) -> pd.DataFrame:
    return table[table.item_id == table.item_id.iloc[0]]


def school_shifts(selection: Selection) -> pd.DataFrame:
    rows = absence.shifts(selection)
    return rows[rows.level == "school"]


# Every chart of the pages, with the table that its page gives it.
CHARTS = {
    "rate_by_month": lambda chosen: (absence.by_month(chosen),),
    "trend": lambda chosen: (absence.by_month(chosen), "attendance_rate"),
    "tiers": lambda chosen: (absence.by_tier(chosen),),
    "standings": lambda chosen: (absence.near_threshold(chosen),),
    "grade_rates": lambda chosen: (absence.by_grade(chosen), 0.2),
    "group_rates": lambda chosen: (absence.by_group(chosen), 0.2),
    "changes": lambda chosen: (school_shifts(chosen),),
    "shifts": lambda chosen: (culture.shifts(chosen),),
    "gaps": lambda chosen: (culture.group_gaps(chosen),),
    "distribution": lambda chosen: (one_item(culture.distribution(chosen)),),
    "school_items": lambda chosen: (one_item(culture.by_school(chosen)),),
    "by_weekday": lambda chosen: (absence.by_weekday(chosen),),
    "coverage": lambda chosen: (health.coverage(chosen),),
    "steps": lambda chosen: (
        absence.reconciliation(Selection(other_definition="over_10")),
        "Here",
        "There",
    ),
    "reasons": lambda chosen: (causes.recorded(chosen),),
}


def draw(name: str, look: str, selection: Selection = EVERYTHING) -> dict:
    """A chart as Vega-Lite; altair checks it against the schema on the way."""
    table, *arguments = CHARTS[name](selection)
    chart = getattr(charts, name)(table, look, *arguments).to_dict()
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
    public = {
        name
        for name, thing in inspect.getmembers(charts, inspect.isfunction)
        if not name.startswith("_") and thing.__module__ == charts.__name__
    }
    assert public - drawn_by_others == set(CHARTS)


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
            if encoding["axis"].get("format", "").endswith("%"):
                low, high = encoding["scale"]["domain"]
                assert low == 0
                assert 0 < high <= 1


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", CHARTS)
def test_colors_are_those_of_the_look(sample, name, look):
    own = set(vars(charts.LOOKS[look]).values())
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
    chart = charts.shifts(culture.shifts(selection), "light").to_dict()
    assert len(next(iter(chart["datasets"].values()))) == 10


@pytest.mark.parametrize("name", [name for name in CHARTS if name not in {"gaps", "steps"}])
def test_a_chart_of_an_almost_empty_network_can_be_drawn(network, name):
    """One school, three days, nobody evaluated, no last year."""
    network(survey_answers=[{}])
    draw(name, "light", Selection(survey="climate", respondent_group="student"))


@pytest.mark.parametrize("name", ["rate_by_month", "changes", "coverage", "by_weekday", "tiers"])
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
    color = charts.LOOKS[look]
    assert contrast(getattr(color, name), color.ground) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["absent", "favorable", "compared"])
def test_dots_and_lines_can_be_seen_on_the_ground(look, name):
    color = charts.LOOKS[look]
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
    color = charts.LOOKS[look]
    for end in (color.faint, color.absent_light):
        assert contrast(color.ink, end) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
def test_pages_and_charts_share_ground_and_ink(look):
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme = config["theme"][look]
    color = charts.LOOKS[look]
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
    assert charts._ceiling(pd.Series([largest], dtype=float)) == pytest.approx(end)
