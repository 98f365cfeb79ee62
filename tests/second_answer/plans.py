"""Study, a second time: one plan, one student, one day after the other.

The rules are those that the page says (queries/plans/study.sql, docs/decisions.md):

    before     the school year up to the day before the plan begins: twenty days at least
    recent     the last twenty of these days
    after      from the first day of the plan to the day asked for, or the day up to which a closed
               plan was looked at: ten days at least
    a student  was enrolled at the school on four fifths of the recent and of the later days
    a match    is in no plan of the year, in the same grade band, and missed about as much: over
               the year so far within 2 points or a fifth, recently within a day or a fifth
"""

import json
import math
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import date
from fractions import Fraction

from tests.second_answer import absence

Z = 1.959964


def named(home, kind):
    """name -> the newest version of each record of a kind that was not removed."""
    if not (home / "team.sqlite").exists():
        return {}
    with closing(sqlite3.connect(home / "team.sqlite")) as connection:
        rows = connection.execute(
            "SELECT record, body FROM entry WHERE kind = ? ORDER BY version", [kind]
        ).fetchall()
    return {record: json.loads(body) for record, body in dict(rows).items() if body is not None}


class Year:
    """One school year of a network, with its plans and whom they are for."""

    def __init__(self, network, home, school_year, as_of=None, definition="federal"):
        self.network, self.year = network, school_year
        self.as_of = absence.as_of_date(network, school_year, as_of)
        self.adds_up = absence.DEFINITIONS[definition].day_rule == "fraction"
        self.plans = {
            name: plan
            for name, plan in named(home, "plan").items()
            if plan["school_year"] == school_year
        }
        self.members = defaultdict(set)
        for member in named(home, "member").values():
            if member["plan"] in self.plans:
                self.members[member["plan"]].add(member["student_id"])
        self.in_a_plan = set().union(*self.members.values())
        self.stays = {
            (school, student): stay
            for student, stays in absence.student_days(network, school_year).items()
            for school, stay in stays.items()
        }
        self.students = defaultdict(list)
        for school, student in self.stays:
            self.students[school].append(student)
        self.found = {}
        self.grades, self.codes = defaultdict(list), defaultdict(list)
        for row in network.rows("enrollments"):
            if row["school_year"] == school_year:
                stay = row["school_id"], row["student_id"]
                self.grades[stay].append((row["entry_date"], row.get("grade") or "Unknown"))
                self.codes[stay].append((row["entry_date"], row.get("calendar_code") or ""))

    def counted(self, share):
        if self.adds_up or share == 1:
            return share
        return int(share >= Fraction(1, 2))

    def days_of(self, school, student):
        """day -> what was missed of it."""
        stay = self.stays.get((school, student))
        return {day: self.counted(stay.at(day)[0]) for day in stay.days} if stay else {}

    def taken(self, school):
        if not absence.has_reported(self.network, self.year, school):
            return []
        days = absence.calendar(self.network, self.year, school)
        return [day for day, taken in days.items() if taken]

    def until(self, plan):
        if plan["ended_on"]:
            return min(self.as_of, date.fromisoformat(plan["looked_up_to"]))
        return self.as_of

    def windows(self, plan, school):
        """Before, the last twenty of them, and after; None where they are too short."""
        begins = date.fromisoformat(plan["begins_on"])
        before = [day for day in self.taken(school) if day < begins]
        after = [day for day in self.taken(school) if begins <= day <= self.until(plan)]
        if len(before) < 20 or len(after) < 10:
            return None
        return [
            frozenset(day for day in days if self.counts(plan, day))
            for days in (before, before[-20:], after)
        ]

    @staticmethod
    def counts(plan, day):
        return plan["measure"] == "days missed" or day.weekday() in (0, 4)

    def band(self, plan, school, student):
        begins = date.fromisoformat(plan["begins_on"])
        grade = max(
            (entry, grade) for entry, grade in self.grades[school, student] if entry < begins
        )[1]
        if grade in ("PK", "K"):
            return "kindergarten"
        if grade == "Unknown":
            return grade
        return next(last for last in (5, 8, 12) if int(grade) <= last)

    def enrolled_through(self, plan, school, student, windows):
        """The student's share missed in each window, or None."""
        stay = self.stays[school, student]
        before, recent, after = (window & stay.day_set for window in windows)
        if not recent or not after:
            return None
        code = max(self.codes[school, student])[1] or None
        for here, window in ((recent, windows[1]), (after, windows[2])):
            own = [
                day
                for day in window
                if absence.is_own_day(self.network, self.year, school, code, day)
            ]
            if 5 * len(here) < 4 * len(own):
                return None
        shares = [
            Fraction(
                sum(self.counted(row[0]) for day, row in stay.recorded.items() if day in window)
            )
            / len(window)
            for window in (before, recent, after)
        ]
        return {
            "student": student,
            "school": school,
            "band": self.band(plan, school, student),
            "before": shares[0],
            "earlier": math.floor(1000 * shares[0]),
            "recent": math.floor(1000 * shares[1]),
            "a_day": 1000 // len(recent),
            "after": shares[2],
        }

    def at(self, plan, school, students):
        key = "at", school, self.year, self.adds_up, plan["begins_on"], self.until(plan)
        everybody = absence.remember(
            self.network, (*key, plan["measure"]), lambda: self.everybody(plan, school)
        )
        return [everybody[one] for one in students if everybody.get(one)]

    def everybody(self, plan, school):
        """student -> what was missed around a plan's first day, of all at the school."""
        windows = self.windows(plan, school)
        return {
            student: self.enrolled_through(plan, school, student, windows)
            for student in self.students[school]
            if windows is not None
        }

    def similar(self, school):
        rows = {row["school_id"]: row for row in self.network.rows("schools")}

        def kind(one):
            return rows[one].get("network"), rows[one].get("level")

        return [one for one in rows if kind(one) == kind(school)]

    def matched(self, name):
        """The plan's students, and for each the students that match them; looked for once."""
        if name not in self.found:
            self.found[name] = self.look_for_matches(name)
        return self.found[name]

    def look_for_matches(self, name):
        plan = self.plans[name]
        own = plan["school_id"]
        mine = self.at(plan, own, [s for s in self.students[own] if s in self.members[name]])
        others = [
            one
            for school in self.similar(own)
            for one in self.at(
                plan, school, [s for s in self.students[school] if s not in self.in_a_plan]
            )
        ]
        return mine, [self.matches(student, others) for student in mine]

    @staticmethod
    def matches(student, others):
        alike = [
            other
            for other in others
            if other["band"] == student["band"]
            and abs(other["earlier"] - student["earlier"]) <= max(20, student["earlier"] // 5)
            and abs(other["recent"] - student["recent"])
            <= max(student["a_day"], student["recent"] // 5)
        ]
        near = [other for other in alike if other["school"] == student["school"]]
        found = near if len(near) >= 10 else alike
        return found if len(found) >= 5 else []


def mean(values):
    values = list(values)
    return float(sum(values) / len(values)) if values else None


def weighted(pairs, column):
    return sum(weight * float(one[column]) for one, weight in pairs) / sum(w for _, w in pairs)


def compare(matched):
    """One comparison of the students of one plan, or of several: a list of Year.matched."""
    mine, plans, used = [], [], set()
    for students, matches in matched:
        mine += students
        compared = [one for one, those in zip(students, matches, strict=True) if those]
        weight = defaultdict(float)
        row = {}
        for those in matches:
            for other in those:
                key = other["school"], other["student"]
                row[key] = other
                weight[key] += 1 / len(those)
        used |= set(row)
        if compared:
            plans.append((compared, [(row[key], weight[key]) for key in row]))
    compared = [one for students, _ in plans for one in students]
    pairs = [pair for _, those in plans for pair in those]
    answer = {
        "students": len(mine),
        "matched": len(compared),
        "comparison_students": len({student for _, student in used}),
        "schools_compared": len({school for school, _ in used}),
        "before_rate": mean(one["before"] for one in mine),
        "after_rate": mean(one["after"] for one in mine),
        "comparison_before": None,
        "comparison_after": None,
        "difference_points": None,
        "low": None,
        "high": None,
        "verdict": "cannot compare",
    }
    total = sum(w for _, w in pairs)
    stand_for = total**2 / sum(w**2 for _, w in pairs) if pairs else 0
    # Twenty are twenty, also where thirds add up to 0.999...
    if len(compared) < 10 or 5 * len(compared) < 4 * len(mine) or round(stand_for, 6) < 20:
        return answer
    rest, comparison_rest = residuals(plans)
    difference = sum(rest) / len(rest)
    of_plan = sum((one - difference) ** 2 for one in rest) / (len(rest) - 1)
    of_comparison = sum(w * one**2 for one, w in comparison_rest) / total
    of_comparison *= stand_for / (stand_for - 2 - len(plans))
    variance = max(of_plan, of_comparison) * (1 / len(rest) + 1 / stand_for)
    reach = student_t(len(rest) - 1) * math.sqrt(variance)
    low, high = difference - reach, difference + reach
    return answer | {
        "before_rate": mean(one["before"] for one in compared),
        "after_rate": mean(one["after"] for one in compared),
        "comparison_before": weighted(pairs, "before"),
        "comparison_after": weighted(pairs, "after"),
        "difference_points": 100 * difference,
        "low": 100 * low,
        "high": 100 * high,
        "verdict": "fewer days missed"
        if high < 0
        else "more days missed"
        if low > 0
        else "no clear difference",
    }


def residuals(plans):
    """What each missed after, beyond the straight line through the comparison students."""
    centred, comparison = [], []
    for students, pairs in plans:
        middle = {column: weighted(pairs, column) for column in ("earlier", "recent", "after")}

        def away(one, middle=middle):
            return [float(one[column]) - middle[column] for column in middle]

        centred += [away(one) for one in students]
        comparison += [(away(one), weight) for one, weight in pairs]
    # Gram and Schmidt: first by earlier, then by what recent says beside it.
    length = sum(w * e * e for (e, _, _), w in comparison)
    along = sum(w * e * r for (e, r, _), w in comparison) / length if length else 0.0
    beside = [(e, r - along * e, y, w) for (e, r, y), w in comparison]
    rest_length = sum(w * r * r for _, r, _, w in beside)
    whole_length = sum(w * r * r for (_, r, _), w in comparison)
    by_earlier = sum(w * e * y for e, _, y, w in beside) / length if length else 0.0
    by_recent = (
        sum(w * r * y for _, r, y, w in beside) / rest_length
        if rest_length > 1e-9 * whole_length
        else 0.0
    )

    def rest(one):
        e, r, y = one
        return y - by_earlier * e - by_recent * (r - along * e)

    return [rest(one) for one in centred], [(rest(one), w) for one, w in comparison]


def student_t(freedom):
    """The 97.5% quantile, by Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5)."""
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    return Z + first / freedom + second / freedom**2 + third / freedom**3


# --- The questions ----------------------------------------------------------------------------


# All three are asked of one Year, so that matches are looked for once.


def study(year, schools):
    """plans/study: name of the plan -> its row."""
    rows = {}
    for name, plan in year.plans.items():
        if plan["school_id"] not in schools:
            continue
        begins = date.fromisoformat(plan["begins_on"])
        taken = year.taken(plan["school_id"])
        before = sum(day < begins for day in taken)
        after = sum(begins <= day <= year.until(plan) for day in taken)
        rows[name] = {
            **compare([year.matched(name)]),
            "members": len(year.members[name]),
            "days_before": before,
            "days_after": after,
        }
        if begins > year.as_of:
            rows[name]["verdict"] = "not begun"
        elif before < 20 or after < 10:
            rows[name]["verdict"] = "too soon"
    return rows


def by_idea(year, schools):
    """plans/by_idea: (idea, measure) -> its row."""
    apart = study(year, schools)
    names = defaultdict(list)
    for name in apart:
        names[year.plans[name]["idea"], year.plans[name]["measure"]].append(name)
    rows = {}
    for key, those in names.items():
        begun = [one for one in those if apart[one]["verdict"] != "not begun"]
        found = [apart[one]["difference_points"] for one in those]
        found = [one for one in found if one is not None]
        together = compare([year.matched(one) for one in those])
        del together["schools_compared"]
        if not begun:
            together["verdict"] = "not begun"
        elif not together["students"]:
            together["verdict"] = "too soon"
        rows[key] = together | {
            "plans": len(begun),
            "schools": len({year.plans[one]["school_id"] for one in begun}),
            "plans_compared": len(found),
            "lowest": min(found) if len(found) > 1 else None,
            "highest": max(found) if len(found) > 1 else None,
        }
    return rows


def weeks(year, schools):
    """plans/weeks: (plan, Monday) -> its row."""
    rows = {}
    for name, plan in year.plans.items():
        if plan["school_id"] not in schools:
            continue
        own = plan["school_id"]
        mine, theirs, weight = defaultdict(list), defaultdict(list), defaultdict(float)
        for student in year.members[name]:
            for day, missed in year.days_of(own, student).items():
                if day <= year.until(plan) and year.counts(plan, day):
                    mine[monday(day)].append(missed)
        for those in year.matched(name)[1]:
            for other in those:
                weight[other["school"], other["student"]] += 1 / len(those)
        for key, of_other in weight.items():
            for day, missed in year.days_of(*key).items():
                if day <= year.until(plan) and year.counts(plan, day):
                    theirs[monday(day)].append((missed, of_other))
        first = monday(date.fromisoformat(plan["begins_on"]))
        for week, days in mine.items():
            whole = sum(w for _, w in theirs[week])
            rows[name, week] = {
                "period": "before" if week < first else "after",
                "days_enrolled": len(days),
                "days_missed": float(sum(days)),
                "rate": float(sum(days)) / len(days),
                "comparison_rate": sum(float(m) * w for m, w in theirs[week]) / whole
                if whole
                else None,
            }
    return rows


def monday(day):
    return date.fromordinal(day.toordinal() - day.weekday())
