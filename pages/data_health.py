"""What was loaded, what is missing, and how fresh is it?"""

from dataclasses import replace
from functools import partial

import streamlit as st

from pages.shared import basis, blocks, filters, formats, frame
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

st.caption(formats.plain(sentences.loaded(generation)), help=sentences.behind_loaded(generation))
refusal = health.refusal(viewer)
if refusal:
    st.markdown(formats.plain(sentences.refused(refusal)))
if health.is_untold(selection.generation):
    st.markdown(sentences.UNTOLD)
outdated = health.outdated(selection.generation)
if outdated:
    st.markdown(formats.plain(outdated))

# What was loaded is one folder, of all schools.
for_staff = frame.is_for_staff(viewer) and viewer.schools is None
if for_staff:
    files = health.files(selection, viewer)
    findings = health.findings(selection, viewer)
    codes = health.codes(selection, viewer)
    code_changes = health.code_changes(selection, viewer)
    survey_checks = health.survey_checks(selection, viewer)
    with blocks.grid(3, least=180):
        st.metric("Rows read", formats.count(files.rows_in.sum()))
        st.metric("Set aside", formats.count(files.set_aside.sum()))
        st.metric("Repaired", formats.count(files.repaired.sum()))

FINDING = ["kind", "file", "line", "column_name", "value", "problem", "remedy", "rows"]


def to_send_back(names: bool) -> bytes:
    """What load found, of all schools, as a file for who made the export."""
    whole = replace(selection, network=None, neighborhood=None, school=None)
    if not names:
        return health.as_csv(health.findings(whole, viewer), FINDING)
    found = health.findings_of_students(whole, viewer)
    return health.as_csv(found, [*FINDING[:4], "student_id", *FINDING[4:]])


grid = blocks.grid()
if not filters.has_attendance(selection):
    frame.without_attendance()
elif basis.is_of_totals(health.standing(selection, viewer)):
    with grid.cell():
        frame.needs_days("On which days attendance was taken")
else:
    with (
        grid.cell(),
        blocks.card(
            sentences.freshness_at_a_glance(freshness),
            behind=f"{sentences.freshness(freshness)}. Weeks of the year so far by school: the "
            "stronger the color, the fewer of the week's instructional days have attendance. Days "
            "on which it was not taken are left out of every rate. A day without a row counts as "
            "present; five or more in a row that a school's other days make unlikely are shown as "
            "missing. A school that sends nothing any more stands at its own last row, if its days "
            "without a row before give so long a silence a chance below 1 in 1,000.",
        ),
    ):
        blocks.small(*sentences.missing_weeks(health.weeks(selection, viewer)))
        blocks.show(charts.coverage, coverage, alt=sentences.freshness(freshness))
        blocks.table(
            freshness,
            ["school_name", "last_row_date", "days_expected", "days_taken", "coverage"],
            alt="Freshness and coverage by school",
        )

if for_staff:
    with (
        grid.cell(),
        blocks.card(
            sentences.rows_of(basis.place(selection)),
            behind=f"{sentences.files(files)}. Rows in = accepted + set aside + repaired, for each "
            "file. A row that cannot be read is set aside; a repaired row is counted once, or for "
            "nothing, as the list says.",
        ),
    ):
        blocks.table(
            files,
            ["file", "rows_in", "accepted", "set_aside", "repaired"],
            alt="Rows by file",
            label="By file",
        )
        blocks.table(
            findings,
            FINDING,
            alt="What load found",
            label="What was found, line by line",
        )
        if len(findings):
            names = frame.sees_names(viewer)
            blocks.take_file(
                "Take it as a file to send back",
                "findings.csv",
                selection,
                viewer,
                partial(to_send_back, names),
                sentences.students_in(findings) if names else None,
            )
        if len(codes):
            blocks.heading(
                sentences.codes(codes),
                "How each attendance code counts, and how often it was used. A code that is not in "
                "this list stops a load.",
            )
            blocks.table(
                codes,
                ["code", "label", "counts_as", "excused", "reason", "rows"],
                alt="Attendance codes",
                label="Every code",
            )
        if len(code_changes):
            blocks.heading(
                sentences.code_changes(code_changes),
                "Codes with 20 rows or more in one of two years, of each year up to the same "
                "instructional day: gone, new, or standing twice or half as often. A system that "
                "renames its codes over the summer shows here.",
            )
            blocks.table(
                code_changes,
                ["code", "change", "rows_before", "rows_now", "share_before", "share_now"],
                alt="Attendance codes that changed since last year",
                label="Both years",
            )
    if len(survey_checks):
        with (
            grid.cell(),
            blocks.card(
                sentences.survey_checks(survey_checks),
                behind="Of those who answered ten items or more, how many gave one answer to all "
                "of them, and how many gave, item by item, the answers of somebody before them at "
                "their school. Without a roster there is no response rate. An item in other words "
                "is not compared with the year before.",
            ),
        ):
            blocks.table(
                survey_checks,
                [
                    "survey",
                    "school_year",
                    "respondent_group",
                    "respondents",
                    "of_ten",
                    "straight",
                    "straight_share",
                    "alike",
                    "schools_without_roster",
                    "items_reworded",
                ],
                alt="What is odd about the answers to each survey",
                label="By survey",
            )
else:
    st.caption("What became of every row, and how each code counts, is for staff of all schools.")
