"""Every id that Slack hands back to us, and the data that rides on buttons and forms, typed.

Ids have the form `journey.verb`. Where one message or view shows the same action several times, the
action_id carries a suffix behind a colon (`home.hand_in:idea`), so that ids stay unique;
`Action.of` takes it off again. Slack allows 255 characters for an id, 2000 for a button's value
(https://docs.slack.dev/reference/block-kit/block-elements/button-element) and 3000 for
private_metadata (https://docs.slack.dev/reference/views).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field

from bot.errors import NotFoundError
from bot.lifecycle import Verb
from handlers.carried import OLD_BUTTON, OLD_FORM, Carried, Count, Number, SlackId, Url, Words


class Action(StrEnum):
    """action_ids: of buttons, and of selects that report at once."""

    VALUE = "v"
    SUBMIT_KIND = "submit.kind"
    SUBMIT_DRAFT = "submit.draft"
    TRIAGE_TAKE = "triage.take"
    TRIAGE_ACCEPT = "triage.accept"
    TRIAGE_TRY = "triage.try"
    TRIAGE_DECLINE = "triage.decline"
    TRIAGE_PUBLISH = "triage.publish"
    TRIAGE_PASS_ON = "triage.pass_on"  # noqa: S105  (a verb, no password)
    TRIAGE_WIN = "triage.win"
    TRIAGE_LOSE = "triage.lose"
    TRIAGE_EDIT = "triage.edit"
    TRIAGE_WITHDRAW = "triage.withdraw"
    TRIAGE_SCHEDULE = "triage.schedule"
    TRIAGE_HAND_OVER = "triage.hand_over"
    TRIAGE_SNOOZE = "triage.snooze"
    TRIAGE_DUPLICATE = "triage.duplicate"
    TRIAGE_REOPEN = "triage.reopen"
    TRIAGE_TELL = "triage.tell"
    TRIAGE_SERVE = "triage.serve"
    TRIAGE_ASK = "triage.ask"
    TRIAGE_REPLY = "triage.reply"
    TRIAGE_CONSENT = "triage.consent"
    TRIAGE_WITHDRAWAL = "triage.consent_withdrawn"
    TRIAGE_MORE = "triage.more"
    TRIAGE_OPEN = "triage.open"
    WORDS_ANSWER = "words.answer"
    ERASE_OPEN = "erase.open"
    PREFERENCES_HEARS = "preferences.hears"
    ABSENCE_OPEN = "absence.open"
    ABSENCE_BACK = "absence.back"
    HOME_HAND_IN = "home.hand_in"
    HOME_PAGE = "home.page"
    NOTICE_RETRY = "notice.retry"
    CROWD_QUEUE = "crowd.queue"
    GOALS_OPEN = "goals.open"
    GOALS_NEW = "goals.new"
    GOALS_ADD_ONE = "goals.add_one"
    GOALS_READ = "goals.read"
    GOALS_MORE = "goals.more"
    GOALS_MEASURE = "goals.measure"
    GOALS_CLOSE = "goals.close"
    PULSE_ANSWER = "pulse.answer"
    STORIES_MORE = "stories.more"
    LESSONS_MORE = "lessons.more"
    LESSONS_CHANGE = "lessons.change"
    GOALS_SAME = "goals.same"
    GOALS_TRAIL = "goals.trail"
    GOALS_SURE = "goals.sure"
    EXPERIMENTS_NEW = "experiments.new"
    EXPERIMENTS_END = "experiments.end"
    EXPERIMENTS_MORE = "experiments.more"
    CONVERSION_MORE = "conversion.more"
    CONVERSION_UNDO = "conversion.undo"
    RESULTS_SHOW = "results.show"
    LINKS_OPEN = "links.open"
    PHRASE_NEW = "phrase.new"
    SPEND_NEW = "spend.new"
    SPEND_BUDGET = "spend.budget"
    SPEND_UNDO = "spend.undo"
    SETUP_ROLE = "setup.role"
    SETUP_DEPARTMENT = "setup.department"
    SETUP_DROP_DEPARTMENT = "setup.drop_department"
    SETUP_PEOPLE = "setup.people"
    DECISIONS_NEW = "decisions.new"
    DECISIONS_CLOSE = "decisions.close"
    ASK_REPLY = "ask.reply"
    DIGEST_SET = "digest.set"
    DIGEST_PREVIEW = "digest.preview"
    DIGEST_DROP = "digest.drop"
    PAPER = "digest.paper"
    ROUNDS_SEE = "rounds.see"
    ROUNDS_OPEN = "rounds.open"
    ROUNDS_PREVIEW = "rounds.preview"
    ROUNDS_SEND = "rounds.send"
    ROUNDS_PAUSE = "rounds.pause"
    ROUNDS_RESUME = "rounds.resume"
    ROUNDS_SKIP = "rounds.skip"
    ROUNDS_TAKE = "rounds.take"
    ROUNDS_LEAVE = "rounds.leave"
    ROUNDS_KEEP = "rounds.keep"
    ROUNDS_MONTHLY = "rounds.monthly"
    ROUNDS_STOP = "rounds.stop"
    HOOKS_NEW = "hooks.new"
    HOOKS_MORE = "hooks.more"
    IMPORT_TAKE = "import.take"
    IMPORT_DROP = "import.drop"

    @classmethod
    def of(cls, action_id: str) -> Self:
        """The action behind an action_id, its suffix taken off.

        Raises NotFoundError for an id that is none of ours.
        """
        try:
            return cls(action_id.partition(":")[0])
        except ValueError:
            raise NotFoundError(OLD_BUTTON) from None

    def at(self, suffix: str | int) -> str:
        """This action's id where it stands several times, told apart by `suffix`."""
        return f"{self.value}:{suffix}"


class Callback(StrEnum):
    """callback_ids: of modals, of the Home tab and of shortcuts."""

    SUBMIT_FORM = "submit.form"
    SUBMIT_MESSAGE = "submit.message"
    SUBMIT_GLOBAL = "submit.global"
    TRIAGE_TRY_FORM = "triage.try_form"
    TRIAGE_DECLINE_FORM = "triage.decline_form"
    TRIAGE_PUBLISH_FORM = "triage.publish_form"
    TRIAGE_PASS_ON_FORM = "triage.pass_on_form"  # noqa: S105  (as above)
    TRIAGE_EDIT_FORM = "triage.edit_form"
    TRIAGE_WITHDRAW_FORM = "triage.withdraw_form"
    TRIAGE_LOSE_FORM = "triage.lose_form"
    TRIAGE_SCHEDULE_FORM = "triage.schedule_form"
    TRIAGE_HAND_OVER_FORM = "triage.hand_over_form"
    TRIAGE_SNOOZE_FORM = "triage.snooze_form"
    TRIAGE_DUPLICATE_FORM = "triage.duplicate_form"
    TRIAGE_REOPEN_FORM = "triage.reopen_form"
    TRIAGE_TELL_FORM = "triage.tell_form"
    TRIAGE_SERVE_FORM = "triage.serve_form"
    TRIAGE_ASK_FORM = "triage.ask_form"
    TRIAGE_REPLY_FORM = "triage.reply_form"
    TRIAGE_CONSENT_FORM = "triage.consent_form"
    TRIAGE_WITHDRAWAL_FORM = "triage.withdrawal_form"
    TRIAGE_DETAILS = "triage.details"
    WORDS_ANSWER_FORM = "words.answer_form"
    ERASE_FORM = "erase.form"
    ABSENCE_FORM = "absence.form"
    PAGE = "page.show"
    HOME = "home.show"
    GOALS_LIST = "goals.list"
    GOALS_FORM = "goals.form"
    GOALS_READING_FORM = "goals.reading_form"
    GOALS_DROP_FORM = "goals.drop_form"
    GOALS_CLOSING_FORM = "goals.closing_form"
    LESSONS_FORM = "lessons.form"
    EXPERIMENTS_FORM = "experiments.form"
    EXPERIMENTS_END_FORM = "experiments.end_form"
    CONVERSION_FORM = "conversion.form"
    PHRASE_FORM = "phrase.form"
    LINKS_FORM = "links.form"
    SPEND_FORM = "spend.form"
    SPEND_BUDGET_FORM = "spend.budget_form"
    SETUP_ROLE_FORM = "setup.role_form"
    SETUP_DEPARTMENT_FORM = "setup.department_form"
    SETUP_PEOPLE_FORM = "setup.people_form"
    DECISIONS_FORM = "decisions.form"
    DECISIONS_CLOSE_FORM = "decisions.close_form"
    DIGEST_FORM = "digest.form"
    ROUNDS_PAUSE_FORM = "rounds.pause_form"
    ROUNDS_TAKE_FORM = "rounds.take_form"
    HOOKS_LIST = "hooks.list"
    HOOKS_FORM = "hooks.form"
    HOOKS_RENEW_FORM = "hooks.renew_form"
    HOOKS_RENAME_FORM = "hooks.rename_form"
    HOOKS_DELETE_FORM = "hooks.delete_form"
    IMPORT_FORM = "import.form"


class BlockId(StrEnum):
    """block_ids. In a kind's form the block of a field has the field's own name instead.

    Those of a form's input blocks are whole ids, so they are the keys of its values and of its
    field errors; the others, from `TRIAGE` on, are prefixes.
    """

    KIND = "submit.kind"
    DEPARTMENT = "department"
    REASON = "reason"
    NOTE = "note"
    LINK = "link"
    TO = "to"
    PERSON = "person"
    PLATFORM = "platform"
    AT = "at"
    UNTIL = "until"
    OF = "of"
    TEXT = "text"
    WORDING = "wording"
    PLATFORMS = "platforms"
    SHOWN = "shown"
    DEPUTY = "deputy"
    SCOPE = "scope"
    TRIAGE = "triage"
    HOME = "home"
    NOTICE = "notice"
    CROWD = "crowd"
    GOALS = "goals"
    EXPERIMENTS = "experiments"
    PAGES = "pages"
    CONVERSION = "conversion"
    RESULTS = "results"
    LINKS = "links"
    SPEND = "spend"
    PULSE = "pulse"
    PREFERENCES = "preferences"
    SETUP = "setup"
    DIGEST = "digest"
    ROUNDS = "rounds"
    ERASE = "erase"
    HOOKS = "hooks"
    IMPORT = "import"

    def at(self, *parts: str | int) -> str:
        """A block_id with this prefix; it has to change when a message's block changes."""
        return ":".join((self.value, *(str(part) for part in parts)))


TRIAGE_ACTIONS: Mapping[Verb, Action] = {
    Verb.TAKE: Action.TRIAGE_TAKE,
    Verb.ACCEPT: Action.TRIAGE_ACCEPT,
    Verb.TRY: Action.TRIAGE_TRY,
    Verb.DECLINE: Action.TRIAGE_DECLINE,
    Verb.PUBLISH: Action.TRIAGE_PUBLISH,
    Verb.PASS_ON: Action.TRIAGE_PASS_ON,
    Verb.WIN: Action.TRIAGE_WIN,
    Verb.LOSE: Action.TRIAGE_LOSE,
    Verb.EDIT: Action.TRIAGE_EDIT,
    Verb.WITHDRAW: Action.TRIAGE_WITHDRAW,
    Verb.SCHEDULE: Action.TRIAGE_SCHEDULE,
    Verb.HAND_OVER: Action.TRIAGE_HAND_OVER,
    Verb.SNOOZE: Action.TRIAGE_SNOOZE,
    Verb.DUPLICATE: Action.TRIAGE_DUPLICATE,
    Verb.REOPEN: Action.TRIAGE_REOPEN,
    Verb.TELL: Action.TRIAGE_TELL,
    Verb.SERVE: Action.TRIAGE_SERVE,
    Verb.ASK: Action.TRIAGE_ASK,
    Verb.ANSWER: Action.WORDS_ANSWER,
    Verb.REPLY: Action.TRIAGE_REPLY,
    Verb.CONSENT: Action.TRIAGE_CONSENT,
    Verb.CONSENT_WITHDRAWN: Action.TRIAGE_WITHDRAWAL,
    Verb.OPEN: Action.TRIAGE_OPEN,
}
"""The button of each verb that a card offers."""


class TriageValue(Carried):
    """The value of a card's buttons: which submission, at which version, shown to which role."""

    number: Number
    version: Count
    role_id: Annotated[str, Field(min_length=1, max_length=100)]
    words: Words | None = None


class MenuValue(Carried):
    """The value of an entry of a card's menu; Slack allows 150 characters for it
    (https://docs.slack.dev/reference/block-kit/composition-objects/option-object).
    """

    number: Number
    version: Count
    verb: Verb


class DecisionMetadata(Carried):
    """What a verb's form has to know: where its button stood, and what was looked for there."""

    unreadable: ClassVar[str] = OLD_FORM

    number: Number
    version: Count
    channel_id: SlackId | None = None
    words: Words | None = None
    response_url: Url | None = None


class RetryValue(Carried):
    """The value of a notice's "Try again": the key of the effect that was set aside."""

    key: Annotated[str, Field(min_length=1, max_length=1500)]
