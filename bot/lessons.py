"""Lessons, found by words, page by page; those of experiments and goals are among them (P36)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from bot.consent import today_of
from bot.find import words_in
from bot.lesson import Learned, Lesson
from bot.lesson_form import may_change
from bot.pages import SHOWN, Look, Page, backwards, page_of
from bot.ports import Transaction
from bot.telling import gives_customer_away
from bot.text import folded

_GOALS = 400
"""How many lessons of goals are looked through: at a dozen goals a quarter, eight years of them."""


def find_lessons(tx: Transaction, command: Look, now: datetime) -> Page[Learned]:
    """A page of lessons, each with whether the reader may change it. One about a submission whose
    customer's consent does not cover it any more is not shown.
    """
    words, before = words_in(command.text), command.until(now)
    of_goals = (
        lesson
        for lesson in tx.lessons.of_goals(before=before, limit=_GOALS)
        if _has_all(lesson, words)
    )
    told = backwards(
        lambda moment, limit: tx.lessons.find(words, before=moment, limit=limit),
        before,
        lambda lesson: lesson.at,
    )
    # As many of both as a page can need, and one that tells whether there are more.
    found = [*islice(_shown(tx, told, now), SHOWN + 1), *islice(of_goals, SHOWN + 1)]
    found.sort(key=lambda lesson: (lesson.at, lesson.lesson_id), reverse=True)
    learned = (
        Learned(lesson=lesson, may_change=may_change(tx, lesson, command.user_id))
        for lesson in found
    )
    return page_of(command, learned, lambda one: one.lesson.at)


def learned_between(
    tx: Transaction, since: datetime, until: datetime, now: datetime
) -> tuple[Lesson, ...]:
    """The lessons told in [since, until) that may be shown now, the newest first; goals' are not
    among them.
    """
    return tuple(_shown(tx, tx.lessons.between(since, until), now))


def _shown(tx: Transaction, lessons: Iterable[Lesson], now: datetime) -> Iterator[Lesson]:
    desk = tx.desk.load()
    for lesson in lessons:
        about = tx.submissions.get(lesson.number) if lesson.number is not None else None
        if about is not None and about.kind.needs_consent:
            today = today_of(tx, desk, about, now)
            if any(gives_customer_away(about, said, today) for said in lesson.parts):
                continue
        yield lesson


def _has_all(lesson: Lesson, words: Sequence[str]) -> bool:
    said = folded("\n".join((lesson.title, *lesson.parts)))
    return all(word in said for word in words)
