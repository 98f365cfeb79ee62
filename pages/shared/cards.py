"""Every card that can be taken to a meeting, by the name that somebody chooses it by."""

from collections.abc import Callable

from pages.shared import card
from pages.shared.absence import cards as absence_cards
from pages.shared.causes import cards as causes_cards
from pages.shared.culture import cards as culture_cards
from pages.shared.network import cards as network_cards
from pages.shared.plans import cards as plans_cards
from pages.shared.together import cards as together_cards

# How each card is called where somebody chooses one.
_TITLES = {
    "How many are chronically absent": absence_cards.chronic_absence,
    "Chronic absence since last year": absence_cards.chronic_absence_by_month,
    "Chronic absence by school": absence_cards.chronic_absence_by_school,
    "How many of their days students missed": absence_cards.share_of_days_missed,
    "Chronic absence by grade": absence_cards.chronic_absence_by_grade,
    "Chronic absence by student group": absence_cards.chronic_absence_by_group,
    "How much we do not know yet": causes_cards.not_known,
    "What the office recorded": causes_cards.recorded_reasons,
    "What people understood": causes_cards.understood_causes,
    "Which causes schools share": network_cards.shared_causes,
    "Causes, schools and partners": network_cards.causes_and_schools,
    "Which causes at which school": network_cards.cause_by_school,
    "Who is missing from the table": network_cards.who_is_missing,
    "What moved in the survey": culture_cards.agreement_by_item,
    "One survey item, school by school": culture_cards.agreement_by_school,
    "What each school says, by topic": culture_cards.agreement_by_topic,
    "Where groups answer apart": culture_cards.gaps_between_groups,
    "Culture beside absence": together_cards.culture_beside_absence,
    "A question for each school": together_cards.questions_for_schools,
    "One school, year by year": together_cards.school_year_by_year,
    "What we are trying": plans_cards.what_we_try,
    "The same idea at several schools": plans_cards.same_idea,
}
CARDS: dict[str, Callable[..., card.Card]] = {make.__name__: make for make in _TITLES.values()}
TITLES = {make.__name__: title for title, make in _TITLES.items()}
