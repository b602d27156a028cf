"""All stores of one workspace over one connection."""

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
    """The `Transaction` of bot.ports."""

    def __init__(self, unit: Unit) -> None:
        self.desk: DeskStore = SqlDeskStore(unit)
        self.members: MemberStore = SqlMemberStore(unit)
        self.channels: ChannelStore = SqlChannelStore(unit)
        self.submissions: SubmissionStore = SqlSubmissionStore(unit)
        self.history: HistoryStore = SqlHistoryStore(unit)
        self.conversations: ConversationStore = SqlConversationStore(unit)
        self.drafts: DraftStore = SqlDraftStore(unit)
        self.figures: FigureStore = SqlFigureStore(unit)
        self.goals: GoalStore = SqlGoalStore(unit)
        self.measures: MeasureStore = SqlMeasureStore(unit)
        self.conversions: ConversionStore = SqlConversionStore(unit)
        self.experiments: ExperimentStore = SqlExperimentStore(unit)
        self.revisions: RevisionStore = SqlRevisionStore(unit)
        self.lessons: LessonStore = SqlLessonStore(unit)
        self.stories: StoryStore = SqlStoryStore(unit)
        self.phrases: PhraseStore = SqlPhraseStore(unit)
        self.landings: LandingStore = SqlLandingStore(unit)
        self.spend: SpendStore = SqlSpendStore(unit)
        self.insights: InsightStore = SqlInsightStore(unit)
        self.pulses: PulseStore = SqlPulseStore(unit)
        self.outbox: OutboxStore = SqlOutboxStore(unit)
        self.lanes: LaneStore = SqlLaneStore(unit)
        self.schedules: ScheduleStore = SqlScheduleStore(unit)
        self.decisions: DecisionStore = SqlDecisionStore(unit)
        self.asks: AskStore = SqlAskStore(unit)
        self.seen: SeenStore = SqlSeenStore(unit)
        self.installations: InstallationStore = SqlInstallationStore(unit)
        self.erasure: ErasureStore = SqlErasureStore(unit)
        self.hooks: HookStore = SqlHookStore(unit)
        self.namings: NamingStore = SqlNamingStore(unit)
        self.accesses: AccessStore = SqlAccessStore(unit)
        self.digests: DigestStore = SqlDigestStore(unit)
        self.holidays: HolidayBook = HOLIDAYS
