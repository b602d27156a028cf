"""The Home tab: what one person finds there, and turning its pages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.desk import Desk, Hears, Member
from bot.experiment_list import to_judge
from bot.figures import Counts
from bot.goal_list import AskGoals, see_goals
from bot.homes import home_of
from bot.lists import list_of, roles_to_watch, with_merged_away
from bot.material import HomeMaterial, HomePart, ListMaterial, NextDigest, QueueMaterial
from bot.outbox import Effect
from bot.people import absence_of, calls_of, is_admin, today_of, why_kept_out, zone_of
from bot.periods import instant
from bot.ports import Transaction
from bot.pulses import question_to
from bot.schedules import next_at
from bot.setup import setup_of
from bot.submission import Submission

PAGE = 10
"""How many entries of a list Home shows at once: three full lists with all other parts fit into a
view of 100 blocks (https://docs.slack.dev/reference/views).
"""

SHORT = 5
"""How many entries the lists show that are not paged."""


@dataclass(frozen=True, slots=True)
class AskHome:
    """Whose Home tab, and which of its lists is turned to an entry other than the first."""

    user_id: str
    part: HomePart | None = None
    offset: int = 0


Found = tuple[tuple[Submission, ...], int]


def home(tx: Transaction, asked: AskHome, now: datetime) -> HomeMaterial:
    """What the Home tab of one person shows."""
    desk = tx.desk.load()
    member = tx.members.get(asked.user_id)
    kept_out = why_kept_out(desk, member, asked.user_id)
    if kept_out:
        nothing = list_of(tx, desk, ((), 0), now)
        return HomeMaterial(user_id=asked.user_id, mine=nothing, queue=None, kept_out=kept_out)
    questions = tx.submissions.paused_of_submitter(asked.user_id, limit=SHORT)
    asked_about = [one.number for one in questions[0]]

    def of_mine(offset: int) -> Found:
        return tx.submissions.of_submitter(
            asked.user_id, limit=PAGE, offset=offset, without=asked_about
        )

    return HomeMaterial(
        user_id=asked.user_id,
        questions=list_of(tx, desk, questions, now),
        queue=_queue(tx, desk, asked, now),
        mine=_turned(tx, desk, asked, HomePart.MINE, of_mine, now),
        week=_this_week(tx, member, now),
        next_digest=_next_digest(tx, desk, asked.user_id, now),
        goals=see_goals(tx, AskGoals(asked.user_id, in_full=False), now),
        hears=member.hears if member else Hears.ALL,
        absence=absence_of(tx, desk, asked.user_id),
        setup=setup_of(tx, desk, asked.user_id),
        pulse=question_to(tx, asked.user_id, now),
        to_judge=to_judge(tx, desk, asked.user_id, now),
    )


def _queue(tx: Transaction, desk: Desk, asked: AskHome, now: datetime) -> QueueMaterial | None:
    """None for who watches no role and was called in for nothing that waits."""
    role_ids = roles_to_watch(tx, desk, asked.user_id)
    calls = calls_of(tx, desk, asked.user_id)
    if not role_ids and not calls:
        return None
    watched = with_merged_away(tx, desk, role_ids, now)

    def under_way(offset: int) -> Found:
        return tx.submissions.unpublished_of_roles(watched, limit=PAGE, offset=offset)

    def waiting(offset: int) -> Found:
        return tx.submissions.undecided_of_roles(watched, limit=PAGE, offset=offset, calls=calls)

    def overdue() -> int:
        return tx.submissions.overdue_of_roles(watched, now, calls)

    # In this order: what is accepted between two statements must not be listed twice.
    ahead = _turned(tx, desk, asked, HomePart.UNDER_WAY, under_way, now)
    undecided = _turned(tx, desk, asked, HomePart.WAITING, waiting, now)
    if not role_ids and not undecided.total:
        return None
    return QueueMaterial(
        waiting=undecided,
        to_publish=ahead,
        paused=list_of(tx, desk, tx.submissions.paused_of_roles(watched, limit=SHORT), now),
        overdue=_overdue(undecided, overdue, now),
    )


def _overdue(listed: ListMaterial, count: Callable[[], int], now: datetime) -> int:
    """How much of what waits is past its time. The first due stand first, so a first page that is
    not overdue to its end says it.
    """
    shown = sum(item.due_at < now for item in listed.items)
    if listed.offset == 0 and shown < len(listed.items):
        return shown
    return count() if listed.total else 0


def _turned(
    tx: Transaction,
    desk: Desk,
    asked: AskHome,
    part: HomePart,
    fetch: Callable[[int], Found],
    now: datetime,
) -> ListMaterial:
    """One list at the page that was asked for; at its last one when there are fewer by now."""
    offset = asked.offset if asked.part is part else 0
    items, total = fetch(offset)
    if not items and offset:
        offset = max(total - 1, 0) // PAGE * PAGE
        items, total = fetch(offset)
    return replace(list_of(tx, desk, (items, total), now), offset=offset)


def _this_week(tx: Transaction, member: Member | None, now: datetime) -> Counts:
    """What happened since Monday, where the person lives."""
    today = today_of(member, now)
    monday = today - timedelta(days=today.weekday())
    (week,) = tx.figures.counts((instant(monday, time(), zone_of(member)), now))
    return week


def _next_digest(tx: Transaction, desk: Desk, user_id: str, now: datetime) -> NextDigest | None:
    """The first of the next digests, of those in channels that everybody may see; for an admin of
    all.
    """
    sees_all = is_admin(tx, desk, user_id)
    runs = (
        NextDigest(channel_id=one.channel_id, at=next_at(tx, one, now))
        for one in desk.subscriptions
        if sees_all or _is_public(tx, one.channel_id)
    )
    return min(runs, key=lambda run: run.at, default=None)


def _is_public(tx: Transaction, channel_id: str) -> bool:
    channel = tx.channels.get(channel_id)
    return channel is not None and not channel.is_private


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPage:
    """Somebody turns a list of their Home tab to the entry `offset`. `cause` names the click."""

    user_id: str
    part: HomePart
    offset: int
    cause: str


def turn_page(tx: Transaction, command: TurnPage, now: datetime) -> None:
    """Publish the Home tab anew at that page; what happens later shows the first pages again."""
    effect = home_of(command.user_id, f"page:{command.cause}")
    payload = {"part": command.part.value, "offset": command.offset}
    tx.outbox.add(replace(effect, payload=payload), now)


def asked_by(effect: Effect) -> AskHome:
    """What an effect that publishes a Home tab asks for."""
    part = effect.payload.get("part")
    if part is None:
        return AskHome(effect.target)
    return AskHome(effect.target, HomePart(str(part)), int(effect.payload["offset"]))
