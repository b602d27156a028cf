"""The stories that may be shown, the newest first, and those with certain words in them (P35)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from bot.consent import today_of
from bot.find import words_in
from bot.pages import Look, Page, backwards, page_of
from bot.people import may_triage
from bot.ports import Transaction
from bot.story import Story, Told
from bot.telling import gives_customer_away, why_not_told


def find_stories(tx: Transaction, command: Look, now: datetime) -> Page[Told]:
    """A page of stories, each with whether the reader may change it. A story whose result was taken
    back, or whose customer's consent does not cover it any more, is not shown.
    """
    page = page_of(command, _told(tx, command, now), lambda told: told.story.told_at)
    desk = tx.desk.load()
    entries = (
        replace(told, may_change=may_triage(tx, desk, told.submission, command.user_id))
        for told in page.entries
    )
    return replace(page, entries=tuple(entries))


def told_between(
    tx: Transaction, since: datetime, until: datetime, now: datetime
) -> tuple[Told, ...]:
    """The stories told in [since, until) that may be shown now, the newest first."""
    return tuple(_shown(tx, tx.stories.between(since, until), now))


def _told(tx: Transaction, command: Look, now: datetime) -> Iterator[Told]:
    words = words_in(command.text)
    told = backwards(
        lambda moment, limit: tx.stories.find(words, before=moment, limit=limit),
        command.until(now),
        lambda story: story.told_at,
    )
    return _shown(tx, told, now)


def _shown(tx: Transaction, stories: Iterable[Story], now: datetime) -> Iterator[Told]:
    desk = tx.desk.load()
    for story in stories:
        submission = tx.submissions.get(story.number)
        if submission is None:
            continue
        today = today_of(tx, desk, submission, now)
        said = f"{story.headline}\n{story.text}"
        if not (why_not_told(submission, today) or gives_customer_away(submission, said, today)):
            yield Told(story=story, submission=submission)
