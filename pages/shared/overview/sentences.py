"""How the first page reads: what moved, and by which recorded reasons. Tables in, words out."""

from collections.abc import Iterator

import pandas as pd

from pages.shared import basis, formats
from pages.shared.absence import sentences as absence_sentences
from pages.shared.culture import sentences as culture_sentences
from pages.shared.formats import count, number, plain
from pages.shared.plans import sentences as plans_sentences
from queries.answer import kept

# Rows that a principal reads in ten seconds.
MOST_MOVED, MOST_REASONS = 5, 3
# Letters of an item beside its figures, of a recorded reason, and of a plan.
ITEM, REASON, PLAN = 30, 16, 22
NOT_RECORDED = "Not recorded"
WITHOUT_A_YEAR_BEFORE = "Bring last year’s files too, and what moved since then stands here."


def moved(table: pd.DataFrame, told: str) -> str:
    """Whether anything is clear of chance; rows of overview/what_moved, one of each subject. Out of
    how many stands behind it: beside the number of items another count would be read against it.
    told: what what_moved says."""
    if table.empty and not told:
        return "No year before to compare with"
    return "Nothing moved clear of chance" if table.empty else "What moved"


@kept
def how_sure(table: pd.DataFrame, shifts: pd.DataFrame, agreement: pd.DataFrame) -> str:
    """The surest change of each subject in a sentence, with its interval and n; why years are not
    compared; and the items that moved most in full."""
    words = [f"{row.sentence} {basis.certainty(row)}" for row in table.itertuples()]
    if table.empty:
        words = [
            "No difference from last year, in absence or in the survey, is larger than chance "
            "makes the largest of so many."
        ]
    whole = shifts[shifts.level == "selection"]
    if basis.is_are(False, whole.comparable).any():
        words.append(f"{absence_sentences.change(shifts)}.")
    shown = culture_sentences.clear(agreement).head(MOST_MOVED - 1)
    words += [f"“{formats.item(row)}”" for row in shown.itertuples()]
    return " ".join([*words, culture_sentences.made_of_percents(shown)]).rstrip()


def crossed(table: pd.DataFrame) -> str:
    """Who became chronically absent this week; the row of overview/crossed."""
    row = table.iloc[0]
    if not row.students:
        return "Nobody crossed the threshold"
    words = f"{count(row.students)} crossed"
    return f"{words}, {count(row.without_cause)} without cause" if row.without_cause else words


def tried(plans: pd.DataFrame) -> str:
    """The plan and how far it is, or how many there are; rows of plans/tried."""
    if len(plans) == 1:
        return plans_sentences.in_brief(next(plans.itertuples()), PLAN)
    return plans_sentences.tried_at_a_glance(plans)


@kept
def what_moved(shifts: pd.DataFrame, agreement: pd.DataFrame) -> str:
    """At most five rows, as a table in Markdown: chronic absence, and the items of the survey that
    moved most, those first that hold among all comparisons. '' where there is nothing to compare
    with."""
    compared, clear = culture_sentences.judged(agreement), culture_sentences.clear(agreement)
    rows: list[tuple[str, ...]] = [*_absence_row(shifts)]
    rows += [_item_row(row) for row in clear.head(MOST_MOVED - len(rows)).itertuples()]
    if clear.empty and len(compared):
        items = number(len(compared), "survey item", "survey items")
        rows.append((items, "", "none clear of chance"))
    if not rows:
        return ""
    return _table(("What", "Was → is", "Points"), rows)


def _absence_row(shifts: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    for row in shifts[shifts.level == "selection"].itertuples():
        first, second = (formats.figure(row, name) for name in ("first_rate", "second_rate"))
        if formats.is_missing(row.first_rate) and not formats.is_coded(shifts):
            return
        if not _is_so(row.comparable):
            told = absence_sentences.schools_moved(shifts) or "not comparable"
            yield "Chronic absence", f"now {second}", told
            return
        told = _apart(row, "rate", row.change_points)
        yield "Chronic absence", f"{first} → {second}", told


def _item_row(row) -> tuple[str, str, str]:
    first, second = (formats.figure(row, f"{time}_favorable") for time in ("first", "second"))
    what = f"{formats.cut(formats.item(row), ITEM)} ({row.respondent_group})"
    return what, f"{first} → {second}", _apart(row, "favorable", row.shift_points)


def _apart(row, figure: str, points) -> str:
    """Points between two whole percents, with a decimal where whole points would not be the
    difference that a reader takes: '27% → 24%' beside '−3.6'."""
    shares = [getattr(row, f"{time}_{figure}") for time in ("first", "second")]
    if any(map(formats.is_missing, (*shares, points))):
        return _moved(points, row.clear_of_chance)
    first, second = (formats.whole(100 * share) for share in shares)
    return _moved(points, row.clear_of_chance, int(second - first != formats.whole(points)))


def _moved(points, clear, decimals: int = 0) -> str:
    """'−12', or '+3, unsure' where chance could make it; what is not told is no number."""
    if formats.is_missing(points):
        return "not told"
    return f"{formats.signed(points, decimals)}{'' if _is_so(clear) else ', unsure'}"


def _is_so(claim) -> bool:
    return not formats.is_missing(claim) and bool(claim)


@kept
def days_missed(reasons: pd.DataFrame) -> str:
    """Which recorded reason tells most of how the share of days missed changed; rows of
    absence/why_moved. No reason is named where chance could make it, or where the change is one of
    what is recorded."""
    if reasons.empty:
        return "No year before to compare days missed with"
    whole, parts = _whole(reasons), _parts(reasons)
    points = _size(whole.change_points)
    way = "fewer" if whole.change_points < 0 else "more"
    if not whole.clear_of_chance:
        return "Days missed: no clear change"
    same_way = parts[(parts.change_points * whole.change_points > 0) & parts.clear_of_chance]
    named = same_way[same_way.reason != NOT_RECORDED]
    if _is_recording(reasons) or named.empty:
        return f"{points} points {way} days missed, for no one reason"
    first = named.loc[named.change_points.abs().idxmax()]
    of_it = _size(first.change_points)
    return f"Of {points} points {way} days missed, {first.reason.lower()} {of_it}"


@kept
def recording(reasons: pd.DataFrame) -> str:
    """How to read the parts, and whether the office records more or less than it did."""
    words = "Share of days missed by recorded reason, to the same instructional day; parts add up."
    if reasons.empty:
        return "Attendance must have been taken on as many days in both years."
    if not _is_recording(reasons):
        return words
    (unknown,) = _parts(reasons)[_parts(reasons).reason == NOT_RECORDED].change_points
    more = "fewer" if unknown < 0 else "more"
    return f"{words} With {more} days not recorded, reasons move by recording alone."


@kept
def reasons(table: pd.DataFrame) -> str:
    """The largest changes by recorded reason, all others together and the whole, as a table in
    Markdown: what is shown of the parts adds up to what is shown of the whole."""
    if table.empty:
        return ""
    whole, parts = _whole(table), _parts(table)
    first = parts.head(MOST_REASONS)
    rows: list[tuple[str, ...]] = [
        (
            formats.cut(row.reason, REASON),
            _shares(row),
            _moved(row.change_points, row.clear_of_chance, 1),
        )
        for row in first.itertuples()
    ]
    tenths = formats.whole(10 * whole.change_points)
    others = tenths - sum(formats.whole(10 * value) for value in first.change_points)
    if len(parts) > len(first):
        rows.append(("Others", "", formats.signed(others / 10, 1)))
    total = _moved(whole.change_points, whole.clear_of_chance, 1)
    rows.append(("All", _shares(whole), total))
    return _table(("Recorded", "Was → is", "Points"), rows)


def _shares(row) -> str:
    return f"{formats.tenth_percent(row.first_share)} → {formats.tenth_percent(row.second_share)}"


def _size(points: float) -> str:
    return formats.signed(abs(points), 1).lstrip("+")


def _whole(reasons: pd.DataFrame) -> pd.Series:
    return reasons[reasons.reason.isna()].iloc[0]


def _parts(reasons: pd.DataFrame) -> pd.DataFrame:
    return reasons[reasons.reason.notna()]


def _is_recording(reasons: pd.DataFrame) -> bool:
    """Whether days not recorded moved clear of chance against the others or against the whole: then
    reasons rose or fell as more or less was recorded."""
    whole, parts = _whole(reasons), _parts(reasons)
    unknown = parts[(parts.reason == NOT_RECORDED) & parts.clear_of_chance]
    others = whole.change_points - unknown.change_points
    return bool((unknown.change_points * others < 0).any())


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *(tuple(map(plain, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
