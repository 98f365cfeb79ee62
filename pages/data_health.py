"""What was loaded, what is missing, and how fresh is it?"""

import streamlit as st

from pages.shared import filters, formats, frame
from pages.shared.data import charts, sentences
from queries import health

selection, viewer = frame.open_page(
    "Data health",
    ("school_year", "network", "neighborhood", "school"),
    of_attendance=False,
    of_team=False,
)

generation = health.generation(selection).iloc[0]
freshness = health.freshness(selection, viewer)
coverage = health.coverage(selection, viewer)

st.caption(formats.plain(sentences.loaded(generation)), help=formats.plain(generation["name"]))
if health.is_untold(selection.generation):
    st.markdown(sentences.UNTOLD)
outdated = health.outdated(selection.generation)
if outdated:
    st.markdown(formats.plain(outdated))

for_staff = frame.is_for_staff(viewer)
if for_staff:
    files = health.files(selection, viewer)
    findings = health.findings(selection, viewer)
    codes = health.codes(selection, viewer)
    with frame.grid(3, least=180):
        st.metric("Rows read", formats.count(files.rows_in.sum()))
        st.metric("Set aside", formats.count(files.set_aside.sum()))
        st.metric("Repaired", formats.count(files.repaired.sum()))

grid = frame.grid()
if filters.has_attendance(selection):
    with (
        grid.cell(),
        frame.card(
            sentences.freshness_at_a_glance(freshness),
            behind=f"{sentences.freshness(freshness)}. Weeks of the year so far by school: the "
            "stronger the color, the fewer of the week's instructional days have attendance. Days "
            "without it are left out of every rate. A school that sends nothing any more stands "
            "at its own last row, if its days without a row before give so long a silence a "
            "chance below 1 in 1,000.",
        ),
    ):
        frame.show(charts.coverage, coverage, alt=sentences.freshness(freshness))
        frame.table(
            freshness,
            ["school_name", "last_row_date", "days_expected", "days_taken", "coverage"],
            alt="Freshness and coverage by school",
        )
else:
    frame.without_attendance()

if for_staff:
    with (
        grid.cell(),
        frame.card(
            "What became of every row",
            behind=f"{sentences.files(files)}. Rows in = accepted + set aside + repaired, for each "
            "file. A row that cannot be read is set aside; a repaired row is counted once, or for "
            "nothing, as the list says.",
        ),
    ):
        frame.table(
            files,
            ["file", "rows_in", "accepted", "set_aside", "repaired"],
            alt="Rows by file",
            label="By file",
        )
        frame.table(
            findings,
            [
                "kind",
                "file",
                "line",
                "column_name",
                "value",
                "problem",
                "remedy",
                "rows",
            ],
            alt="What load found",
            label="What was found, line by line",
        )
        if len(codes):
            frame.heading(
                sentences.codes(codes),
                "How each attendance code counts, and how often it was used. A code that is not in "
                "this list stops a load.",
            )
            frame.table(
                codes,
                ["code", "label", "counts_as", "excused", "reason", "rows"],
                alt="Attendance codes",
                label="Every code",
            )
else:
    st.caption("What became of every row, and how each code counts, is for staff.")
