"""Every journey's listeners, put together as one table."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Protocol

from handlers.absence import AbsenceListeners
from handlers.asks import AskListeners
from handlers.conversation import ConversationListeners
from handlers.conversions import ConversionListeners
from handlers.decisions import DecisionListeners
from handlers.doors import Door
from handlers.erasing import ErasingListeners
from handlers.goals import GoalListeners
from handlers.home import HomeListeners
from handlers.hooks import HookListeners
from handlers.imports import ImportListeners
from handlers.installing import InstallListeners
from handlers.learning_journeys import LearningJourneys
from handlers.lifecycle import LifecycleListeners
from handlers.links import LinkListeners
from handlers.listeners import Listeners
from handlers.notices import NoticeListeners
from handlers.papers import PaperListeners
from handlers.preferences import PreferenceListeners
from handlers.presses import Presses
from handlers.rounds import RoundsListeners
from handlers.services import Services
from handlers.setup import SetupListeners
from handlers.social import SocialListeners, Word
from handlers.spending import SpendListeners
from handlers.submit import SubmitListeners
from handlers.subscription import SubscriptionListeners
from handlers.triage import TriageListeners


class Journey(Protocol):
    """Whatever has listeners."""

    def table(self) -> Listeners: ...


_ALONE: tuple[Callable[[Services], Journey], ...] = (
    AbsenceListeners,
    AskListeners,
    ErasingListeners,
    GoalListeners,
    HomeListeners,
    LifecycleListeners,
    LinkListeners,
    NoticeListeners,
    PaperListeners,
    PreferenceListeners,
    SetupListeners,
    SubmitListeners,
)
"""The journeys that need no other."""


def listeners_of(services: Services, installs: InstallListeners) -> Listeners:
    """Every listener there is, as one table, each behind the door."""
    conversation = ConversationListeners(services)
    learning = LearningJourneys(services)
    triage = TriageListeners(services, answer=conversation.open, stories=learning.stories)
    meeting = DecisionListeners(services)
    digests, rounds = SubscriptionListeners(services), RoundsListeners(services)
    hooks, imports = HookListeners(services), ImportListeners(services)
    conversions = ConversionListeners(services)
    spending = SpendListeners(services)
    journeys: tuple[Journey, ...] = (
        triage,
        digests,
        rounds,
        meeting,
        SocialListeners(
            services,
            show=triage.open,
            see_digest=digests.answer,
            more=learning.words()
            | {"decision": meeting.open_new, "decisions": meeting.show}
            | {"hooks": hooks.open, "import": imports.open, "digests": rounds.answer}
            | _words_of_results(conversions, spending),
        ),
        learning,
        hooks,
        imports,
        conversions,
        spending,
        conversation,
        installs,
        *(make(services) for make in _ALONE),
    )
    tables = (journey.table() for journey in journeys)
    return Door(services).before(Presses(services).beside(reduce(or_, tables)))


def _words_of_results(
    conversions: ConversionListeners, spending: SpendListeners
) -> dict[str, Word]:
    """Those about what social brought and what it cost."""
    return {
        "results": conversions.results,
        "conversion": conversions.ask,
        "redeemed": conversions.redeem,
        "phrase": conversions.ask_phrase,
        "spend": spending.see,
    }
