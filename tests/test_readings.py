"""Protects the sentences above the charts: none claims more than its numbers hold.

The tables are made by hand, one for each edge; words may be polished, but the figures, the
direction and the doubt must stay in them.
"""

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from pages.shared import basis
from pages.shared.absence import sentences as absence_sentences
from pages.shared.causes import sentences as causes_sentences
from pages.shared.culture import sentences as culture_sentences
from pages.shared.data import sentences as data_sentences
from pages.shared.plans import sentences as plans_sentences


def rows(*parts: dict, **defaults) -> pd.DataFrame:
    return pd.DataFrame([defaults | part for part in parts])


def absence_shifts(*parts: dict) -> pd.DataFrame:
    """Rows of absence/shifts: a clear fall of the whole, unless a part says otherwise."""
    return rows(
        *parts,
        level="selection",
        place="All students",
        first_rate=0.30,
        second_rate=0.25,
        change_points=-5.0,
        change_low=-8.0,
        change_high=-2.0,
        clear_of_chance=True,
        comparable=True,
        first_coverage=0.98,
        second_coverage=0.97,
        counted_since=None,
    )


def test_across_a_change_of_the_definition_nothing_is_compared():
    anew = {"counted_since": "2025-26", "first_rate": None, "change_points": None}
    for say in (absence_sentences.change, absence_sentences.change_at_a_glance):
        assert say(absence_shifts(anew)) == "Counted otherwise before 2025-26"
    assert absence_sentences.change_in_brief(absence_shifts(anew)) is None


def test_figures_held_against_each_other_show_what_decides():
    apart = {"comparable": False, "first_coverage": 0.946, "second_coverage": 0.8952}
    assert "on 94.6% of days then, on 89.5% now" in absence_sentences.change(absence_shifts(apart))
    close = {"first_rate": 0.25344, "second_rate": 0.25302, "change_points": -0.042}
    words = absence_sentences.change(absence_shifts(close))
    assert words.startswith("25.30%, against 25.34% last year")
    assert "0.04 points less, clear of chance" in words


def test_two_definitions_are_told_on_one_basis_and_why_they_differ():
    steps = rows(
        *(
            {"step": step, "students": students}
            for step, students in (
                ("here", 933),
                ("movers", 15),
                ("counted_again", 5),
                ("there", 952),
            )
        )
    )
    assert data_sentences.reconciliation(steps, "Federal", "New York City") == (
        "933 by “Federal”, 932 by “New York City”; 952 counted school by school"
    )
    federal, nyc = rows(
        {"label": "Federal", "students": 3965, "students_absent": 933, "sentence": "F."},
        {"label": "New York City", "students": 3964, "students_absent": 932, "sentence": "N."},
    ).itertuples()
    assert data_sentences.why_two_counts(steps, federal, nyc) == (
        "The same days by two rules: 933 of the 3,965 students that “Federal” evaluates; 932 of "
        "the 3,964 students that “New York City” evaluates. “New York City”: N. A state counts "
        "school by school, each by its own days: who was enrolled at two schools may then count at "
        "both, or at neither, which makes 20 more."
    )
    alone = steps.assign(students=[933, 0, 0, 932])
    assert data_sentences.reconciliation(alone, "A", "B") == "933 by “A”, 932 by “B”"
    assert "school by school" not in data_sentences.why_two_counts(alone, federal, nyc)


UP = {"second_rate": 0.36, "change_points": 6.0, "change_low": 2.0, "change_high": 9.0}
UNCLEAR = {"change_low": -8.0, "change_high": 1.0, "clear_of_chance": False}
APART = {
    "comparable": False,
    "clear_of_chance": None,
    "change_low": None,
    "change_high": None,
    "second_coverage": 0.61,
}
ALONE = {
    "first_rate": None,
    "change_points": None,
    "change_low": None,
    "change_high": None,
    "clear_of_chance": None,
    "comparable": None,
}


def test_a_clear_change_is_said_with_its_direction():
    fall, rise = (
        absence_sentences.change(absence_shifts({})),
        absence_sentences.change(absence_shifts(UP)),
    )
    for sentence in (fall, rise):
        assert "clear of chance" in sentence
        assert "chance could" not in sentence
    assert any(word in fall for word in ("less", "fewer"))
    assert "more" in rise
    assert "5" in fall.split(":")[-1]
    assert "6" in rise.split(":")[-1]


def test_an_unclear_change_is_called_one():
    sentence = absence_sentences.change(absence_shifts(UNCLEAR))
    assert "clear of chance" not in sentence
    assert "chance could" in sentence
    assert not any(word in sentence for word in ("less", "fewer", "more"))


@pytest.mark.parametrize(
    ("schools", "words"),
    [
        (2, "only two schools to compare, so see each by itself"),
        (0, "no school to compare with itself a year before"),
    ],
)
def test_a_change_without_an_interval_says_why(schools, words):
    alone = {"change_low": None, "change_high": None, "clear_of_chance": False}
    sentence = absence_sentences.change(absence_shifts(alone | {"schools_compared": schools}))
    assert sentence.endswith(words)


def test_years_that_cannot_be_compared_are_not():
    table = absence_shifts(APART)
    sentence = absence_sentences.change(table)
    assert "ot comparable" in sentence
    assert "98%" in sentence
    assert "61%" in sentence
    assert "25" not in sentence, "no rate that invites to compare"
    assert absence_sentences.change_in_brief(table) is None


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan")], ids=repr)
def test_without_a_last_year_nothing_is_compared(missing):
    table = absence_shifts(ALONE | {"change_points": missing, "comparable": missing})
    assert "no year before" in absence_sentences.change(table)
    assert absence_sentences.change_in_brief(table) is None
    assert "no year before" in absence_sentences.change(absence_shifts({"level": "school"}))


def test_a_change_in_brief_has_a_sign_that_a_metric_reads():
    assert absence_sentences.change_in_brief(absence_shifts({})).startswith("-5")
    assert absence_sentences.change_in_brief(absence_shifts(UP)).startswith("+6")


def school(name: str, **columns) -> dict:
    return {"level": "school", "place": name} | columns


def test_schools_that_moved_are_named_by_direction():
    sentence = absence_sentences.schools(
        absence_shifts(
            {},
            school("Alder"),
            school("Birch", **UP),
            school("Cedar", **UNCLEAR),
            school("Maple", **APART),
        )
    )
    fell, rose, apart = (part.strip() for part in sentence.split(";"))
    assert "fall" in fell and "Alder" in fell
    assert "rise" in rose and "Birch" in rose
    assert rose.endswith(", of 3 compared, where chance alone makes under one")
    assert "cannot be compared" in apart and "Maple" in apart
    assert "Cedar" not in sentence
    assert sentence[0].isupper()


def test_no_school_moved():
    sentence = absence_sentences.schools(absence_shifts({}, school("Alder", **UNCLEAR)))
    assert "Alder" not in sentence
    assert "no school" in sentence.lower()
    assert absence_sentences.schools(absence_shifts({})) == sentence, "and none at all reads alike"


def test_a_school_that_has_not_reported_is_no_school_that_moved():
    silent = school("Maple", **ALONE) | {"comparable": pd.NA, "clear_of_chance": pd.NA}
    assert "Maple" not in absence_sentences.schools(absence_shifts({}, silent))


@pytest.mark.parametrize(
    "names, listed",
    [
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C", "D"], "A, B, C and D"),
        (["A", "B", "C", "D", "E"], "5 schools"),
    ],
)
def test_up_to_four_schools_are_named(names, listed):
    sentence = absence_sentences.schools(absence_shifts({}, *(school(name) for name in names)))
    assert sentence.split(", of")[0].endswith(f"at {listed}")


def standing(**columns) -> pd.DataFrame:
    return rows(
        columns,
        schools=9,
        schools_reporting=9,
        school_year="2025-26",
        as_of=dt.date(2026, 3, 20),
        instructional_day=121,
        days_expected=1000,
        coverage=0.98,
        definition_label="Federal",
        schools_stopped=0,
        stopped_school=None,
        stopped_since=None,
        days_possible=121,
        minimum_days=10,
        nobody_yet=False,
        nothing_told=False,
        is_of_totals=False,
        newest_day=None,
    )


@pytest.mark.parametrize(
    ("is_sample", "what"), [(True, "The invented sample network"), (False, "exports/fall")]
)
def test_where_the_data_are_from_is_said_and_the_sample_called_invented(is_sample, what):
    loaded = pd.Series(
        {
            "is_sample": is_sample,
            "source": "exports/fall",
            "loaded_at": dt.datetime(2026, 8, 1, 9, 30),
            "name": "gen_1",
        }
    )
    assert data_sentences.loaded(loaded) == f"{what} · loaded August 1, 2026, 09:30"


def test_the_first_days_of_a_year_say_that_nobody_can_be_evaluated_yet():
    early = basis.counted(standing(days_possible=5, nobody_yet=True))
    assert early.endswith(
        "nobody can be evaluated yet: attendance was taken on 5 days, and it takes 10 days"
    )


def test_the_newest_day_is_said_to_be_old_from_the_second_week_on():
    newest = pd.Timestamp("2026-03-20")
    assert basis.behind_today(newest, dt.date(2026, 4, 1)) == ", 12 days before today"
    assert basis.behind_today(newest, dt.date(2026, 3, 27)) == ""
    assert basis.behind_today(None, dt.date(2026, 4, 1)) == ""


def test_a_school_that_stopped_sending_is_named_with_its_last_day():
    stopped = {"stopped_school": "Birch", "stopped_since": dt.date(2025, 10, 14)}
    assert basis.counted(standing(schools_stopped=1, **stopped)).endswith(
        "Birch: no attendance since October 14, 2025; its figures stand there"
    )
    assert "and 2 other schools stopped later" in basis.counted(
        standing(schools_stopped=3, **stopped)
    )
    last = {"last_row_date": dt.date(2025, 10, 14), "coverage": 0.2, "has_stopped": True}
    assert data_sentences.freshness(rows({"school_name": "Birch", **last})) == (
        "No attendance from Birch since October 14, 2025: its figures stand there"
    )


def test_what_is_counted_is_said_with_its_day_and_coverage():
    sentence = basis.counted(standing())
    for part in ("9 schools", "March 20, 2026", "98%"):
        assert part in sentence
    assert basis.counted(standing(schools=1, schools_reporting=1)).startswith("Up to March")
    assert "8 of 9 schools" in basis.counted(standing(schools_reporting=8))


@pytest.mark.parametrize("nothing", [{"as_of": None}, {"as_of": pd.NaT}, {"days_expected": 0}])
def test_before_the_first_day_nothing_is_counted(nothing):
    sentence = basis.counted(standing(**nothing))
    assert "9 schools" in sentence
    assert "%" not in sentence


def test_until_the_year_ends_nobody_is_chronically_absent_for_good():
    table = rows({"rate": 0.2353, "students": 3965, "students_absent": 933})
    under_way, over = (
        absence_sentences.headline(table, True),
        absence_sentences.headline(table, False),
    )
    assert "on track" in under_way
    assert "on track" not in over
    for sentence in (under_way, over):
        assert "24%" in sentence
        assert "933 of 3,965" in sentence


def test_nobody_evaluated_is_no_share():
    table = rows({"rate": None, "students": 0, "students_absent": 0})
    sentence = absence_sentences.headline(table, True)
    assert "%" not in sentence
    assert "0 of 0" not in sentence, "0 of 0 is not evaluated"
    assert "not known of" not in sentence


def tiers(severe: int, moderate: int) -> pd.DataFrame:
    counts = {"satisfactory": 50, "at_risk": 20, "moderate": moderate, "severe": severe}
    return pd.DataFrame({"tier": list(counts), "students": list(counts.values())})


def test_tiers_in_one_and_in_many():
    assert absence_sentences.tiers(tiers(1, 0)).startswith("1 student has")
    assert absence_sentences.tiers(tiers(0, 3)).startswith("0 students have")
    sentence = absence_sentences.tiers(tiers(1200, 34))
    assert "1,200" in sentence
    assert "34" in sentence


def test_near_the_threshold_in_one_and_in_many():
    table = rows({"standing": "within_3"}, {"standing": "can_recover"}, {"standing": "next_year"})
    one = absence_sentences.near_threshold(table.assign(students=[1, 2, 999]))
    assert one.startswith("1 student is")
    assert "2 " in one
    assert "999" not in one, "of those who cannot come back nothing is said"
    assert absence_sentences.near_threshold(table.assign(students=[0, 0, 0])).startswith(
        "0 students are"
    )
    early = table.assign(students=[None, 2, 3])
    assert absence_sentences.near_threshold(early).startswith(
        "It is too early to say who is within three"
    )
    signs = rows({"is_early": False})
    assert absence_sentences.close(early, signs).startswith("It is too early to say")
    four = table.assign(students=[4, 2, 3])
    assert absence_sentences.close(four, signs) == "4 within 3 absences"


def test_early_signs_in_words():
    table = rows(
        {"label": "2 to 4 days", "students": 1, "sentence": "A."},
        {"label": "more than 4 days", "students": 1200, "sentence": "B."},
    ).assign(is_early=True, source="S", source_date=pd.Timestamp("2014-07-01"))
    assert absence_sentences.early_signs(table) == (
        "In the first month 1 student missed 2 to 4 days so far, 1,200 more than 4 days"
    )
    assert absence_sentences.why_signs(table) == "A. B. S, 2014."
    assert absence_sentences.is_early(table)
    assert not absence_sentences.is_early(table.assign(is_early=False))


def test_grades_with_few_students_are_not_compared():
    table = rows(
        {"grade": "1", "students": 9, "rate": 0.9},
        {"grade": "2", "students": 10, "rate": 0.1},
        {"grade": "3", "students": 200, "rate": 0.4},
    )
    sentence = absence_sentences.grades(table)
    assert "10%" in sentence
    assert "40%" in sentence
    assert "90%" not in sentence
    assert "%" not in absence_sentences.grades(table.head(2))


def test_a_cause_stands_out_at_schools_where_ten_students_or_more_miss_much():
    """All nine of a school would stand out most; three of ten are more than two of twenty."""
    table = rows(
        {"group_name": "Alder", "students": 9, "students_absent": 9},
        {"group_name": "Birch", "students": 3, "students_absent": 10},
        {"group_name": "Cedar", "students": 2, "students_absent": 20},
        dimension="school",
        cause="asthma",
    )
    assert (
        causes_sentences.groups(table)
        == "Asthma stands out at Birch: 3 of 10 students who miss this much"
    )
    assert "Asthma" not in causes_sentences.groups(table.head(2)), "one school is no comparison"


def test_weekdays_by_share_and_not_by_count():
    """More days are missed in a long month; the share decides."""
    table = rows(
        {"weekday": "Monday", "month_start": dt.date(2025, 9, 1), "days_absent": 90},
        {"weekday": "Friday", "month_start": dt.date(2025, 10, 1), "days_absent": 20},
    ).assign(days_enrolled=[1000, 100])
    sentence = absence_sentences.weekdays(table)
    assert "Friday" in sentence
    assert "October" in sentence


def test_without_a_day_no_weekday_is_named():
    """A school that has not reported: there is a table, and nothing in it."""
    empty = pd.DataFrame(columns=["weekday", "month_start", "days_absent", "days_enrolled"])
    sentence = absence_sentences.weekdays(empty)
    assert sentence
    assert "nan" not in sentence.lower()
    assert causes_sentences.reasons(pd.DataFrame(columns=["reason", "share"]))


def test_reasons_with_and_without_a_record():
    known = {"reason": "Illness", "share": 0.25}
    unknown = {"reason": "Not recorded", "share": 0.75}
    both = causes_sentences.reasons(rows(unknown, known))
    assert "75%" in both
    assert "illness" in both
    assert "25%" in both
    assert "No reason was recorded" in causes_sentences.reasons(rows(unknown))
    assert "for 0% of" in causes_sentences.reasons(rows(known | {"share": 1.0}))


def culture_shifts(*parts: dict) -> pd.DataFrame:
    """Rows of culture/shifts: staff's answers to one item, clearly up."""
    return rows(
        *parts,
        survey="Climate",
        administration=None,
        first_administration=None,
        school_name=None,
        respondent_group="staff",
        item_id="adult",
        item_text="An adult cares.",
        about="students",
        first_year="2024-25",
        second_year="2025-26",
        first_n=100,
        second_n=100,
        shift_points=12.0,
        shift_low=2.0,
        shift_high=22.0,
        clear_of_chance=True,
        holds=True,
        comparable=True,
        why_not_clear=None,
        schools_new=None,
        schools_gone=None,
        schools_compared=1,
        published=False,
        n_assumed=False,
    )


MAYBE = {
    "shift_points": 3.0,
    "shift_low": -9.0,
    "shift_high": 15.0,
    "clear_of_chance": False,
    "holds": False,
}
DOWN = {"shift_points": -14.0, "shift_low": -24.0, "shift_high": -4.0, "item_text": "We are heard."}
REWORDED = {
    "shift_points": None,
    "shift_low": None,
    "shift_high": None,
    "clear_of_chance": None,
    "comparable": False,
    "why_not_clear": "other wording",
}
OTHERS = {"clear_of_chance": False, "why_not_clear": "response rates more than 20 points apart"}
WITHOUT_N = {"shift_low": None, "shift_high": None, "clear_of_chance": None, "published": True}


def test_shifts_are_counted_among_those_that_can_be_judged():
    sentence = culture_sentences.shifts(culture_shifts({}, DOWN, MAYBE, REWORDED))
    assert "2 of 3 shifts are clear of chance" in sentence
    assert "We are heard" in sentence, "the largest, up or down"
    assert "−14 points" in sentence
    assert "1 of 1 shift is" in culture_sentences.shifts(culture_shifts({}))
    reverse = culture_sentences.shifts(culture_shifts({"reverse_scored": True}))
    assert reverse.endswith("“An adult cares” (scored in reverse)")


def test_a_heading_names_what_holds_among_all_and_says_what_chance_makes():
    table = culture_shifts({}, DOWN | {"holds": False}, *[MAYBE] * 38)
    assert culture_sentences.shifts(table) == (
        "2 of 40 shifts are clear of chance, where chance alone makes about 2; the largest is "
        "+12 points: “An adult cares”"
    )
    told = culture_sentences.shifts(culture_shifts(*[{"holds": False}] * 2, *[MAYBE] * 16))
    assert told == (
        "2 of 18 shifts are clear of chance, where chance alone makes under one; among so many, "
        "these may be chance too"
    )
    assert "1 of 1 shift is clear of chance; the largest" in culture_sentences.shifts(
        culture_shifts({})
    )
    table = culture_shifts({}, *[MAYBE] * 39)
    assert culture_sentences.items_moved(table) == "1 up, 0 down"
    assert culture_sentences.items_moved_by_chance(table) == "of 40; by chance about 2"


def test_shifts_of_which_none_is_clear():
    sentence = culture_sentences.shifts(culture_shifts(MAYBE, MAYBE))
    assert sentence.startswith("None of 2 shifts is clear of chance, where chance alone makes")
    assert "largest" not in sentence


def test_shifts_that_something_speaks_against_are_neither_counted_nor_named():
    assert "1 of 1 shift is" in culture_sentences.shifts(culture_shifts({}, OTHERS))
    sentence = culture_sentences.shifts(culture_shifts(OTHERS, OTHERS))
    assert sentence == (
        "No shift can be called clear of chance: response rates more than 20 points apart"
    )
    assert culture_sentences.items_moved(culture_shifts({}, OTHERS)) == "1 up, 0 down"
    assert culture_sentences.items_moved(culture_shifts(OTHERS)) == "–"


def test_the_caption_gives_n_of_both_years_and_who_was_left_out():
    few = {"second_n": 15, "schools_new": "Birch; Cedar", "schools_gone": "Dale"}
    caption = culture_sentences.shift_caption(culture_shifts({}, few))
    assert "n an item: 100 answers in 2024-25, 15 to 100 answers in 2025-26." in caption
    assert "Birch and Cedar in 2025-26; Dale in 2024-25." in caption
    assert "Each school" not in caption
    several = culture_sentences.shift_caption(culture_shifts({"schools_compared": 3}))
    assert "Each school weighs the same both times." in several
    assert "Left out" not in several and "whole percents" not in several
    coded = culture_shifts({"schools_compared": 3, "withheld": False})
    assert "a figure may be a point off" in culture_sentences.shift_caption(coded)


def test_shifts_that_cannot_be_compared():
    sentence = culture_sentences.shifts(culture_shifts(REWORDED, REWORDED))
    assert sentence == "No item can be compared with 2024-25: other wording"
    untold = REWORDED | {"comparable": True, "why_not_clear": "not told of every school"}
    sentence = culture_sentences.shifts(culture_shifts(untold).assign(withheld=False))
    assert sentence == "No shift can be told since 2024-25: not told of every school"


def test_published_shifts_without_n_claim_no_certainty():
    sentence = culture_sentences.shifts(
        culture_shifts(WITHOUT_N, WITHOUT_N, WITHOUT_N | {"shift_points": -14.0})
    )
    assert "2 of 3 items" in sentence
    assert "cannot be said" in sentence
    assert "clear of chance" not in sentence


def test_items_moved_leave_published_tables_out():
    table = culture_shifts({}, MAYBE, REWORDED, {"published": True})
    assert culture_sentences.items_moved(table) == "1 up, 0 down"
    assert not any(letter.isdigit() for letter in culture_sentences.items_moved(table.tail(1)))
    assert culture_sentences.items_moved_by_chance(table.tail(1)) == ""
    beside = culture_sentences.items_moved_by_chance(table)
    assert beside == "of 2; by chance under one"
    many = culture_shifts(*[MAYBE] * 59, OTHERS, REWORDED, {"published": True})
    assert culture_sentences.items_moved_by_chance(many) == "of 59; by chance about 3"
    assert culture_sentences.items_moved(culture_shifts({}, DOWN, MAYBE)) == "1 up, 1 down"


@pytest.mark.parametrize("clear, verb", [(1, "is"), (0, "are"), (2, "are")])
def test_how_sure_a_sentence_is(clear, verb):
    change = SimpleNamespace(
        subject="absence",
        change_points=-4.04,
        change_low=-5.6,
        change_high=-2.4,
        first_n=3909,
        second_n=3965,
        clear=clear,
        comparisons=20,
        all_comparisons=64,
    )
    sentence = basis.certainty(change)
    assert "−6 to −2" in sentence
    assert "3,909 and 3,965" in sentence
    assert f"{clear} of 20 attendance comparisons {verb} clear" in sentence
    assert sentence.endswith("chance alone makes about 1. This one holds among all 64.")
    change.subject, change.comparisons, change.all_comparisons = "culture", 1, 1
    assert basis.certainty(change).endswith(
        f"{clear} of 1 survey comparison {verb} clear of chance. ".rstrip()
    )


def rates(**columns) -> pd.DataFrame:
    return rows(
        {"school_year": "2024-25", "respondents": 1, "invited": 2, "response_rate": 0.5},
        {
            "school_year": "2025-26",
            "respondents": 75,
            "invited": 100,
            "response_rate": 0.75,
            "schools_left_out": 0,
            "response_floor": 50,
        }
        | columns,
    )


def test_response_rates_of_the_newest_year():
    assert "75% answered: 75 of 100" in culture_sentences.response_rates(rates())
    without = culture_sentences.response_rates(rates(schools_left_out=2))
    assert without.endswith("75 of 100, without 2 schools where more answered than were asked")
    unknown = culture_sentences.response_rates(rates(response_rate=None, invited=None))
    assert "75 people" in unknown
    assert "not known" in unknown
    assert "%" not in unknown
    of_counts = rates(response_rate=None, respondents=None, respondents_known=75)
    told = culture_sentences.response_rates(of_counts)
    assert told == "At least 75 people answered; counts do not say how many"
    assert "1 person " in culture_sentences.response_rates(rates(response_rate=None, respondents=1))
    assert "Nobody" in culture_sentences.response_rates(rates().head(0))
    # Just below the floor, and not quite everybody.
    below = {"respondents": 398, "invited": 800, "response_rate": 398 / 800}
    assert "49.8% answered" in culture_sentences.response_rates(rates(**below))
    most = {"respondents": 799, "invited": 800, "response_rate": 799 / 800}
    assert "99.9% answered" in culture_sentences.response_rates(rates(**most))


def test_whose_view_of_whom():
    caption = culture_sentences.shift_caption(culture_shifts({}))
    assert "not what students say" in caption
    own = culture_sentences.shift_caption(culture_shifts({"respondent_group": "students"}))
    assert "not what students say" not in own
    about_staff = culture_sentences.shift_caption(culture_shifts({"about": "staff"}))
    assert "not what students say" not in about_staff


def test_a_published_table_says_that_n_is_not_published():
    table = culture_shifts(WITHOUT_N | {"school_name": "Heritage", "second_n": None})
    sentence = culture_sentences.survey_standing(table, rates())
    assert "n not published" in sentence
    assert "75%" not in sentence, "the response rate is of another survey"
    assert "interval" not in culture_sentences.shift_caption(table)
    assumed = table.assign(n_assumed=True)
    assert "assume" in culture_sentences.survey_standing(assumed, rates())


@pytest.mark.parametrize(
    "points, first, second", [(20.0, "Staff", "families"), (-20.0, "Families", "staff")]
)
def test_the_higher_group_is_named_first(points, first, second):
    gap = {"group_a": "staff", "group_b": "families", "item_text": "Heard.", "gap_points": points}
    gap |= {"gap_low": points - 5, "gap_high": points + 5}
    gap |= {"n_a": 10, "n_b": 10, "reverse_scored": True}
    few = gap | {"n_b": 9, "gap_points": 90.0}
    sentence = culture_sentences.gaps(rows(few, gap))
    assert sentence.endswith("“Heard” (scored in reverse)")
    assert culture_sentences.gaps(rows(few)) == "Too few answers to tell a gap between two groups"
    assert sentence.startswith(first)
    assert f"above {second}" in sentence
    assert "20 points" in sentence
    assert "−" not in sentence
    assert "points" not in culture_sentences.gaps(rows(gap).head(0)), (
        "everybody may be told of none"
    )
    assert "in the same words" in culture_sentences.gaps(rows(gap | {"gap_points": None}))
    unsure = rows(gap | {"gap_low": -1.0, "gap_high": 41.0})
    assert culture_sentences.gaps(unsure) == "No gap between two groups is clear of chance"


FIRST = {"first_year": None, "first_n": None, "second_year": "2025-26", "shift_points": None}
HIGH = FIRST | {"second_favorable": 0.92, "second_n": 40}
LOW = FIRST | {"second_favorable": 0.12, "second_n": 40, "item_text": "We are heard."}


def test_a_first_year_is_told_by_its_largest_and_smallest_item():
    """Of few answers none is named, and no word compares with a year that is not there."""
    few = FIRST | {"second_favorable": 1.0, "second_n": 9, "item_text": "Few said so."}
    table = culture_shifts(HIGH, LOW, few)
    assert culture_sentences.is_first_year(table)
    assert not culture_sentences.is_first_year(culture_shifts({}, HIGH))
    assert culture_sentences.items_of_a_year(table) == (
        "Agreement goes from 12% on “We are heard” to 92% on “An adult cares”"
    )
    assert (
        culture_sentences.items_of_a_year(culture_shifts(HIGH))
        == "Agreement is 92% on “An adult cares”"
    )
    assert culture_sentences.items_of_a_year(culture_shifts(few)) == "1 item was asked in 2025-26"
    words = culture_sentences.year_caption(table)
    assert "2025-26" in words
    assert "None" not in words
    assert "shift" not in words


def test_wording_in_one_and_in_many():
    same = {"respondent_group": "staff", "item_id": "a", "comparable": True}
    same |= {"earlier_year": "2024-25"}
    first = same | {"earlier_year": None, "comparable": None}
    assert culture_sentences.wording(rows(first)) == "1 item was asked in the first year"
    changed = same | {"comparable": False}
    assert "Every item" in culture_sentences.wording(rows(same, same | {"comparable": None}))
    assert culture_sentences.wording(rows(same, changed, changed)).startswith("1 item was")
    both = culture_sentences.wording(rows(changed, changed | {"respondent_group": "families"}))
    assert both.startswith("2 items were")


def test_freshness_names_the_silent_and_the_least_covered():
    reported = {"school_name": "Alder", "last_row_date": dt.date(2026, 3, 20), "coverage": 0.61}
    silent = {"school_name": "Birch", "last_row_date": None, "coverage": 0.0}
    assert "Birch" in data_sentences.freshness(rows(silent, reported, has_stopped=False))
    one = data_sentences.freshness(rows(reported, has_stopped=False))
    assert "1 school has" in one
    assert "Alder" in one
    assert "61%" in one


def test_n_needed():
    table = rows({"smallest_n": 24}, {"smallest_n": 871}, {"smallest_n": None})
    assert "24 answers" in culture_sentences.n_needed(table)
    assert "871" in culture_sentences.n_needed(table)
    assert "1,000" in culture_sentences.n_needed(rows({"smallest_n": None}))


def test_schools_with_few_answers_are_not_compared():
    table = rows(
        {"n": 9, "favorable": 1.0},
        {"n": 10, "favorable": 0.2},
        {"n": 30, "favorable": 0.5},
        first_year=None,
    )
    assert "Between 20% and 50% at 2 schools" in culture_sentences.item_schools(table)
    assert "%" not in culture_sentences.item_schools(table.head(2))


def test_the_unknown_is_neither_true_nor_false():
    claims = pd.Series([True, False, None, pd.NA, float("nan")], dtype=object)
    assert list(basis.is_are(True, claims)) == [True, False, False, False, False]
    assert list(basis.is_are(False, claims)) == [False, True, False, False, False]


def test_one_student_of_many_is_not_said_to_be_none():
    (row,) = rows(
        {"label": "Severe", "students": 3978, "students_absent": 1, "rate": 1 / 3978}
    ).itertuples()
    assert data_sentences.definition_result(row) == "Severe: 1 of 3,978, 0.03%"


def test_of_many_definitions_the_one_in_force_and_those_written_here_are_read_first():
    counted = {"students": 10, "students_absent": 1, "rate": 0.1}
    labels = ["In force", *"bcdefgh", "Ours", "ours 2"]
    table = rows(*({"label": label} for label in labels), **counted)
    told = data_sentences.definition_results(table, rows({"label": "OURS "}, {"label": "Ours 2"}))
    assert [line.split(":")[0] for line in told] == ["In force", "Ours", "ours 2", *"bcdef"]


def test_attendance_of_a_withheld_number_of_students_is_withheld():
    coded = {"rate_at_most": pd.NA, "attendance_rate": pd.NA}
    told = [
        absence_sentences.attendance(
            pd.DataFrame([coded | {"students": students, "withheld": True}])
        )
        for students in (pd.NA, 0)
    ]
    assert told == ["withheld", "Too early"]


# --- Plans ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("idea", "words"),
    [
        ("A call home", "Two trials."),
        ("A walk to school", "Nothing was written down about it yet."),
        ("No idea of the menu", ""),
    ],
)
def test_what_is_known_of_an_idea_or_that_nothing_was_written(idea, words):
    ideas = pd.DataFrame(
        {"idea": ["A call home", "A walk to school"], "known": ["Two trials.", ""]}
    )
    assert plans_sentences.known(ideas, idea) == words
