"""Culture surveys, a second time: one answer after the other.

The rules are those of docs/decisions.md and the headings of the questions. The functions take
the same choices, all of them optional:

    second_year       the survey year looked at; None is the newest of each survey
    compare_year      the year it is compared with; None is the one before it in the data
    compare_administration
                      an administration of the same year to compare with, if it was earlier in it
    schools           a set of school ids; None is every school
    survey            one survey
    respondent_group  one group of respondents
    assume_n          respondents to assume where a published table does not give them

Shares are Fractions; intervals are floats.
"""

import math
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations, pairwise

from .absence import all_schools, remember, school_names

Z = 1.959964  # 95%


# --- Intervals --------------------------------------------------------------------------------


def wilson(share, n):
    """The Wilson score interval of one share."""
    p, n = float(share), float(n)
    middle = p + Z * Z / (2 * n)
    reach = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    below = 1 + Z * Z / n
    return (middle - reach) / below, (middle + reach) / below


def newcombe(first_share, first_n, second_share, second_n):
    """Newcombe's hybrid score interval of second minus first (unpaired)."""
    first_low, first_high = wilson(first_share, first_n)
    second_low, second_high = wilson(second_share, second_n)
    first, second = float(first_share), float(second_share)
    low = second - first - math.hypot(second - second_low, first_high - first)
    high = second - first + math.hypot(second_high - second, first - first_low)
    return low, high


def difference(first_share, first_n, second_share, second_n):
    """(points, low, high) of second minus first; what cannot be said is None."""
    if first_share is None or second_share is None or first_n == 0 or second_n == 0:
        return None, None, None
    points = (second_share - first_share) * 100
    if first_n is None or second_n is None:
        return points, None, None
    low, high = newcombe(first_share, first_n, second_share, second_n)
    return points, low * 100, high * 100


def students_t(degrees):
    """The 97.5% point of Student's t: where 95% of its density, added up in strips, lies inside."""

    def inside(reach, strips=400):
        # Simpson's rule over the angle whose tangent is t / sqrt(degrees); the density there is a
        # power of the cosine.
        end = math.atan(reach / math.sqrt(degrees))
        step = end / strips
        heights = [math.cos(step * strip) ** (degrees - 1) for strip in range(strips + 1)]
        area = heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])
        whole = math.sqrt(math.pi) * math.gamma(degrees / 2) / math.gamma((degrees + 1) / 2)
        return 2 * area * step / 3 / whole

    low, high = 0.0, 20.0
    for _halving in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) < 0.95 else (low, middle)
    return low


def difference_over_schools(schools):
    """(points, low, high, first share, second share) over schools, each of them
    (n, share, second n, second share).

    A school counts n m / (n + m), alike in both years. Of two schools there is no interval. Of
    more, the spread between their shifts decides, or the answers alone where these know less.
    """
    weights = [Fraction(n * m, n + m) for n, _, m, _ in schools]
    parts = [weight / sum(weights) for weight in weights]
    first = sum(part * one[1] for part, one in zip(parts, schools, strict=True))
    second = sum(part * one[3] for part, one in zip(parts, schools, strict=True))
    if len(schools) == 1:
        ((n, share, m, later),) = schools
        return *difference(share, n, later, m), first, second
    points = (second - first) * 100
    if len(schools) == 2:
        return points, None, None, first, second
    below = above = spread = 0.0
    for part, (n, share, m, later) in zip(parts, schools, strict=True):
        own, low, high = difference(share, n, later, m)
        below += float(part * (own - Fraction(low))) ** 2
        above += float(part * (Fraction(high) - own)) ** 2
        spread += float(part**2 * (own - points) ** 2 / (1 - part))
    reach = students_t(len(schools) - 1) * math.sqrt(spread)
    low = float(points) - max(math.sqrt(below), reach)
    high = float(points) + max(math.sqrt(above), reach)
    return points, max(low, -100), min(high, 100), first, second


FEWEST_SHOWN = 5


def of_enough(n, share):
    """(n, share), without the share where fewer answered than may be shown."""
    return n, share if n >= FEWEST_SHOWN else None


FAMILIES = ("famil", "parent", "guardian", "caregiver")


def why_unsure(group, answers, schools, rates):
    """Why a shift is not called clear whatever its interval, as a word; None where it may be."""
    if answers is not None and answers < 10:
        return "fewer"
    if schools == 2:
        return "two schools"
    known = [rate for rate in rates if rate is not None]
    if len(known) == 2 and abs(known[1] - known[0]) * 100 > 20:
        return "apart"
    floor = 20 if any(word in group.lower() for word in FAMILIES) else 50
    if any(rate * 100 < floor for rate in known):
        return "below"
    return None


def is_clear(low, high, why_not=None):
    """Clear of chance: the interval excludes 0, and nothing else speaks against it."""
    if why_not:
        return False
    if low is None:
        return None
    return low > 0 or high < 0


# --- Items and scales -------------------------------------------------------------------------


def is_yes(value):
    return (value or "").lower() == "yes"


def items(network):
    """(survey, school_year, respondent_group, item_id) -> the item as it was asked."""
    return {
        (row["survey"], row["school_year"], row["respondent_group"], row["item_id"]): row
        for row in network.rows("survey_items")
    }


def scale_answers(network, scale):
    """The answers of a scale by position; of two labels of one position the first in the file."""
    rows = {}
    for row in network.rows("survey_scales"):
        if row["scale"] == scale:
            rows.setdefault((row["position"], is_yes(row["counts"])), row)
    return sorted(rows.values(), key=lambda row: row["position"])


def label(network, scale, given):
    """The answer that an answer of the file is told as."""
    (row,) = [
        row
        for row in network.rows("survey_scales")
        if (row["scale"], row["answer"]) == (scale, given)
    ]
    return next(
        one["answer"]
        for one in scale_answers(network, scale)
        if (one["position"], is_yes(one["counts"])) == (row["position"], is_yes(row["counts"]))
    )


def favorable_answers(network, item):
    """answer -> is it favorable?, for the answers that count.

    A reverse-scored item swaps first and last, second and last but one, and so on; the middle of
    an odd number stays where it is.
    """
    counting = [row for row in scale_answers(network, item["scale"]) if is_yes(row["counts"])]
    flags = [is_yes(row["favorable"]) for row in counting]
    if is_yes(item.get("reverse_scored")):
        flags.reverse()
    return {row["answer"]: flag for row, flag in zip(counting, flags, strict=True)}


def is_comparable(network, survey, respondent_group, item_id, first_year, second_year):
    """Every step after the first year, up to the second, keeps wording, scale and scoring.

    A step is the change from the item's previous year. Scored the other way round is never the
    same; else `comparable` in the later year decides when it is given; otherwise text and scale
    have to be the same.
    """
    history = sorted(
        (
            row
            for row in network.rows("survey_items")
            if row["survey"] == survey
            and row["respondent_group"] == respondent_group
            and row["item_id"] == item_id
        ),
        key=lambda row: row["school_year"],
    )
    if first_year not in [row["school_year"] for row in history]:
        return False
    for before, after in pairwise(history):
        if not first_year < after["school_year"] <= second_year:
            continue
        if is_yes(before.get("reverse_scored")) != is_yes(after.get("reverse_scored")):
            same = False
        elif after.get("comparable"):
            same = is_yes(after["comparable"])
        else:
            same = asked_alike(before, after) and before["scale"] == after["scale"]
        if not same:
            return False
    return True


# --- Answers ----------------------------------------------------------------------------------


def given_answers(network, schools=None):
    """The answers that are not blank, of the selection."""

    def work_out():
        of_school = defaultdict(list)
        for row in network.rows("survey_answers"):
            if row.get("answer") is not None:
                of_school[row["school_id"]].append(row)
        return of_school

    of_school = remember(network, "answers of schools", work_out)
    chosen = all_schools(network) if schools is None else schools
    return [row for school in sorted(chosen) for row in of_school.get(school, ())]


def survey_years(rows, second_year, compare_year):
    """survey -> (first_year, second_year), from the years that a survey has in the data."""
    years = defaultdict(set)
    for row in rows:
        years[row["survey"]].add(row["school_year"])
    chosen = {}
    for survey, present in years.items():
        second = second_year or max(present)
        earlier = max((year for year in present if year < second), default=None)
        chosen[survey] = (compare_year or earlier, second)
    return chosen


def years_of_answers(network, second_year=None, compare_year=None):
    def work_out():
        kinds = {(row["survey"], row["school_year"]) for row in given_answers(network)}
        return [{"survey": survey, "school_year": year} for survey, year in sorted(kinds)]

    rows = remember(network, "years of answers", work_out)
    return survey_years(rows, second_year, compare_year)


def is_chosen(row, survey, respondent_group):
    return survey in (None, row["survey"]) and respondent_group in (None, row["respondent_group"])


def answers_by_item(network, schools, survey=None, respondent_group=None):
    """(survey, school_year, respondent_group, item_id) -> how often each answer was given in the
    selection."""
    known = items(network)

    def work_out(school):
        given = defaultdict(Counter)
        for row in given_answers(network, {school}):
            key = (row["survey"], row["school_year"], row["respondent_group"], row["item_id"])
            if key in known:
                scale, answer = known[key]["scale"], row["answer"]
                told = remember(
                    network,
                    ("label", scale, answer),
                    lambda scale=scale, answer=answer: label(network, scale, answer),
                )
                given[key][told] += 1
        return given

    given = defaultdict(Counter)
    for school in all_schools(network) if schools is None else schools:
        of_school = remember(network, ("given", school), lambda school=school: work_out(school))
        for key, answers in of_school.items():
            if is_chosen(known[key], survey, respondent_group):
                given[key] += answers
    return given


def favorable(network, item, answers):
    """(n, share favorable) of the answers that count; the share is None without any."""
    flags = favorable_answers(network, item)
    n = sum(answers[answer] for answer in flags)
    of_those = sum(answers[answer] for answer, is_favorable in flags.items() if is_favorable)
    return n, Fraction(of_those, n) if n else None


def response_rate(network, survey, school_year, respondent_group, schools=None):
    """Distinct respondents / invited; None where it is unknown, never more than 1. Of counts nobody
    knows whose answers they are."""

    def work_out():
        who = defaultdict(set)
        for row in given_answers(network):
            asked = (row["survey"], row["school_year"], row["respondent_group"])
            who[asked].add((row["school_id"], row["respondent_id"]))
        return who

    chosen = all_schools(network) if schools is None else schools
    key = (survey, school_year, respondent_group)
    everybody = remember(network, "respondents", work_out).get(key, ())
    respondents = {one for one in everybody if one[0] in chosen}
    roster = {
        row["school_id"]: row["invited"]
        for row in network.rows("survey_invited")
        if (row["survey"], row["school_year"], row["respondent_group"]) == key
        and row["school_id"] in chosen
        and row.get("invited") is not None
    }
    if any(school not in roster or who is None for school, who in respondents):
        return None
    # Where more answered than were invited the roster is wrong: the rate is that of the others.
    of_school = Counter(school for school, _respondent in respondents)
    holds = {school for school, asked in roster.items() if of_school[school] <= asked}
    invited = sum(roster[school] for school in holds)
    if invited == 0:
        return None
    return Fraction(sum(of_school[school] for school in holds)) / invited


# --- The questions ----------------------------------------------------------------------------


def shifts(
    network,
    *,
    second_year=None,
    compare_year=None,
    compare_administration=None,
    schools=None,
    survey=None,
    respondent_group=None,
    assume_n=None,
):
    """culture/shifts: of the surveys answered here, and of the tables published."""
    choices = {
        "second_year": second_year,
        "compare_year": compare_year,
        "compare_administration": compare_administration,
        "schools": schools,
        "survey": survey,
        "respondent_group": respondent_group,
    }
    rows = answered_shifts(network, **choices)
    rows += published_shifts(network, **choices, assume_n=assume_n)
    return sorted(
        rows,
        key=lambda row: (
            row["survey"],
            row["school_name"] or "",
            row["respondent_group"],
            row["item_id"],
        ),
    )


def shift_row(
    network, item, school_name, years, first, second, rates, schools=None, other_time=None
):
    """One row; first and second are (n, share favorable) of each year. schools: of answers, name ->
    ((n, share favorable), (n, share favorable)) of the two years. other_time: the item as it was
    asked earlier in the same year, if that is what it is compared with."""
    first_year, second_year = years
    if schools is not None:
        first, second = (of_enough(*one) for one in (first, second))
    comparable = first[1] is not None and second[1] is not None
    if other_time:
        comparable = comparable and asked_alike(other_time, item)
        comparable = comparable and other_time["scale"] == item["scale"]
    else:
        comparable = comparable and is_comparable(
            network,
            item["survey"],
            item["respondent_group"],
            item["item_id"],
            first_year,
            second_year,
        )
    new = gone = compared = None
    all_first, all_second = first, second
    points, low, high, why_not = None, None, None, None
    if schools is not None:
        answered = {name: [n > 0 for n, _share in both] for name, both in schools.items()}
        new = [name for name, both in answered.items() if both == [False, True]]
        gone = [name for name, both in answered.items() if both == [True, False]]
        in_both = [schools[name] for name, both in answered.items() if all(both)]
        compared = len(in_both)
        comparable = comparable and compared > 0
        comparable = comparable and all(
            of_enough(sum(both[year][0] for both in in_both), 1)[1] for year in (0, 1)
        )
        if comparable:
            points, low, high, share, later = difference_over_schools(
                [(*before, *now) for before, now in in_both]
            )
            first = (sum(before[0] for before, _now in in_both), share)
            second = (sum(now[0] for _before, now in in_both), later)
    elif comparable:
        points, low, high = difference(first[1], first[0], second[1], second[0])
    if comparable:
        known = [n for n in (first[0], second[0]) if n is not None]
        why_not = why_unsure(item["respondent_group"], min(known, default=None), compared, rates)
    return {
        "survey": item["survey"],
        "school_name": school_name,
        "respondent_group": item["respondent_group"],
        "item_id": item["item_id"],
        "item_text": item["item_text"],
        "about": item.get("about"),
        "first_year": first_year,
        "second_year": second_year,
        "first_n": first[0],
        "second_n": second[0],
        "first_favorable": first[1],
        "second_favorable": second[1],
        "shift_points": points,
        "shift_low": low,
        "shift_high": high,
        "clear_of_chance": is_clear(low, high, why_not),
        "comparable": comparable,
        "first_response_rate": rates[0],
        "second_response_rate": rates[1],
        "schools_compared": compared or None,
        "schools_new": "; ".join(sorted(new)) if new and first_year else None,
        "schools_gone": "; ".join(sorted(gone)) if gone else None,
        "first_all_favorable": all_first[1],
        "second_all_favorable": all_second[1],
    }


def time_before(name, school_year, administration, held):
    """The survey as it was asked and answered at another, earlier time of the year."""
    base, _, own = name.removesuffix(")").rpartition(" (")
    other = f"{base} ({administration})"
    order = ["fall", "spring"]
    earlier = own in order and order.index(administration) < order.index(own)
    return other if earlier and (other, school_year) in held else None


def answered_shifts(
    network,
    *,
    second_year,
    compare_year,
    compare_administration,
    schools,
    survey,
    respondent_group,
):
    """One row per survey, respondent group and item with answers in the second year."""
    known = items(network)
    years = years_of_answers(network, second_year, compare_year)
    given = answers_by_item(network, schools, survey, respondent_group)
    held = {(row["survey"], row["school_year"]) for row in given_answers(network)}
    names = school_names(network)
    chosen = all_schools(network) if schools is None else schools
    of_school = {one: answers_by_item(network, {one}, survey, respondent_group) for one in chosen}
    rows = []
    for (name, school_year, group, item_id), answers in given.items():
        first_year, last_year = years[name]
        if school_year != last_year:
            continue
        before = name
        if compare_administration:
            before = time_before(name, last_year, compare_administration, held)
            first_year = last_year if before else None
        keys = [(before, first_year, group, item_id), (name, last_year, group, item_id)]

        def share(key, answers_of):
            if key not in answers_of:
                return (0, None)
            return favorable(network, known[key], answers_of[key])

        by_name = {
            names[one]: tuple(share(key, answers_of) for key in keys)
            for one, answers_of in of_school.items()
        }
        rates = [
            response_rate(network, one, year, group, schools) if year else None
            for one, year, *_item in keys
        ]
        first, second = share(keys[0], given), favorable(network, known[keys[1]], answers)
        item = known[keys[1]]
        both = (first_year, last_year)
        other_time = known.get(keys[0]) if before != name else None
        rows.append(shift_row(network, item, None, both, first, second, rates, by_name, other_time))
    return rows


def published_shifts(
    network,
    *,
    second_year,
    compare_year,
    compare_administration,
    schools,
    survey,
    respondent_group,
    assume_n,
):
    """One row per survey, school, respondent group and item published for the second year.

    A selection of schools keeps what was published about a school of that name.
    """
    known = items(network)
    years = survey_years(network.rows("survey_published"), second_year, compare_year)
    names = None if schools is None else {school_names(network)[school] for school in schools}
    published = {}
    for row in network.rows("survey_published"):
        if names is not None and row["school_name"] not in names:
            continue
        if not is_chosen(row, survey, respondent_group):
            continue
        n = row.get("respondents")
        if n is None:
            n = assume_n
        key = (row["survey"], row["school_year"], row["school_name"])
        key += (row["respondent_group"], row["item_id"])
        published[key] = (n, row["percent_favorable"] / 100)
    rows = []
    for (name, school_year, school_name, group, item_id), second in published.items():
        first_year, last_year = years[name]
        item = known.get((name, last_year, group, item_id))
        if school_year != last_year or item is None:
            continue
        before = name
        if compare_administration:
            held = {key[:2] for key in published}
            before = time_before(name, last_year, compare_administration, held)
            first_year = last_year if before else None
        first = published.get((before, first_year, school_name, group, item_id), (None, None))
        other_time = known.get((before, first_year, group, item_id)) if before != name else None
        both = (first_year, last_year)
        rates = (None, None)
        rows.append(
            shift_row(network, item, school_name, both, first, second, rates, other_time=other_time)
        )
    return rows


def by_school(network, *, second_year=None, schools=None, survey=None, respondent_group=None):
    """culture/by_school: the second year of each survey, school by school."""
    known = items(network)
    years = years_of_answers(network, second_year)
    chosen = all_schools(network) if schools is None else schools
    names = school_names(network)
    rows = []
    for school in sorted(chosen):
        given = answers_by_item(network, {school}, survey, respondent_group)
        for key in sorted(given):
            name, school_year, group, item_id = key
            if school_year != years[name][1]:
                continue
            n, share = of_enough(*favorable(network, known[key], given[key]))
            rows.append(
                {
                    "survey": name,
                    "respondent_group": group,
                    "school_id": school,
                    "school_name": names[school],
                    "item_id": item_id,
                    "n": n,
                    "favorable": share,
                    "response_rate": response_rate(network, name, school_year, group, {school}),
                }
            )
    return rows


def by_topic(network, *, second_year=None, schools=None):
    """culture/by_topic: of each school the mean of its shares, one for each item of a topic; none
    where the items were asked on several scales, or not each of them has a share there."""
    years = years_of_answers(network, second_year)
    asked = {}
    for (survey, school_year, group, item_id), item in items(network).items():
        if item["topic"] and survey in years and school_year == years[survey][1]:
            asked.setdefault((survey, group, item["topic"]), {})[item_id] = item["scale"]
    given = {}
    for row in by_school(network, second_year=second_year, schools=schools):
        key = (row["survey"], row["respondent_group"], row["school_id"])
        given.setdefault(key, {})[row["item_id"]] = (row["n"], row["favorable"])
    rows = []
    for (survey, group, topic), scale_of in asked.items():
        for (of_survey, of_group, school_id), told in given.items():
            here = [told[item_id] for item_id in scale_of if item_id in told]
            if (survey, group) != (of_survey, of_group) or not here:
                continue
            shares = [share for _n, share in here if share is not None]
            is_whole = len(set(scale_of.values())) == 1 and len(shares) == len(scale_of)
            rows.append(
                {
                    "survey": survey,
                    "respondent_group": group,
                    "school_id": school_id,
                    "topic": topic,
                    "items": len(scale_of),
                    "scales": len(set(scale_of.values())),
                    "n": min(n for n, _share in here),
                    "favorable": sum(shares) / len(shares) if is_whole else None,
                }
            )
    return rows


def distribution(
    network,
    *,
    second_year=None,
    compare_year=None,
    schools=None,
    survey=None,
    respondent_group=None,
):
    """culture/distribution: every answer of the scale, of every item answered in either year.

    The share is of the answers that count; an answer that does not count has none.
    """
    known = items(network)
    years = years_of_answers(network, second_year, compare_year)
    given = answers_by_item(network, schools, survey, respondent_group)
    rows = []
    for key in sorted(given):
        name, school_year, group, item_id = key
        if school_year not in years[name]:
            continue
        n, _share = favorable(network, known[key], given[key])
        if n < FEWEST_SHOWN:
            continue
        for answer in scale_answers(network, known[key]["scale"]):
            number = given[key][answer["answer"]]
            rows.append(
                {
                    "survey": name,
                    "respondent_group": group,
                    "item_id": item_id,
                    "school_year": school_year,
                    "answer": answer["answer"],
                    "position": answer["position"],
                    "answers": number,
                    "share": Fraction(number, n) if n and is_yes(answer["counts"]) else None,
                }
            )
    return rows


def asked_alike(one, other):
    """The same words, whatever their case, spaces, full stops and quotation marks; scored alike."""

    def words(item):
        return [
            letter for letter in item["item_text"].lower() if letter not in " .\"'“”‘’„«»\u00a0"
        ]

    directions = {is_yes(item.get("reverse_scored")) for item in (one, other)}
    return words(one) == words(other) and len(directions) == 1


def group_gaps(network, *, second_year=None, schools=None, survey=None):
    """culture/group_gaps: the same item and scale, asked of two groups in the second year."""
    known = items(network)
    years = years_of_answers(network, second_year)
    given = answers_by_item(network, schools, survey)
    groups_of = defaultdict(list)
    for name, school_year, group, item_id in sorted(given):
        if school_year == years[name][1]:
            groups_of[name, school_year, item_id].append(group)
    rows = []
    for (name, school_year, item_id), groups in sorted(groups_of.items()):
        for group_a, group_b in combinations(sorted(groups), 2):
            key_a = (name, school_year, group_a, item_id)
            key_b = (name, school_year, group_b, item_id)
            if known[key_a]["scale"] != known[key_b]["scale"]:
                continue
            n_a, share_a = favorable(network, known[key_a], given[key_a])
            n_b, share_b = favorable(network, known[key_b], given[key_b])
            if min(n_a, n_b) < FEWEST_SHOWN:
                continue
            points, low, high = difference(share_b, n_b, share_a, n_a)
            if not asked_alike(known[key_a], known[key_b]):
                points = low = high = None
            rows.append(
                {
                    "survey": name,
                    "item_id": item_id,
                    "item_text": known[key_a]["item_text"],
                    "group_a": group_a,
                    "group_b": group_b,
                    "n_a": n_a,
                    "n_b": n_b,
                    "favorable_a": share_a,
                    "favorable_b": share_b,
                    "gap_points": points,
                    "gap_low": low,
                    "gap_high": high,
                }
            )
    return rows
