"""The app comes to a workspace, leaves it, comes back; and after the promised days all is erased.

Slack may send each event several times, late, and in any order; so each of these looks at what is
stored first.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.announce import tell
from bot.homes import home_of
from bot.installation import Installation, Tokens
from bot.ports import Transaction

REFRESH_LEASE = timedelta(seconds=30)
"""How long a process may take to exchange a token before another one tries."""

ERASED_AT_ONCE = 500
"""How many rows of a table are deleted in one transaction, so that others wait a moment only."""

WELCOME = (
    "Social Desk is installed. One step is left: open its Home tab. There an admin says who owns "
    "ideas, testimonials and leads; until then the workspace's admins get them."
)


def installed(tx: Transaction, _: None, _now: datetime) -> Installation | None:
    """The installation of the workspace."""
    return tx.installations.get()


def install(tx: Transaction, new: Installation, now: datetime) -> Installation:
    """The app was installed, or once more: what is stored is found again, and work goes on.

    The installer is told of the next step once.
    """
    known = tx.installations.get()
    stored = tx.installations.save(new, now)
    if not new.is_org and (known is None or known.parked_at is not None):
        _welcome(tx, stored, now)
    return stored


def _welcome(tx: Transaction, stored: Installation, now: datetime) -> None:
    if stored.installer_id is None:
        return
    cause = f"installed:{stored.installed_at.isoformat()}"
    tell(tx, stored.installer_id, f"notice:{cause}", WELCOME, now)
    tx.outbox.add(home_of(stored.installer_id, cause), now)


@dataclass(frozen=True, slots=True)
class Grant:
    """An organisation's installation serves a workspace, since `at`."""

    workspace_id: str
    org: Installation
    at: datetime
    name: str = ""


def grant(tx: Transaction, command: Grant, now: datetime) -> Installation:
    """Serve a workspace with its organisation's tokens, unless it has some of its own."""
    known, org = tx.installations.get(), command.org
    if known is not None and known.is_served:
        return known
    return tx.installations.save(
        Installation(
            workspace_id=command.workspace_id,
            enterprise_id=org.workspace_id,
            name=command.name,
            bot_id=org.bot_id,
            bot_user_id=org.bot_user_id,
            scopes=org.scopes,
            installer_id=org.installer_id,
            installed_at=command.at,
        ),
        now,
    )


@dataclass(frozen=True, slots=True)
class Leave:
    """Slack took the app out at `at`; `promised` is how long what is stored is kept.

    `revoked` are the bots whose tokens are void, None when the whole app went. `org_id`: only what
    the organisation's installation served.
    """

    at: datetime
    promised: timedelta
    revoked: frozenset[str] | None = None
    org_id: str | None = None


def leave(tx: Transaction, command: Leave, now: datetime) -> bool:
    """Park the workspace: nothing is tried, claimed or fired there. True when it was served before.

    An event that is older than the installation tells of one before it.
    """
    known = tx.installations.get()
    if known is None or known.parked_at is not None:
        return False
    if command.at < known.installed_at.replace(microsecond=0):
        return False
    if command.revoked is not None and known.bot_user_id not in command.revoked:
        return False
    if command.org_id is not None and (
        known.tokens is not None or known.enterprise_id != command.org_id
    ):
        return False
    tx.installations.save(known.parked(now, command.promised), now)
    return True


def erase_some(tx: Transaction, _: None, now: datetime) -> bool:
    """Delete a part of what is stored of a workspace whose promised days are over; True when there
    is no more to do, also because the app came back.
    """
    known = tx.installations.get()
    if known is None or known.erase_at is None or known.erase_at > now:
        return True
    return tx.installations.erase(ERASED_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What Slack gave for the token of this version."""

    version: int
    tokens: Tokens = field(repr=False)


def claim_refresh(tx: Transaction, version: int, now: datetime) -> bool:
    """Be the one who exchanges the token of this version: whoever else asks is told False. The
    exchange itself is a call to Slack, so the row is not kept locked meanwhile.
    """
    return tx.installations.claim_refresh(version, now + REFRESH_LEASE, now)


def keep_refreshed(tx: Transaction, command: Refreshed, now: datetime) -> Installation | None:
    """Store the new tokens; what was installed anew meanwhile stays as it is."""
    known = tx.installations.get()
    if known is None or known.version != command.version:
        return known
    return tx.installations.save(replace(known, tokens=command.tokens), now)


def claim_reading(tx: Transaction, before: datetime, now: datetime) -> bool:
    """Be the one who reads people and channels anew, unless that was done since `before`."""
    return tx.installations.claim_reading(before, now)
