"""Protects the way from exports of survey systems to the survey files: one survey, written as each
system would, comes back row for row; what is impossible or not known is refused or asked.
"""

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from queries import convert, database
from queries.convert import mapping as mappings
from queries.convert import scales
from queries.health import checked_against
from queries.load import load
from queries.selection import Selection
from tests.map_figures import figures
from tests.support import survey_exports as exports
from tests.support.readers import ALL_NAMES
from tests.support.survey_exports import AGREE, ITEMS, OFTEN, YEAR, Survey, write

SCALES = {("agree_5", answer, str(n)) for answer, n in AGREE.items()} | {
    ("often_5", answer, str(n)) for answer, n in OFTEN.items()
}
ONE = {("Climate", YEAR, "students")}


def converted(folder: Path) -> dict[str, list[dict]]:
    """The rows of each exchange file, with schools by name and items by wording."""
    mapping, _, problems = convert.look(folder)
    assert not problems
    file = folder.parent / f"{folder.name}.toml"
    if (folder / mappings.NAME).exists():
        file = folder / mappings.NAME
    else:
        file.write_text(mappings.written(mapping), "utf-8")
    files = {n: t.to_dict("records") for n, t in convert.convert(folder, file).files.items()}
    schools = {one["school_id"]: one["school_name"] for one in files["schools"]}
    items = {one["item_id"]: one["item_text"] for one in files["survey_items"]}
    for name in ("survey_answers", "survey_counts"):
        for row in files.get(name, []):
            row["school"], row["item"] = schools[row["school_id"]], items[row["item_id"]]
    return files


def answers(rows: list[dict]) -> set[tuple]:
    assert {(r["survey"], r["school_year"], r["respondent_group"]) for r in rows} == ONE
    return {(r["school"], r["respondent_id"], r["item"], r["answer"]) for r in rows}


def asked(folder: Path) -> str:
    """What has to be said before a folder is converted; nothing is converted until then."""
    mapping, _, _ = convert.look(folder)
    with pytest.raises(convert.MappingProblem):
        convert.convert(folder)
    return "\n".join(mapping.questions())


def expected(survey: Survey) -> set[tuple]:
    return {(school, who, ITEMS[item][0], said) for school, who, item, said in survey.answers}


def scales_of(files: dict[str, list[dict]]) -> set[tuple]:
    for one in files["survey_scales"]:
        assert (one["counts"] == "no") == (one["answer"] == "Don't know")
        assert (one["favorable"] == "yes") == (one["position"] in "45")
    return {(one["scale"], one["answer"], one["position"]) for one in files["survey_scales"]}


def of_items(files: dict[str, list[dict]]) -> dict[str, tuple]:
    return {one["item_text"]: (one["scale"], one["reverse_scored"])
            for one in files["survey_items"]}  # fmt: skip


THE_ITEMS = {text: ("agree_5" if scale is AGREE else "often_5", "no")
             for text, scale in ITEMS.values()}  # fmt: skip


@pytest.mark.parametrize("export", [exports.long, exports.google_forms, exports.qualtrics])
def test_people_s_answers_come_back_row_for_row(tmp_path, export):
    survey = Survey()
    export(tmp_path, survey)
    files = converted(tmp_path)
    if export is exports.google_forms:
        # There respondents have no id: they are the lines of the file.
        lines = {str(n): who for n, who in enumerate(survey.respondents, start=2)}
        for row in files["survey_answers"]:
            row["respondent_id"] = lines[row["respondent_id"]]
    assert len(files["survey_answers"]) == len(survey.answers)
    assert answers(files["survey_answers"]) == expected(survey)
    assert of_items(files) == THE_ITEMS
    assert scales_of(files) == SCALES


def test_previews_and_unfinished_responses_are_left_out_and_counted(tmp_path):
    exports.qualtrics(tmp_path, Survey())
    told = "\n".join(map(str, convert.convert(tmp_path).findings))
    assert "has 1 previews and tests" in told and "has 1 responses not finished" in told


def test_who_names_no_school_is_set_aside_and_counted(tmp_path):
    path = exports.long(tmp_path, Survey())
    changed(path, lambda rows: [[c[0], "" if n in (5, 9) else c[1], *c[2:]]
                                for n, c in enumerate(rows)])  # fmt: skip
    found = [one for one in convert.convert(tmp_path).findings if one.kind == "set_aside"]
    assert [(one.line, one.rows) for one in found] == [(6, 2)]
    assert len(converted(tmp_path)["survey_answers"]) == len(Survey().answers) - 2


def test_a_question_with_several_answers_in_a_cell_is_no_item_and_that_is_said(tmp_path):
    exports.google_forms(tmp_path, Survey())
    mapping, _, _ = convert.look(tmp_path)
    (one,) = mapping.sheets
    meaning = one.columns["What do you like here? (Choose all that apply)"]
    assert (meaning.value, meaning.certainty) == ("", "ask")
    assert "several answers in a cell" in meaning.why and not mapping.questions()


def test_numbers_beside_an_item_bank(tmp_path):
    survey = Survey()
    exports.wide_with_bank(tmp_path, survey)
    files = converted(tmp_path)
    numbers = {(school, who, text, str(ITEMS_BY_TEXT[text][said]))
               for school, who, text, said in expected(survey) if said != "Don't know"}  # fmt: skip
    assert answers(files["survey_answers"]) == numbers
    assert {one["topic"] for one in files["survey_items"]} == {"Belonging"}
    mapping, _, _ = convert.look(tmp_path)
    favorable = mapping.conventions["favorable_1_to_5"]
    assert (favorable.value, favorable.certainty) == ("4, 5", "likely")
    assert "by custom" in "\n".join(map(str, convert.convert(tmp_path).findings))


ITEMS_BY_TEXT = {text: scale for text, scale in ITEMS.values()}


def test_an_item_bank_beside_answers_of_no_known_year_is_read(tmp_path):
    exports.wide_with_bank(tmp_path, Survey()).rename(tmp_path / "climate.csv")
    assert "of which school year is it" in asked(tmp_path)


def counted(survey: Survey) -> dict[tuple, str]:
    return {(school, ITEMS[item][0], said): str(n)
            for (school, item, said), n in survey.counts.items()}  # fmt: skip


@pytest.mark.parametrize("shape", ["long", "wide", "percents"])
def test_counts_and_percentages_of_so_many_people_come_back_as_counts(tmp_path, shape):
    survey = Survey()
    if shape == "long":
        exports.counts_long(tmp_path, survey)
    else:
        exports.counts_wide(tmp_path, survey, percents=shape == "percents")
    files = converted(tmp_path)
    rows = files["survey_counts"]
    assert {(r["survey"], r["school_year"], r["respondent_group"]) for r in rows} == ONE
    told = {(r["school"], r["item"], r["answer"]): r["answers"] for r in rows}
    assert len(rows) == len(told) and "survey_answers" not in files
    assert {key: n for key, n in told.items() if n != "0"} == counted(survey)
    assert of_items(files) == THE_ITEMS and scales_of(files) == SCALES


def test_percent_favorable_alone_is_what_was_published(tmp_path):
    survey = Survey()
    path = exports.published(tmp_path, survey)
    given = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    files = converted(tmp_path)
    found = {(r["school_name"], r["item_id"], float(r["percent_favorable"]), r["respondents"])
             for r in files["survey_published"]}  # fmt: skip
    assert found == {(r["School"], r["Question ID"], float(r["Percent Favorable"]), r["N"])
                     for r in given}  # fmt: skip


def test_culture_answers_the_same_of_people_and_of_counts_as_of_the_exchange_folder(
    tmp_path, use_home
):
    survey = Survey()
    exports.google_forms(tmp_path / "forms", survey)
    exports.counts_wide(tmp_path / "counts", survey, percents=True)
    exports.long(tmp_path / "long", survey)
    convert.write(convert.convert(tmp_path / "long"), tmp_path / "again")
    answered = []
    for name, load_it in (("forms", convert.load), ("counts", convert.load), ("again", load)):
        load_it(tmp_path / name, tmp_path / f"home {name}", share_view=False)
        use_home(tmp_path / f"home {name}")
        rows = database.records("culture/distribution", Selection(), ALL_NAMES)
        shown = ("item_text", "answer", "position", "counts", "favorable", "answers", "share")
        answered.append(sorted(tuple(str(row[one]) for one in shown) for row in rows))
    assert answered[0] == answered[1] == answered[2]
    told = Counter((ITEMS[item][0], said) for _, _, item, said in survey.answers)
    assert {(row[0], row[1]): int(row[5]) for row in answered[0] if row[5] != "0"} == told


def test_questions_asked_alike_in_two_years_are_the_same_items(tmp_path):
    for year in ("2024-25", YEAR):
        exports.counts_long(tmp_path / year, Survey())
        (tmp_path / year / "climate_students_2025-26.csv").rename(
            tmp_path / f"climate_students_{year}.csv"
        )
    path = tmp_path / "climate_students_2024-25.csv"
    text = path.read_text("utf-8")
    for old, new in (("Q1", "V7"), ("Q2", "Q1")):
        text = text.replace(f"{old},", f"{new},")
    path.write_text(text, "utf-8")
    items = convert.convert(tmp_path).files["survey_items"]
    assert items.groupby("item_text").item_id.nunique().eq(1).all()
    assert len(items) == 2 * len(ITEMS) and items.item_id.nunique() == len(ITEMS)


# What is not said is asked, and what cannot be is refused


def changed(path: Path, change) -> None:
    """Rewrite a file by change(rows), its header first."""
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    write(path, change(rows))


def refused(folder: Path) -> str:
    found = [str(one) for one in convert.convert(folder).findings if one.kind == "refused"]
    assert found
    return "\n".join(found)


def test_which_way_numbers_run_is_asked_unless_words_say_it(tmp_path):
    exports.qualtrics(tmp_path / "not said", Survey(), numbers=True)
    assert "favorable_1_to_5: which of 1 to 5 are favorable?" in asked(tmp_path / "not said")
    down = " (1 = Strongly agree, 5 = Strongly disagree)"
    exports.qualtrics(tmp_path / "said", Survey(), numbers=True, ends=down)
    scales = converted(tmp_path / "said")["survey_scales"]
    favorable = {one["answer"] for one in scales if one["favorable"] == "yes"}
    assert favorable == {"1", "2"}


def test_numbers_as_somebody_says_they_run(tmp_path):
    exports.qualtrics(tmp_path, Survey(), numbers=True)
    mapping, _, _ = convert.look(tmp_path)
    mapping.conventions["favorable_1_to_5"].value = "4, 5"
    (tmp_path / "mapping.toml").write_text(mappings.written(mapping), "utf-8")
    files = converted(tmp_path)
    assert {(r["school"], r["respondent_id"], r["item"], r["answer"])
            for r in files["survey_answers"]} == {
        (school, who, text, str(ITEMS_BY_TEXT[text][said]))
        for school, who, text, said in expected(Survey()) if said != "Don't know"}  # fmt: skip


def test_cells_under_the_wrong_header_are_asked_about(tmp_path):
    path = exports.qualtrics(tmp_path / "all", Survey())
    changed(path, lambda rows: [*rows[:3], *([cells[-1], *cells[:-1]] for cells in rows[3:])])
    assert "are columns shifted?" in asked(tmp_path / "all")
    path = exports.google_forms(tmp_path / "behind", Survey())
    changed(path, lambda rows: [rows[0], *([*c[:3], "", *c[3:-1]] for c in rows[1:])])
    assert "asks how often, and its answers are others" in asked(tmp_path / "behind")


def test_answers_of_two_scales_and_answers_of_none_are_asked_about(tmp_path):
    path = exports.long(tmp_path / "two", Survey())
    changed(path, lambda rows: [
        [*cells[:4], "Often" if cells[2] == "Q2" and n % 3 == 0 else cells[4], *cells[5:]]
        for n, cells in enumerate(rows)])  # fmt: skip
    assert "item Q2: has answers of several scales" in asked(tmp_path / "two")
    path = exports.long(tmp_path / "none", Survey())
    changed(path, lambda rows: [[*cells[:4], "Agre" if n == 7 else cells[4], *cells[5:]]
                                for n, cells in enumerate(rows)])  # fmt: skip
    assert "answer Agre of agree_5: is no answer of this scale" in asked(tmp_path / "none")
    path = exports.long(tmp_path / "strange", Survey())
    words = dict(zip(OFTEN, ("Nah", "Meh", "Hm", "Okay", "Yay"), strict=True))
    changed(path, lambda rows: [[*cells[:4], words.get(cells[4], cells[4]), *cells[5:]]
                                for cells in rows])  # fmt: skip
    assert "answer Yay of answers_1: is of no known scale" in asked(tmp_path / "strange")


def test_words_that_two_scales_share_say_which_by_the_others_beside_them(tmp_path):
    path = exports.long(tmp_path, Survey())
    kept = [cells for cells in csv.reader(path.read_text("utf-8").splitlines())
            if cells[4] not in ("Neither agree nor disagree", "Rarely")]  # fmt: skip
    write(path, kept)
    files = converted(tmp_path)
    assert {one["scale"] for one in files["survey_items"]} == {"agree_4", "often_4"}


def test_two_files_of_one_survey_year_and_group_are_asked_about(tmp_path):
    path = exports.long(tmp_path, Survey())
    for season, question in (("fall", None), ("again", "when was each given")):
        other = path.with_name(f"climate_students_{season}.csv")
        day = b"2025-10-08" if question is None else b"2025-10-09"
        other.write_bytes(path.read_bytes().replace(b"2025-10-07", day))
        if question is None:
            path = path.rename(path.with_name("climate_students_spring.csv"))
            told = {r["administration"] for r in converted(tmp_path)["survey_answers"]}
            assert told == {"fall", "spring"}
        else:
            assert question in asked(tmp_path)


def test_an_export_again_and_its_first_half_count_once(tmp_path):
    path = exports.google_forms(tmp_path, Survey())
    once = Counter(row["answer"] for row in converted(tmp_path)["survey_answers"])
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.with_name("Climate (Responses) (1).csv").write_text("".join(lines[:30]), "utf-8")
    path.write_text("".join([*lines, *lines[5:9]]), "utf-8")
    assert Counter(row["answer"] for row in converted(tmp_path)["survey_answers"]) == once


def test_who_when_and_where_are_asked_where_no_cell_says_it(tmp_path):
    survey = Survey()
    path = exports.counts_long(tmp_path, survey)
    path.rename(path.with_name("climate.csv"))
    write(tmp_path / "schools.csv", [["school number", "school name", "level"],
                                     ["12", "Alder School", "Middle"],
                                     ["13", "Birch Elementary", "Elementary"]])  # fmt: skip
    questions = asked(tmp_path)
    assert "who answered?" in questions and "of which school year" in questions
    assert "Birch School: no school of the other files" in questions
    path = path.with_name("climate.csv")
    changed(path, lambda rows: [cells[1:] for cells in rows])
    assert "at which school was it answered?" in asked(tmp_path)


def test_counts_that_are_withheld_or_do_not_add_up(tmp_path):
    path, _ = exports.counts_wide(tmp_path, Survey())
    changed(path, lambda rows: [rows[0], [*rows[1][:5], "<5", *rows[1][6:]], *rows[2:]])
    found = [str(one) for one in convert.convert(tmp_path).findings if one.kind == "set_aside"]
    assert len(found) == 1 and "line 2: '<5' withholds a count" in found[0]
    told = {(r["school"], r["item_id"]) for r in converted(tmp_path)["survey_counts"]}
    assert ("Alder School", "Q1") not in told and ("Birch School", "Q1") in told
    changed(path, lambda rows: [*rows[:2], [*rows[2][:3], "99", *rows[2][4:]], *rows[3:]])
    assert "line 3, column respondents: '99' is not what the answers add up to" in refused(tmp_path)


@pytest.mark.parametrize(
    "column, value, words",
    [
        ("% Agree", "112.0", "'112.0' is no percentage"),
        ("% Agree", "23.7", "'23.7' is impossible for"),
        ("% Agree", "0.0", "add up to"),
        ("N", "7", "is impossible for 7 answers"),
    ],
)
def test_impossible_percentages_are_refused(tmp_path, column, value, words):
    path, _ = exports.counts_wide(tmp_path, Survey(), percents=True)
    changed(path, lambda rows: [
        [value if n == 1 and head == column else cell for head, cell in zip(rows[0], cells,
                                                                            strict=True)]
        for n, cells in enumerate(rows)])  # fmt: skip
    found = refused(tmp_path)
    assert words in found and "line 2" in found


def test_percentages_of_more_people_than_they_tell_are_kept_as_published(tmp_path):
    exports.counts_wide(tmp_path, Survey(_many()), percents=True)
    files = converted(tmp_path)
    assert set(files) == {"schools", "survey_items", "survey_scales", "survey_published"}
    good = Counter()
    for school, _, item, answer in _many():
        if answer != "Don't know":
            good[school, item] += (ITEMS[item][1][answer] > 3) + 1j
    for row in files["survey_published"]:
        both = good[row["school_name"], row["item_id"]]
        assert float(row["percent_favorable"]) == pytest.approx(
            100 * both.real / both.imag, abs=0.2
        )


def _many() -> list[tuple[str, str, str, str]]:
    rows = Survey().answers
    return [
        (school, f"{who}-{n}", item, said) for n in range(40) for school, who, item, said in rows
    ]


def test_answers_in_spanish_numbered_and_with_a_shared_last_word(tmp_path):
    spanish = ["Nunca", "Rara vez", "A veces", "A menudo", "Siempre"]
    important = [f"{word} important" for word in
                 ("Not at all", "Slightly", "Somewhat", "Quite", "Extremely")]  # fmt: skip
    numbered = ["1 - Strongly disagree", "2 - Disagree", "3 - Neutral", "4 - Agree",
                "5 - Strongly agree"]  # fmt: skip
    rows = [["Marca temporal", "¿Con qué frecuencia lee?", "How important is art to you?",
             "I like it here.", "Do you eat lunch here?", "How safe are you?"]]  # fmt: skip
    for n in range(40):
        rows.append([f"2025-10-{n % 27 + 1:02} 9:00:00", spanish[n % 5], important[n % 5],
                     numbered[n * 3 % 5], ["Yes", "No"][n % 2],
                     important[(n + 1) % 5].replace("important", "safe")])  # fmt: skip
    write(tmp_path / "padres.csv", rows)
    files = converted(tmp_path)
    assert {one["item_text"]: one["scale"] for one in files["survey_items"]} == dict(
        zip(rows[0][1:], ("often_5", "how_much_5", "agree_5", "yes_no", "how_much_5"), strict=True)
    )
    favorable = {one["answer"] for one in files["survey_scales"] if one["favorable"] == "yes"}
    safe = {"Quite safe", "Extremely safe"}
    assert favorable == {*spanish[3:], *important[3:], *numbered[3:], *safe, "Yes"}
    assert len(files["survey_scales"]) == 5 + 10 + 5 + 2


def test_an_item_that_sounds_unfavorable_is_asked_about_and_never_turned_by_itself(tmp_path):
    path = exports.long(tmp_path, Survey())
    path.write_text(path.read_text("utf-8").replace("I feel safe at", "Bullying is a problem at"))
    mapping, _, _ = convert.look(tmp_path)
    (one,) = mapping.sheets
    assert one.items["Q2"].certainty == "ask" and not mapping.questions()
    assert {r["reverse_scored"] for r in converted(tmp_path)["survey_items"]} == {"no"}
    one.items["Q2"].value += ", reversed"
    (tmp_path / "mapping.toml").write_text(mappings.written(mapping), "utf-8")
    turned = {r["item_id"] for r in converted(tmp_path)["survey_items"]
              if r["reverse_scored"] == "yes"}  # fmt: skip
    assert turned == {"Q2"}


@pytest.mark.parametrize("way", ["as answered", "turned round already"])
def test_reversed_numbers_are_told_from_those_turned_round_before(tmp_path, way):
    """Who feels safe fears little: their numbers go apart as answered, together if turned round."""
    bank = [["Item", "Question", "Reverse"], ["s1", "How safe do you feel here?", ""],
            ["s2", "How well do people here know you?", ""],
            ["s3", "How often do you fear somebody here?", "X"]]  # fmt: skip
    write(tmp_path / "items.csv", bank)
    rows = [["id of response", "s1", "s2", "s3"]]
    for n in range(50):
        high = n % 5 + 1
        low = high if way == "turned round already" else 6 - high
        rows.append([str(n), str(high), str((n // 5 + high) % 5 + 1), str(low)])
    write(tmp_path / "students_2025-26.csv", rows)
    mapping, _, _ = convert.look(tmp_path)
    found = mapping.conventions["reversed_items"]
    assert (found.value, found.certainty) == (way, "likely")
    items = {r["item_id"]: r["reverse_scored"] for r in converted(tmp_path)["survey_items"]}
    assert items["s3"] == ("no" if way == "turned round already" else "yes")


def test_an_attendance_export_with_flags_of_yes_and_no_is_no_survey(tmp_path):
    rows = [["Student ID", "Name", "Grade", "Conduct", "IEP", "EL", "Homeless"]]
    for n in range(40):
        yes_no = [["Yes", "No"][(n * k) % 2] for k in (1, 2, 3)]
        rows.append([str(1000 + n), f"Rivera, Ana {n}", str(n % 5 + 1),
                     ["Good", "Fair", "Poor"][n % 3], *yes_no])  # fmt: skip
    write(tmp_path / "roster.csv", rows)
    mapping, _, _ = convert.look(tmp_path)
    assert [one.holds.value for one in mapping.sheets] == ["roster"]


def test_no_column_is_taken_for_another_under_other_names():
    """A sample by seed. The whole of it: python -m tests.map_figures 20"""
    found = sum(figures(1, exports.SHAPES).values(), Counter())
    assert found["wrong"] == 0 and found["right"] >= 0.6 * found.total(), found


def test_what_header_or_cells_alone_say_is_asked_in_one_question(tmp_path):
    numbers = [[str((n * k) % 5 + 1) for k in (1, 2, 3, 4, 1, 3)] for n in range(30)]
    write(tmp_path / "cells" / "f.csv", [["A1", "A2", "A3", "B1", "B2", "B3"], *numbers])
    [question] = asked(tmp_path / "cells").splitlines()
    assert "6 columns have cells as answers of a survey have them" in question
    facts = ["Do you have a brother?", "Did you finish school?", "Do you walk to school?"]
    rows = [[f"2025-01-{n + 1:02}", *(["Yes", "No"][n % 2] for _ in facts)] for n in range(20)]
    write(tmp_path / "facts" / "students 2024-25.csv", [["Timestamp", *facts], *rows])
    assert "Yes of yes_no: stands 30 times, and nothing says whether it is good" in asked(
        tmp_path / "facts"
    )
    words = ["1 - Not very good", "2 - A bit good", "3 - Quite good", "4 - Very good"]
    rows = [[f"2025-01-{n + 1:02}", words[n % 4], words[n // 2 % 4]] for n in range(20)]
    write(tmp_path / "order" / "students 2024-25.csv",
          [["Timestamp", "How good is it?", "How good was it?"], *rows])  # fmt: skip
    assert "3 - Quite good of answers_1: is of no known scale" in asked(tmp_path / "order")


def test_an_item_that_goes_down_where_the_others_go_up_is_pointed_out(tmp_path):
    items = ["Gosto de ler", "Gosto de escrever", "Gosto de falar", "Fico cansado"]
    said = ["Discordo totalmente", "Discordo", "Neutro", "Concordo", "Concordo totalmente"]
    rows = [[f"2025-01-{n + 1:02}", *(said[n % 5] for _ in range(3)), said[4 - n % 5]]
            for n in range(25)]  # fmt: skip
    write(tmp_path / "students.csv", [["Carimbo de data/hora", *items], *rows])
    mapping, _, _ = convert.look(tmp_path)
    assert [(one.value, one.certainty) for one in mapping.sheets[0].columns.values()][1:] == [
        *[("item: agree_5", "sure")] * 3, ("item: agree_5", "ask")]  # fmt: skip
    assert not mapping.questions()


@pytest.mark.parametrize("first, found", [("1.234", ""), ("1.234.567", "1234567")])
def test_a_point_of_counts_groups_thousands_if_their_column_proves_it(tmp_path, first, found):
    rows = [["School", "School Year", "Number of students", "Number chronically absent"],
            ["Alder School", "2024-25", first, "12"],
            ["Birch School", "2024-25", "2.100", "21"]]  # fmt: skip
    write(tmp_path / "published" / "absence.csv", rows)
    rows = [["School", "Question", "Disagree", "Agree"], ["Alder School", "I am safe", first, "2"],
            ["Birch School", "I am safe", "2.100", "21"]]  # fmt: skip
    write(tmp_path / "counts" / "students 2024-25.csv", rows)
    for name, table in (("published", "published_rates"), ("counts", "survey_counts")):
        if not found:
            assert "does the point of 1.234 group thousands" in asked(tmp_path / name)
            mapping, _, _ = convert.look(tmp_path / name)
            told = mapping.sheets[0].told
            [points] = [m["points"] for m in told.values() if "points" in m]
            points.value = points.may_be[0]
            (tmp_path / name / "mapping.toml").write_text(mappings.written(mapping), "utf-8")
        column = "students" if name == "published" else "answers"
        cells = convert.convert(tmp_path / name).files[table][column]
        assert set(cells) >= {found or "1234", "2100"}


def test_spss_by_its_labels(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = pd.DataFrame(
        {"Q2": [1.0, 2.0, 4.0, 5.0] * 6, "Q3": [5.0, 2.0, 1.0, 4.0] * 6, "year": ["2025-26"] * 24}
    )
    labels = {n: answer for answer, n in AGREE.items()}
    pyreadstat.write_sav(
        frame, str(tmp_path / "staff.sav"), variable_value_labels={"Q2": labels, "Q3": labels},
        column_labels=["I feel safe at work.", "I am heard here.", "School year"],
    )  # fmt: skip
    files = converted(tmp_path)
    assert {one["item_text"] for one in files["survey_items"]} == {
        "I feel safe at work.", "I am heard here."}  # fmt: skip
    assert Counter(one["answer"] for one in files["survey_answers"])["Agree"] == 12
    # Labels at the ends alone: the numbers stay, and which are favorable is told by them.
    numbers = {f"Q{n}": [1.0, 2.0, 3.0, 5.0] * 6 for n in range(1, 5)} | {"year": ["2025-26"] * 24}
    pyreadstat.write_sav(
        pd.DataFrame(numbers), str(tmp_path / "staff.sav"),
        variable_value_labels={name: {1: "Strongly disagree", 5: "Strongly agree"}
                               for name in numbers if name != "year"},
        column_labels=[*(f"I am heard here, {n}." for n in range(4)), "School year"],
    )  # fmt: skip
    files = converted(tmp_path)
    assert {one["answer"] for one in files["survey_scales"] if one["favorable"] == "yes"} == {
        "4", "5"}  # fmt: skip
    (tmp_path / "staff.sav").write_bytes(b"no file of SPSS")
    [problem] = convert.look(tmp_path)[2]
    assert problem.problem.startswith("is damaged, or no SPSS file")


# Real answers


@pytest.fixture
def public_survey(shared_data) -> Path:
    return shared_data / "mciea-survey"


@pytest.mark.slow
def test_a_public_survey_loads_and_says_what_its_numbers_say(public_survey, tmp_path, use_home):
    mapping, _, _ = convert.look(public_survey)
    assert not mapping.questions()
    convert.load(public_survey, tmp_path / "home", share_view=False)
    use_home(tmp_path / "home")
    path = public_survey / "student_responses_2022_23.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        given = list(csv.DictReader(file))
    [rate] = database.records("culture/response_rates", Selection(school_year="2022-23"), ALL_NAMES)
    assert rate["respondents"] == len(given)
    assert checked_against.of_test("test_a_public_survey_loads_and_says_what_its_numbers_say") == {
        ("MCIEA student survey, who answered", "2022-23"): rate["respondents"]
    }
    found = {one["item_id"]: one for one in database.records(
        "culture/by_school", Selection(school_year="2022-23"), ALL_NAMES)}  # fmt: skip
    # The second of two columns of one item; one that is scored the other way round, and was
    # turned round before: hardly anybody "worries always"; one that is not.
    for item, column in (("s-tint-q1", "s-tint-q1-1"), ("s-phys-q1",) * 2, ("s-sbel-q1",) * 2):
        numbers = [int(row[column]) for row in given if row[column]]
        good = sum(1 for number in numbers if number >= 4)
        assert found[item]["n"] == len(numbers)
        assert found[item]["favorable"] == pytest.approx(good / len(numbers))


def test_an_answer_of_no_letter_at_all_ends_in_no_word():
    assert scales.keys(["\x1c", "Agree"]) == {"\x1c": "\x1c", "Agree": "agree"}


def test_percentages_with_a_comma_and_codes_for_nothing(tmp_path):
    """12,5 is no 125; 99 is no answer; a stray cell among numbers is asked about."""
    write(
        tmp_path / "students 2025-26.csv",
        [
            ["School", "Question", "Percent Favorable", "N"],
            ["Alder School", "I feel safe.", "7,5", "40"],
        ],
    )
    [row] = converted(tmp_path)["survey_published"]
    assert row["percent_favorable"] == "7.5"
    numbers = [[f"R{n}", *(str(n % 5 + 1) for _ in range(5))] for n in range(20)]
    numbers[3][1], numbers[4][2] = "99", "\u00b2"
    write(
        tmp_path / "students 2025-26.csv", [["Response ID", *(f"Q{n}" for n in range(5))], *numbers]
    )
    questions = asked(tmp_path)
    assert "column Q1: has words and numbers for answers: \u00b2" in questions
    assert "Q0" not in questions


def test_two_header_rows_are_one_and_columns_of_one_answer_each_are_one_item(tmp_path):
    heads = [["Respondent ID", "Site", "How much do you agree?", "", "I feel safe here.", "", ""],
             ["", "Response", *list(ITEMS["Q1"][:1]), "I feel that I belong.", "Agree", "Disagree",
              "N/A"]]  # fmt: skip
    rows = [[str(900 + n), ("Alder School", "Birch School")[n % 2], "Agree", "Disagree",
             *(["Agree", "", ""], ["", "Disagree", ""], ["", "", "N/A"])[n % 3]]
            for n in range(12)]  # fmt: skip
    write(tmp_path / "Staff survey 2025-26.csv", [*heads, *rows])
    told = converted(tmp_path)["survey_answers"]
    given = Counter((row["item"], row["answer"]) for row in told)
    assert given[ITEMS["Q1"][0], "Agree"] == given["I feel that I belong.", "Disagree"] == 12
    assert given["I feel safe here.", "Agree"] == given["I feel safe here.", "Disagree"] == 4
    assert {row["school"] for row in told} == {"Alder School", "Birch School"}


@pytest.mark.parametrize(
    ("change", "question"),
    [
        (lambda n, q, a: 6 - a if n % 2 else a, "items that are low elsewhere are high"),
        (lambda n, q, a: a - n % 2, "numbers run from 1 to 5, and from 0 to 4 elsewhere"),
        (lambda n, q, a: min(a, 4) if q == 1 else a, "numbers_1_to_4"),
        (lambda n, q, a: 9 if n % 7 == 0 else a, "answer 9 of numbers_1_to_5"),
    ],
)
def test_numbers_that_run_otherwise_somewhere_are_asked_about(tmp_path, change, question):
    rows = [["Respondent ID", "School", *(f"Is this so at our school, {q}?" for q in range(6))]]
    for n in range(80):
        place = ("Alder School", "Birch School")[n % 2]
        told = [change(n, q, min(5, max(1, 1 + (q + n // 2 % 4) % 6))) for q in range(6)]
        rows.append([str(900 + n), place, *map(str, told)])
    write(tmp_path / "student survey 2025-26.csv", rows)
    assert question in asked(tmp_path)


def test_what_does_not_add_up_or_is_a_sum_of_schools_is_told(tmp_path):
    head = ["School", "Question", *list(AGREE)[:5], "Everybody"]
    rows = [[f"{place} School", f"{text} {n}", *["4"] * 5, "20"] for place in ("Alder", "Birch")
            for n, text in enumerate(["I feel safe here."] * 3)]  # fmt: skip
    both = [["Hillside", *row[1:2], *["8"] * 5, "40"] for row in rows[:3]]
    path = write(tmp_path / "student counts 2025-26.csv", [head, *rows, *both])
    assert len(converted(tmp_path)["survey_counts"]) == 30
    write(path, [head, [*rows[0][:2], "14", *rows[0][3:]], *rows[1:]])
    (tmp_path / mappings.NAME).unlink(missing_ok=True)
    assert any("is not what the answers" in f.problem for f in convert.convert(tmp_path).findings)
    write(path, [["School", "Question", "Percent Favorable"], *(
        [*row[:2], "0.62" if n == 2 else "62"] for n, row in enumerate(rows))])  # fmt: skip
    assert any("beside percentages" in f.problem for f in convert.convert(tmp_path).findings)


def test_rows_whose_group_and_school_changed_places_are_asked_about(tmp_path):
    rows = [["Timestamp", "Your role", "School", "I feel safe here.", "I belong here."]]
    for n in range(12):
        who = ["Student", "Alder School"][:: -1 if n in (4, 5) else 1]
        rows.append([f"10/{n + 1}/2025 9:12:33", *who, "Agree", "Disagree"])
    write(tmp_path / "survey.csv", rows)
    assert "are columns shifted" in asked(tmp_path)


CHOICES = ["Strongly disagree", "Disagree", "Agree", "Strongly agree"]
BOOKS = {
    "a list": [["Variable", "Label", "Choices"], *(
        [f"v{q}", f"I feel so at school {q}.", "0, " + " | 1, ".join(CHOICES[:2])
         + " | 2, " + " | 3, ".join(CHOICES[2:])]
        for q in range(3))],
    "a row a code": [["name", "wording", "value", "says"], *(
        [f"v{q}", f"I feel so at school {q}.", str(n), a]
        for q in range(3) for n, a in enumerate(CHOICES))],
}  # fmt: skip


@pytest.mark.parametrize("book", BOOKS)
def test_codes_are_read_as_a_codebook_tells_them(tmp_path, book):
    write(tmp_path / "codebook.csv", BOOKS[book])
    rows = [[f"r{n}", "Alder School", *(str((n + q) % 4) for q in range(3))] for n in range(12)]
    head = ["Response ID", "School", "v0", "v1", "v2"]
    write(tmp_path / "students 2025-26.csv", [head, *rows])
    files = converted(tmp_path)
    assert {row["scale"] for row in files["survey_items"]} == {"agree_4"}
    said = {(row["respondent_id"], row["item"], row["answer"]) for row in files["survey_answers"]}
    assert ("r3", "I feel so at school 0.", "Strongly agree") in said and len(said) == 36
    write(tmp_path / "students 2025-26.csv", [head, *rows, ["r99", "Alder School", "7", "7", "7"]])
    (tmp_path.parent / f"{tmp_path.name}.toml").unlink()
    assert "7" in asked(tmp_path)


@pytest.mark.parametrize(
    "rows",
    [
        [["Question", "Answer", "Alder", "Birch"], *(["I am safe.", a, "4", "5"] for a in CHOICES)],
        [["I am safe."], ["", "Grade 5", "Grade 7"], *([a, "20%", "30%"] for a in CHOICES)],
        [["Item", "Alder School", "", "", ""], ["", *CHOICES], *(
            [f"I am safe {n}.", "1", "2", "3", "4"] for n in range(4))],
        [["School", "Topic", "Average score", "Respondents"], *(
            [s, "Safety", "3.4", "40"] for s in ("Alder School", "Birch School"))],
    ],
)  # fmt: skip
def test_a_table_of_answers_that_is_not_read_is_asked_about(tmp_path, rows):
    write(tmp_path / "student report 2025-26.csv", rows)
    assert "in no way that is read: export a row a respondent" in asked(tmp_path)


def people_of(change) -> list[list[str]]:
    """Students of two schools and years, a row an answer, after a change to some answers."""
    rows = []
    for n in range(120):
        year, place = ("2024-25", "2025-26")[n % 2], ("Alder School", "Birch School")[n // 2 % 2]
        for q in range(6):
            told = min(3, max(0, (q + n // 4) % 3 + (q > 0)))
            told = 3 - told if change(year, place, q) else told
            rows.append([year, f"r{n}", place, "student", f"I feel so at school {q}.",
                         CHOICES[told]])  # fmt: skip
    return rows


HEAD = ["School year", "Respondent", "School", "Role", "Question", "Answer"]


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        (lambda year, place, q: False, False),
        (lambda year, place, q: q == 3 and year == "2025-26", False),
        (lambda year, place, q: q == 4 and place == "Birch School", True),
    ],
)
def test_an_item_turned_round_in_a_part_is_asked_about(tmp_path, change, counted):
    rows = people_of(change)
    if counted:
        sums = Counter((r[0], "", *r[2:]) for r in rows)
        write(tmp_path / "counts.csv", [[*HEAD, "Count"], *([*k, n] for k, n in sums.items())])
    else:
        write(tmp_path / "answers.csv", [HEAD, *rows])
    questions = "\n".join(convert.look(tmp_path)[0].questions())
    turned = any(change(*part) for part in {(r[0], r[2], int(r[4][-2])) for r in rows})
    assert ("correct the file, or write 'alike'" in questions) == turned == bool(questions)


def test_a_school_under_two_names_is_refused_or_asked_about(tmp_path):
    rows = people_of(lambda *part: False)
    again = [[*r[:2], "BSH 12", *r[3:]] for r in rows if r[2] == "Birch School"]
    path = write(tmp_path / "answers.csv", [HEAD, *rows, *again])
    found = [f.problem for f in convert.convert(tmp_path).findings if f.kind == "refused"]
    assert found and all("is, number by number" in words for words in found)
    write(path, [HEAD, *([*r[:2], r[2].upper() if n < 60 else r[2], *r[3:]]
                         for n, r in enumerate(rows))])  # fmt: skip
    assert "one school?" in asked(tmp_path)


def test_words_of_an_answer_may_stand_in_any_order():
    told = scales.keys(["Agree – strongly", "disagree somewhat", "Neither disagree nor agree"])
    assert scales.fitting(told.values()) == ["agree_5", "agree_7"]
