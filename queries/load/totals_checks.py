"""What refuses a file of totals: sums that cannot be, and years that came in days as well."""

from queries.load.loading import Loading

# More days than a year has are minutes, hours or periods.
MORE_THAN_A_YEAR = "SELECT rowid AS at_row FROM year_totals WHERE days_enrolled > 366"
MORE_ABSENT = "SELECT rowid AS at_row FROM year_totals WHERE days_absent > days_enrolled"
# Systems close a year in July.
OF_ANOTHER_YEAR = """
SELECT rowid AS at_row
FROM year_totals
WHERE until NOT BETWEEN make_date(CAST(left(school_year, 4) AS BIGINT), 7, 1)
    AND make_date(CAST(left(school_year, 4) AS BIGINT) + 1, 7, 31)
"""
NOT_YET = """
SELECT min(rowid) AS at_row
FROM year_totals
WHERE coalesce(until, make_date(CAST(left(school_year, 4) AS BIGINT) + 1, 6, 30)) > $today
GROUP BY school_year
"""
SEVERAL_ENDS = """
SELECT min(rowid) AS at_row
FROM year_totals
WHERE school_year IN (
    SELECT school_year
    FROM year_totals
    GROUP BY school_year
    HAVING count(DISTINCT coalesce(until, DATE '1900-01-01')) > 1
)
GROUP BY school_year, until
"""
DAYS_BESIDE = {
    "enrollments": """
        SELECT min(rowid) AS at_row
        FROM enrollments
        SEMI JOIN year_totals USING (school_year)
        GROUP BY school_year
    """,
    "calendar": """
        SELECT min(rowid) AS at_row
        FROM calendar
        SEMI JOIN year_totals USING (school_year)
        GROUP BY school_year
    """,
}


def check(loading: Loading) -> None:
    """Find everything in year_totals for which the folder is refused: what cannot be, two sources
    for one year, and days up to which students of a year cannot be added up."""
    refuse = loading.refuse
    name = loading.sources["year_totals"].name
    refuse(
        "year_totals",
        ("days_absent", "days_enrolled"),
        MORE_ABSENT,
        "are more days absent than enrolled",
        "days_enrolled are all days on the roll, also those absent; correct one of them",
    )
    refuse(
        "year_totals",
        ("days_enrolled",),
        MORE_THAN_A_YEAR,
        "is more than a year has days",
        "write days, and not minutes, hours or periods",
    )
    for file, years in DAYS_BESIDE.items():
        if file not in loading.sources:
            continue
        refuse(
            file,
            ("school_year",),
            years,
            f"is a school year of {name} too",
            "give a school year in days or in totals, at all schools alike: take it out of one",
        )
    refuse(
        "year_totals",
        ("until", "school_year"),
        SEVERAL_ENDS,
        "is not the same day in all rows of its school year",
        "give all totals of a school year up to the same day, or blank for the whole year",
    )
    refuse(
        "year_totals",
        ("until", "school_year"),
        OF_ANOTHER_YEAR,
        "is no day of its school year",
        "write the last day that these totals count, such as 2026-03-20",
    )
    words = (
        f"counts days after {loading.today}, the day of loading: totals without until are those "
        "of a whole school year, up to the end of June",
        "write in until the last day that these totals count",
    )
    found = loading.found(NOT_YET, today=loading.today)
    loading.list_rows(
        loading.sources["year_totals"], "refused", found, ("until", "school_year"), words
    )
