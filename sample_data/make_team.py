"""Invent what the attendance teams of the Hillside Network wrote down.

    python sample_data/make_team.py [FOLDER]

Reads the files beside it and writes sample_data/team, or FOLDER: one CSV file per kind of record,
with the fields of queries/team/records.py and who wrote it. Everything is made up; README.md tells
the story that is planted here. As in make_sample_data.py, the same files come out on every run.
"""

import csv
import gzip
import io
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from make_plans import (
    OWN_IDEAS,
    cycle_rows,
    meeting_rows,
    plan_rows,
    pledge_rows,
    pride_rows,
    priority_rows,
)
from make_sample_data import (
    ALDER,
    BIRCH,
    CEDAR,
    EAST,
    HAWTHORN,
    JUNIPER,
    LAST_DAY_REPORTED,
    LINDEN,
    MAPLE,
    RIVERSIDE,
    ROWAN,
    SCHOOLS,
    THIS_YEAR,
    WILLOW,
    YEARS,
    Dice,
    table,
)

NETWORK_FILES = Path(__file__).parent
LAST_YEAR = YEARS[-2]
A_WEEK_AGO = LAST_DAY_REPORTED - timedelta(days=7)


def cells(text):
    """The cells of a table whose long lines go on after a backslash, however they are spaced."""
    return [[" ".join(cell.split()) for cell in row] for row in table(text)]


# --- Who writes -------------------------------------------------------------------------------

# None of these names is a student's.
STAFF = {
    school_id: dict(zip(("coordinator", "nurse", "counselor", "teacher"), names, strict=True))
    for school_id, *names in table(
        f"""
        {ALDER}    | Ingrid Halloran    | Bettina Marsh   | Oswald Tremblay   | Philippa Stone
        {BIRCH}    | Winston Achterberg | Delphine Roux   | Agnes Whitcombe   | Curtis Fennimore
        {LINDEN}   | Marguerite Pell    | Stefan Novak    | Yolanda Birdsong  | Terrence Quill
        {MAPLE}    | Harriet Ostrander  | Lorenzo Bianchi | Cordelia Vance    | Edmund Farrow
        {CEDAR}    | Beatrix Lindqvist  | Roland Sayers   | Winifred Crane    | Desmond Tully
        {JUNIPER}  | Leopold Ferris     | Henrietta Voss  | Augusta Penrose   | Barnaby Kerr
        {HAWTHORN} | Josephine Larkin   | Cyrus Holloway  | Matilda Brandt    | Everett Nash
        {ROWAN}    | Rosalind Thorne    | Hector Balint   | Georgina Pratt    | Lionel Webb
        {WILLOW}   | Cecily Rutherford  | Ansel Dorsey    | Imelda Fontaine   | Rupert Haines
        """
    )
}
DIRECTOR = "Constance Aldridge (director)"


def person(school_id, role):
    """Somebody of a school, as the records name them."""
    return f"{STAFF[school_id][role]} ({role})"


# --- What is understood, and where ------------------------------------------------------------

# Of a school's students who are chronically absent, how many somebody has asked and understood.
UNDERSTOOD = {
    ALDER: 0.62,
    BIRCH: 0.74,
    LINDEN: 0.60,
    MAPLE: 0.50,
    CEDAR: 0.64,
    JUNIPER: 0.42,
    HAWTHORN: 0.58,
    ROWAN: 0.58,
    WILLOW: 0.46,
}
UNDERSTOOD_LAST_YEAR = 0.22
A_SECOND_CAUSE = 0.20
A_SECOND_SOURCE = 0.05
# What was learned of students who are near the threshold, or were and turned around.
UNDERSTOOD_NEAR = 0.06

PLACES = [
    (neighborhood, level)
    for neighborhood in (EAST, RIVERSIDE)
    for level in ("elementary", "middle", "high")
]
# How often each cause is learned, by place.
CAUSES = {
    cause: dict(zip(PLACES, map(int, weights.split()), strict=True))
    for cause, weights in table(
        """
        asthma                                | 46 44 46   9  8  6
        chronic illness                       |  5  4  3   4  4  3
        dental pain                           |  5  3  2   4  3  2
        transportation                        |  7  6 16  10  8 20
        housing                               |  6  5  4  23 22 20
        caring for siblings                   |  5  5  6  26 25 20
        work                                  |  0  0 18   0  0 24
        safety                                |  3  3  2   2  3  2
        legal matters                         |  1  1  1   2  2  2
        language                              |  6  4  3   7  5  4
        anxiety                               |  7  9  8   6  9  8
        bullying                              |  4  7  4   4  7  4
        trouble with a class                  |  2  4  4   2  4  4
        discipline                            |  1  4  3   1  4  3
        feels alone at school                 |  1  2  8   1  2  8
        bored or behind                       |  1  3  9   1  3  9
        nothing to come for                   |  0  2  7   0  2  7
        believes that a few days do not matter|  8  4  3   7  4  3
        family travel                         |  5  3  2   5  3  2
        keeps a child with a cold at home     |  7  2  0   6  2  0
        somebody ill at home                  |  0  0  0   2  2  2
        no clean clothes                      |  0  0  0   0  0  0
        """
    )
}
# A cause that only one school has found so far.
CAUSES["no clean clothes"][RIVERSIDE, "elementary"] = 3
ONLY_AT = {"no clean clothes": BIRCH}

# What often comes together, and how much more often.
TOGETHER = {
    frozenset(pair): 4
    for pair in (
        ("asthma", "housing"),
        ("housing", "transportation"),
        ("caring for siblings", "work"),
        ("anxiety", "bullying"),
        ("bored or behind", "trouble with a class"),
    )
}

# Where it was learned from, by cause: as in EVIDENCE of queries/team/records.py.
SOURCES = ("family conversation", "student voice", "home visit", "nurse", "teacher", "inferred")
HEALTH = ("asthma", "chronic illness", "dental pain")
FROM_HEALTH = (34, 6, 11, 36, 9, 4)
FROM_OLDER = (24, 38, 7, 3, 19, 9)
FROM_YOUNGER = (44, 7, 13, 3, 22, 11)
# How sure that makes: sure, likely, a guess.
SURE = {
    "family conversation": (62, 33, 5),
    "student voice": (52, 40, 8),
    "home visit": (74, 24, 2),
    "nurse": (66, 30, 4),
    "teacher": (14, 60, 26),
    "inferred": (0, 28, 72),
}
WRITES = {"nurse": "nurse", "teacher": "teacher", "student voice": "counselor"}

# No note names a child. What is said only of young ones, or of older ones, says so.
NOTES = cells(
    """
    asthma | any | Inhaler at home only; nothing at school for a bad morning.
    asthma | any | Nights are worst since the heating came on. Sleeps at dawn, then misses the bus.
    asthma | any | The action plan is two years old and names a doctor who has left.
    asthma | any | Goes home after gym rather than to the nurse.
    asthma | any | Damp wall beside the bed. The landlord has been written to twice.
    asthma | any | Waits weeks for an appointment; the clinic is two buses away.
    asthma | any | Worse on days when trucks idle on the avenue.
    asthma | any | The family was told to stay home at every cough, and does.
    chronic illness | any | Treatment every other Tuesday; comes back the day after, tired.
    chronic illness | any | Wants to keep up and has nothing to work on at home.
    chronic illness | any | Good weeks and bad weeks. Nobody at school had asked about the bad ones.
    dental pain | any | Toothache since the fall; no dentist takes the insurance.
    dental pain | any | Does not eat lunch. Pain is worst on Mondays.
    transportation | any | The early bus is full when it comes; the next one is too late.
    transportation | any | The car broke down in January and there is no money for it yet.
    transportation | any | Moved two miles away; the pass has not come.
    transportation | any | In heavy rain the underpass floods and nobody gets through.
    transportation | older | Two buses, and the second one leaves before the first arrives.
    housing | any | Staying with relatives across town until something is found.
    housing | any | Third address since September. The family did not know of the right to stay \
        here.
    housing | any | In a shelter since the winter break; mornings begin at an office there.
    housing | any | Rent went up and they are packing. Asked whether school could stay the same.
    housing | any | No heat for two weeks; everybody slept at an aunt's.
    housing | older | Sleeps at a friend's on weekdays. Wants this kept quiet.
    caring for siblings | young | Three schools, three starting times, one parent.
    caring for siblings | young | With a newborn at home nobody is free for the walk to school.
    caring for siblings | young | When the little one is ill, there is nobody to bring this one.
    caring for siblings | older | Takes two younger ones to day care; first period is over by then.
    caring for siblings | older | At home with the baby when a parent is called in to work.
    caring for siblings | older | Proud of the little ones. Does not want to be blamed for it.
    caring for siblings | any | Mornings changed when the night shift began.
    work | older | Closes a restaurant at midnight four days a week.
    work | older | Pays the phone and part of the rent. The hours are not chosen.
    work | older | Could work weekends instead if somebody spoke with the manager.
    work | older | Started in December to help out; had not told anybody here.
    safety | any | Was followed home in the fall. Takes the long way, or none.
    safety | any | The corner by the station is what they are afraid of.
    legal matters | any | Appointments at the court fall on school mornings.
    language | any | Letters come in English. The family thought that absences were excused.
    language | any | Calls the office and nobody understands; so they stopped calling.
    anxiety | any | Stomach aches on Sunday evenings, gone by noon on Monday.
    anxiety | any | The cafeteria is the hardest part of the day.
    anxiety | any | Came every day of the week in which the door was not to be walked through alone.
    anxiety | any | Worries about a parent's health and wants to be near.
    bullying | any | It happens at the bus stop, not in the building.
    bullying | any | A group chat. It began after the winter break.
    bullying | any | Asked for one thing: another seat at lunch.
    trouble with a class | any | Stays away on days with a test in it.
    trouble with a class | older | Days with lab first are the days that are missing.
    discipline | any | After three days sent home, nobody said that it was over.
    discipline | any | Comes, is sent out, and stays away the next day.
    feels alone at school | any | New here since November; eats alone.
    feels alone at school | older | All the friends went to the other school.
    feels alone at school | older | Says that nobody would notice. Somebody did.
    bored or behind | any | Missed fractions in the fall and has been lost since.
    bored or behind | older | Short of credits and does not see how to catch up.
    bored or behind | older | Reads far ahead and waits all day for the rest.
    nothing to come for | older | Came every day of the season; the season is over.
    nothing to come for | older | Wants to work with engines. Nothing here has to do with engines.
    believes that a few days do not matter | any | \
        Was surprised to hear how many days it has come to.
    believes that a few days do not matter | young | \
        Thinks that school begins in earnest in first grade.
    family travel | any | Two weeks with grandparents, as every winter.
    family travel | any | Flights are half the price outside the holidays.
    keeps a child with a cold at home | young | \
        Keeps every cold at home since the long illness of last year.
    keeps a child with a cold at home | any | \
        Was sent home twice with a runny nose, and has not dared since.
    somebody ill at home | any | A parent has dialysis three mornings a week.
    somebody ill at home | any | Stays near a grandparent who must not be left alone.
    no clean clothes | young | The machine in the building has been broken since the fall.
    no clean clothes | young | One uniform. When it is wet in the morning, there is none.
    """
)

# What is agreed, by whom, and what was learned when it was done. `unknown` is of those of whom
# nobody knows why.
STEPS = cells(
    """
    asthma | nurse | Ask the family for a second inhaler and a new action plan | \
        Inhaler and plan are here. The doctor had never been asked for a second one.
    asthma | coordinator | Ask who could look at the damp in the flat | \
        Nobody we know does that. We need somebody at the table who does.
    asthma | teacher | Agree on a sign for a bad morning | \
        Two quiet signs so far, and stayed both days.
    asthma | nurse | Call the clinic about an appointment before May | \
        First free date is in June. Asked to be called if one comes up.
    chronic illness | counselor | Set up work for the days at home | \
        Work goes home on Mondays now. Did all of it.
    dental pain | nurse | Find out who sees children without a long wait | \
        Seen on Saturday; comes without pain now.
    transportation | coordinator | Ask the bus desk about the early bus | \
        A second bus runs on school days since Monday.
    transportation | coordinator | Get the pass that has not come | \
        The pass lay at the old address. Handed over at the door.
    housing | coordinator | \
        Tell the family of the right to stay at this school, and of the ride | \
        They did not know. The ride begins next week.
    housing | counselor | Go with the family to a tenants' meeting | \
        A month has been won. Was here every day since.
    housing | coordinator | Find out where the family stays now | \
        With an aunt, two bus lines away. They want to stay at this school.
    caring for siblings | coordinator | Ask about a place in a morning group | \
        Begins after the break. Until then a neighbor helps on Tuesdays.
    caring for siblings | counselor | Ask whether the youngest could come to breakfast too | \
        Can come. Four mornings of five since.
    work | counselor | Speak with the manager about the late shift, if the student agrees | \
        No late shift before a school day from April on.
    safety | coordinator | Walk the way once together | \
        It is one corner. The crossing guard will stand there.
    legal matters | coordinator | Ask whether the appointments could lie in the afternoon | \
        They could. Nobody had asked.
    language | coordinator | Call the family with somebody who speaks its language | \
        A long, warm call. They thought that a note was enough.
    anxiety | counselor | Meet at the side door for two weeks | \
        Came on eight of ten days. The first ten minutes are the hard ones.
    anxiety | teacher | Save a seat by the window | Small, and it helped.
    bullying | counselor | Ask the student what should happen, and do that first | \
        Wanted another seat at lunch. Has it since Tuesday.
    trouble with a class | teacher | Go through the missed unit in two lunches | \
        One lunch so far; wants the second.
    discipline | counselor | Welcome back at the door, by name | \
        Was surprised. Stayed the whole week.
    feels alone at school | teacher | Ask to help set up the chess club | \
        Came, and brought somebody along.
    bored or behind | counselor | Sit down over what was missed and make a list | \
        It is three units, not eight as the student thought.
    nothing to come for | counselor | Ask the garage on Third Street for a visit | \
        They said yes. The student asked when.
    believes that a few days do not matter | teacher | \
        Show the family the calendar with the days on it | \
        They counted along and took the calendar home.
    family travel | teacher | Ask when the next trip is and what could lie in the break | \
        The next one will lie in the break.
    keeps a child with a cold at home | nurse | Say when a cold is no reason to stay home | \
        They were relieved and have my number.
    somebody ill at home | coordinator | Ask who else could be there in the mornings | \
        A cousin could, twice a week.
    no clean clothes | coordinator | Ask the custodian about the machine in the basement | \
        It runs. Two families use it before school.
    unknown | coordinator | Visit the family with somebody it knows | \
        Nobody was home. Will try on an evening.
    unknown | counselor | Have breakfast together and listen | \
        Talked about everything else. Wants to talk again.
    unknown | teacher | Ask what mornings are like | Did not want to say yet. Smiled, though.
    unknown | counselor | Ask which adult here the student would talk to | \
        The librarian. She will ask on Thursday.
    """
)
# The one step that was given up, and why.
DROPPED = (
    "transportation",
    "Ask the district for a stop on the avenue",
    "Not needed any more: the stop is back since last week.",
)

REMEMBERED = cells(
    """
    coordinator | Best reached by text after four.
    coordinator | A grandmother is the one to call in the morning.
    coordinator | The family asked that letters come in its own language.
    coordinator | Two phone numbers are out of date; the one on the breakfast list works.
    coordinator | An older cousin walks along and is happy to be asked.
    coordinator | The family offered to help at the breakfast table.
    counselor | Would rather talk while walking than in the office.
    counselor | Does not want to be called out in class.
    counselor | Asked that not everybody be told. Keep it small.
    counselor | Wants to be asked, not told. Says so kindly.
    counselor | The week after a long absence is the hard one: say hello at the door.
    counselor | Has been here every day since the door was opened early.
    teacher | Never misses a day with art in it.
    teacher | Loves the garden; Thursdays are safe.
    teacher | Helps others when there is a chance to.
    teacher | Reads to the little ones on Fridays and lights up.
    teacher | Was proud of the drawing in the hall.
    teacher | Good with numbers, shy with words.
    nurse | Drops in around eleven when the day is long.
    nurse | Knows very well what helps. Ask first.
    """
)

ANSWERS_TO_A_CALL = table(
    """
    Spoke with a parent; a friendly talk.
    Spoke with a grandparent, who will pass it on.
    No answer; left a message.
    No answer.
    The number is no longer in use.
    Will call back after work.
    """
)
ANSWERS_TO_A_VISIT = table(
    """
    Had tea; they were glad that somebody came.
    Nobody was home; left a card.
    Talked on the steps for a while.
    """
)

# --- Who is at the table, and what was released -----------------------------------------------

SEATS = cells(
    f"""
    {ALDER}    | family  | Alder family council           | 2024-10-08
    {ALDER}    | nurse   | Bettina Marsh                  | 2025-09-16
    {ALDER}    | partner | Grandparents' Morning Circle   | 2025-01-14
    {BIRCH}    | family  | Breakfast parents              | 2025-10-07
    {BIRCH}    | nurse   | Delphine Roux                  | 2025-09-09
    {BIRCH}    | teacher | Curtis Fennimore               | 2024-09-17
    {BIRCH}    | partner | Riverside Tenants' Table       | 2025-10-21
    {BIRCH}    | partner | Metro Bus Student Desk         | 2025-09-23
    {LINDEN}   | family  | Linden parents                 | 2025-11-18
    {LINDEN}   | teacher | Terrence Quill                 | 2025-09-16
    {MAPLE}    | teacher | Edmund Farrow                  | 2025-09-30
    {MAPLE}    | partner | Riverside Tenants' Table       | 2025-12-02
    {CEDAR}    | nurse   | Roland Sayers                  | 2025-09-10
    {CEDAR}    | teacher | Desmond Tully                  | 2024-09-11
    {CEDAR}    | partner | Listening Post Counseling      | 2025-02-05
    {JUNIPER}  | family  | Juniper family circle          | 2026-01-15
    {HAWTHORN} | teacher | Everett Nash                   | 2025-09-18
    {HAWTHORN} | partner | Youth Jobs Compact             | 2025-10-16
    {ROWAN}    | student | Rowan student council          | 2025-11-06
    {ROWAN}    | family  | Families of Rowan              | 2025-11-06
    {ROWAN}    | partner | Youth Jobs Compact             | 2025-10-23
    {WILLOW}   | teacher | Rupert Haines                  | 2026-01-22
    """
)

# cause, family, question, school of who wrote it
OWN_CAUSES = cells(
    f"""
    no clean clothes | barriers | Where could the family wash, and could that be at school? | \
        {BIRCH}
    somebody ill at home | barriers | Who else could be with them in the mornings? | {JUNIPER}
    """
)

# partner_name, causes, neighborhoods, schools, contact
OWN_PARTNERS = cells(
    f"""
    Corner Laundry | no clean clothes | | {BIRCH} | wash@corner.example.org
    Second Chapter Mentors | feels alone at school; bored or behind; nothing to come for | \
        {RIVERSIDE} | | hello@secondchapter.example.org
    """
)

# cause, school, when it was released (blank: not yet), text
STORIES = cells(
    f"""
    asthma | {ALDER} | 2026-02-11 | \
        "We sleep sitting up in February," a mother told us. "By morning it is quiet, and I let \
        them sleep. I know that it is a school day. I would rather lose a day than an ambulance." \
        The inhaler was at home, the plan in a drawer. Nobody had asked for a second one.
    asthma | {CEDAR} | 2026-03-04 | \
        Several families in one building told the same story: a wall that does not dry. Each had \
        written to the landlord alone.
    housing | {BIRCH} | 2025-12-09 | \
        A family that lost its home in the fall thought that school was lost with it. It was not: \
        a child may stay, and there is a ride. It took one conversation with the tenants' table.
    caring for siblings | {MAPLE} | 2026-01-27 | \
        "Three schools, three bells, one of me," said a father. On days when one was ill, \
        nobody went. Neighbors on his street now walk together.
    work | {HAWTHORN} | | A student who closes a restaurant at midnight told us which evenings \
        would make the difference. We have not yet asked whether we may tell this.
    """
)


# --- Who is chronically absent ----------------------------------------------------------------


def read(name):
    """The rows of one file of the network, as text."""
    packed = NETWORK_FILES / f"{name}.csv.gz"
    plain = NETWORK_FILES / f"{name}.csv"
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else plain.read_bytes()
    return csv.DictReader(io.StringIO(content.decode(), newline=""))


@dataclass
class Attendance:
    """One student at one school in one year, up to the last day reported."""

    student_id: str
    school_id: str
    school_year: str
    enrolled: list[date] = field(default_factory=list)
    absent: list[date] = field(default_factory=list)
    codes: Counter = field(default_factory=Counter)  # of the days absent
    needs: dict[str, str] = field(default_factory=dict)

    def is_chronic(self, last=LAST_DAY_REPORTED):
        """At least ten days enrolled, a tenth of them or more missed: the federal definition."""
        enrolled = sum(day <= last for day in self.enrolled)
        absent = sum(day <= last for day in self.absent)
        return enrolled >= 10 and absent * 10 >= enrolled

    @property
    def is_near(self):
        """Not chronically absent, but at least eight in a hundred days missed."""
        missed_eight = len(self.absent) * 100 >= len(self.enrolled) * 8
        return len(self.enrolled) > 20 and missed_eight and not self.is_chronic()


def attendance_by_place():
    """(year, school, student): Attendance, of this year and the last."""
    taken = defaultdict(list)
    for row in read("calendar"):
        if row["attendance_taken"] == "yes":
            taken[row["school_id"], row["school_year"]].append(date.fromisoformat(row["date"]))
    needs = {(row["student_id"], row["school_year"]): row for row in read("students")}
    places = {}
    for row in read("enrollments"):
        year, school_id, student_id = row["school_year"], row["school_id"], row["student_id"]
        if year not in (LAST_YEAR, THIS_YEAR):
            continue
        entry = date.fromisoformat(row["entry_date"])
        leaves = date.fromisoformat(row["exit_date"]) if row["exit_date"] else date.max
        place = places.setdefault(
            (year, school_id, student_id),
            Attendance(student_id, school_id, year, needs=needs[student_id, year]),
        )
        days = {day for day in taken[school_id, year] if entry <= day < leaves}
        # Of overlapping enrollments each day counts once.
        place.enrolled = sorted(days.union(place.enrolled))

    # What a row without minutes misses, the whole day or one session, is half a day or more.
    counts_as = {row["code"]: row["counts_as"] for row in read("attendance_codes")}
    missed = {}
    for row in read("attendance"):
        some = not row["missed_minutes"]
        if counts_as[row["code"]] != "present" and (
            some or int(row["missed_minutes"]) * 2 >= int(row["day_minutes"])
        ):
            missed[row["student_id"], row["school_id"], date.fromisoformat(row["date"])] = row[
                "code"
            ]
    for place in places.values():
        for day in place.enrolled:
            code = missed.get((place.student_id, place.school_id, day))
            if code:
                place.absent.append(day)
                place.codes[code] += 1
    return places


# --- What was learned -------------------------------------------------------------------------


def likely_causes(place):
    """(cause, weight) for one student: what is usual there, tipped by what the office recorded."""
    school = SCHOOLS[place.school_id]
    codes, needs = place.codes, place.needs
    tipped = {
        "asthma": 1.5 if codes["IL"] >= 3 else 0.7,
        "chronic illness": 2.0 if codes["IL"] >= 5 else 0.5,
        "dental pain": 2.5 if codes["MD"] else 0.7,
        "transportation": 2.0 if codes["TR"] >= 2 else 0.7,
        "housing": 4.0 if needs["unstable_housing"] == "yes" else 0.8,
        "work": 1.8 if codes["WK"] else 1.0,
        "language": 2.0 if needs["english_learner"] == "yes" else 0.0,
        "discipline": 5.0 if codes["OS"] else 0.2,
        "family travel": 4.0 if codes["FT"] >= 2 else 0.3,
        "nothing to come for": 1.6 if codes["SK"] >= 2 else 0.7,
        "bored or behind": 1.6 if codes["SK"] >= 2 else 0.7,
    }
    return [
        (cause, weights[school.neighborhood, school.level] * tipped.get(cause, 1.0))
        for cause, weights in CAUSES.items()
        if ONLY_AT.get(cause, place.school_id) == place.school_id
    ]


def causes_of(place, dice):
    """One cause, or two."""
    weights = likely_causes(place)
    first = dice.weighted(weights)
    if not dice.chance(A_SECOND_CAUSE):
        return [first]
    others = [
        (cause, weight * TOGETHER.get(frozenset((first, cause)), 1))
        for cause, weight in weights
        if cause != first
    ]
    return [first, dice.weighted(others)]


def days_to_learn(place):
    """The days on which something could have been learned: once a student had been missed."""
    return place.enrolled[10:] or place.enrolled[-1:]


def source_of(place, cause, dice):
    """Where it was learned from, and how sure that makes."""
    older = SCHOOLS[place.school_id].level != "elementary"
    weights = FROM_HEALTH if cause in HEALTH else FROM_OLDER if older else FROM_YOUNGER
    source = dice.weighted(list(zip(SOURCES, weights, strict=True)))
    sure = dice.weighted(list(zip(("sure", "likely", "a guess"), SURE[source], strict=True)))
    return source, sure


def note_about(place, cause, dice):
    """A sentence or nothing."""
    age = "young" if SCHOOLS[place.school_id].level == "elementary" else "older"
    fitting = [text for of, when, text in NOTES if of == cause and when in ("any", age)]
    return dice.pick(fitting) if dice.chance(0.62) else ""


def learned_of(place, dice):
    """The rows of one student."""
    causes = causes_of(place, dice)
    if dice.chance(A_SECOND_SOURCE):
        causes.append(causes[0])
    for cause in causes:
        source, sure = source_of(place, cause, dice)
        days = days_to_learn(place)
        # More of it was learned lately.
        day = days[max(dice.below(len(days)), dice.below(len(days)))]
        yield (
            place.student_id,
            place.school_id,
            place.school_year,
            cause,
            source,
            sure,
            day,
            note_about(place, cause, dice),
            person(place.school_id, WRITES.get(source, "coordinator")),
        )


def is_understood(place, dice):
    """Whether somebody asked: those who crossed the threshold this week nearly nobody has yet."""
    if place.is_near:
        return place.school_year == THIS_YEAR and dice.chance(UNDERSTOOD_NEAR)
    if not place.is_chronic():
        return False
    if place.school_year == LAST_YEAR:
        return dice.chance(UNDERSTOOD_LAST_YEAR)
    just_crossed = not place.is_chronic(A_WEEK_AGO)
    return dice.chance(UNDERSTOOD[place.school_id] * (0.25 if just_crossed else 1.0))


def learned_rows(places):
    """Everything that was learned, in the order of the days."""
    rows = []
    for key in sorted(places):
        dice = Dice(f"learned {' '.join(key)}")
        if is_understood(places[key], dice):
            rows += learned_of(places[key], dice)
    return sorted(rows, key=lambda row: (row[6], row[1], row[0], row[3], row[4]))


# --- Steps, contacts, notes -------------------------------------------------------------------


def weekdays(first, number):
    """So many days from a Monday on, weekends left out."""
    days = [first + timedelta(days=count) for count in range(number * 2)]
    return [day for day in days if day.weekday() < 5][:number]


THIS_WEEK = weekdays(LAST_DAY_REPORTED - timedelta(days=4), 5)
NEXT_WEEK = weekdays(LAST_DAY_REPORTED + timedelta(days=3), 5)
WEEKS_BEFORE = weekdays(LAST_DAY_REPORTED - timedelta(days=18), 10)
# For each school: when a step was due, and whether it was done.
DUE = [
    *((WEEKS_BEFORE, "done"),) * 4,
    *((THIS_WEEK, "done"),) * 3,
    *((THIS_WEEK, "open"),) * 3,
    *((NEXT_WEEK, "open"),) * 4,
]


def step_rows(places, learned):
    """The next steps of each school: of some whose cause is known, and some where it is not."""
    known = {}
    for row in learned:
        if row[2] == THIS_YEAR:
            known.setdefault((row[1], row[0]), row[3])
    rows = []
    for school_id in SCHOOLS:
        dice = Dice(f"steps {school_id}")
        here = [
            key[2]
            for key in sorted(places)
            if key[:2] == (THIS_YEAR, school_id)
            and places[key].is_chronic()
            and places[key].enrolled[-1] > A_WEEK_AGO
        ]
        understood = dice.shuffled([one for one in here if (school_id, one) in known])
        unknown = dice.shuffled([one for one in here if (school_id, one) not in known])
        for number, (days, state) in enumerate(DUE):
            is_known = number % 3 != 2
            student_id = (understood if is_known else unknown).pop()
            cause = known.get((school_id, student_id), "unknown")
            role, what, result = dice.pick([row[1:] for row in STEPS if row[0] == cause])
            due = dice.pick(days)
            ended = due - timedelta(days=dice.below(due.weekday() + 1))
            rows.append(
                (
                    student_id,
                    school_id,
                    what,
                    person(school_id, role),
                    due,
                    state,
                    result if state == "done" else "",
                    ended if state == "done" else "",
                    person(school_id, "coordinator"),
                )
            )
        if school_id == CEDAR:
            cause, what, result = DROPPED
            student_id = next(one for one in understood if known[school_id, one] == cause)
            owner = person(school_id, "coordinator")
            ended = THIS_WEEK[1]
            rows.append(
                (student_id, school_id, what, owner, THIS_WEEK[3], "dropped", result, ended, owner)
            )
    return sorted(rows, key=lambda row: (row[4], row[1], row[0]))


def contact_rows(places):
    """Letters, calls and visits, as the rules ask for them."""
    rows = []
    for key in sorted(places):
        place = places[key]
        if place.school_year != THIS_YEAR or not place.is_chronic(A_WEEK_AGO):
            continue
        dice = Dice(f"contacts {' '.join(key)}")
        writer = person(place.school_id, "coordinator")
        for contact, often, answers in (
            ("letter", 0.26, [("",)]),
            ("call", 0.22, ANSWERS_TO_A_CALL),
            ("visit", 0.05, ANSWERS_TO_A_VISIT),
        ):
            if dice.chance(often):
                day = dice.pick(days_to_learn(place))
                (answer,) = dice.pick(answers)
                rows.append((place.student_id, place.school_id, contact, day, answer, writer))
    return sorted(rows, key=lambda row: (row[3], row[1], row[0], row[2]))


def note_rows(places):
    """What is worth remembering of some students."""
    rows = []
    for key in sorted(places):
        place = places[key]
        dice = Dice(f"notes {' '.join(key)}")
        if place.school_year == THIS_YEAR and place.is_chronic() and dice.chance(0.13):
            role, text = dice.pick(REMEMBERED)
            day = dice.pick(days_to_learn(place))
            writer = person(place.school_id, role)
            rows.append((place.student_id, place.school_id, day, text, writer))
    return sorted(rows, key=lambda row: (row[2], row[1], row[0]))


def story_rows():
    """Stories, some of them released."""
    for cause, school_id, released_on, text in STORIES:
        writer = person(school_id, "coordinator")
        yield cause, school_id, text, writer if released_on else "", released_on, writer


# --- Files ------------------------------------------------------------------------------------


def write(folder, name, columns, rows):
    """Write one file of the folder."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns.split())
    rows = list(rows)
    writer.writerows(rows)
    content = text.getvalue().encode()
    (folder / name).write_bytes(content)
    sys.stdout.write(f"{name:24} {len(rows):8,} rows {len(content):10,} bytes\n")


def main(folder):
    """Make everything, then write it file by file."""
    folder.mkdir(parents=True, exist_ok=True)
    places = attendance_by_place()
    learned = learned_rows(places)
    write(
        folder,
        "cause.csv",
        "cause family question written_by",
        (
            (cause, family, question, person(school_id, "coordinator"))
            for cause, family, question, school_id in OWN_CAUSES
        ),
    )
    write(
        folder,
        "learned.csv",
        "student_id school_id school_year cause evidence confidence learned_on note written_by",
        learned,
    )
    write(
        folder,
        "note.csv",
        "student_id school_id written_on text written_by",
        note_rows(places),
    )
    write(
        folder,
        "step.csv",
        "student_id school_id what owner due_on state result ended_on written_by",
        step_rows(places, learned),
    )
    write(
        folder,
        "contact.csv",
        "student_id school_id contact made_on result written_by",
        contact_rows(places),
    )
    write(
        folder,
        "partner.csv",
        "partner_name causes neighborhoods schools contact written_by",
        ((*row, DIRECTOR) for row in OWN_PARTNERS),
    )
    write(
        folder,
        "seat.csv",
        "school_id seat name since written_by",
        ((*row, person(row[0], "coordinator")) for row in SEATS),
    )
    write(
        folder,
        "story.csv",
        "cause school_id text released_by released_on written_by",
        story_rows(),
    )
    write(
        folder,
        "idea.csv",
        "idea causes known written_by",
        ((*row, person(school_id, "coordinator")) for *row, school_id in OWN_IDEAS),
    )
    plans, members = plan_rows(places, learned, person)
    write(
        folder,
        "plan.csv",
        "record school_id school_year idea who_for measure from_percent to_percent begins_on due_on"
        " owner cause people partners decision learned looked_up_to ended_on written_by",
        plans,
    )
    write(folder, "member.csv", "student_id school_id plan written_by", members)
    write(
        folder,
        "cycle.csv",
        "school_id plan began_on planned did studied acted written_by",
        cycle_rows(person),
    )
    write(
        folder,
        "meeting.csv",
        "record name held_on schools people partners cards stop keep start decided released_by"
        " released_on written_by",
        meeting_rows(DIRECTOR),
    )
    write(
        folder,
        "pledge.csv",
        "meeting who what due_on known_by school_id state result ended_on released_by released_on"
        " written_by",
        pledge_rows(DIRECTOR),
    )
    write(
        folder,
        "pride.csv",
        "meeting school_id text released_by released_on written_by",
        pride_rows(person),
    )
    write(
        folder,
        "priority.csv",
        "network indicator goal_percent due_on survey respondent_group item_id schools partners"
        " written_by",
        priority_rows(DIRECTOR),
    )
    # Counted as "More than 10%" does: so all of the difference is at the threshold exactly.
    write(
        folder,
        "second_number.csv",
        "school_year number from_whom stands_on school_id network definition written_by",
        [
            (
                THIS_YEAR,
                913,
                "District office (invented)",
                LAST_DAY_REPORTED,
                "",
                "",
                "over_10",
                DIRECTOR,
            )
        ],
    )
    # The network counts by what ships with Roundtable.
    write(
        folder,
        "definition.csv",
        "label since threshold unit minimum_days day_rule source inclusive minimum_days_present"
        " written_by",
        [],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else NETWORK_FILES / "team")
