"""How do our own files get onto these pages?"""

import streamlit as st

from pages.shared import blocks, frame
from pages.shared.bringing import forms, sentences
from queries import incoming

_, viewer = frame.open_page("Bring your data", of_attendance=False, of_team=False, needs_data=False)

if not incoming.may_bring(viewer):
    blocks.heading("An admin brings data here")
    st.markdown(sentences.FOR_WHOM)
    if viewer.role == "admin":
        frame.offer_staff_view(viewer, "An admin goes on in the view for staff.")
    st.stop()

forms.answer()
grid = blocks.grid()
with grid.cell():
    forms.need()
with grid.cell():
    forms.bring(viewer)
if upload := incoming.current(viewer):
    forms.follow(upload)
forms.earlier(viewer)
