"""The weekly digest of a channel: how it is set, its form, and the answer to `/social digest`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.channels import Trouble, advice
from bot.desk import LAST_DAY, Desk, OnHoliday, Subscription, default_desk
from bot.desk_changes import WEEKDAYS
from bot.digest import FIRED, PAUSED, SILENT, SKIPPED
from bot.rounds import DROPPED, SENT_NOW
from bot.sections import DEFAULT_AUDIENCE
from bot.subscription import DigestStatus
from bot.subscriptions import ChannelDigest
from bot.targets import MOST, is_channel, mention, people_of
from handlers.ids import Action, BlockId, Callback
from handlers.rounds_values import RoundValue
from handlers.setup_values import SetupField, SetupMetadata, SetupValue
from handlers.views import digest as digest_view
from handlers.views import digest_examples
from handlers.views.blocks import actions, button, input_block, modal, section, select
from handlers.views.message import Block, Message, View
from handlers.views.paper import paper_button
from handlers.views.setup_forms import DAYS, ZONE, clock, confirm, line, people, place
from handlers.views.text import MESSAGE_LIMIT, chunks, cut, day, lines, told

WHEN = (
    "Before noon it tells of the seven days, or the month, before; from noon on of all since the "
    "last one. With nothing to say it is not posted."
)
RHYTHMS = (
    *((name, f"Each {label}") for name, label in DAYS),
    *((str(day), f"Day {day} of each month") for day in range(1, 29)),
    (str(LAST_DAY), "Last day of each month"),
)
OFF = (
    (OnHoliday.MOVE.value, "It comes on the next working day"),
    (OnHoliday.SKIP.value, "It is left out"),
)
FOR = "What it tells depends on who reads it."
NONE_YET = "This channel gets no weekly digest yet."
TAKE_IT = "“Send it to me…” gives you a digest of your own, here in Slack."


def answer(asked: ChannelDigest, channel_id: str) -> Message:
    """How a channel's digest is set, and its preview; admins can set it here."""
    preview = digest_view.whole(asked.material)
    shown = preview.plain_blocks or preview.blocks
    if not channel_id.startswith(("C", "G")):  # a direct message: nothing can be set for it
        text = cut(lines((TAKE_IT, preview.text)), MESSAGE_LIMIT)
        return Message(text=text, blocks=[section(TAKE_IT, take_button()), *shown])
    said = NONE_YET if asked.status is None else status(asked.status, "This channel")
    how = section(said, set_button(asked, channel_id) if asked.may_set else take_button())
    how["block_id"] = BlockId.DIGEST.at(asked.version)
    text = cut(lines((said, preview.text)), MESSAGE_LIMIT)
    blocks = [how, *(shown or []), paper_button(channel=channel_id)]
    return Message(text=text, blocks=blocks)


def take_button(key: str | None = None) -> Block:
    """The button with which somebody takes a digest for themselves, or changes one of theirs."""
    return button(
        Action.ROUNDS_TAKE.value,
        "Change…" if key else "Send it to me…",
        RoundValue(key=key).dump(),
        label="Change when you get this digest" if key else "Get a digest yourself",
    )


def set_button(asked: ChannelDigest, channel_id: str) -> Block:
    """The button that opens the form."""
    found = asked.status
    key = found.subscription.subscription_id if found else None
    return button(
        Action.DIGEST_SET.value,
        "Change…" if found else "Set it here…",
        SetupValue(key=key, channel_id=channel_id).dump(),
        label="Change when this channel gets its digest" if found else "Give this channel a digest",
    )


def status(found: DigestStatus, subject: str) -> str:
    """How a digest is set, when it comes next, and what became of the last one.

    `subject` begins the sentence: the channel.
    """
    one = found.subscription
    verb = "get" if len(people_of(one.channel_id)) > 1 else "gets"
    return lines(
        (
            f"{subject} {verb} the digest on {rhythm(one)}.",
            _past(found),
            "" if found.next_at is None else f"Next: {local(found.next_at, one.tz)}.",
            "" if found.trouble is None else f":warning: {_advice(found)}",
        )
    )


def _advice(found: DigestStatus) -> str:
    trouble = found.trouble
    return "" if trouble is None else advice(trouble, mention(found.subscription.channel_id))


PAST: Mapping[str, str] = {
    FIRED: "Last: {at}.",
    SILENT: "Last: {at}; it had nothing to say, so nothing was posted.",
    SKIPPED: "Last: {at}; it was missed, because Social Desk was not running.",
    PAUSED: "Last: {at}; it was paused.",
    DROPPED: "{at} is left out.",
    SENT_NOW: "Last: {at}; sent by hand.",
}


def _past(found: DigestStatus) -> str:
    if found.last_at is None or found.last is None:
        return ""
    return PAST[found.last].format(at=local(found.last_at, found.subscription.tz))


def local(at: datetime, tz: str) -> str:
    """A moment as a clock in the digest's own zone shows it."""
    there = at.astimezone(ZoneInfo(tz))
    return f"{day(there.date())}, {there:%H:%M}"


def form(
    desk: Desk,
    found: DigestStatus | None,
    *,
    channel_id: str | None,
    tz: str,
    is_inside: bool = False,
) -> View:
    """Asks for whom a channel's digest is, and when it comes; a new one when `found` is None.

    `channel_id` and `tz` are what a new one begins with. `is_inside` another page, which has the
    preview.
    """
    one = found.subscription if found else None
    if one is not None:
        channel_id = one.channel_id if is_channel(one.channel_id) else None
    blocks: list[Block] = [
        input_block(SetupField.CHANNEL, "Channel", place(channel_id), optional=True),
        input_block(
            SetupField.PEOPLE,
            "Or people, as a group",
            people(people_of(one.channel_id) if one else ()) | {"max_selected_items": MOST},
            optional=True,
        ),
        audience_input(desk, one),
        *rhythm_inputs(one, tz),
    ]
    if found is not None:
        blocks += [
            section(status(found, mention(found.subscription.channel_id))),
            _row(found, has_preview=not is_inside),
        ]
    return modal(
        Callback.DIGEST_FORM,
        "Digest",
        blocks,
        submit="Save",
        close="Cancel",
        metadata=SetupMetadata(
            version=desk.version, key=one.subscription_id if one else None
        ).dump(),
    )


def rhythm_inputs(one: Subscription | None, tz: str) -> list[Block]:
    """When a digest comes, and what holidays do to it."""
    chosen = day_value(one) if one else WEEKDAYS[0]
    off = one.on_holiday if one else OnHoliday.MOVE
    return [
        input_block(SetupField.WEEKDAY, "Day", select(RHYTHMS, chosen), hint=WHEN),
        input_block(SetupField.TIME, "Time", clock(one.time if one else "09:00")),
        input_block(SetupField.TZ, "Time zone", line(one.tz if one else tz, 64), hint=ZONE),
        input_block(
            SetupField.HOLIDAYS,
            "Country whose holidays it minds",
            line(one.holidays if one else "", 6),
            optional=True,
            hint="A code like DE, or with its part: DE-BY, US-CA.",
        ),
        input_block(SetupField.ON_HOLIDAY, "On a holiday", select(OFF, off.value)),
    ]


def day_value(one: Subscription) -> str:
    """The day of a digest as its menu names it."""
    return WEEKDAYS[one.weekday] if one.month_day is None else str(one.month_day)


def rhythm(one: Subscription) -> str:
    """When a digest comes, in words: "Mondays at 09:00 (Europe/Berlin)"."""
    at = f"at {one.time} ({one.tz})"
    if one.month_day is None:
        return f"{WEEKDAYS[one.weekday].capitalize()}s {at}"
    which = "the last day" if one.month_day == LAST_DAY else f"day {one.month_day}"
    return f"{which} of each month {at}"


def audience_input(desk: Desk, one: Subscription | None) -> Block:
    """Who reads it; one that was taken away shows as leadership, which its digest is for then."""
    chosen = desk.audience(one.audience if one else DEFAULT_AUDIENCE).key
    offered = [(key, audience.label) for key, audience in desk.all_audiences().items()]
    return input_block(SetupField.AUDIENCE, "For", select(offered, chosen), hint=FOR)


def _row(found: DigestStatus, *, has_preview: bool = True) -> Block:
    one = found.subscription
    value = SetupValue(key=one.subscription_id, channel_id=one.channel_id).dump()
    preview = button(
        Action.DIGEST_PREVIEW.value, "Preview", value, label="What the digest would say now"
    )
    drop = button(
        Action.DIGEST_DROP.value,
        "Remove",
        value,
        label="Take the digest from this channel",
        style="danger",
    )
    drop["confirm"] = confirm("Remove this digest?", "The channel gets no digest any more.")
    return actions("more", [preview, drop] if has_preview else [drop])


def saved(found: DigestStatus) -> View:
    """Says when the digest comes, and what its channel still needs."""
    one = found.subscription
    next_at = "" if found.next_at is None else f" It comes next {local(found.next_at, one.tz)}."
    verb = "get" if len(people_of(one.channel_id)) > 1 else "gets"
    said = f"Saved. {mention(one.channel_id)} {verb} the digest.{next_at}"
    return _page(lines((said, f":warning: {_advice(found)}" if found.trouble else "")))


def dropped() -> View:
    """Says that the digest is gone."""
    return _page("Removed. The channel gets no digest any more.")


def previewed(asked: ChannelDigest) -> View:
    """The preview as a page: in words, since a modal takes neither charts nor tables."""
    text = digest_view.whole(asked.material).text
    return modal(Callback.PAGE, "Preview", [section(part) for part in chunks(text)], close="Close")


def _page(said: str) -> View:
    return modal(Callback.PAGE, "Digest", [section(told(said))], close="Close")


@dataclass(frozen=True, slots=True)
class SubscriptionExample:
    """A message or a view, and how it is built."""

    build: Callable[[], Message | View]


_STATUS = DigestStatus(
    subscription=Subscription(
        subscription_id="leadership", channel_id="C0HEADS", tz="Europe/Berlin"
    ),
    next_at=datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
    last=FIRED,
    last_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
)
STATUSES: Mapping[str, DigestStatus] = {
    "posted": _STATUS,
    "silent": replace(_STATUS, last=SILENT),
    "missed": replace(_STATUS, last="skipped_missed", trouble=Trouble.NOT_IN),
    "new": replace(_STATUS, last=None, last_at=None, trouble=Trouble.UNSEEN),
}


_DESK = replace(default_desk(), version=3)


def _asked(found: DigestStatus | None, *, may_set: bool) -> ChannelDigest:
    material = replace(digest_examples.EXAMPLES["busy"], is_preview=True)
    return ChannelDigest(material=material, status=found, may_set=may_set, version=3)


EXAMPLES: Mapping[str, SubscriptionExample] = {
    "answer-admin": SubscriptionExample(lambda: answer(_asked(_STATUS, may_set=True), "C0HEADS")),
    "answer-admin-none": SubscriptionExample(lambda: answer(_asked(None, may_set=True), "C0NEW")),
    "answer-in-dm": SubscriptionExample(lambda: answer(_asked(None, may_set=True), "D0OLGA")),
    "answer-others": SubscriptionExample(
        lambda: answer(_asked(STATUSES["silent"], may_set=False), "C0HEADS")
    ),
    "form": SubscriptionExample(lambda: form(_DESK, STATUSES["missed"], channel_id=None, tz="UTC")),
    "form-new": SubscriptionExample(
        lambda: form(_DESK, None, channel_id="C0NEW", tz="Europe/Berlin")
    ),
    "saved": SubscriptionExample(lambda: saved(_STATUS)),
    "saved-not-in": SubscriptionExample(lambda: saved(STATUSES["new"])),
    "dropped": SubscriptionExample(dropped),
    "preview": SubscriptionExample(lambda: previewed(_asked(_STATUS, may_set=True))),
}
