"""A card as a picture for a meeting: its reading, its chart large, and the facts to read it by.

Rows come in, bytes go out; no figure is computed here. The page is set here, around the chart that
a browser would show, in the typefaces of `fonts/`: SVG and PNG are the same picture.
"""

import base64
import math
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import vl_convert

from pages.shared import basis, drawing, formats

if TYPE_CHECKING:
    from pages.shared.card import Card

WIDTH, HEIGHT = 1600, 900
LEFT, TOP, BOTTOM = 72, 44, 864
MEASURE = WIDTH - 2 * LEFT
GUTTER = 48
# Above and below the line that parts the facts from the rest.
AROUND_LINE = 22
BETWEEN_FACTS = 8

# Type is as large as its room allows, the largest first: size and most lines of a title; the
# height that facts should keep to, and size and columns.
TITLES = ((48, 2), (42, 3))
LONE_TITLES = ((76, 3), (60, 3), (44, 3))
FACTS = (120, ((22, 3), (20, 3)))
LONE_FACTS = (440, ((30, 2), (26, 2), (20, 3)))
MOST_FACTS, MOST_LINES_OF_A_FACT = 9, 5

# Rows stand in one column or two; laid out on less than this, their words would run together.
LAYOUTS = ((1, 720), (2, 412))
# The words of a chart have this size as laid out: at the smallest scale they are 20 pixels high.
CHART_TYPE = 13
SMALLEST_SCALE = 1.56
# What an axis takes beside the rows; how close and how far apart rows may come.
AXIS, TIGHTEST, LOOSEST = 34, 0.9, 2.2
NOTE_SIZE = 22
# The strip of weeks above a chart, and the room below it, into which words of the chart may reach.
STRIP, BELOW_STRIP = 28, 24

LONGEST_TEXT, LONGEST_NAME = 1000, 250
# Not allowed in XML, or turning the words after it round; and accents piled up on one letter.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_PILED_UP = re.compile("(?<=[\u0300-\u036f]{2})[\u0300-\u036f]+")


@dataclass(frozen=True)
class Face:
    """A typeface, by the names that its file carries."""

    family: str
    weight: int
    file: str


SERIF = Face("Source Serif Pro", 600, "SourceSerifPro-Semibold.otf")
SANS = Face("Source Sans Pro", 400, "SourceSansPro-Regular.otf")
STRONG = Face("Source Sans Pro", 600, "SourceSansPro-Semibold.otf")
FONTS = Path(__file__).parent / "fonts"


def svg(card: "Card", look: str = "light") -> bytes:
    """The picture as SVG, which brings its typefaces along."""
    return _page(card, look, _embedded_faces()).encode()


def png(card: "Card", look: str = "light") -> bytes:
    """The picture as PNG, 1600 by 900 pixels."""
    return vl_convert.svg_to_png(_page(card, look), scale=1, ppi=72)


@cache
def _register_faces() -> None:
    """Once in a process: the writer of pictures draws no text in a typeface that it lacks."""
    vl_convert.register_font_directory(str(FONTS))


@cache
def _embedded_faces() -> str:
    """The files whole, below 1 MB in all: a part of a typeface may not keep its name (OFL)."""
    rules = []
    for face in (SERIF, SANS, STRONG):
        data = base64.b64encode((FONTS / face.file).read_bytes()).decode()
        rules.append(
            f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};'
            f"src:url(data:font/otf;base64,{data})}}"
        )
    return f"<style>{''.join(rules)}</style>"


# --- The page ---------------------------------------------------------------------------------


def _page(card: "Card", look: str, style: str = "") -> str:
    """Title, chart and facts from top to bottom; the chart takes what the words leave."""
    _register_faces()
    color = drawing.LOOKS[look]
    title, size = _title(card)
    facts, facts_height = _facts(card, color)
    top: float = TOP
    title_height = len(title) * _leading(size)
    line: float = BOTTOM - facts_height - AROUND_LINE
    if not card.chart:
        # Words alone stand a little above the middle of the page.
        top += 0.4 * max(0, line - AROUND_LINE - title_height - TOP)
        line = top + title_height + AROUND_LINE
    parts = [
        style,
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{color.ground}"/>',
        *_set(title, LEFT, top, SERIF, size, color.ink),
    ]
    chart_top = top + title_height + AROUND_LINE
    parts += _chart(card, look, chart_top, line - AROUND_LINE - chart_top)
    if facts:
        parts += [
            f'<rect x="{LEFT}" y="{line:g}" width="{MEASURE}" height="2" fill="{color.line}"/>',
            f'<g transform="translate(0,{line + AROUND_LINE:g})">{"".join(facts)}</g>',
        ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    )


def _title(card: "Card") -> tuple[list[str], int]:
    """The lines of the title, of about the same length, and their size."""
    for size, most in TITLES if card.chart else LONE_TITLES:
        if len(_wrapped(card.reading, SERIF, size, MEASURE, most + 1)) <= most:
            break
    lines = _wrapped(card.reading, SERIF, size, MEASURE, most)
    for measure in range(MEASURE, 0, -10):
        narrower = _wrapped(card.reading, SERIF, size, measure, most)
        if len(narrower) > len(lines) or " ".join(narrower) != " ".join(lines):
            break
        lines = narrower
    return lines, size


def _facts(card: "Card", color: drawing.Look) -> tuple[list[str], int]:
    """The facts in columns, from y = 0 on, and how high they are: in the largest size in which
    they keep to their room, or else in the smallest."""
    facts = card.facts
    if len(facts) > MOST_FACTS:
        left_out = formats.count(len(facts) - MOST_FACTS + 1)
        facts = (*facts[: MOST_FACTS - 1], ("", f"and {left_out} more facts in Roundtable"))
    room, sizes = FACTS if card.chart else LONE_FACTS
    for size, most_columns in sizes:
        width, leading = _column_width(most_columns), _leading(size)
        parts: list[str] = []
        bottom = 0
        for number, column in enumerate(_spread(facts, size, most_columns)):
            x, y = LEFT + number * (width + GUTTER), 0
            for label, indent, (first, *others) in column:
                parts += _set([label], x, y, STRONG, size, color.ink)
                parts += _set([first], x + indent, y, SANS, size, color.muted)
                parts += _set(others, x, y + leading, SANS, size, color.muted)
                y += (1 + len(others)) * leading + BETWEEN_FACTS
            bottom = max(bottom, y - BETWEEN_FACTS)
        if bottom <= room:
            break
    return parts, bottom


def _spread(facts: tuple, size: int, most_columns: int) -> list[list[tuple]]:
    """Facts as label, indent and lines, in columns of which the longest has the fewest lines."""
    width = _column_width(most_columns)
    broken = []
    for name, text in facts:
        label = " ".join(_wrapped(name, STRONG, size, width / 2, 1))
        indent = _width(label, STRONG, size) + 0.5 * size if label else 0
        lines = _wrapped(text, SANS, size, width, MOST_LINES_OF_A_FACT, indent)
        broken.append((label, indent, lines))
    longest = max((len(lines) for *_, lines in broken), default=0)
    while True:
        columns: list[list[tuple]] = [[]]
        used = 0
        for fact in broken:
            used += len(fact[2])
            if used > longest:
                columns.append([])
                used = len(fact[2])
            columns[-1].append(fact)
        if len(columns) <= most_columns:
            return columns
        longest += 1


# --- The chart --------------------------------------------------------------------------------


def _chart(card: "Card", look: str, top: float, height: float) -> list[str]:
    """The chart as large as its room allows; many rows stand in two columns."""
    if card.chart is None:
        return []
    rows = card.rows.map(_as_name)
    spec = _printable(
        card.chart(rows, look, *map(_as_name, card.arguments)).to_dict(validate=False)
    )
    spec["config"] = _config(spec.get("config", {}))
    field, names, step = _rows_of(spec)
    above = _strip(card, look, top)
    if above:
        top, height = top + STRIP + BELOW_STRIP, height - STRIP - BELOW_STRIP
    if not names:
        scale = MEASURE / LAYOUTS[0][1]
        return [*above, *_placed([spec | {"height": height / scale}], scale, top, height)]
    columns, scale, each = _arranged(len(names), step, height)
    left_out = len(names) - columns * each
    note: Iterable[str] = ()
    if left_out > 0:
        height -= _leading(NOTE_SIZE)
        words = f"and {formats.count(left_out)} more in Roundtable"
        note = _set([words], LEFT, top + height, SANS, NOTE_SIZE, drawing.LOOKS[look].muted)
    apart = min(max((height / scale - AXIS) / each, TIGHTEST * step), LOOSEST * step)
    parts = [
        _only(spec, field, names[first : first + each]) | {"height": {"step": apart}}
        for first in range(0, min(columns * each, len(names)), each)
    ]
    return [*above, *_placed(parts, scale, top, height), *note]


def _strip(card: "Card", look: str, top: float) -> list[str]:
    """The weeks of the year above the chart, where attendance is missing in some."""
    if card.weeks is None or not basis.is_gap(card.weeks):
        return []
    spec = drawing.weeks(card.weeks, look).to_dict(validate=False)
    spec["config"] = _config(spec.get("config", {}))
    return _placed([spec], STRIP / drawing.STRIP, top, STRIP)


def _config(config: dict) -> dict:
    """The chart's own, in our typeface and one size of type.

    What a chart says to screen readers is left out: it would hand on figures without rounding.
    """
    axis = {"labelFontSize": CHART_TYPE, "titleFontSize": CHART_TYPE}
    text = {"fontSize": CHART_TYPE, "limit": {"expr": "width"}}
    return config | {
        "font": SANS.family,
        "aria": False,
        "axis": config.get("axis", {}) | axis,
        "text": config.get("text", {}) | text,
    }


def _rows_of(spec: dict) -> tuple[str, list, float]:
    """For a chart made of rows: the field that tells them apart, its values, a row's height."""
    height = spec.get("height")
    layers = [layer.get("encoding", {}).get("y", {}) for layer in (spec, *spec.get("layer", ()))]
    field = next((place["field"] for place in layers if "field" in place), None)
    if not isinstance(height, dict) or field is None:
        return "", [], 0
    values = (row[field] for rows in spec["datasets"].values() for row in rows if field in row)
    return field, list(dict.fromkeys(values)), height["step"]


def _arranged(rows: int, step: float, height: float) -> tuple[int, float, int]:
    """Columns, scale and rows in each column: one column and all rows, while words stay large."""
    tight = TIGHTEST * step
    for columns, least_width in LAYOUTS:
        each = math.ceil(rows / columns)
        scale = min(_column_width(columns) / least_width, height / (each * tight + AXIS))
        if scale >= SMALLEST_SCALE:
            return columns, scale, each
    room = height - _leading(NOTE_SIZE)
    each = max(1, int((room / SMALLEST_SCALE - AXIS) / tight))
    return columns, SMALLEST_SCALE, each


def _only(spec: dict, field: str, names: list) -> dict:
    """The chart with these of its rows; its scales stay as they were made for all of them."""
    shown = set(names)
    datasets = {
        name: [row for row in rows if field not in row or row[field] in shown]
        for name, rows in spec["datasets"].items()
    }
    return spec | {"datasets": datasets}


def _placed(parts: list[dict], scale: float, top: float, height: float) -> list[str]:
    """The parts of a chart side by side, with axes of one length, each cut off at its frame."""
    width = _column_width(len(parts))
    drawn = [_drawn(part, width / scale, "fit") for part in parts]
    shortest = min(part.across for part in drawn)
    if shortest < max(part.across for part in drawn):
        # Words that hang over an end of an axis have made it shorter, in the part that has them.
        drawn = [_drawn(part, shortest, "pad") for part in parts]
    # An axis that is higher than most makes all parts smaller.
    scale = min(scale, height / max(part.height for part in drawn))
    begin = max(part.left for part in drawn)
    return [
        f'<svg x="{LEFT + number * (width + GUTTER) + (begin - part.left) * scale:g}" y="{top:g}" '
        f'width="{part.width * scale:g}" height="{part.height * scale:g}" '
        f'viewBox="0 0 {part.width} {part.height}">{part.inside}'
        for number, part in enumerate(drawn)
    ]


@dataclass(frozen=True)
class _Drawn:
    """What stands inside the SVG of a chart, its size, and where its plot begins and how far it
    reaches across."""

    inside: str
    width: float
    height: float
    left: float
    across: float


def _drawn(spec: dict, width: float, autosize: str) -> _Drawn:
    """The chart as SVG; whatever it asks for from elsewhere is refused."""
    size = {"width": width, "autosize": {"type": autosize, "contains": "padding"}, "padding": 0}
    drawn = vl_convert.vegalite_to_svg(spec | size, allowed_base_urls=[])
    left, _ = _numbers("translate({},{})", drawn)
    across, _ = _numbers('class="background" aria-hidden="true" d="M0,0h{}v{}h', drawn)
    return _Drawn(drawn[drawn.index(">") + 1 :], *_numbers('"0 0 {} {}"', drawn), left, across)


def _numbers(pattern: str, text: str) -> tuple[float, float]:
    """The two numbers that stand in the first place of this kind."""
    found = re.search(re.escape(pattern).replace(r"\{\}", r"(-?[\d.]+)"), text)
    if found is None:
        raise ValueError(f"nothing in this chart reads {pattern}")
    return float(found[1]), float(found[2])


def _column_width(columns: int) -> float:
    return (MEASURE - (columns - 1) * GUTTER) / columns


# --- Words ------------------------------------------------------------------------------------


def _clean(text: str, longest: int) -> str:
    """Text of one line that XML can hold and that stays in its place, cut at `longest`."""
    words = _PILED_UP.sub("", _UNSEEN.sub("", " ".join(text.split())))
    return words if len(words) <= longest else words[:longest] + "…"


def _as_name(value):
    """A cell for a chart: text made clean, anything else as it is."""
    return _clean(value, LONGEST_NAME) if isinstance(value, str) else value


def _printable(value):
    """A chart without what XML cannot hold: the writer would end the whole program over it."""
    if isinstance(value, dict):
        return {name: _printable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_printable(inner) for inner in value]
    return _UNSEEN.sub("", value) if isinstance(value, str) else value


def _wrapped(
    text: str, face: Face, size: float, width: float, most: int, indent: float = 0
) -> list[str]:
    """Text in lines within `width`, the first after an indent, at most `most`: then an ellipsis."""
    lines, line, room = [], "", width - indent
    for piece in _pieces(_clean(text, LONGEST_TEXT), face, size, width):
        longer = f"{line} {piece}".lstrip()
        if _width(longer, face, size) > room and (line or room < width):
            lines.append(line)
            longer, room = piece, width
        line = longer
    lines.append(line)
    if len(lines) > most:
        line = lines[most - 1]
        room = width if most > 1 else width - indent
        while line and _width(line + "…", face, size) > room:
            line = line[:-1]
        lines[most - 1 :] = [line.rstrip() + "…"]
    return lines


def _pieces(text: str, face: Face, size: float, width: float) -> Iterator[str]:
    """The words of a text; one that is longer than a line in pieces."""
    for word in text.split():
        while _width(word, face, size) > width:
            reach = accumulate(_width(letter, face, size) for letter in word)
            end = max(1, sum(place <= width for place in reach))
            yield word[:end]
            word = word[end:]
        yield word


def _width(text: str, face: Face, size: float) -> float:
    """How far a text reaches; a letter from another typeface takes its whole size."""
    advances = _advances(face)
    return size * sum(advances.get(letter, 1) for letter in text)


@cache
def _advances(face: Face) -> dict[str, float]:
    """How far each letter of a typeface reaches, in shares of its size: its own tables say so."""
    font = (FONTS / face.file).read_bytes()

    def read(layout: str, place: int) -> tuple:
        return struct.unpack_from(f">{layout}", font, place)

    entries = (read("4sIII", 12 + 16 * entry) for entry in range(*read("H", 4)))
    tables = {tag: place for tag, _, place, _ in entries}
    head, hhea, hmtx, cmap = (tables[tag] for tag in (b"head", b"hhea", b"hmtx", b"cmap"))
    (units,), (measured,) = read("H", head + 18), read("H", hhea + 34)
    offsets = (read("I", cmap + 8 + 8 * entry)[0] for entry in range(*read("H", cmap + 2)))
    # Format 12 has every letter, in runs: the first, the last, and the glyph of the first.
    letters = next(cmap + offset for offset in offsets if read("H", cmap + offset) == (12,))
    runs = (read("III", letters + 16 + 12 * run) for run in range(*read("I", letters + 12)))
    return {
        # Glyphs beyond the measured ones are as wide as the last of these.
        chr(letter): read("H", hmtx + 4 * min(glyph + letter - first, measured - 1))[0] / units
        for first, last, glyph in runs
        for letter in range(first, last + 1)
    }


def _leading(size: int) -> int:
    return round(1.24 * size)


def _set(lines: list[str], x: float, top: float, face: Face, size: int, fill: str) -> Iterator[str]:
    """Lines of type below `top`."""
    for number, line in enumerate(lines):
        baseline = top + number * _leading(size) + 0.95 * size
        if line:
            yield (
                f'<text x="{x:g}" y="{baseline:g}" font-family="{face.family}" font-size="{size}" '
                f'font-weight="{face.weight}" fill="{fill}">{escape(line)}</text>'
            )


# By the ending of the file.
WRITERS = {"png": png, "svg": svg}
