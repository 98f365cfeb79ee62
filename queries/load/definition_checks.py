"""What refuses the definitions of a folder: each is one rule, and none is called as another."""

from queries.load.loading import Loading
from queries.team.definitions import shipped

HALF_A_SHARE = """
SELECT rowid AS at_row
FROM definitions
WHERE (share_numerator IS NULL) <> (share_denominator IS NULL)
"""
NOT_ONE_RULE = """
SELECT rowid AS at_row
FROM definitions
WHERE (share_numerator IS NULL) = (share_denominator IS NULL)
    AND (share_numerator IS NULL) = (days IS NULL)
"""
NO_SHARE = """
SELECT rowid AS at_row FROM definitions WHERE NOT share_numerator BETWEEN 1 AND share_denominator
"""
NO_DAYS = "SELECT rowid AS at_row FROM definitions WHERE days = 0"
MORE_THAN_DAYS = "SELECT rowid AS at_row FROM definitions WHERE days > 0 AND NOT inclusive"
CALLED_OTHERWISE = """
SELECT one.rowid AS at_row
FROM definitions AS one
JOIN definitions AS two ON (one.name = two.name) <> (one.label = two.label)
"""


def check(loading: Loading) -> None:
    """Find everything in definitions for which the folder is refused."""
    share = ("share_numerator", "share_denominator")
    both = "write both numbers of a share, such as 1 and 10 for 10%"
    loading.refuse("definitions", share, HALF_A_SHARE, "is half of a share", both)
    loading.refuse(
        "definitions",
        ("name",),
        NOT_ONE_RULE,
        "gives both a share and a number of days, or neither",
        "give share_numerator and share_denominator, or days",
    )
    loading.refuse("definitions", share, NO_SHARE, "is no share of the days", both)
    loading.refuse("definitions", ("days",), NO_DAYS, "would count everybody", "write 1 or more")
    loading.refuse(
        "definitions",
        ("inclusive",),
        MORE_THAN_DAYS,
        "goes with a share alone: so many days count from that number on",
        "leave inclusive blank, and write one day more for more than so many days",
    )
    loading.refuse(
        "definitions",
        ("name", "label"),
        CALLED_OTHERWISE,
        "is a name with two labels, or a label of two names",
        "let a definition keep both where it changes, and say in since from which year on",
    )
    _refuse_shipped(loading)


def _refuse_shipped(loading: Loading) -> None:
    for column, positions in (
        ("name", "SELECT rowid AS at_row FROM definitions WHERE list_contains($shipped, name)"),
        ("label", "SELECT rowid AS at_row FROM definitions WHERE list_contains($shipped, label)"),
    ):
        found = loading.found(positions, shipped=[one[column] for one in shipped()])
        loading.list_rows(
            loading.sources["definitions"],
            "refused",
            found,
            (column,),
            ("is a definition that ships with Roundtable", "call this one otherwise"),
        )
