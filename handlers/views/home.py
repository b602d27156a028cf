"""The Home tab: hand in, questions to me, my queue, what is mine, and the week. Its parts come from
their own views; all that fits into one view is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.figures import Counts
from bot.home import PAGE
from bot.kinds import KINDS, Kind
from bot.material import (
    AbsenceMaterial,
    HomeMaterial,
    HomePart,
    ListMaterial,
    NextDigest,
    QueueMaterial,
)
from handlers.form_values import HandInValue
from handlers.home_values import HomePageValue
from handlers.ids import Action, BlockId, Callback
from handlers.rounds_values import RoundValue
from handlers.views import examples, goals, lists, setup
from handlers.views.absence import absence_blocks
from handlers.views.blocks import actions, button, context, divider, header, section
from handlers.views.experiment_examples import OVER
from handlers.views.experiments import over_blocks
from handlers.views.goals import goals_blocks
from handlers.views.help import ANYWHERE
from handlers.views.message import Block, View
from handlers.views.preferences import preference_blocks
from handlers.views.pulse import QUESTION, pulse_blocks
from handlers.views.setup import open_steps, setup_blocks
from handlers.views.text import lines, moment

MOST_BLOCKS = 100
"""As many as a view takes (https://docs.slack.dev/reference/views)."""


def home(material: HomeMaterial) -> View:
    """The Home tab of one person; useful too for somebody who never handed in anything. For who
    may not use the desk it says why.
    """
    if material.kept_out:
        return _view([section(material.kept_out)])
    is_new = material.setup is not None and bool(open_steps(material.setup))
    parts: list[list[Block]] = [
        _hand_in(material),
        *([_setup(material)] if is_new else []),
        _questions(material.questions),
        pulse_blocks(material.pulse),
        over_blocks(material.to_judge),
        *_queue(material.queue),
        _mine(material),
        goals_blocks(material.goals),
        absence_blocks(material.absence) if material.absence else [],
        _week(material),
        preference_blocks(material.hears),
        *([] if is_new else [_setup(material)]),
    ]
    return _view(fitted(parts))


def _view(blocks: list[Block]) -> View:
    return {"type": "home", "callback_id": Callback.HOME.value, "blocks": blocks}


def _setup(material: HomeMaterial) -> list[Block]:
    """The set-up, for admins: early while something is left to do, else at the end."""
    return [] if material.setup is None else setup_blocks(material.setup)


def fitted(parts: Sequence[list[Block]]) -> list[Block]:
    """The parts in their order, each whole: one for which no room is left is left out."""
    blocks: list[Block] = []
    for part in parts:
        if len(blocks) + len(part) <= MOST_BLOCKS:
            blocks += part
    return blocks


_KINDS = tuple(KINDS.values())


def _hand_in(material: HomeMaterial) -> list[Block]:
    """A button for each kind; for a newcomer with what it is good for."""
    handed_in = material.mine.items or (material.questions and material.questions.items)
    is_newcomer = material.queue is None and not handed_in
    if is_newcomer:
        told = [
            section(f"{k.emoji} *{k.label}* {k.purpose}", _button(k, "Hand in…")) for k in _KINDS
        ]
        return [*told, context(ANYWHERE)]
    buttons = [_button(kind, f"{kind.emoji} {kind.label}") for kind in _KINDS]
    return [
        section("*Hand in*"),
        actions(BlockId.HOME.at("hand_in"), buttons),
    ]


def _button(kind: Kind, text: str) -> Block:
    return button(
        Action.HOME_HAND_IN.at(kind.key),
        text,
        HandInValue(kind=kind.key).dump(),
        label=f"Hand in {kind.article}",
    )


def _questions(asked: ListMaterial | None) -> list[Block]:
    if asked is None or not asked.items:
        return []
    return [*_title("Questions to you", asked.total), *lists.answer_blocks(asked)]


def _queue(queue: QueueMaterial | None) -> list[list[Block]]:
    if queue is None:
        return []
    overdue = f"{queue.overdue:,} overdue" if queue.overdue else ""
    waiting = [*_title("Waits for your decision", queue.waiting.total, overdue)]
    if not queue.waiting.total:
        waiting.append(section("Nothing right now."))
    waiting += [*lists.open_blocks(queue.waiting), *_pages(HomePart.WAITING, queue.waiting)]
    ahead = _listed("Under way", queue.to_publish, "")
    return [
        waiting,
        [*ahead, *_pages(HomePart.UNDER_WAY, queue.to_publish)],
        _listed("Waits for an answer", queue.paused, "paused"),
    ]


def _mine(material: HomeMaterial) -> list[Block]:
    """Without what was asked about, which stands above."""
    asked, mine = material.questions, material.mine
    title = "What else you handed in" if asked and asked.items else "What you handed in"
    return [*_listed(title, mine, "mine"), *_pages(HomePart.MINE, mine)]


def _listed(title: str, listed: ListMaterial | None, place: str) -> list[Block]:
    """A list under its title; nothing at all while it is empty."""
    if listed is None or not listed.items:
        return []
    return [*_title(title, listed.total), *lists.open_blocks(listed, place and f":{place}")]


def _title(title: str, total: int, more: str = "") -> list[Block]:
    counts = ", ".join(part for part in (f"{total:,}" if total else "", more) if part)
    return [divider(), header(f"{title} ({counts})" if counts else title)]


_LISTS = {
    HomePart.WAITING: "what waits for your decision",
    HomePart.UNDER_WAY: "what is under way",
    HomePart.MINE: "what you handed in",
}


def _pages(part: HomePart, listed: ListMaterial) -> list[Block]:
    """Buttons to the pages before and after, where there are any; each says which entries."""
    starts = {"←": listed.offset - PAGE, "→": listed.offset + PAGE}
    buttons = [
        _page_button(part, start, listed.total, arrow)
        for arrow, start in starts.items()
        if (start < listed.total if arrow == "→" else listed.offset > 0)
    ]
    return [actions(BlockId.HOME.at(part.value, listed.offset), buttons)] if buttons else []


def _page_button(part: HomePart, start: int, total: int, arrow: str) -> Block:
    first = max(start, 0)
    last = min(first + PAGE, total)
    there = f"{first + 1:,}–{last:,}" if last > first + 1 else f"{last:,}"
    return button(
        Action.HOME_PAGE.at(f"{part.value}:{first}"),
        f"← {there}" if arrow == "←" else f"{there} of {total:,} →",
        HomePageValue(part=part, offset=first).dump(),
        label=f"Show {there} of {_LISTS[part]}",
    )


def _week(material: HomeMaterial) -> list[Block]:
    said = lines((_so_far(material.week), _digest(material.next_digest)))
    return [divider(), section(said, _digests())] if said else []


def _digests() -> Block:
    value = RoundValue().dump()
    return button(Action.ROUNDS_SEE.value, "Digests…", value, label="Who gets which digest, when")


def _so_far(week: Counts | None) -> str:
    if week is None:
        return ""
    return (
        f"*This week:* {week.handed_in:,} handed in, {week.decided:,} decided, "
        f"{week.published:,} published."
    )


def _digest(run: NextDigest | None) -> str:
    return f"*Next digest:* <#{run.channel_id}>, {moment(run.at)}." if run else ""


_WEEK = Counts(handed_in=12, accepted=6, declined=2, published=3)
_NEXT = NextDigest(channel_id="C0LEADERS", at=examples.NOW + timedelta(days=6))

_STATES = lists.MINE["every-state"]
_EVERY = replace(
    _STATES, items=tuple(replace(item, number=n) for n, item in enumerate(_STATES.items, 1))
)

EXAMPLES: Mapping[str, HomeMaterial] = {
    "newcomer": HomeMaterial(user_id="U0NEW", mine=lists.MINE["empty"], queue=None, week=_WEEK),
    "submitter": HomeMaterial(
        user_id="U0ANA",
        mine=_EVERY,
        queue=None,
        questions=lists.MINE["asked"],
        week=_WEEK,
        next_digest=_NEXT,
    ),
    "submitter-later": HomeMaterial(
        user_id="U0ANA", mine=replace(lists.MINE["more"], total=1234, offset=20), queue=None
    ),
    "lead": HomeMaterial(
        user_id="U0BEN",
        mine=lists.MINE["more"],
        queue=replace(lists.QUEUE["several"], overdue=2, paused=lists.MINE["asked"]),
        week=_WEEK,
        next_digest=_NEXT,
        absence=AbsenceMaterial(stands_in_for=("U0CLEO",)),
    ),
    "away": HomeMaterial(
        user_id="U0BEN",
        mine=lists.MINE["empty"],
        queue=None,
        absence=AbsenceMaterial(back_on=date(2026, 12, 7), deputy_id="U0CLEO"),
    ),
    "admin-new": HomeMaterial(
        user_id="U0OLGA", mine=lists.MINE["empty"], queue=None, setup=setup.EXAMPLES["new"]
    ),
    "admin": HomeMaterial(
        user_id="U0OLGA",
        mine=_EVERY,
        queue=lists.QUEUE["several"],
        week=_WEEK,
        next_digest=_NEXT,
        setup=setup.EXAMPLES["done"],
    ),
    "goals": HomeMaterial(
        user_id="U0BEN",
        mine=lists.MINE["empty"],
        queue=None,
        goals=goals.EXAMPLES["keeper"].material,
    ),
    "asked": HomeMaterial(
        user_id="U0BEN",
        mine=lists.MINE["empty"],
        queue=None,
        pulse=QUESTION,
        to_judge=(OVER.experiment,),
    ),
    "publisher": HomeMaterial(
        user_id="U0BEN", mine=lists.MINE["empty"], queue=lists.QUEUE["to-publish"]
    ),
    "kept-out": HomeMaterial(
        user_id="U0GUS",
        mine=lists.MINE["empty"],
        queue=None,
        kept_out="Guests can use Social Desk once an admin has named them.",
    ),
    "lead-done": HomeMaterial(
        user_id="U0BEN", mine=lists.MINE["empty"], queue=lists.QUEUE["empty"]
    ),
}
