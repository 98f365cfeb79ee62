"""Culture beside absence, a second time: each measure of each school in each year, one by one.

The functions take the same choices as those of absence.py, and survey and respondent_group. That
the year, or the years before it, have no attendance leaves the rows on answers.
"""

from tests.second_answer import absence, culture, team

# topic: the word by which its item is known, and what the measure is called then.
TOPICS = {
    "belonging": ("adult", "caring adult"),
    "safety": ("safe", "safety"),
    "trust": ("trust", "trust"),
    "learning": ("question", "asking questions"),
}
YEARS_SHOWN = 5


def reported_years(network, school_year):
    """The year and those before it that have attendance, the newest first, as many as are shown."""
    years = [
        year
        for year in absence.school_years(network)
        if year <= school_year and absence.reported_dates(network, year)
    ]
    return sorted(years, reverse=True)[:YEARS_SHOWN]


def absence_rows(network, school_year, schools, choices):
    """(school, year, kind, measure) -> (part, n): students chronically absent of those evaluated;
    as_of is a day of the chosen year, earlier years are whole."""
    rows = {}
    for year in reported_years(network, school_year):
        own = choices if year == school_year else {**choices, "as_of": None}
        for row in absence.by_school(network, school_year=year, schools=schools, **own):
            if row["students"] + row["students_not_evaluated"]:
                key = (row["school_id"], year, "absence", "chronically absent", None, None)
                rows[key] = (row["students_absent"], row["students"])
    return rows


def family_rows(network, home, shipped, school_year, schools, choices):
    """The same for families of causes, of the chronically absent of whom a cause is known."""
    family_of = team.families(home, shipped)
    rows = {}
    for year in reported_years(network, school_year):
        own = choices if year == school_year else {**choices, "as_of": None}
        by_school = team.students_by_school_and_cause(
            network, home, school_year=year, schools=schools, **own
        )
        for school, by_cause in by_school.items():
            known = set().union(*by_cause.values())
            for family in ("aversion", "disengagement"):
                those = set().union(
                    *(ids for cause, ids in by_cause.items() if family_of.get(cause) == family)
                )
                if known:
                    rows[school, year, "family", family, None, None] = (len(those), len(known))
    return rows


def items_shown(network, school_year, survey, respondent_group):
    """(survey, group, topic) -> (item_id, measure): the newest, then the one with the word."""
    best = {}
    for row in network.rows("survey_items"):
        topic = row.get("topic")
        if topic not in TOPICS or (school_year and row["school_year"] > school_year):
            continue
        if not culture.is_chosen(row, survey, respondent_group):
            continue
        word, name = TOPICS[topic]
        has_word = word in row["item_text"].lower()
        # Years that are not the newest go after it: sort by hand, newest first.
        rank = (-int(row["school_year"][:4]), not has_word, row["item_id"])
        key = (row["survey"], row["respondent_group"], topic)
        if key not in best or rank < best[key][0]:
            best[key] = (rank, row["item_id"], name if has_word else topic)
    return {key: (item, measure) for key, (_rank, item, measure) in best.items()}


def item_rows(network, school_year, schools, survey, respondent_group):
    """The same for favorable answers of those that count."""
    known = culture.items(network)
    shown = items_shown(network, school_year, survey, respondent_group)
    rows = {}
    for school in schools:
        given = culture.answers_by_item(network, {school}, survey, respondent_group)
        for key, answers in given.items():
            name, year, group, item_id = key
            if school_year and year > school_year:
                continue
            n, share = culture.favorable(network, known[key], answers)
            for (of_survey, of_group, _topic), (item, measure) in shown.items():
                if (of_survey, of_group, item) == (name, group, item_id):
                    row = (school, year, "item", measure, name, group)
                    rows[row] = (round(n * (share or 0)), n)
    return rows


def by_school(
    network,
    home=None,
    shipped=None,
    *,
    school_year=None,
    schools=None,
    survey=None,
    respondent_group=None,
    **choices,
):
    """together/by_school; without a home, nobody learned a cause."""
    school_year = school_year or absence.default_school_year(network)
    schools = absence.all_schools(network) if schools is None else schools
    names = absence.school_names(network)
    counted = item_rows(network, school_year, schools, survey, respondent_group)
    if school_year:
        counted |= absence_rows(network, school_year, schools, choices)
    if school_year and home:
        counted |= family_rows(network, home, shipped, school_year, schools, choices)
    rows = []
    for (school, year, kind, measure, of_survey, group), (part, n) in counted.items():
        if kind == "item" and n < culture.FEWEST_SHOWN:
            continue
        like = (year, kind, measure, of_survey, group)
        others = [counts for key, counts in counted.items() if key[1:] == like and key[0] != school]
        others_part, others_n = (
            (sum(column) for column in zip(*others, strict=True)) if others else (0, 0)
        )
        share, beside = absence.ratio(part, n), absence.ratio(others_part, others_n)
        _points, low, high = culture.difference(beside, others_n, share, n)
        absent = counted.get((school, year, "absence", "chronically absent", None, None), (0, 0))
        rows.append(
            {
                "school_id": school,
                "school_name": names[school],
                "school_year": year,
                "kind": kind,
                "measure": measure,
                "survey": of_survey,
                "respondent_group": group,
                "rate": absence.ratio(*absent),
                "favorable": share if kind == "item" else None,
                "share": share,
                "n": n,
                "others": beside,
                "standing": standing(low, high),
            }
        )
    return rows


def standing(low, high):
    """Whether the interval of the difference leaves zero out, and on which side."""
    if low is None:
        return None
    return "above" if low > 0 else "below" if high < 0 else "within"
