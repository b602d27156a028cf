"""All digests on one page: who gets which, when it comes, what became of the last one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.desk import Desk, Subscription, default_desk
from bot.digest_store import DigestState, Pause, Reach
from bot.material import DigestMaterial
from bot.rounds import Round
from bot.targets import mention
from handlers.ids import Action, BlockId, Callback
from handlers.rounds_values import RoundMetadata, RoundValue
from handlers.setup_values import SetupValue
from handlers.views import digest as digest_view
from handlers.views import digest_examples, subscription
from handlers.views.blocks import actions, button, input_block, modal, section
from handlers.views.message import Block, Message, View
from handlers.views.paper import paper_button
from handlers.views.setup_forms import confirm
from handlers.views.text import chunks, day, inline, lines, plural

PAGE = 10
NONE = "You get no digest by name. “Send it to me…” gives you one, here in Slack."
UNTIL = "until"


def rounds(found: Sequence[Round], offset: int = 0) -> Message:
    """Those from `offset` on, a button each."""
    shown = found[offset : offset + PAGE]
    blocks: list[Block] = [section(said(one), _open(one)) for one in shown] or [section(NONE)]
    blocks.append(actions(BlockId.ROUNDS.at(offset, len(found)), _below(found, offset)))
    text = [said(one) for one in shown] or [NONE]
    if len(shown) < len(found):
        text.append(f"{len(shown)} of {len(found)} digests.")
    return Message(text=lines(text), blocks=blocks)


def page(found: Sequence[Round], offset: int = 0) -> View:
    """The same as a page."""
    return modal(Callback.PAGE, "Digests", rounds(found, offset).blocks or [], close="Close")


def _below(found: Sequence[Round], offset: int) -> list[Block]:
    row = [subscription.take_button()]
    for label, start in (("Earlier", offset - PAGE), ("Later", offset + PAGE)):
        if 0 <= start < len(found):
            row.append(
                button(
                    Action.ROUNDS_SEE.at(start),
                    label,
                    RoundValue(offset=start).dump(),
                    label=f"{label} digests of this list",
                )
            )
    return row


def _open(one: Round) -> Block:
    key = one.status.subscription.subscription_id
    value = RoundValue(key=key).dump()
    when = subscription.rhythm(one.status.subscription).partition(" (")[0]
    label = f"Open the digest for {one.audience}: {when}"
    return button(Action.ROUNDS_OPEN.at(key), "Open…", value, label=label)


def said(one: Round) -> str:
    """How one digest goes its rounds."""
    status, state = one.status, one.state
    where = status.subscription.channel_id
    by = f"Set up by <@{state.set_by}>." if state.set_by not in {None, where} else ""
    who = mention(where)
    told = subscription.status(status, who)
    return lines((f"*{inline(one.audience, 60)}*", told, _reach(one.reach), _rests(state), by))


def _reach(found: Sequence[Reach]) -> str:
    """What people did with the newest ones; empty before any was looked at."""
    if not found:
        return ""
    head = "The last one" if len(found) == 1 else f"The last {len(found)}"
    counted = [one for one in found if one.reactions is not None]
    if not counted:
        return f"{head}: reactions and answers can't be read there."
    said = (
        _times(sum(one.reactions or 0 for one in counted), "reaction", "reactions"),
        _times(sum(one.answers or 0 for one in counted), "answer", "answers"),
        _times(sum(one.presses for one in found), "button pressed", "buttons pressed"),
    )
    of = "" if len(counted) == len(found) else f" ({len(counted)} could be read)"
    return f"{head}: {', '.join(one for one in said if one) or 'no reaction, no answer'}{of}."


def _times(count: int, one: str, many: str) -> str:
    return plural(count, one, many) if count else ""


def _rests(state: DigestState) -> str:
    match state.paused:
        case None:
            return ""
        case Pause.UNREACHABLE:
            return "*Paused:* it can't be reached. It comes again when it can, or is set anew."
        case Pause.BY_HAND if state.paused_until is not None:
            return f"*Paused* until {day(state.paused_until)}."
        case _:
            return "*Paused* until somebody resumes it."


def one_page(found: Round, notice: str = "") -> View:
    """One digest, and what may be done about it."""
    value = RoundValue(key=found.status.subscription.subscription_id).dump()
    rows = [[_act(Action.ROUNDS_PREVIEW, "Preview", value, "What the digest would say now")]]
    if found.may_change:
        send = _act(Action.ROUNDS_SEND, "Send now", value, "Send what it says so far")
        send["confirm"] = confirm("Send it now?", "What it says so far; the next comes as planned.")
        rest = (
            _act(Action.ROUNDS_PAUSE, "Pause…", value, "Let it rest")
            if found.state.paused is None
            else _act(Action.ROUNDS_RESUME, "Resume", value, "Let it come again")
        )
        skip = _act(Action.ROUNDS_SKIP, "Skip the next", value, "Leave one out")
        rows[0] += [send, rest]
        rows.append([skip, _change(found), *([_leave(value)] if found.is_own else [])])
    blocks = [*([section(notice)] if notice else []), section(said(found))]
    blocks += [actions(f"do{place}", row) for place, row in enumerate(rows)]
    return modal(Callback.PAGE, "Digest", blocks, close="Close")


def _act(action: Action, text: str, value: str, label: str) -> Block:
    return button(action.value, text, value, label=label)


def _change(found: Round) -> Block:
    key = found.status.subscription.subscription_id
    if found.is_own:
        return subscription.take_button(key)
    value = SetupValue(key=key).dump()
    return button(Action.DIGEST_SET.value, "Change…", value, label="Change or remove this digest")


def _leave(value: str) -> Block:
    return button(
        Action.ROUNDS_LEAVE.value, "Stop", value, label="Get this digest no more", style="danger"
    )


def pause_form(key: str) -> View:
    """Asks until when a digest rests."""
    until: Block = {"type": "datepicker", "action_id": Action.VALUE.value}
    hint = "From that day on it comes again. Without one it rests until it is resumed."
    return modal(
        Callback.ROUNDS_PAUSE_FORM,
        "Pause",
        [input_block(UNTIL, "Until", until, optional=True, hint=hint)],
        submit="Pause",
        close="Cancel",
        metadata=RoundMetadata(key=key).dump(),
    )


def take_form(desk: Desk, mine: Subscription | None, *, tz: str) -> View:
    """Asks which digest somebody gets themselves, and when; a new one begins with the zone `tz`."""
    return modal(
        Callback.ROUNDS_TAKE_FORM,
        "Send it to me",
        [subscription.audience_input(desk, mine), *subscription.rhythm_inputs(mine, tz)],
        submit="Save",
        close="Cancel",
        metadata=RoundMetadata(key=mine.subscription_id if mine else None).dump(),
    )


def previewed(material: DigestMaterial) -> View:
    """What it would say now, in words, and all of it as a file."""
    text = digest_view.digest(material).text
    blocks: list[Block] = [section(part) for part in chunks(text)]
    blocks.append(paper_button(subscription=material.subscription_id))
    return modal(Callback.PAGE, "Preview", blocks, close="Close")


@dataclass(frozen=True, slots=True)
class RoundsExample:
    """A message or a view, and how it is built."""

    build: Callable[[], Message | View]


_POSTED = Round(
    status=subscription.STATUSES["posted"],
    audience="Leadership",
    state=DigestState(subscription_id="leadership", set_by="U0OLGA"),
    may_change=True,
    is_own=False,
    reach=(
        Reach(subscription_id="leadership", period="4", reactions=3, answers=0, presses=0),
        Reach(subscription_id="leadership", period="3", reactions=0, answers=1, presses=1),
        Reach(subscription_id="leadership", period="2", reactions=None, answers=None, presses=0),
    ),
)
_MINE = replace(
    _POSTED,
    status=replace(
        subscription.STATUSES["silent"],
        subscription=Subscription(
            subscription_id="own:U0SAM:V1",
            channel_id="U0SAM",
            month_day=1,
            tz="Europe/Berlin",
            holidays="DE",
        ),
    ),
    state=DigestState(
        subscription_id="own:U0SAM:V1", paused=Pause.BY_HAND, paused_until=date(2026, 12, 24)
    ),
    is_own=True,
    reach=(Reach(subscription_id="own:U0SAM:V1", period="4", reactions=0, answers=0, presses=0),),
)
_GONE = replace(
    _POSTED,
    audience="Sales & social",
    status=replace(
        subscription.STATUSES["missed"],
        subscription=Subscription(subscription_id="sales", channel_id="C0SALES"),
    ),
    state=DigestState(subscription_id="sales", paused=Pause.UNREACHABLE),
    reach=tuple(
        Reach(subscription_id="sales", period=period, reactions=None, answers=None, presses=0)
        for period in ("4", "3", "2", "1")
    ),
)


def _many() -> tuple[Round, ...]:
    ids = (f"digest{place}" for place in range(25))
    statuses = (
        replace(
            _POSTED.status, subscription=replace(_POSTED.status.subscription, subscription_id=i)
        )
        for i in ids
    )
    return tuple(replace(_POSTED, status=status) for status in statuses)


EXAMPLES: Mapping[str, RoundsExample] = {
    "list": RoundsExample(lambda: rounds((_POSTED, _MINE, _GONE))),
    "list-none": RoundsExample(lambda: rounds(())),
    "list-many": RoundsExample(lambda: page(_many(), 10)),
    "one": RoundsExample(lambda: one_page(_POSTED)),
    "one-mine": RoundsExample(lambda: one_page(_MINE, "Saved.")),
    "one-reader": RoundsExample(lambda: one_page(replace(_POSTED, may_change=False))),
    "pause": RoundsExample(lambda: pause_form("leadership")),
    "take": RoundsExample(lambda: take_form(default_desk(), None, tz="Europe/Berlin")),
    "take-again": RoundsExample(
        lambda: take_form(default_desk(), _MINE.status.subscription, tz="UTC")
    ),
    "preview": RoundsExample(lambda: previewed(digest_examples.EXAMPLES["busy"])),
}
