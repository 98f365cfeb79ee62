"""Random partners and records for a network that is there, as many people would write them.

Several causes a student, other school years, students who left or are in no file, causes in no
list, records that were changed, removed and forgotten, partners with odd capitals and spaces.
"""

import csv
import random
from datetime import date

from queries.team import journal, tables
from queries.team.records import CONFIDENCE, EVIDENCE, FAMILIES, Cause, Learned, Partner, Seat
from tests.second_answer import absence
from tests.second_answer.folder import read_network

SHIPPED = {one.cause: one.family for one in tables.shipped_causes()}
# The last ones are in no list.
CAUSES = (*list(SHIPPED)[:7], "Ängste am Morgen", "no shoes; no coat", "never listed", "O'Neill")
OWN_CAUSES = ("Ängste am Morgen", "no shoes; no coat", "asthma")
PARTNERS = ("Open Door", "Harbor Clinic", "O'Brien & Sons", "Eis & Söhne", "The Table")


def learned(student: str, school: str, year: str, cause: str, randomness=None) -> Learned:
    pick = randomness.choice if randomness else lambda values: values[0]
    day = date(int(year[:4]), 10, 1)
    return Learned(student, school, year, cause, pick(EVIDENCE), pick(CONFIDENCE), day)


class Writer:
    """Random partners and records for a network that is there."""

    def __init__(self, network, home, seed):
        self.network = network
        self.home = home
        self.random = random.Random(f"records {seed}")
        self.year = absence.default_school_year(network)

    def some(self, values, most):
        return tuple(self.random.sample(list(values), self.random.randint(0, most)))

    def oddly(self, text: str) -> str:
        """With other capitals and spaces around."""
        text = self.random.choice((text, text.upper(), text.title(), text.lower()))
        return self.random.choice(("", " ", "  ")) + text + self.random.choice(("", " "))

    def lists(self):
        """What a partner works on and where, oddly written; no place is everywhere."""
        rows = self.network.rows("schools")
        neighborhoods = {row.get("neighborhood") or "Elsewhere" for row in rows} | {"Nowhere"}
        schools = {row[column] for row in rows for column in ("school_id", "school_name")}
        return {
            # Between `;` no cause of a file can have one of its own.
            "causes": tuple(map(self.oddly, self.some([c for c in CAUSES if ";" not in c], 4))),
            "neighborhoods": tuple(f" {one} " for one in self.some(sorted(neighborhoods), 1)),
            "schools": tuple(f"{one} " for one in self.some(sorted(schools), 2)),
        }

    def write(self) -> None:
        """Everything, as people would: some of it changed, removed and forgotten."""
        places = {(row["student_id"], row["school_id"]) for row in self.network.rows("enrollments")}
        places |= {("never enrolled", "gone"), ("stray0", "gone")}
        years = [*absence.school_years(self.network), "2011-12"]
        written = []
        for student, school in sorted(places):
            for cause in self.some(CAUSES, self.random.choice((0, 1, 1, 3))):
                year = self.random.choice([self.year, self.year, self.random.choice(years)])
                # Twice: from two people.
                for _ in range(self.random.choice((1, 1, 2))):
                    written.append(learned(student, school, year, cause, self.random))
        written += [Cause(cause, self.random.choice(FAMILIES)) for cause in OWN_CAUSES]
        written += [Partner(f" {name} ", **self.lists()) for name in self.some(PARTNERS, 4)]
        written.append(Partner("Far Away", causes=CAUSES, schools=("gone",)))
        schools = [*sorted(absence.all_schools(self.network)), "gone"]
        for _ in range(8):
            seat = self.random.choice(("partner", "partner", "partner", "family", "nurse"))
            name = self.random.choice((*PARTNERS, f"{PARTNERS[0]} ", "Somebody"))
            school = self.random.choice(schools)
            written.append(Seat(school, seat, name, date(2025, 9, 1)))
        self.random.shuffle(written)
        names = journal.add(self.home, "somebody", written)
        for name, record in zip(names, written, strict=True):
            if isinstance(record, Learned) and self.random.random() < 0.1:
                other = learned(
                    record.student_id, record.school_id, self.year, CAUSES[0], self.random
                )
                journal.change(self.home, "another", name, 1, other)
            elif self.random.random() < 0.1:
                journal.change(self.home, "another", name, 1, None)
        for student, _school in self.random.sample(sorted(places), 3):
            journal.forget(self.home, student)


def write_partners(folder, seed) -> None:
    """partners.csv: its lists as text with `;`, some of the names also in the team store."""
    writer = Writer(read_network(folder), None, seed)
    columns = ("partner_id", "partner_name", "causes", "neighborhoods", "schools", "contact")
    with (folder / "partners.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        for number, name in enumerate(writer.some(PARTNERS, len(PARTNERS))):
            lists = ["; ".join(parts) for parts in writer.lists().values()]
            rows.writerow([f"P{number}", name, *lists, ""])
