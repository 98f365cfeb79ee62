"""Scales of answers: which words form one, where each stands, and which are favorable.

The words are rows of scales.csv, in five languages. A set of answers that is none of them has
no scale: nobody guesses which of its answers are favorable.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from queries.convert.columns import letters

FAVORABLE, NOT_FAVORABLE, LEFT_OUT = "favorable", "not favorable", "left out"
WAYS = (FAVORABLE, NOT_FAVORABLE, LEFT_OUT)
# What stands where somebody was not asked or did not answer. "None" may be an answer.
NO_ANSWER = {"", "-99", "-1", "-9", "-999", "null", "n/a", "#n/a", "na", "-", "--", ".", "nan"}
NO_ANSWER |= {"(null)", "(blank)", "n.a.", "#null!"}
# Statistics programs write such numbers for it; no scale here has as many places.
NO_ANSWER |= {
    f"{sign}{n}" for sign in ("", "-") for n in (77, 88, 97, 98, 99, 777, 888, 997, 998, 999)
}
# 5 - Strongly agree; (5) Strongly agree; Strongly agree (5); 5=Strongly agree; Satisfecho/a
_NUMBERED = re.compile(r"^\s*[(\[]?\d{1,2}[)\]]?\s*[-–=:.)]?\s+|^\s*\d{1,2}\s*[-–=:.)]\s*"
                       r"|\s*[(\[]\d{1,2}[)\]]\s*$|(?<=o)[/(]-?as?\)?$")  # fmt: skip
NUMBERS = re.compile(r"numbers_(\d+)_to_(\d+)")


@dataclass(frozen=True)
class Place:
    """Where a word stands on a scale."""

    position: int
    is_favorable: bool
    language: str
    word: str


def _in_order(word: str) -> str:
    """The letters of words that are the same in any order: Agree strongly, Strongly agree."""
    return "".join(sorted(filter(None, map(letters, re.findall(r"\w+", word)))))


def _read() -> tuple[dict[str, dict[str, Place]], set[str]]:
    known: dict[str, dict[str, Place]] = {}
    not_counted: set[str] = set()
    with (Path(__file__).parent / "scales.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for language in list(row)[4:]:
                words = list(filter(None, row[language].split(";")))
                if row["counts"] == "no":
                    not_counted |= set(map(letters, words))
                    continue
                for word in words:
                    place = Place(int(row["position"]), row["favorable"] == "yes", language, word)
                    for key in (letters(word), _in_order(word)):
                        known.setdefault(row["scale"], {}).setdefault(key, place)
    return known, not_counted


KNOWN, NOT_COUNTED = _read()
_EVERY_WORD = {word for places in KNOWN.values() for word in places}
_SIZE = {scale: max(p.position for p in places.values()) for scale, places in KNOWN.items()}


def family(scale: str) -> str:
    """agree of agree_5."""
    return scale.rpartition("_")[0] or scale


def keys(answers: Iterable[str]) -> dict[str, str]:
    """The letters of every answer, without a number before or behind it; without the last word
    where all end alike: not at all safe, slightly safe, extremely safe."""
    plain = {one: _NUMBERED.sub("", one).strip() or one for one in answers}
    found = {one: letters(word) or word for one, word in plain.items()}
    found |= {one: _in_order(word) for one, word in plain.items()
              if found[one] not in _EVERY_WORD and _in_order(word) in _EVERY_WORD}  # fmt: skip
    counted = {one: word.split() for one, word in plain.items()
               if word.split() and found[one] not in NOT_COUNTED}  # fmt: skip
    if any(found[one] in _EVERY_WORD for one in counted):
        return found
    ends = {words[-1].lower() for words in counted.values()}
    if len(counted) >= 3 and len(ends) == 1 and all(len(words) > 1 for words in counted.values()):
        found |= {one: letters(" ".join(words[:-1])) for one, words in counted.items()}
    return found


def is_counted(key: str) -> bool:
    return key not in NOT_COUNTED


def is_known(key: str) -> bool:
    """Whether letters are a word of some scale, or one that does not count in any."""
    return key in _EVERY_WORD or key in NOT_COUNTED


def fitting(found: Iterable[str]) -> list[str]:
    """The scales, shortest first, that have all these letters, each at a place of its own: two
    words of one language are not one answer."""
    counted = sorted({key for key in found if is_counted(key)})
    if not counted:
        return []
    fits = []
    for scale, places in KNOWN.items():
        if all(key in places for key in counted):
            taken = Counter((places[k].position, places[k].language) for k in counted)
            if max(taken.values()) == 1:
                fits.append(scale)
    return sorted(fits, key=lambda scale: _SIZE[scale])


def run_as(answers: dict[str, str], scale: str) -> bool:
    """Whether the numbers that stand beside answers go up, or down, as their places do."""
    places = KNOWN.get(scale, {})
    written = {a: re.search(r"^\W?(\d{1,2})\b|\b(\d{1,2})\W?$", a) for a in answers}
    pairs = sorted((int(n[1] or n[2]), places[key].position) for a, key in answers.items()
                   if key in places and (n := written[a]))  # fmt: skip
    steps = {(two[1] > one[1]) - (two[1] < one[1]) for one, two in pairwise(pairs)}
    return steps in (set(), {1}, {-1})


def nearest(counts: dict[str, int]) -> str:
    """The scale to which most of these letters' rows belong, '' if less than half do."""
    rows = {
        scale: sum(n for key, n in counts.items() if key in places)
        for scale, places in KNOWN.items()
    }
    best = max(rows, key=lambda scale: (rows[scale], -_SIZE[scale]))
    counted = sum(n for key, n in counts.items() if is_counted(key))
    return best if rows[best] > 0 and rows[best] * 2 >= counted else ""


def unseen(scale: str, answers: Iterable[str], taken: set[int]) -> list[Place]:
    """The places of a known scale that nobody's answer took, in the language of most answers: a
    scale is whole, whoever answered."""
    places = KNOWN.get(scale, {})
    there = [places[key] for key in keys(answers).values() if key in places]
    languages = Counter(one.language for one in there)
    language = languages.most_common(1)[0][0] if languages else "english"
    found: dict[int, Place] = {}
    for place in places.values():
        if place.position not in taken and place.language == language:
            found.setdefault(place.position, place)
    return list(found.values())


def usual_favorable(least: int, most: int) -> str:
    """The numbers that are favorable by custom where more is better; '' where there is none."""
    return {(1, 4): "3, 4", (1, 5): "4, 5"}.get((least, most), "")
