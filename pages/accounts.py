"""Who may sign in, and what may each see?"""

import streamlit as st

from pages.shared import blocks, frame
from pages.shared import forms as writing
from pages.shared.accounts import forms, sentences
from pages.shared.door import provider
from queries import accounts

selection, viewer = frame.open_page("Accounts", of_attendance=False, needs_data=False)

blocks.heading("What each role sees")
st.markdown(sentences.ROLES)

if not accounts.may_give_roles(viewer):
    st.markdown(sentences.WHO_GIVES)
    if viewer.role == "admin":
        frame.offer_staff_view(viewer, sentences.GOES_ON)
    st.stop()

granted = writing.read(accounts.grants)
blocks.heading(sentences.how_many(granted))
if not provider.is_set():
    st.caption(sentences.NOBODY_SIGNS_IN)
if provider.gives_roles():
    st.caption(sentences.PROVIDER_GIVES)
schools = forms.schools(selection)
if granted:
    rows = sentences.granted(granted, schools)
    st.dataframe(rows, hide_index=True, alt="Accounts, their roles and schools")
writing.sign()
forms.give(viewer, schools)
if granted:
    forms.change(viewer, granted, schools)
last = writing.read(accounts.sign_ins, accounts.SHOWN)
if last:
    blocks.heading(sentences.SIGN_INS)
    table = sentences.sign_ins(last)
    st.dataframe(table, hide_index=True, alt="The last sign-ins, and what became of them")
