"""What a digest is gathered from: each thing is read once, when the first section asks for it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from bot.desk import Desk
from bot.digest_rules import Story, story_of
from bot.figures import Counts, PublishedItem, Unsigned, Waiting
from bot.goal import Standing
from bot.idle_platform import Idle
from bot.kinds import KINDS
from bot.lifecycle import Verb
from bot.periods import Week, local_date
from bot.platform_uses import idle_platform
from bot.ports import Transaction
from bot.sections import Audience
from bot.standings import running
from bot.stories import told_between

PUBLISHED_SHOWN = 10
PUBLISHABLE = frozenset(
    key
    for key, kind in KINDS.items()
    if any(one.verb is Verb.PUBLISH for one in kind.lifecycle.transitions)
)
"""The kinds that are published: a lead that was passed on does not wait for that."""


class Sources:
    """What the sections of one digest read; `weeks` end with the digest's own, oldest first."""

    def __init__(
        self,
        tx: Transaction,
        *,
        desk: Desk,
        audience: Audience,
        weeks: tuple[Week, ...],
        tz: str,
        now: datetime,
        subscription_id: str = "",
        period: str = "",
    ) -> None:
        """`tz` is the IANA zone in which the weeks begin. `subscription_id` and `period` say which
        digest it is, once it is posted; both may be empty.
        """
        self.subscription_id = subscription_id
        self.period = period
        self.tx = tx
        self.desk = desk
        self.audience = audience
        self.weeks = weeks
        self.tz = tz
        self.this = weeks[-1]
        self.now = now
        self.at = min(self.this.until, now)
        """The moment as of which things are told: the end of the week, or now while it lasts."""

    @cached_property
    def counts(self) -> tuple[Counts, ...]:
        """What happened in each of the weeks."""
        before = [week.since for week in self.weeks[:-1]]
        return (*self.tx.figures.counts(before, now=self.now), *self.newest)

    @cached_property
    def newest(self) -> tuple[Counts, ...]:
        """What happened in the week and the one before: all that most sections ask for."""
        begun = [week.since for week in self.weeks[-2:]]
        return self.tx.figures.counts([*begun, self.this.until])

    @cached_property
    def waiting(self) -> Waiting:
        """What waits for a decision, by the roles that are."""
        found = self.tx.figures.waiting(self.this.until, late_by=self.at)
        return Waiting(
            by_role=self.by_role(found.by_role), overdue=found.overdue, oldest_at=found.oldest_at
        )

    @cached_property
    def waiting_before(self) -> int:
        """How much waited a week ago."""
        return self.tx.figures.waiting(self.this.since).total

    @cached_property
    def under_way(self) -> Mapping[str, int]:
        """What was accepted or passed on and is not at its end, by role id."""
        return self.by_role(self.tx.figures.unpublished(self.this.until))

    @cached_property
    def to_publish(self) -> Mapping[str, int]:
        """What of it waits to be published: no leads, and nothing without the consent that it
        needs.
        """
        found = self.by_role(self.tx.figures.unpublished(self.this.until, kinds=PUBLISHABLE))
        for stored, blocked in self._unsigned.items():
            role_id = self.desk.role(stored).role_id
            found[role_id] = found.get(role_id, 0) - blocked.missing - blocked.withdrawn
        return {role_id: count for role_id, count in found.items() if count > 0}

    @cached_property
    def to_sign(self) -> Mapping[str, int]:
        """What of it waits for a customer's consent, by role id."""
        missing = {stored: one.missing for stored, one in self._unsigned.items() if one.missing}
        return self.by_role(missing)

    @cached_property
    def _unsigned(self) -> Mapping[str, Unsigned]:
        return self.tx.figures.unsigned(self.this.until, local_date(self.at, self.tz))

    @cached_property
    def idle(self) -> Idle | None:
        """The platform that cost much and brought nothing, if there is one."""
        return idle_platform(self.tx, self.this.until, self.tz)

    @cached_property
    def published(self) -> tuple[PublishedItem, ...]:
        """The first that was published in the week, as it may be told now."""
        found = self.tx.figures.published(self.this.since, self.this.until, limit=PUBLISHED_SHOWN)
        return tuple(item.told_on(local_date(self.now, self.tz)) for item in found)

    @cached_property
    def goals(self) -> tuple[Standing, ...]:
        """The goals that ran in the week, the furthest behind first."""
        return running(self.tx, self.this.since, self.at)

    @cached_property
    def unserved(self) -> int:
        """How much of what was accepted serves no goal."""
        _, total = self.tx.submissions.unserved(limit=0)
        return total

    @cached_property
    def story(self) -> Story | None:
        """The one thing that went well: what somebody told, else what the desk finds."""
        told = told_between(self.tx, self.this.since, self.this.until, self.now)
        if told:
            return told[0]
        won = self.tx.measures.won(self.this.since, self.this.until)
        return story_of(self.published, won)

    def by_role(self, found: Mapping[str, int]) -> dict[str, int]:
        """What was found by role; that of a role that is no more is with the fallback role."""
        by_role: dict[str, int] = {}
        for stored, count in found.items():
            role_id = self.desk.role(stored).role_id
            by_role[role_id] = by_role.get(role_id, 0) + count
        return by_role
