"""What a reader chose: in the filters of a page, in its address, and from page to page.

An address holds every choice, so that a link, Back and a reload show the same. Streamlit can bind a
filter to the address, but then what a link said is lost at the first click on the menu, and each
click makes two entries in the browser's history.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared import formats
from queries import choices
from queries.access import Viewer
from queries.answer import kept
from queries.selection import Selection

ALL = "All"

# Four filters side by side on a laptop, two on a phone; wide where the names of surveys stand.
WIDTH, WIDE = 162, 226

MOST_ASSUMED = 10_000

# What an address may say: the keys of the filters.
KEYS = (
    "year",
    "network",
    "neighborhood",
    "school",
    "schools",
    "grade",
    "group",
    "definition",
    "up_to",
    "survey",
    "administration",
    "survey_year",
    "compared_with",
    "compared_year",
    "respondents",
    "assumed_n",
    "compare_with",
)


@dataclass
class _Chosen:
    """What this session has chosen, as its address says it, also on pages that do not ask."""

    page: str
    values: dict[str, list[str]] = field(default_factory=dict)
    # Whether this run has come by an address: then that counts, and not what the filters show.
    arrived: bool = True
    # What the address asks for and a filter does not offer, by the filter's label.
    unknown: dict[str, str] = field(default_factory=dict)
    # Which filters, and other widgets of many pages, show by now what was chosen before.
    carried: set[str] = field(default_factory=set)


def follow_address(page: str) -> bool:
    """Begin a run of a page: take the choices from its address where somebody came by it, by a
    link, by the menu, by Back or by a reload. Whether this is the first page of a visit."""
    chosen, run = st.session_state.get("choices"), get_script_run_ctx()
    if chosen and chosen.page == page and not (run and run.is_history_navigation):
        chosen.arrived, chosen.unknown = False, {}
        return False
    values = {key: st.query_params.get_all(key) for key in KEYS if key in st.query_params}
    st.session_state.choices = _Chosen(page, values)
    return chosen is None


def chosen_last() -> dict[str, str]:
    """What was chosen last, by key, in widgets that stand on many pages: Streamlit keeps of each
    page what was chosen there, and shows that when its reader returns."""
    return st.session_state.setdefault("chosen_last", {})


def carry(key: str) -> str:
    """Before such a widget: have it show that where it has just appeared. Its key."""
    carried = st.session_state.choices.carried
    appears = key not in carried or key not in st.session_state
    if appears and key in chosen_last():
        st.session_state[key] = chosen_last()[key]
    carried.add(key)
    return key


def carried(key: str) -> str:
    """After it: what it shows."""
    value = st.session_state[key]
    if value:
        chosen_last()[key] = value
    else:
        # Where nothing was chosen there is nothing to carry: Streamlit may know better.
        chosen_last().pop(key, None)
    return value


def follow_place(*keys: str) -> None:
    """Have choices that stand in the address of their page alone follow it where somebody came by
    it, as by a reload or by Back."""
    run = get_script_run_ctx()
    is_back = bool(run and run.is_history_navigation)
    for key in keys:
        if st.session_state.choices.arrived and (is_back or key in st.query_params):
            st.session_state[key] = st.query_params.get(key)


def write_place(**first: str) -> None:
    """Have the address say such choices, by their keys, where they are not the first."""
    for key, value in first.items():
        chosen = st.session_state[key]
        if chosen == value:
            st.query_params.pop(key, None)
        elif st.query_params.get(key) != chosen:
            st.query_params[key] = chosen


def begin_at(school: str, selection: Selection, only: str | None = None) -> None:
    """Show the reader's own school, where the address says nothing and there is one of that
    name. only: the id of the one school that a team is of."""
    names = dict(choices.schools(selection)[["school_id", "school_name"]].itertuples(index=False))
    school = names.get(only, school)
    st.session_state.own_school = school
    values = st.session_state.choices.values
    if not values and school in names.values():
        values["school"] = [school]


def own_school() -> str:
    """The school that the reader chose last, and did not only come to by an address; '' for all."""
    return st.session_state.get("own_school", "")


def only_school(selection: Selection) -> str:
    """The school that the data are of, where they are of one; else ''."""
    names = list(choices.schools(selection).school_name)
    return names[0] if len(names) == 1 else ""


def has_arrived() -> bool:
    """Whether somebody has just come to the page, and this is its first run."""
    return st.session_state.choices.arrived


def address(**more: str) -> dict[str, list[str] | str]:
    """What a link to another page says, for it to show the same."""
    return st.session_state.choices.values | more


def ask(names: tuple[str, ...], selection: Selection, viewer: Viewer) -> Selection:
    """Draw filters, in this order, and return the selection that is narrowed to what was chosen."""
    for name in names:
        # Which of these there are to choose depends on who is reading.
        asking = (selection, viewer) if name in _OF_THE_READER else (selection,)
        selection = replace(selection, **_FILTERS[name](*asking))
    return _within_own(selection, viewer)


_OF_THE_READER = {"network", "neighborhood", "school", "schools", "grade", "group"}


def own_schools(selection: Selection, viewer: Viewer) -> pd.DataFrame:
    """The schools that the reader may choose, of the place that was chosen."""
    schools = _schools_of(choices.schools(selection), selection.network, selection.neighborhood)
    return schools if viewer.schools is None else schools[schools.school_id.isin(viewer.schools)]


def _within_own(selection: Selection, viewer: Viewer) -> Selection:
    """A team's own schools, where no other choice was made: never called all schools."""
    if viewer.schools is None or selection.school or selection.schools:
        return selection
    names = tuple(own_schools(Selection(generation=selection.generation), viewer).school_name)
    if len(names) == 1:
        return replace(selection, school=names[0])
    return replace(selection, schools=names)


def has_attendance(selection: Selection) -> bool:
    """Whether attendance was loaded at all: a folder may hold a survey alone."""
    return not choices.school_years(selection).empty


def school_year() -> str:
    """The school year that the page shows; '' where it has no attendance."""
    return st.session_state.get("year", "")


def offered(key: str, options: list[str]) -> list[str]:
    """Options of a choice of one page, of which at first those are chosen that its address names.
    Streamlit would write them there as they are called, which changes with what they leave."""
    if key not in st.session_state:
        st.session_state[key] = [one for one in st.query_params.get_all(key) if one in options]
    # Again, as a browser sends back what they were called before.
    st.session_state[key] = [one for one in st.session_state[key] if one in options]
    return options


def write_offered(key: str, chosen: list[str]) -> None:
    """Have the address say what was chosen of them."""
    if st.query_params.get_all(key) != list(chosen):
        st.query_params[key] = list(chosen)


def write_address() -> None:
    """Have the address say what was chosen, and the page what it asked for in vain."""
    for label, value in st.session_state.choices.unknown.items():
        words = f"The address asks for “{value[:60]}”, which is no choice of “{label}” here."
        st.caption(formats.plain(words))
    values = st.session_state.choices.values
    for key in KEYS:
        if key not in values:
            if key in st.query_params:
                del st.query_params[key]
        elif st.query_params.get_all(key) != values[key]:
            st.query_params[key] = values[key]


def _begin(key: str, read: Callable[[list[str]], object]) -> None:
    """Have a filter show what was chosen: where it stands on its page for the first time."""
    chosen = st.session_state.choices
    if key not in chosen.carried or key not in st.session_state:
        st.session_state[key] = read(chosen.values.get(key, []))
    chosen.carried.add(key)


def _keep(key: str, values: list[str]) -> None:
    if values:
        st.session_state.choices.values[key] = values
    else:
        st.session_state.choices.values.pop(key, None)


def _choose(
    label: str,
    key: str,
    options: list[str],
    ids: dict[str, str] | None = None,
    *,
    says_of_what: bool = True,
    width: int = WIDTH,
) -> str:
    """One of the options; the first is no choice. ids: what an address may call an option too.

    says_of_what: every option does; then the label is left to screen readers."""

    def read(values: list[str]) -> str:
        value = values[0] if values else options[0]
        value = (ids or {}).get(value, value)
        if value and value not in options:
            st.session_state.choices.unknown[label] = value
        return value if value in options else options[0]

    _begin(key, read)
    if st.session_state[key] not in options:
        st.session_state[key] = options[0]
    chosen = st.selectbox(
        label,
        options,
        key=key,
        width=width,
        label_visibility="collapsed" if says_of_what else "visible",
    )
    _keep(key, [] if chosen == options[0] else [chosen])
    return chosen


def _choose_some(
    label: str, key: str, options: list[str], none: str, *, width: int, select_all: bool = False
) -> tuple[str, ...]:
    """Any of the options; none is all of them."""

    def read(values: list[str]) -> list[str]:
        for value in values:
            if value and value not in options:
                st.session_state.choices.unknown[label] = value
        return [one for one in options if one in values]

    _begin(key, read)
    left = [one for one in st.session_state[key] if one in options]
    if left != st.session_state[key]:
        # Set only where it differs: what is set anew takes away what its reader is typing.
        st.session_state[key] = left
    chosen = st.multiselect(
        label,
        options,
        key=key,
        placeholder=none,
        select_all=select_all,
        # All that are chosen are seen, also in a screenshot.
        wrap=True,
        width=width,
        label_visibility="collapsed",
    )
    _keep(key, chosen)
    return tuple(one for one in options if one in chosen)


def _school_year(selection: Selection) -> dict:
    years = list(choices.school_years(selection).school_year)
    if not years:
        return {}
    year = _choose("School year", "year", years)
    # The newest year is no choice: a survey may have its newest answers in another one.
    return {} if year == years[0] else {"school_year": year}


def _network(selection: Selection, viewer: Viewer) -> dict:
    if viewer.schools is not None:
        return {}
    networks = _places(choices.schools(selection), "network")
    return _one_of("Network", "network", "network", networks) if len(networks) > 1 else {}


def _neighborhood(selection: Selection, viewer: Viewer) -> dict:
    if _is_published(selection) or viewer.schools is not None:
        return {}
    names = _places(_schools_of(choices.schools(selection), selection.network), "neighborhood")
    return _one_of("Neighborhood", "neighborhood", "neighborhood", names) if len(names) > 1 else {}


def _school(selection: Selection, viewer: Viewer) -> dict:
    if _is_published(selection):
        return {}
    schools = own_schools(selection, viewer)
    ids = dict(zip(schools.school_id, schools.school_name, strict=True))
    chosen = st.session_state.choices
    before = chosen.values.get("school")
    every = None if viewer.schools is None else "My schools"
    narrowed = _one_of("School", "school", "school", list(schools.school_name), ids, every)
    if not chosen.arrived and chosen.values.get("school") != before:
        st.session_state.own_school = narrowed.get("school", "")
    return narrowed


def _schools(selection: Selection, viewer: Viewer) -> dict:
    names = list(own_schools(selection, viewer).school_name)
    every = f"{ALL} schools" if viewer.schools is None else "My schools"
    chosen = _choose_some("Schools", "schools", names, every, width=2 * WIDTH)
    return {"schools": chosen} if chosen else {}


@kept
def _schools_of(
    schools: pd.DataFrame, network: str | None, neighborhood: str | None = None
) -> pd.DataFrame:
    for column, chosen in (("network", network), ("neighborhood", neighborhood)):
        if chosen:
            schools = schools[schools[column] == chosen]
    return schools


@kept
def _places(schools: pd.DataFrame, column: str) -> list[str]:
    return sorted(schools[column].dropna().unique())


def _grade(selection: Selection, viewer: Viewer) -> dict:
    grades = list(choices.grades(selection, viewer).grade)
    # To choose all, and take one away, is the way to all but one.
    chosen = _choose_some("Grade", "grade", grades, "All grades", width=WIDTH, select_all=True)
    # What earlier versions loaded takes one grade.
    return {"grade": chosen[0]} if len(chosen) == 1 else {"grades": chosen} if chosen else {}


def _group(selection: Selection, viewer: Viewer) -> dict:
    groups = {
        formats.group(row.dimension, row.group_name): (row.dimension, row.group_name)
        for row in choices.groups(selection, viewer).itertuples()
    }
    chosen = _choose("Student group", "group", [f"{ALL} groups", *groups])
    if chosen not in groups:
        return {}
    dimension, group_name = groups[chosen]
    return {"dimension": dimension, "group_name": group_name}


def _definition(selection: Selection) -> dict:
    labels = dict(choices.definitions(selection)[["label", "name"]].itertuples(index=False))
    chosen = _choose("Definition", "definition", list(labels))
    return {"definition": labels[chosen]}


def _as_of(selection: Selection) -> dict:
    year = choices.in_force(selection).iloc[0]
    if formats.is_missing(year.last_counted_date) or year.is_of_totals:
        return {}
    first, last = year.first_date.date(), year.last_counted_date.date()

    def read(values: list[str]) -> date | None:
        try:
            day = date.fromisoformat(values[0])
        except (IndexError, ValueError):
            return None
        return day if first <= day <= last else None

    _begin("up_to", read)
    day = st.session_state["up_to"]
    if day and not first <= day <= last:
        st.session_state["up_to"] = None
    chosen = st.date_input(
        "Count up to",
        value=None,
        min_value=first,
        max_value=last,
        key="up_to",
        format="MM/DD/YYYY",
        width=WIDTH,
        help="An earlier day than the last one with attendance.",
    )
    _keep("up_to", [chosen.isoformat()] if chosen else [])
    return {"as_of": chosen} if chosen else {}


def _survey(selection: Selection) -> dict:
    surveys = choices.surveys(selection)
    if surveys.empty:
        return {}
    name = _choose("Survey", "survey", list(surveys.survey_name.unique()), width=WIDE)
    # One that is asked more than once a year is a survey for each time.
    called = surveys[surveys.survey_name == name].drop_duplicates("survey")
    times = {formats.administration(row.administration): row.survey for row in called.itertuples()}
    if len(times) == 1:
        return {"survey": called.survey.iloc[0]}
    return {"survey": times[_choose("When in the year", "administration", list(times))]}


def _survey_year(selection: Selection) -> dict:
    surveys = choices.surveys(selection)
    years = list(surveys[surveys.survey == selection.survey].school_year.unique())
    if len(years) < 2:
        return {}
    # The first year has none before it to compare with, unless it was asked at another time too.
    times = choices.other_times(selection)
    also = set(times[times.survey == selection.survey].school_year)
    years = [year for year in years if year != years[-1] or year in also]
    return {"school_year": _choose("Year", "survey_year", years)}


def _compared_with(selection: Selection) -> dict:
    """The year before, or another time of the same year; of two times the later is looked at."""
    surveys, times = choices.surveys(selection), choices.other_times(selection)
    own = surveys[surveys.survey == selection.survey]
    if own.empty:
        return {}
    year = selection.school_year or own.school_year.iloc[0]
    times = times[(times.survey == selection.survey) & (times.school_year == year)]
    if times.empty:
        return {}
    name, before = own.administration.iloc[0], own[own.school_year < year].school_year
    last = formats.asked(name, before.iloc[0]) if len(before) else f"No {name} before"
    others = {formats.asked(row.administration, year): row for row in times.itertuples()}
    chosen = _choose("Compared with", "compared_with", [last, *others], says_of_what=False)
    if chosen == last:
        return {}
    other = others[chosen]
    if other.is_earlier:
        return {"compare_administration": other.administration}
    return {
        "survey": other.other_survey,
        "school_year": year,
        "compare_administration": name,
    }


def _compared_year(selection: Selection) -> dict:
    """A year before the one that stands before, where the survey was asked that long ago."""
    surveys = choices.surveys(selection)
    own = surveys[surveys.survey == selection.survey].school_year
    year = selection.school_year or own.max()
    before = {f"Since {one}": one for one in own if one < year}
    if len(before) < 2 or selection.compare_administration:
        return {}
    chosen = _choose("Since", "compared_year", list(before))
    return {} if chosen == next(iter(before)) else {"compare_year": before[chosen]}


def _respondents(selection: Selection) -> dict:
    groups = choices.respondent_groups(selection)
    names = list(groups[groups.survey == selection.survey].respondent_group)
    if not names:
        return {}
    labels = {formats.sentence_case(name): name for name in names}
    chosen = _choose("Who answered", "respondents", sorted(labels, key=_staff_first))
    return {"respondent_group": labels[chosen]}


def _staff_first(label: str) -> tuple[bool, str]:
    return (label != "Staff", label)


def published_surveys(selection: Selection) -> list[str]:
    """The published tables of percents, which stand beside no school of ours, by name."""
    surveys = choices.surveys(selection)
    return list(surveys[surveys.published].survey_name.unique())


def _is_published(selection: Selection) -> bool:
    """A published table stands for itself: it is not narrowed to schools of ours."""
    return _stands_for_itself(choices.surveys(selection), selection.survey)


@kept
def _stands_for_itself(surveys: pd.DataFrame, survey: str | None) -> bool:
    return bool(surveys[surveys.survey == survey].published.any())


def _assumed_n(selection: Selection) -> dict:
    if not _is_published(selection):
        return {}

    def read(values: list[str]) -> int | None:
        number = values[0] if values else ""
        digits = number.isascii() and number.isdigit() and len(number) <= len(str(MOST_ASSUMED))
        return int(number) if digits and 1 <= int(number) <= MOST_ASSUMED else None

    _begin("assumed_n", read)
    chosen = st.number_input(
        "Answers a year, assumed",
        min_value=1,
        max_value=MOST_ASSUMED,
        value=None,
        step=1,
        placeholder="Not published",
        key="assumed_n",
        width=WIDTH,
    )
    _keep("assumed_n", [str(chosen)] if chosen else [])
    return {"assumed_n": chosen} if chosen else {}


def _other_definition(selection: Selection) -> dict:
    rows = choices.definitions(selection)
    labels = {row.label: row.name for row in rows[rows.name != selection.definition].itertuples()}
    return {"other_definition": labels[_choose("Compare with", "compare_with", list(labels))]}


def _one_of(
    label: str,
    key: str,
    field: str,
    options: list[str],
    ids: dict[str, str] | None = None,
    every: str | None = None,
) -> dict:
    chosen = _choose(label, key, [every or f"{ALL} {label.lower()}s", *options], ids)
    return {field: chosen} if chosen in options else {}


_FILTERS: dict[str, Callable[..., dict]] = {
    "school_year": _school_year,
    "network": _network,
    "neighborhood": _neighborhood,
    "school": _school,
    "schools": _schools,
    "grade": _grade,
    "group": _group,
    "definition": _definition,
    "as_of": _as_of,
    "survey": _survey,
    "survey_year": _survey_year,
    "compared_with": _compared_with,
    "compared_year": _compared_year,
    "respondents": _respondents,
    "assumed_n": _assumed_n,
    "other_definition": _other_definition,
}
