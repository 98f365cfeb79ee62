"""The forms by which an admin gives roles and takes them back."""

import streamlit as st

from pages.shared import forms
from pages.shared.accounts import sentences
from queries import choices
from queries.access import Viewer
from queries.selection import Selection
from queries.team import records
from queries.team.journal import Entry

GIVE, CHANGE = "grant", "grant_change"


def schools(selection: Selection) -> dict[str, str]:
    """Names of all schools, by id; none where nothing can be read."""
    if selection.generation is None:
        return {}
    there = choices.schools(selection)
    return dict(there[["school_id", "school_name"]].itertuples(index=False))


def give(viewer: Viewer, names: dict[str, str]) -> None:
    """A role for an account that has none."""
    forms.fold("Give a role", "fold_grant", _give, viewer, names)


def _give(viewer: Viewer, names: dict[str, str]) -> None:
    forms.answer(GIVE)
    with forms.form(GIVE):
        st.text_input(
            "Account", key=f"{GIVE}_account", placeholder="name@district.org", **forms.KEPT
        )
        _role_and_schools(GIVE, names)
        forms.save(GIVE, "Give this role", _write_new, viewer, forms.token(GIVE))


def _role_and_schools(form: str, names: dict[str, str]) -> None:
    st.selectbox(
        "Role",
        records.ROLES,
        format_func=sentences.called,
        key=f"{form}_role",
        width=220,
        **forms.KEPT,
    )
    st.multiselect(
        "Schools of a team",
        list(names),
        format_func=lambda school: names.get(school, school),
        key=f"{form}_schools",
        **forms.KEPT,
    )


def _typed(form: str, account: str) -> records.Grant:
    role = forms.typed(form, "role") or ""
    schools = tuple(forms.typed(form, "schools") or ()) if role == "team" else ()
    return records.Grant(account, role, schools)


def _write_new(viewer: Viewer, token: str) -> None:
    account = forms.words(GIVE, "account").lower()
    grant = _typed(GIVE, account)
    said = f"{account} is {grant.role} from now on."
    missing = {"write the account": not account}
    if forms.add(viewer, GIVE, token, missing, lambda _who, _token: [grant], said):
        st.session_state[f"{GIVE}_account"], st.session_state[f"{GIVE}_schools"] = "", []


def change(viewer: Viewer, granted: list[Entry], names: dict[str, str]) -> None:
    """Another role for an account, or none."""
    forms.fold(
        "Change a role or take it back", "fold_change_grant", _change, viewer, granted, names
    )


def _change(viewer: Viewer, granted: list[Entry], names: dict[str, str]) -> None:
    by_account = {one.content.account: one for one in granted}
    account = st.selectbox("Whose", list(by_account), key="grant_of", index=None)
    forms.answer(CHANGE)
    if account:
        _change_one(viewer, by_account[account], names)


def _change_one(viewer: Viewer, entry: Entry, names: dict[str, str]) -> None:
    form = f"grant_{entry.record}"
    grant = entry.content
    known = [school for school in grant.schools if school in names]
    forms.begin(form, entry.version, {"role": grant.role, "schools": known})
    with forms.form(form):
        _role_and_schools(form, names)
        forms.save(form, "Save", _write, viewer, entry, form, False)
        st.button(
            "Take the role back",
            key=f"{form}_take_back",
            on_click=_write,
            args=(viewer, entry, form, True),
        )


def _write(viewer: Viewer, entry: Entry, form: str, takes_back: bool) -> None:
    account = entry.content.account

    def after(_before, _who):
        return None if takes_back else _typed(form, account)

    said = f"{account} has no role any more." if takes_back else "Saved. What it was is kept."
    forms.change(CHANGE, form, viewer, entry.record, {}, after, lambda one: one.role, account, said)
