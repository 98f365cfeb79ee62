"""Invent what the schools of the Hillside Network try, and what they promised each other.

For make_team.py, which writes the files: plans with their students and cycles, and one meeting
with its pledges, priorities and what schools are proud of. README.md tells the story.
"""
# ruff: noqa: E501 - the tables are read across

from datetime import date

from make_sample_data import (
    ALDER,
    BIRCH,
    CEDAR,
    EAST,
    HAWTHORN,
    JUNIPER,
    LINDEN,
    ROWAN,
    THIS_YEAR,
    WILLOW,
    Dice,
    table,
)

NETWORK = "Hillside Network"
MEETING = "meeting-february"
HELD_ON = date(2026, 2, 13)

ASTHMA_IDEA = "Inhaler and action plan at school"
RIDE_IDEA = "A ride or a walking group"
GREETING = "Somebody at the door who asks after you"
OWN_IDEAS = [
    (
        GREETING,
        "feels alone at school; believes that a few days do not matter",
        "Found at Birch in October 2025. Not studied anywhere else yet.",
        BIRCH,
    )
]

# A plan is for those whose cause is known when it begins, or, where it names none, for those who had
# missed a tenth of their days by then; at most so many.
PLANS = [
    {
        "record": "plan-birch-door",
        "school_id": BIRCH,
        "idea": GREETING,
        "cause": "",
        "who_for": "Students who had missed a tenth of their days by October 3",
        "begins_on": date(2025, 10, 6),
        "due_on": date(2026, 2, 27),
        "to_percent": 8,
        "people": "Curtis Fennimore (teacher); Breakfast parents",
        "partners": "Riverside Tenants' Table",
        "at_most": 40,
        "decision": "adopt",
        "learned": "Being greeted by name was talked about at home. It takes two adults, ten minutes.",
        "ended_on": date(2026, 3, 4),
    },
    {
        "record": "plan-alder-inhaler",
        "school_id": ALDER,
        "idea": ASTHMA_IDEA,
        "cause": "asthma",
        "who_for": "Students with asthma",
        "begins_on": date(2026, 1, 12),
        "due_on": date(2026, 6, 12),
        "to_percent": 10,
        "people": "Bettina Marsh (nurse); Alder family council",
        "partners": "",
        "at_most": 30,
    },
    {
        "record": "plan-linden-inhaler",
        "school_id": LINDEN,
        "idea": ASTHMA_IDEA,
        "cause": "asthma",
        "who_for": "Students with asthma",
        "begins_on": date(2026, 1, 20),
        "due_on": date(2026, 6, 12),
        "to_percent": 10,
        "people": "Stefan Novak (nurse)",
        "partners": "",
        "at_most": 24,
    },
    {
        "record": "plan-cedar-mornings",
        "school_id": CEDAR,
        "idea": "Appointments at school",
        "cause": "asthma",
        "who_for": "Students who see the clinic often",
        "begins_on": date(2025, 12, 1),
        "due_on": date(2026, 4, 30),
        "to_percent": 6,
        "people": "Roland Sayers (nurse); Desmond Tully (teacher)",
        "partners": "Hillside Health Center",
        "at_most": 18,
    },
    {
        "record": "plan-hawthorn-mentors",
        "school_id": HAWTHORN,
        "idea": "A mentor who asks every morning",
        "cause": "",
        "who_for": "Students who had missed a tenth of their days by November",
        "begins_on": date(2025, 11, 3),
        "due_on": date(2026, 2, 27),
        "to_percent": 12,
        "people": "Everett Nash (teacher); Matilda Brandt (counselor)",
        "partners": "Youth Jobs Compact",
        "at_most": 36,
        "decision": "adapt",
        "learned": "Mentors with six students asked every day, those with twelve did not. Half as many "
        "each, from the fall.",
        "ended_on": date(2026, 3, 10),
    },
    {
        "record": "plan-rowan-mentors",
        "school_id": ROWAN,
        "idea": "A mentor who asks every morning",
        "cause": "",
        "who_for": "Students who had missed a tenth of their days by Thanksgiving",
        "begins_on": date(2025, 12, 1),
        "due_on": date(2026, 5, 29),
        "to_percent": 12,
        "people": "Lionel Webb (teacher); Rowan student council",
        "partners": "Youth Jobs Compact; Second Chapter Mentors",
        "at_most": 40,
    },
    {
        "record": "plan-juniper-quiet",
        "school_id": JUNIPER,
        "idea": "A quiet start to the day",
        "cause": "",
        "who_for": "Students who said that mornings are the hardest",
        "begins_on": date(2026, 2, 2),
        "due_on": date(2026, 5, 29),
        "to_percent": 12,
        "people": "Augusta Penrose (counselor)",
        "partners": "Listening Post Counseling",
        "at_most": 6,
    },
]

# plan | began | planned | did | studied | acted
CYCLES = table(
    """
    plan-birch-door | 2025-10-06 | Two adults at the door from 7:40; greet by name, ask after those who were away. | Every day but four. Families stayed for coffee. | Fewer unexplained days by Thanksgiving. | Keep the door, and ask families what else.
    plan-birch-door | 2025-12-01 | Breakfast beside the door on Mondays. | Nine Mondays of eleven. | Mondays are like other days now. | Adopt, and tell the others how.
    plan-alder-inhaler | 2026-01-12 | Collect a second inhaler and this year’s plan from each family. | Most families brought both; a few have no doctor now. | |
    plan-linden-inhaler | 2026-01-20 | Copy Alder’s letter and its hours. | Half of the families so far. | |
    plan-cedar-mornings | 2025-12-01 | The clinic comes on Tuesdays, in the room beside the gym. | Since January every Tuesday. | Too early to tell. | Go on to the end of April.
    plan-hawthorn-mentors | 2025-11-03 | Twelve students for each of three mentors; ask every morning. | Three mornings of five. | Nothing moved that chance could not move. | Smaller groups.
    plan-rowan-mentors | 2025-12-01 | Six students for each mentor, as Hawthorn advised. | Begun with seven mentors. | |
    plan-juniper-quiet | 2026-02-02 | A room with nobody in a hurry until 8:30. | | |
    """
)

# school or nothing | who | what | due | how one will know | state | result | ended
PLEDGES = table(
    f"""
    {LINDEN} | Linden Elementary | Copy Alder’s letter to families about a second inhaler | 2026-02-27 | half of the families have answered | done | Half have, in three languages. | 2026-02-26
    {ALDER} | Alder Elementary | Ask ten families what a bad night is like | 2026-03-13 | ten conversations written down | done | Eleven families. Damp walls came up in seven. | 2026-03-12
    {CEDAR} | Cedar Middle | Let the clinic use the room beside the gym | 2026-03-06 | the clinic comes every Tuesday | done | Every Tuesday since. | 2026-03-03
    | Metro Bus Student Desk | Move the early bus by ten minutes | 2026-03-20 | fewer missed days for want of a bus | open | |
    {HAWTHORN} | Hawthorn High | Write down what the mentors learned | 2026-03-13 | one page, for Rowan and Willow | done | Six students are enough for one mentor. | 2026-03-10
    {WILLOW} | Willow High | Find one family for the table | 2026-03-13 | somebody sits there in March | open | |
    | Hillside Health Center | Say whether a nurse could come to Hillside East on Mondays | 2026-03-20 | a yes or a no | open | |
    """
)

PRIDES = table(
    f"""
    {BIRCH} | Breakfast at the door: two adults, one table, and every child greeted by name.
    {ROWAN} | The student council sits at the table, and began with the question nobody had asked.
    {ALDER} | Eleven families told us about their nights. We wrote all of it down.
    """
)

# indicator | goal in percent | due | survey | who answered | item | schools | partners
PRIORITIES = table(
    f"""
    no cause known | 25 | 2026-06-12 | | | | {ALDER}; {BIRCH}; {LINDEN}; {CEDAR}; {HAWTHORN} | Hillside Health Center
    agreement | 80 | 2027-05-28 | Hillside culture survey | students | my_caring_adult | {BIRCH}; {ROWAN}; {WILLOW} | Second Chapter Mentors
    """
)


def members_of(plan, places, learned):
    """The ids of a plan's students, as the school chose them the day before it began."""
    begins = plan["begins_on"]
    known = {
        row[0]
        for row in learned
        if row[1:4] == (plan["school_id"], THIS_YEAR, plan["cause"]) and row[6] < begins
    }
    chosen = []
    for (year, school_id, student_id), place in sorted(places.items()):
        enrolled = sum(day < begins for day in place.enrolled)
        absent = sum(day < begins for day in place.absent)
        stays = (year, school_id) == (THIS_YEAR, plan["school_id"]) and place.enrolled
        if stays and place.enrolled[-1] >= begins and enrolled >= 15:
            often = absent * 10 >= enrolled
            if student_id in known if plan["cause"] else often:
                chosen.append(student_id)
    return sorted(Dice(plan["record"]).shuffled(chosen)[: plan["at_most"]])


def plan_rows(places, learned, person):
    """The rows of plan.csv and of member.csv."""
    plans, members = [], []
    for plan in PLANS:
        chosen = members_of(plan, places, learned)
        owner = person(plan["school_id"], "coordinator")
        enrolled = absent = 0
        for student_id in chosen:
            place = places[THIS_YEAR, plan["school_id"], student_id]
            enrolled += sum(day < plan["begins_on"] for day in place.enrolled)
            absent += sum(day < plan["begins_on"] for day in place.absent)
        ended = plan.get("ended_on", "")
        plans.append(
            (
                plan["record"],
                plan["school_id"],
                THIS_YEAR,
                plan["idea"],
                plan["who_for"],
                "days missed",
                (200 * absent + enrolled) // (2 * enrolled),
                plan["to_percent"],
                plan["begins_on"],
                plan["due_on"],
                owner,
                plan["cause"],
                plan["people"],
                plan["partners"],
                plan.get("decision", ""),
                plan.get("learned", ""),
                ended,
                ended,
                owner,
            )
        )
        members += [(student_id, plan["school_id"], plan["record"], owner) for student_id in chosen]
    return plans, members


def cycle_rows(person):
    """The rows of cycle.csv."""
    school_of = {plan["record"]: plan["school_id"] for plan in PLANS}
    for plan, *said in CYCLES:
        yield (school_of[plan], plan, *said, person(school_of[plan], "coordinator"))


def meeting_rows(director):
    """The row of meeting.csv: one meeting of the whole network."""
    yield (
        MEETING,
        "February table",
        HELD_ON,
        "; ".join((ALDER, BIRCH, LINDEN, "S04", CEDAR, JUNIPER, HAWTHORN, ROWAN, WILLOW)),
        "Ingrid Halloran (coordinator); Rosalind Thorne (coordinator); Josephine Larkin (coordinator)",
        "Metro Bus Student Desk; Second Chapter Mentors",
        "chronic_absence_by_month; not_known; shared_causes",
        "Reading the list of names aloud, school by school.",
        "One conversation for several schools.",
        "Asking families before we decide what is the matter.",
        f"{EAST} talks with one health partner, not each school with its own.",
        director,
        HELD_ON,
        director,
    )


def pledge_rows(director):
    """The rows of pledge.csv."""
    for school_id, who, what, due, known_by, state, result, ended in PLEDGES:
        yield (
            MEETING,
            who,
            what,
            due,
            known_by,
            school_id,
            state,
            result,
            ended,
            director,
            # Whoever writes what became of it releases it anew.
            ended or HELD_ON,
            director,
        )


def pride_rows(person):
    """The rows of pride.csv."""
    for school_id, text in PRIDES:
        writer = person(school_id, "coordinator")
        yield MEETING, school_id, text, writer, HELD_ON, writer


def priority_rows(director):
    """The rows of priority.csv: two of three."""
    for row in PRIORITIES:
        yield NETWORK, *row, director
