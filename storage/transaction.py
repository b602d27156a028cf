"""All stores of one workspace over one connection."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.ask_store import AskStore
from bot.conversion_store import ConversionStore
from bot.decision_store import DecisionStore
from bot.digest_store import DigestStore
from bot.erasure_store import AccessStore, ErasureStore
from bot.goal_store import GoalStore, MeasureStore
from bot.holidays import HolidayBook
from bot.hook_store import HookStore
from bot.insight_store import InsightStore
from bot.installation import InstallationStore
from bot.landing import LandingStore
from bot.lane_store import LaneStore
from bot.learning_store import (
    ExperimentStore,
    LessonStore,
    PulseStore,
    RevisionStore,
    StoryStore,
)
from bot.naming_store import NamingStore
from bot.phrase_store import PhraseStore
from bot.ports import (
    ChannelStore,
    ConversationStore,
    DeskStore,
    DraftStore,
    FigureStore,
    HistoryStore,
    MemberStore,
    OutboxStore,
    ScheduleStore,
    SeenStore,
    SubmissionStore,
)
from bot.spend_store import SpendStore
from storage.holiday_book import HOLIDAYS
from storage.stores.asks import SqlAskStore
from storage.stores.conversations import SqlConversationStore, SqlDraftStore
from storage.stores.conversions import SqlConversionStore
from storage.stores.decisions import SqlDecisionStore
from storage.stores.desks import SqlDeskStore
from storage.stores.digests import SqlDigestStore
from storage.stores.erasing import SqlAccessStore, SqlErasureStore
from storage.stores.figures import SqlFigureStore
from storage.stores.goals import SqlGoalStore
from storage.stores.history import SqlHistoryStore
from storage.stores.hooks import SqlHookStore
from storage.stores.insights import SqlInsightStore
from storage.stores.installations import SqlInstallationStore
from storage.stores.landings import SqlLandingStore
from storage.stores.lane_care import SqlLaneStore
from storage.stores.learning import SqlExperimentStore, SqlLessonStore
from storage.stores.measures import SqlMeasureStore
from storage.stores.naming import SqlNamingStore
from storage.stores.outbox import SqlOutboxStore
from storage.stores.people import SqlChannelStore, SqlMemberStore
from storage.stores.pulses import SqlPulseStore
from storage.stores.revisions import SqlRevisionStore
from storage.stores.schedules import SqlScheduleStore, SqlSeenStore
from storage.stores.spend import SqlPhraseStore, SqlSpendStore
from storage.stores.stories import SqlStoryStore
from storage.stores.submissions import SqlSubmissionStore
from storage.unit import Unit


class SqlTransaction:
    """The `Transaction` of bot.ports. A store is made when it is first asked for: a use case needs
    a few of them.
    """

    desk: DeskStore
    members: MemberStore
    channels: ChannelStore
    submissions: SubmissionStore
    history: HistoryStore
    conversations: ConversationStore
    drafts: DraftStore
    figures: FigureStore
    goals: GoalStore
    measures: MeasureStore
    conversions: ConversionStore
    experiments: ExperimentStore
    revisions: RevisionStore
    lessons: LessonStore
    stories: StoryStore
    phrases: PhraseStore
    landings: LandingStore
    spend: SpendStore
    insights: InsightStore
    pulses: PulseStore
    outbox: OutboxStore
    lanes: LaneStore
    schedules: ScheduleStore
    decisions: DecisionStore
    asks: AskStore
    seen: SeenStore
    installations: InstallationStore
    erasure: ErasureStore
    hooks: HookStore
    namings: NamingStore
    accesses: AccessStore
    digests: DigestStore
    holidays: HolidayBook

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def __getattr__(self, name: str) -> Any:
        make = _STORES.get(name)
        if make is None:
            raise AttributeError(name)
        store = make(self._unit)
        setattr(self, name, store)
        return store


_STORES: Mapping[str, Callable[[Unit], Any]] = {
    "desk": SqlDeskStore,
    "members": SqlMemberStore,
    "channels": SqlChannelStore,
    "submissions": SqlSubmissionStore,
    "history": SqlHistoryStore,
    "conversations": SqlConversationStore,
    "drafts": SqlDraftStore,
    "figures": SqlFigureStore,
    "goals": SqlGoalStore,
    "measures": SqlMeasureStore,
    "conversions": SqlConversionStore,
    "experiments": SqlExperimentStore,
    "revisions": SqlRevisionStore,
    "lessons": SqlLessonStore,
    "stories": SqlStoryStore,
    "phrases": SqlPhraseStore,
    "landings": SqlLandingStore,
    "spend": SqlSpendStore,
    "insights": SqlInsightStore,
    "pulses": SqlPulseStore,
    "outbox": SqlOutboxStore,
    "lanes": SqlLaneStore,
    "schedules": SqlScheduleStore,
    "decisions": SqlDecisionStore,
    "asks": SqlAskStore,
    "seen": SqlSeenStore,
    "installations": SqlInstallationStore,
    "erasure": SqlErasureStore,
    "hooks": SqlHookStore,
    "namings": SqlNamingStore,
    "accesses": SqlAccessStore,
    "digests": SqlDigestStore,
    "holidays": lambda _: HOLIDAYS,
}
