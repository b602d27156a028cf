"""The one ask of a digest (P03), and what became of the one before."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.ask import Asked, Reply
from bot.digest_long import by_leaders, from_leaders
from bot.digest_parts import AskedPart, AskPart
from bot.digest_rules import Ask, AskKind, Subject, ask_of, subject_of
from bot.digest_sources import Sources
from bot.figures import WeekFigures
from bot.goal import Measure, Measured
from bot.ports import Transaction
from bot.schedules import names_of
from bot.sections import Part
from bot.standings import standings

HANDS_ON = frozenset({"team", "sales"})
"""Audiences that do the work themselves: what only leaders can give is not asked of them."""

SILENT_FOR = timedelta(weeks=12)
"""So long nobody is asked again for what they said no to: a quarter, in which much can change."""


def ask(found: Sources) -> Part | None:
    """What the digest asks for; of one that is posted what it asked for."""
    asked = found.tx.asks.get(found.subscription_id, found.period) if found.period else None
    if asked is not None:
        return _kept(found, asked)
    if found.period:  # it was posted without one
        return None
    of_leaders = found.audience.key not in HANDS_ON
    figures = WeekFigures(
        week=found.newest[-1],
        waiting=found.waiting,
        to_publish=found.to_publish,
        to_sign=found.to_sign,
        from_leaders=from_leaders(found) if of_leaders else None,
    )
    picked = ask_of(
        found.goals,
        figures,
        found.at,
        of_leaders=of_leaders,
        idle=lambda: found.idle,
        settled=_settled(found.tx, found.subscription_id, found.at),
    )
    if picked is None:
        return None
    if picked.role_id is not None:
        picked = replace(picked, role_id=found.desk.role(picked.role_id).role_id)
    return AskPart(picked, found.waiting.overdue)


def _settled(tx: Transaction, subscription_id: str, at: datetime) -> frozenset[Subject]:
    """What its readers said no to, and platforms that they agreed to drop: the posts of before
    still count for weeks.
    """
    if not subscription_id:
        return frozenset()
    return frozenset(
        subject_of(one.kind, one.goal_id, one.platform)
        for name in names_of(tx, subscription_id)
        for one in tx.asks.since(name, at - SILENT_FOR)
        if one.reply is Reply.NOT_NOW
        or (one.reply is Reply.YES and one.kind is AskKind.DROP_PLATFORM)
    )


def _kept(found: Sources, asked: Asked) -> AskPart:
    """An ask as it was made, about its goal as it stands."""
    goal = found.tx.goals.get(asked.goal_id) if asked.goal_id else None
    standing = standings(found.tx, [goal], found.at)[0] if goal else None
    role = None if asked.role_id is None else found.desk.role(asked.role_id).role_id
    kept = Ask(
        kind=asked.kind,
        count=asked.count,
        standing=standing,
        role_id=role,
        platform=asked.platform,
        sample=asked.sample,
    )
    return AskPart(kept, asked.overdue, asked)


def asked(found: Sources) -> Part | None:
    """What became of the ask of the digest before: who said what, and what happened since."""
    if not found.subscription_id:
        return None
    names = names_of(found.tx, found.subscription_id)
    asks = (found.tx.asks.newest(name, found.this.until) for name in names)
    last = max((one for one in asks if one), key=lambda one: one.at, default=None)
    if last is None or last.at < found.this.since:
        return None
    member = found.tx.members.get(last.reply_by) if last.reply_by else None
    return AskedPart(
        part=_kept(found, last),
        asked=last,
        name=member.name if member else "",
        since=_since(found, last),
    )


def _since(found: Sources, last: Asked) -> int | None:
    """What can be counted of it by now: what still waits, or what came; None where nothing can."""
    match last.kind:
        case AskKind.SIGN:
            return sum(found.to_sign.values())
        case AskKind.CAPACITY:
            return found.waiting.total
        case AskKind.CONTRIBUTE:
            return by_leaders(found, last.at)
        case AskKind.INTRODUCE:
            given = Measured(
                measure=Measure.HANDED_IN,
                since=last.at,
                until=found.this.until,
                kind_key="testimonial",
            )
            return int(found.tx.measures.sample(given).value or 0)
        case AskKind.DROP_PLATFORM if last.platform is not None:
            posts = found.tx.insights.platforms(last.at, found.this.until)
            return posts.get(last.platform, 0)
        case _:
            return None
