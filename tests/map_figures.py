"""How well `map` understands files whose names and headers were changed at random.

    python -m tests.map_figures [SEEDS]

Every shape of tests/support/exports.py is looked at as it is, which is what it means, and again
with other file names and headers: words that other systems use for the same, or letters that say
nothing. A column is right when it is taken for the same thing, asked when it is a question or left
out with one, and wrong when it is taken for another thing, or left out without a word though a
figure rests on it. Prints, by shape and kind of change, how many were right, asked and wrong.
"""

import csv
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from queries.convert import look
from queries.convert.columns import HERE
from queries.convert.guess import guess
from queries.convert.holds import NEEDED
from queries.convert.mapping import ASK, OPEN, SheetMapping
from queries.convert.sheets import Sheet
from tests.support import exports, survey_exports

# Either says the same of a row where both have the same cells, or only one of them is there.
SAME = (
    {"code", "status"},
    {"code", "reason"},
    {"status", "reason"},
    {"school_id", "calendar_code"},
)
# Without these nothing is lost that a figure rests on.
BESIDE = {"", "comment", "reason", "section", "birth_date", "user_role", "enrollment_status"}


def synonyms() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in ("survey_names.csv", "names.csv"):
        with (HERE / name).open(encoding="utf-8", newline="") as file:
            found |= {
                row["field"]: row["names"].replace("?", "").split(";")
                for row in csv.DictReader(file)
            }
    return found


def changed(sheet: Sheet, meant: SheetMapping, words: bool, draw: random.Random) -> Sheet:
    """The same cells under other names; days and answers as headers stay: they are cells too."""
    known, names = synonyms(), []
    for place, column in enumerate(sheet.table.columns):
        meaning = meant.columns[column].value if column in meant.columns else ""
        if meaning == "marks" or meaning.startswith(("answers: ", "percent: ")):
            names.append(column)
        elif words and meaning in known:
            names.append(draw.choice([w for w in known[meaning] if len(w) > 3]).title())
        else:
            names.append("".join(draw.choices("bcdfghjklmnpqrstvwxz", k=6)) + str(place))
    table = sheet.table.copy()
    seen: Counter[str] = Counter()
    for place, name in enumerate(names):
        seen[name] += 1
        names[place] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    table.columns = names
    return replace(sheet, file=f"f{draw.randrange(10**6)}.csv", table=table)


def judged(meant: SheetMapping, found: SheetMapping) -> Counter[str]:
    counts: Counter[str] = Counter()
    pairs = zip(meant.columns.values(), found.columns.values(), strict=False)
    if found.holds.is_open or (meant.holds.value and not found.columns):
        return Counter({"asked": len(meant.columns)})
    for truth, guessed in pairs:
        needed = truth.value not in BESIDE
        if (
            guessed.value == truth.value
            or (truth.value in BESIDE and guessed.value in BESIDE)
            or {guessed.value, truth.value} in SAME
        ):
            counts["right"] += 1
        elif guessed.value == OPEN or guessed.certainty == ASK:
            counts["asked"] += 1
        elif not guessed.value and truth.value not in NEEDED.get(meant.holds.value, ()):
            counts["left out" if needed else "right"] += 1
        else:
            counts["wrong"] += 1
    return counts


def figures(seeds: int, shapes: dict | None = None) -> dict[tuple[str, str], Counter[str]]:
    """By shape and kind of change, how many columns were right, asked, left out and wrong."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for name, make in (shapes or exports.SHAPES).items():
        with tempfile.TemporaryDirectory() as folder:
            make(exports.district(), Path(folder))
            mapping, sheets, _ = look(Path(folder))
        for seed in range(seeds):
            for words in (True, False):
                draw = random.Random(f"{name} {seed} {words}")
                other = [changed(sheet, meant, words, draw)
                         for sheet, meant in zip(sheets, mapping.sheets, strict=True)]  # fmt: skip
                kind = "other words" if words else "no words"
                counts = found.setdefault((name, kind), Counter())
                for meant, one in zip(mapping.sheets, guess(other).sheets, strict=True):
                    counts += judged(meant, one)
    return found


def main(arguments: list[str]) -> int:
    found = figures(int(arguments[0]) if arguments else 5, exports.ALL | survey_exports.SHAPES)
    total: Counter[str] = Counter()
    for (name, kind), counts in found.items():
        total += counts
        sys.stdout.write(f"{name:<28}{kind:<14}{dict(counts)}\n")
    columns = sum(total.values())
    sys.stdout.write(f"{columns} columns: {dict(total)}, right {total['right'] / columns:.0%}\n")
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
