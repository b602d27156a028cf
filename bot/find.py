"""Finding: submissions in which words stand, among those that a person may see."""

from dataclasses import dataclass
from datetime import datetime

from bot.lists import PAGE, list_of, roles_to_watch, with_merged_away
from bot.material import ListMaterial
from bot.people import is_admin
from bot.ports import Transaction
from bot.text import folded

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Find:
    """A person looks for submissions with all words of `text` in them."""

    user_id: str
    text: str
    limit: int = PAGE


def words_in(text: str) -> tuple[str, ...]:
    """What is looked for: the different words of `text`, case aside, at most eight."""
    return tuple(dict.fromkeys(folded(text).split()))[:MOST_WORDS]


def find(tx: Transaction, command: Find, now: datetime) -> ListMaterial:
    """The newest submissions with all words in them: those of the person's roles, and those that
    they handed in; for an admin all. Personal fields are not looked into.

    `total` is one more than what is shown when there are more.
    """
    words = words_in(command.text)
    if not words:
        return ListMaterial(items=(), total=0, roles={}, now=now)
    desk = tx.desk.load()
    role_ids = None
    if not is_admin(tx, desk, command.user_id):
        role_ids = with_merged_away(tx, desk, roles_to_watch(tx, desk, command.user_id), now)
    found = tx.submissions.find(
        words, role_ids=role_ids, user_id=command.user_id, limit=command.limit + 1
    )
    return list_of(tx, desk, (found[: command.limit], len(found)), now)
