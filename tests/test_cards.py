"""Protects the pictures that are taken to a meeting: their size, every word in its place and in its
typeface, in both looks, whatever the rows and the words are."""

import base64
import io
import re
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
import vl_convert
from PIL import Image, ImageFont

from pages.shared import drawing, poster
from pages.shared.absence import charts as absence_charts
from pages.shared.card import Card
from pages.shared.causes import charts as causes_charts
from pages.shared.culture import charts as culture_charts
from pages.shared.data import charts as data_charts


def card_of(title, chart, rows, arguments=(), facts=()) -> Card:
    """A card as its picture needs it."""
    return Card(title, "", chart, rows, arguments, facts=facts)


SVG = "{http://www.w3.org/2000/svg}"
LOOKS = list(drawing.LOOKS)
FACTS = (
    ("Definition", "Federal: at least 10% of days enrolled"),
    ("Students", "about 400"),
    ("Up to", "March 20, 2026"),
    ("Coverage", "attendance taken on 97% of days"),
    ("Withheld", "2 of 14 rows: groups too small to show"),
    ("Source", "attendance of the ten schools of the Hillside network"),
    ("Data of", "March 21, 2026"),
)
LETTERS = "at least eighteen of one hundred and eighty days enrolled at this school were missed, "
LONGEST_FACTS = tuple((label, (LETTERS * 2)[:150]) for label, _ in FACTS)
TITLE = "One student in four is chronically absent, three points fewer than on this day last year."
LONGEST_TITLE = (
    "Chronic absence fell at five of nine schools and the fall is clear of chance at three of "
    "them: Birch Elementary, Willow High and Alder Elementary, 7 to 12 points"
)
HOSTILE = (
    "<script>alert('1')</script> & \"quoted\" ]]> &amp;",
    "\u202eturned round\u200f\u2066",
    "bell\x07 null\x00 escape\x1b[31m \ufffe\uffff\x0b",
    "W" * 10_000,
    "words " * 2_000,
    "Z" + "\u0301" * 500,
    "שלום עולם, مرحبا",
)


def grades(count: int = 5) -> pd.DataFrame:
    """Rows of charts.rates: a label, its share, its interval."""
    return pd.DataFrame(
        {
            "label": [f"Grade {number}" for number in range(1, count + 1)],
            "students": [300 + number for number in range(count)],
            "students_absent": 75,
            "rate": [0.2512345 + number / 1000 for number in range(count)],
            "rate_low": 0.21,
            "rate_high": 0.33,
        }
    )


def schools(count: int = 3, name: str = "Alder School {}") -> pd.DataFrame:
    """Rows of charts.changes, one of them withheld from comparison."""
    return pd.DataFrame(
        {
            "place": [name.format(number) for number in range(1, count + 1)],
            "first_rate": 0.31,
            "second_rate": 0.26,
            "change_points": -5.2,
            "change_low": -8.4,
            "change_high": -1.9,
            "clear_of_chance": [None, *[True] * (count - 1)],
            "comparable": [False, *[True] * (count - 1)],
            "first_coverage": 0.61,
            "second_coverage": 0.98,
        }
    )


def reasons(names) -> pd.DataFrame:
    names = list(names)
    return pd.DataFrame({"reason": names, "days": 1234, "share": 0.17, "students": 321})


MONTHS = pd.DataFrame(
    {
        "month_end": pd.to_datetime(["2025-09-30", "2025-10-31", "2025-11-28"]),
        "instructional_day": [18, 40, 57],
        "students": [400, 401, 402],
        "rate": [0.21, 0.24, 0.26],
        "last_year_students": [390, 390, 391],
        "last_year_rate": [0.25, 0.26, None],
    }
)
ANSWERS = pd.DataFrame(
    {
        "school_year": ["2024-25"] * 2 + ["2025-26"] * 2,
        "answer": ["Agree", "Disagree"] * 2,
        "position": [1, 2] * 2,
        "answers": [30, 70, 45, 55],
        "share": [0.3, 0.7, 0.45, 0.55],
        "favorable": [True, False] * 2,
        "counts": True,
    }
)
WEEKDAYS = pd.DataFrame(
    {
        "month_start": pd.to_datetime(["2025-09-01"] * 5 + ["2025-10-01"] * 5),
        "weekday": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] * 2,
        "share": [number / 100 for number in range(4, 14)],
        "days_enrolled": 800,
    }
)
WEEKS = pd.DataFrame(
    {
        "school_name": [f"School {number}" for number in range(9) for _ in range(3)],
        "week_start": pd.to_datetime(["2025-09-01", "2025-09-08", "2025-10-06"] * 9),
        "days_expected": 5,
        "days_taken": [5, 4, 0] * 9,
        "days_unsent": 0,
    }
)
STEPS = pd.DataFrame(
    {
        "step": ["here", "minimum_days", "there"],
        "what": [None, "45", None],
        "students": [93, -20, 73],
    }
)
# A card of each kind of chart, with words or numbers that it must show.
CARDS = {
    "rates": (card_of(TITLE, absence_charts.rates, grades(), (0.2,), FACTS), "25% of 300"),
    "two columns": (card_of(TITLE, absence_charts.rates, grades(11), (0.2,), FACTS), "Grade 11"),
    "changes": (
        card_of(TITLE, absence_charts.changes, schools(), (), FACTS),
        "−5 points (−8 to −2)",
    ),
    "reasons": (
        card_of(TITLE, causes_charts.reasons, reasons(["Illness"]), (), FACTS),
        "17% · 1,234 days",
    ),
    "months": (card_of(TITLE, absence_charts.rate_by_month, MONTHS, (), FACTS), "26%"),
    "answers": (card_of(TITLE, culture_charts.distribution, ANSWERS, (), FACTS), "45%"),
    "weekdays": (card_of(TITLE, absence_charts.by_weekday, WEEKDAYS, (), FACTS), "Wed"),
    "coverage": (card_of(TITLE, data_charts.coverage, WEEKS, (), FACTS), "School 8"),
    "steps": (card_of(TITLE, data_charts.steps, STEPS, ("Federal", "New York"), FACTS), "New York"),
    "words alone": (card_of(TITLE, None, pd.DataFrame(), (), FACTS), "about 400"),
}
WORST = {
    "longest": card_of(LONGEST_TITLE, absence_charts.changes, schools(9), (), LONGEST_FACTS),
    "longest, words alone": card_of(LONGEST_TITLE, None, pd.DataFrame(), (), LONGEST_FACTS),
    "hostile": card_of(
        "".join(HOSTILE),
        causes_charts.reasons,
        reasons(HOSTILE),
        (),
        tuple((words, words) for words in HOSTILE),
    ),
    "hostile, words alone": card_of(
        HOSTILE[3], None, pd.DataFrame(), (), tuple((words, words) for words in HOSTILE * 3)
    ),
    "hostile school": card_of("A", absence_charts.changes, schools(2, HOSTILE[4] + HOSTILE[3])),
}


ALL = {name: card for name, (card, _) in CARDS.items()} | WORST


def element(card: Card, look: str = "light") -> ET.Element:
    return ET.fromstring(poster.svg(card, look))


@cache
def page(name: str, look: str = "light") -> ET.Element:
    return element(ALL[name], look)


def picture(card: Card, look: str = "light") -> Image.Image:
    return Image.open(io.BytesIO(poster.png(card, look))).convert("RGB")


def texts(node: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in node.iter(f"{SVG}text")]


def own_texts(root: ET.Element) -> list[ET.Element]:
    """Title, facts and note: what does not stand inside the chart."""
    return [*root.findall(f"{SVG}text"), *root.findall(f"{SVG}g/{SVG}text")]


def frames(root: ET.Element) -> list[tuple[float, float, float, float, float]]:
    """Left, top, right, bottom and scale of the parts of the chart."""
    found = []
    for node in root.findall(f"{SVG}svg"):
        x, y, width, height = (float(node.get(name)) for name in ("x", "y", "width", "height"))
        across = float(node.get("viewBox").split()[2])
        found.append((x, y, x + width, y + height, width / across))
    return found


def reach(root: ET.Element) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each own text on the page."""
    (*_, moved) = [0.0, *(down(node) for node in root.findall(f"{SVG}g"))]
    in_facts = {id(text) for text in root.findall(f"{SVG}g/{SVG}text")}
    found = []
    for text in own_texts(root):
        size, x = float(text.get("font-size")), float(text.get("x"))
        y = float(text.get("y")) + (moved if id(text) in in_facts else 0)
        weight, family = text.get("font-weight"), text.get("font-family")
        (face,) = (f for f in FACES if f.family == family and str(f.weight) == weight)
        right = x + poster._width("".join(text.itertext()), face, size)
        found.append((x, y - 0.75 * size, right, y + 0.25 * size))
    return found


def down(node: ET.Element) -> float:
    return float(re.fullmatch(r"translate\(0,([\d.]+)\)", node.get("transform"))[1])


def words_of(card: Card) -> set[str]:
    said = [card.reading, *(word for fact in card.facts for word in fact)]
    return {word for words in said for word in words.split()}


def smallest_words(root: ET.Element) -> float:
    """The height of the smallest words of the chart, in pixels of the page."""
    (scale,) = {frame[4] for frame in frames(root)}
    sizes = [
        float(text.get("font-size").removesuffix("px"))
        for node in root.findall(f"{SVG}svg")
        for text in node.iter(f"{SVG}text")
    ]
    return scale * min(sizes)


# --- Size and place ---------------------------------------------------------------------------


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["rates", "months", "words alone"])
@pytest.mark.slow
def test_a_picture_is_1600_by_900(name, look):
    data = poster.png(ALL[name], look)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (1600, 900)
    root = page(name, look)
    assert (root.get("width"), root.get("height")) == ("1600", "900")
    assert root.get("viewBox") == "0 0 1600 900"


@pytest.mark.parametrize("name", WORST)
@pytest.mark.slow
def test_the_margins_stay_empty(name):
    drawn = picture(WORST[name])
    ground = Image.new("RGB", drawn.size, drawing.LOOKS["light"].ground)
    for edge in ((0, 0, 60, 900), (1540, 0, 1600, 900), (0, 0, 1600, 36), (0, 876, 1600, 900)):
        assert drawn.crop(edge).tobytes() == ground.crop(edge).tobytes()


@pytest.mark.parametrize("name", ALL)
def test_nothing_lies_over_anything_else_or_outside(name):
    root = page(name)
    boxes = sorted(reach(root) + [frame[:4] for frame in frames(root)])
    for place, (left, top, right, bottom) in enumerate(boxes):
        assert 60 <= left < right <= 1540
        assert 30 <= top < bottom <= 880
        for other_left, other_top, other_right, other_bottom in boxes[place + 1 :]:
            beside = right <= other_left or other_right <= left
            assert beside or bottom <= other_top or other_bottom <= top


@pytest.mark.parametrize("name", ["rates", "two columns", "changes", "months", "coverage"])
def test_a_chart_fills_its_room(name):
    root = page(name)
    boxes = frames(root)
    assert min(box[0] for box in boxes) == pytest.approx(72, abs=1)
    assert max(box[2] for box in boxes) > 1480
    line = float(root.findall(f"{SVG}rect")[1].get("y"))
    assert max(box[3] for box in boxes) > boxes[0][1] + 0.8 * (line - boxes[0][1])


# --- Words ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rates", "words alone", "longest", "longest, words alone"])
def test_every_word_of_title_and_facts_is_there(name):
    shown = [text.text for text in own_texts(page(name))]
    assert words_of(ALL[name]) <= set(" ".join(shown).split())
    assert not any("…" in text for text in shown)


@pytest.mark.parametrize("name", CARDS)
def test_words_and_numbers_of_the_rows_are_there(name):
    shown = texts(page(name))
    assert any(CARDS[name][1] in text for text in shown)
    assert not any("more in Roundtable" in text for text in shown)


def test_a_title_has_three_lines_at_most_and_then_an_ellipsis():
    root = element(card_of("word " * 300, absence_charts.rates, grades(), (0.2,)))
    title = [text.text for text in root.findall(f"{SVG}text")]
    assert len(title) == 3
    assert title[-1].endswith("…")


def test_more_facts_than_there_is_room_for_are_counted():
    facts = tuple((f"Fact {number}", "is so") for number in range(1, 13))
    shown = texts(element(card_of(TITLE, None, pd.DataFrame(), (), facts)))
    assert "Fact 8" in shown
    assert "Fact 9" not in shown
    assert "and 4 more facts in Roundtable" in shown


@pytest.mark.parametrize("name", ALL)
def test_words_are_large_enough_for_a_room(name):
    root = page(name)
    assert min(float(text.get("font-size")) for text in own_texts(root)) >= 20
    if ALL[name].chart:
        assert smallest_words(root) >= 20


@pytest.mark.parametrize("name", ["rates", "two columns", "changes", "months"])
def test_words_are_larger_where_the_rows_allow(name):
    assert smallest_words(page(name)) >= 22


def test_hostile_words_are_shown_as_words():
    card = card_of(
        HOSTILE[0], causes_charts.reasons, reasons(HOSTILE[:3]), (), (("Source", HOSTILE[0]),)
    )
    root = element(card)
    assert texts(root)[:2] == [HOSTILE[0]] * 2
    assert HOSTILE[0] in " ".join(texts(root)[-2:])
    assert {node.tag for node in root.iter()} <= {
        SVG + tag for tag in ("svg", "style", "rect", "g", "path", "line", "text", "tspan")
    }
    assert "turned round" in texts(root)
    assert "bell null escape[31m" in texts(root)


def test_accents_piled_up_stay_near_their_letter():
    assert all("\u0301" * 3 not in text for text in texts(page("hostile")))
    assert any("Z\u0301" in text for text in texts(page("hostile")))


def test_what_a_chart_puts_together_itself_may_be_hostile_too():
    """The writer of pictures ends the whole program at a letter that XML does not have."""

    def with_bell(rows, look):
        return causes_charts.reasons(rows, look).properties(title=["A bell\x07", "\ufffe"])

    assert "A bell" in texts(element(card_of(TITLE, with_bell, reasons(["Illness"]))))[-1]


# --- Rows -------------------------------------------------------------------------------------


def test_rows_that_do_not_fit_are_counted():
    root = element(card_of(TITLE, absence_charts.rates, grades(40), (0.2,), FACTS))
    shown = [text for text in texts(root) if text.startswith("Grade ")]
    assert len(frames(root)) == 2
    assert shown == [f"Grade {number}" for number in range(1, len(shown) + 1)]
    assert f"and {40 - len(shown)} more in Roundtable" in texts(root)
    assert smallest_words(root) >= 20
    assert len(shown) >= 10


def test_rows_of_a_wider_kind_are_kept_whole():
    """A row of a grid of weeks is a school, not one of its cells."""
    weeks = pd.concat([WEEKS.assign(school_name=WEEKS.school_name + f", {n}") for n in range(5)])
    root = element(card_of(TITLE, data_charts.coverage, weeks, (), FACTS))
    squares = [
        node for node in root.iter(f"{SVG}path") if node.get("fill", "transparent") != "transparent"
    ]
    schools_shown = [text for text in texts(root) if text.startswith("School ")]
    assert len(squares) == 3 * len(schools_shown)


def axes(root: ET.Element) -> list[float]:
    """How far the plot of each part of the chart reaches across, as laid out."""
    plots = [node.find(f".//{SVG}path").get("d") for node in root.findall(f"{SVG}svg")]
    return [float(re.match(r"M0,0h([\d.]+)v", plot)[1]) for plot in plots]


def test_columns_have_one_scale_even_where_a_number_hangs_over():
    rows = schools(11)
    rows.loc[0, ["first_rate", "second_rate"]] = [0.0, 1.0]
    root = element(card_of(TITLE, absence_charts.changes, rows, (), FACTS))
    first, second = axes(root)
    assert first == second
    starts = [
        frame[0] + frame[4] * float(re.match(r"translate\((.+),", node[0].get("transform"))[1])
        for frame, node in zip(frames(root), root.findall(f"{SVG}svg"), strict=True)
    ]
    assert starts[1] - starts[0] == pytest.approx((1600 - 2 * 72 + 48) / 2, abs=0.1)


def test_one_row_has_one_column_however_high_it_is():
    facts = tuple((label, text * 2) for label, text in LONGEST_FACTS)
    card = card_of(LONGEST_TITLE, absence_charts.changes, schools(1, HOSTILE[4]), (), facts)
    assert len(frames(element(card))) == 1


def test_a_long_name_takes_no_room_from_the_bars():
    assert axes(page("hostile")) == pytest.approx([412, 412], abs=12)


def test_a_chart_that_is_higher_than_most_becomes_smaller():
    def with_heading(rows, look):
        return absence_charts.rates(rows, look, 0.2).properties(title=["A line"] * 9)

    root = element(card_of(TITLE, with_heading, grades(12), (), FACTS))
    line = float(root.findall(f"{SVG}rect")[1].get("y"))
    assert max(frame[3] for frame in frames(root)) <= line


def test_figures_are_handed_on_as_rounded():
    said = ET.tostring(page("rates"), "unicode", "xml")
    assert "25% of 300" in said
    assert "aria-label" not in said
    assert "0.25" not in said.replace(page("rates").findtext(f"{SVG}style"), "")


def test_weeks_without_attendance_stand_above_the_chart_of_a_picture():
    weeks = pd.DataFrame(
        {
            "week_start": pd.to_datetime(["2025-09-01", "2025-09-08"]),
            "schools": [9, 9],
            "schools_missing": [0, 9],
        }
    )
    months, _ = CARDS["months"]
    whole, gap = (
        poster.svg(replace(months, weeks=one)).decode()
        for one in (weeks.assign(schools_missing=0), weeks)
    )
    strong = f'fill="{drawing.LOOKS["light"].absent}"'
    assert whole == poster.svg(months).decode()
    assert gap.count(strong) > whole.count(strong)


def test_no_rows_leave_a_picture_of_title_and_facts():
    root = element(card_of(TITLE, causes_charts.reasons, reasons([]), (), FACTS))
    assert "about 400" in texts(root)


def test_rows_are_left_as_they_were():
    rows = reasons(HOSTILE)
    before = rows.copy(deep=True)
    poster.svg(card_of(TITLE, causes_charts.reasons, rows))
    pd.testing.assert_frame_equal(rows, before)


# --- Looks and typefaces ----------------------------------------------------------------------

FACES = (poster.SERIF, poster.SANS, poster.STRONG)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["rates", "words alone"])
def test_a_picture_has_the_colors_of_its_look(name, look):
    color = drawing.LOOKS[look]
    drawn = picture(ALL[name], look)
    assert "#{:02x}{:02x}{:02x}".format(*drawn.getpixel((5, 5))) == color.ground
    inks = {"#{:02x}{:02x}{:02x}".format(*pixel) for _, pixel in drawn.getcolors(1 << 20)}
    assert {color.ink, color.muted, color.line} <= inks
    fills = [text.get("fill") for text in own_texts(page(name, look))]
    assert fills[0] == color.ink
    assert set(fills) == {color.ink, color.muted}


def test_typefaces_are_shipped_with_their_license():
    for face in FACES:
        family, style = ImageFont.truetype(poster.FONTS / face.file, 20).getname()
        assert family.startswith(face.family)
        assert face.file.split("-")[1].split(".")[0] in f"{family} {style}"
        license_text = (poster.FONTS / f"LICENSE-{face.file.split('-')[0]}.txt").read_text("utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in license_text
    shipped = {path.name for path in poster.FONTS.iterdir() if not path.match("LICENSE-*.txt")}
    assert shipped == {face.file for face in FACES}


@pytest.mark.parametrize("name", ["changes", "months"])
def test_a_picture_brings_the_typefaces_that_it_uses_and_asks_no_other_host(name):
    data = poster.svg(ALL[name]).decode()
    assert len(data) < 1_000_000
    embedded = re.findall(
        r'@font-face\{font-family:"([^"]+)";font-weight:(\d+);'
        r"src:url\(data:font/otf;base64,([\w+/=]+)\)\}",
        data,
    )
    assert [(family, int(weight)) for family, weight, _ in embedded] == [
        (face.family, face.weight) for face in FACES
    ]
    for face, (_, _, content) in zip(FACES, embedded, strict=True):
        assert base64.b64decode(content) == (poster.FONTS / face.file).read_bytes()
    assert set(re.findall('font-family="([^"]*)"', data)) == {face.family for face in FACES}
    rest = re.sub("<style>.*</style>", "", data)
    assert set(re.findall(r"\w+://[^\"]*", rest)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"href|url\(|@import", rest)


def drawn_text(words: str, family: str, weight: int, size: int = 100) -> Image.Image:
    """Black words on white, by the writer of pictures itself."""
    poster._register_faces()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="150"><rect width="1600" '
        f'height="150" fill="#fff"/><text x="0" y="100" font-family="{family}" '
        f'font-weight="{weight}" font-size="{size}">{words}</text></svg>'
    )
    return Image.open(io.BytesIO(vl_convert.svg_to_png(svg))).convert("L")


def test_words_are_drawn_in_each_typeface():
    drawn = [drawn_text("Heritage 12%", face.family, face.weight) for face in FACES]
    drawn.append(drawn_text("Heritage 12%", "No Such Typeface", 400))
    for image in drawn[:3]:
        assert min(image.tobytes()) == 0
    assert len({image.tobytes() for image in drawn}) == 4


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.file)
@pytest.mark.parametrize("words", ["H" * 20 + "|", "One in four, 25% of 1,234 students|", "Żółw|"])
def test_words_are_as_wide_as_their_typeface_says(face, words):
    """Otherwise they would be broken too late, and run over an edge."""
    image = drawn_text(words, face.family, face.weight, 60)
    right = image.point(lambda level: 255 - level).getbbox()[2]
    assert right == pytest.approx(poster._width(words, face, 60), rel=0.02, abs=14)
