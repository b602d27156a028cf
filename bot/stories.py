"""The stories that may be shown, the newest first, and those with certain words in them (P35)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.consent import today_of
from bot.find import words_in
from bot.ports import Transaction
from bot.story import Story, Told
from bot.telling import gives_customer_away, why_not_told

STORIES_SHOWN = 5
_AT_ONCE = 20

JUST_NOW = timedelta(microseconds=1)
"""Added to a moment, so that what was told at it was told before."""


@dataclass(frozen=True, slots=True)
class FindStories:
    """Somebody looks for stories with all words of `text` in them, told before then; `before` None:
    the newest.
    """

    text: str = ""
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoriesMaterial:
    """A page of stories; `has_more`: there are older ones."""

    stories: tuple[Told, ...]
    text: str = ""
    is_first: bool = True
    has_more: bool = False


def find_stories(tx: Transaction, command: FindStories, now: datetime) -> StoriesMaterial:
    """The next page. A story whose result was taken back, or whose customer's consent does not hold
    any more, is not shown.
    """
    found: list[Told] = []
    for told in _told(tx, words_in(command.text), command.before or now + JUST_NOW, now):
        found.append(told)
        if len(found) > STORIES_SHOWN:
            break
    return StoriesMaterial(
        stories=tuple(found[:STORIES_SHOWN]),
        text=command.text,
        is_first=command.before is None,
        has_more=len(found) > STORIES_SHOWN,
    )


def told_between(
    tx: Transaction, since: datetime, until: datetime, now: datetime
) -> tuple[Told, ...]:
    """The stories told in [since, until) that may be shown now, the newest first."""
    return tuple(_shown(tx, tx.stories.between(since, until), now))


def _told(tx: Transaction, words: Sequence[str], before: datetime, now: datetime) -> Iterator[Told]:
    while True:
        page = tx.stories.find(words, before=before, limit=_AT_ONCE)
        yield from _shown(tx, page, now)
        if len(page) < _AT_ONCE:
            return
        before = page[-1].told_at


def _shown(tx: Transaction, stories: Sequence[Story], now: datetime) -> Iterator[Told]:
    desk = tx.desk.load()
    for story in stories:
        submission = tx.submissions.get(story.number)
        if submission is None:
            continue
        today = today_of(tx, desk, submission, now)
        said = f"{story.headline}\n{story.text}"
        if not (why_not_told(submission, today) or gives_customer_away(submission, said, today)):
            yield Told(story=story, submission=submission)
