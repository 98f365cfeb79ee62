"""The schools of a foreign folder, by id and by name, as all its sheets name them."""

import re
from collections import Counter

import pandas as pd

from queries.convert import values
from queries.convert.mapping import SheetMapping
from queries.convert.sheets import Sheet

# The id of the only school where no sheet names one.
ONE_SCHOOL = "1"


def without_year(name: str) -> str:
    """A school's name without the year that some systems put before its calendar's."""
    return re.sub(r"^(20)?\d\d[-/](20)?\d\d\s+|\s+(20)?\d\d[-/](20)?\d\d$", "", name)


_SHORT = {"elem": "elementary", "el": "elementary", "es": "elementary", "ms": "middle",
          "hs": "high", "jr": "junior", "sr": "senior", "int": "intermediate", "acad": "academy",
          "prim": "primary", "sch": "", "school": "", "the": "", "of": "", "and": ""}  # fmt: skip


_NAME = re.compile(
    r"(?:\b[A-Z][\w'.-]* ){1,4}(?:(?:Elementary|Middle|Primary|Intermediate|High|Academy|Charter)\b"
    r"(?: School)?|School\b)|\bEscuela(?: [\w.-]+){1,5}"
)
_NO_NAME = re.compile(r"\b(Attendance|Register|Report|List|Students?|Daily|Enrollment|Roster"
                      r"|Calendar|Year|Day|Public|District|\w*\d\w*) ", re.IGNORECASE)  # fmt: skip


def named_in(words: str) -> str:
    """The school that a title or the name of a file names; '' for none."""
    labelled = re.search(r"(?i)\b(?:school|campus|building)(?: name)?\s*[:=]\s*(\S.*)", words)
    if labelled:
        return re.split(r"\s{2,}|[|;,]", labelled[1])[0].strip()
    found = _NAME.search(re.sub(r"[_]+", " ", words))
    return _NO_NAME.sub("", found[0]).strip() if found else ""


def likeness(name: str) -> str:
    """What is alike in Alder Elementary School, ALDER ELEM and Alder ES."""
    words = re.findall(r"[^\W_]+", without_year(name).lower())
    return " ".join(filter(None, (_SHORT.get(word, word) for word in words)))


class Schools:
    """Schools by id and name, as all sheets name them; alone: the name of the only one, where none
    names any."""

    def __init__(self, pairs: list[tuple[SheetMapping, Sheet]], alone: str = "") -> None:
        self.names: dict[str, dict[str, str]] = {}
        self.by_name: dict[str, str] = {}
        self.alike: dict[str, str] = {}
        self.met: set[str] = set()
        for one, sheet in pairs:
            self._learn(one, sheet)
        # A roster's way to write a school is that of the others.
        for one, sheet in sorted(pairs, key=lambda pair: pair[0].holds.value != "roster"):
            self._learn_names(one, sheet)
        for one, sheet in pairs:
            # A sheet without a column of schools is of the one that the others name.
            if one.holds.value != "schools" and self.are_named_by(one):
                self.met |= set(self.of(one, sheet)) - {""}
        if not self.met:
            self.met = {ONE_SCHOOL}
            if alone:
                self.names.setdefault(ONE_SCHOOL, {"school_name": alone})

    def _learn(self, one: SheetMapping, sheet: Sheet) -> None:
        key, name = one.column_of("school_id"), one.column_of("school_name")
        if key is None or name is None:
            return
        more = [f for f in ("network", "neighborhood", "level") if one.column_of(f)]
        kind = one.column_of("org_type")
        table = sheet.table.drop_duplicates(key)
        for row in table.to_dict("records"):
            if kind is not None and row[kind].lower() not in ("school", "", "public"):
                continue
            school = values.id_of(row[key])
            known = {f: row[one.column_of(f)] for f in more} | {"school_name": row[name]}
            self.names.setdefault(school, known)
            self.by_name.setdefault(without_year(row[name]).lower(), school)

    def _learn_names(self, one: SheetMapping, sheet: Sheet) -> None:
        """Names that are written otherwise elsewhere, unless this sheet itself has both ways."""
        column = one.column_of("school_name")
        given = [one.whole["school_name"].value] if "school_name" in one.whole else []
        if column is not None:
            given = [name for name in sheet.table[column].unique() if name]
        names = {without_year(name) for name in given}
        alike = Counter(map(likeness, names))
        for name in sorted(names):
            if alike[likeness(name)] == 1:
                known = self.alike.setdefault(likeness(name), self._id_of(name))
                self.by_name.setdefault(name.lower(), known)

    def _id_of(self, name: str) -> str:
        return self.by_name.get(name.lower(), name)

    def _id_under(self, said: str) -> str:
        """The id that a column of ids means; some write names in it."""
        key = values.id_of(said)
        return key if key in self.names else self._id_of(key)

    def are_named_by(self, one: SheetMapping) -> bool:
        """Whether a sheet has a column of schools, or is one school's."""
        return "school_name" in one.whole or any(map(one.column_of, ("school_id", "school_name")))

    def of(self, one: SheetMapping, sheet: Sheet, *, blank: bool = False) -> pd.Series:
        """The school of every row; '' where a sheet names none and `blank` may stand."""
        for field_name in ("school_id", "school_name"):
            column = one.column_of(field_name)
            if column is not None:
                cells = values.cleaned(sheet.table[column])
                if field_name == "school_id":
                    return values.mapped(cells, self._id_under)
                names = values.mapped(cells, without_year)
                return values.mapped(names, self._id_of)
        if "school_name" in one.whole:
            name = self._id_of(without_year(one.whole["school_name"].value))
            return pd.Series(name, index=sheet.table.index, dtype=object)
        alone = "" if blank or len(self.met) > 1 else next(iter(self.met), ONE_SCHOOL)
        return pd.Series(alone, index=sheet.table.index, dtype=object)

    def table(self, met: set[str]) -> pd.DataFrame:
        """schools: one row a school that has students or days."""
        rows = []
        for school in sorted(met - {""}):
            known = self.names.get(school, {})
            name = known.get("school_name") or (
                school if not school.isdigit() else f"School {school}"
            )
            rows.append({"school_id": school, **known, "school_name": name})
        table = pd.DataFrame(rows, dtype=object).fillna("")
        twice = table.school_name.duplicated(keep=False)
        table.loc[twice, "school_name"] += " (" + table.school_id[twice] + ")"
        return table
