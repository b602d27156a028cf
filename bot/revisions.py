"""Changing what was told: what it was before is kept, and two who change it at once don't undo each
other's work.
"""

from collections.abc import Mapping

from bot.errors import StaleError
from bot.ports import Transaction
from bot.revision import Revised, Revision

CHANGED = "Somebody changed this meanwhile. Nothing was stored; please open it again."


def changes_of(tx: Transaction, what: Revised, of_id: str) -> tuple[Revision, ...]:
    """How something was changed, the first change first."""
    return tx.revisions.of(what, (of_id,)).get(of_id, ())


def revise(tx: Transaction, revision: Revision) -> None:
    """Keep what was before a change; raises StaleError when somebody else made that change."""
    if not tx.revisions.add(revision):
        raise StaleError(CHANGED)


def next_version(tx: Transaction, what: Revised, of_id: str, *, seen: int | None = None) -> int:
    """The version of the next change. `seen` is how many changes its form knew of; raises
    StaleError when there are others by now.
    """
    known = len(changes_of(tx, what, of_id))
    if seen is not None and seen != known:
        raise StaleError(CHANGED)
    return known + 1


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> Mapping[str, str]:
    """What was before, of that which changes."""
    return {name: value for name, value in before.items() if after.get(name) != value}
