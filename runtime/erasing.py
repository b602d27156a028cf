"""Erasing and finding persons from the command line, beside a running server."""

import asyncio
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.erasing import (
    Erase,
    EraseTexts,
    Erasure,
    erase,
    erase_texts,
    foresee,
)
from bot.erasure_store import AccessKind
from bot.forgetting import Colleague, erase_colleague, foresee_colleague
from bot.lifecycle import OPERATOR
from bot.persons import (
    CONVERSATION,
    LookFor,
    Mention,
    Recorded,
    Trace,
    drafts_naming,
    drop_drafts_naming,
    look_for,
    look_in_writing,
    record,
)
from runtime.clocks import SystemClock
from runtime.here import Here, in_workspace
from runtime.settings import Settings

DRY = "Nothing was erased: this was a dry run."
DONE = (
    "Erased. Messages in Slack lose their text within a minute while a server runs; what waited to "
    "be sent is not sent. Backups keep it until they are thrown away."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to erase. `is_whole`: whole submissions, else personal fields and conversations;
    `is_dry_run`: only tell.
    """

    is_whole: bool = False
    is_dry_run: bool = False


async def erase_submission(
    settings: Settings, number: int, how: How, workspace_id: str | None = None
) -> tuple[str, ...]:
    """Erase one submission or what is personal about it; what went (or would), a line each.

    Raises SettingsError, ConfigurationError, NotFoundError, SealedError and the storage's errors.
    """

    async def work(place: Here) -> tuple[str, ...]:
        lines = await _erase_one(place, number, how)
        return (*lines, await _end(place, how))

    return await in_workspace(settings, workspace_id, work)


async def erase_person(
    settings: Settings, text: str, how: How, workspace_id: str | None = None
) -> tuple[str, ...]:
    """Erase a customer or lead in every submission and draft; raises as `erase_submission` does."""

    async def work(place: Here) -> tuple[str, ...]:
        traces = await traces_of(place, text)
        mentions = await mentions_of(place, text)
        named = [trace for trace in traces if trace.fields]
        lines = [line for one in named for line in await _erase_one(place, one.number, how)]
        drafts = await _drop_drafts(place, text, how)
        if not named and not drafts:
            lines = ["Nobody with this name or contact is in a personal field."]
        return (
            *lines,
            *([f"{drafts} drafts that name them."] if drafts else []),
            *_to_read(trace for trace in traces if not (how.is_whole and trace.fields)),
            *_in_writing(mentions, {one.number for one in named} if how.is_whole else set()),
            await _end(place, how),
        )

    return await in_workspace(settings, workspace_id, work)


async def forget_colleague(
    settings: Settings,
    user_id: str,
    *,
    with_texts: bool,
    is_dry_run: bool,
    workspace_id: str | None = None,
) -> tuple[str, ...]:
    """Erase a colleague's drafts and what is known of them, and, `with_texts`, what they wrote in
    conversations, one submission after the other. Raises as `erase_submission` does.
    """
    command = Colleague(user_id=user_id, actor_id=OPERATOR)

    async def work(place: Here) -> tuple[str, ...]:
        now, here = SystemClock().now(), place.workspace_id
        if is_dry_run:
            told = await place.database.read(here, foresee_colleague, command, now)
        else:
            told = await place.database.transact(here, erase_colleague, command, now)
        numbers = ", ".join(map(str, told.wrote_about))
        if with_texts and not is_dry_run:
            for number in told.wrote_about:
                one = EraseTexts(number=number, user_id=user_id, actor_id=OPERATOR)
                await place.database.transact(here, erase_texts, one, now)
        texts = f"Texts in the conversations about: {numbers or 'nothing'}."
        return (
            f"{told.drafts} drafts.",
            "What Slack told of them." if told.is_known else "Slack told nothing of them.",
            texts if with_texts else f"{texts} They stay; --texts takes them along.",
            *([f"{told.retold} digests that name them are told anew."] if told.retold else []),
            *(
                f"! Entered by them, and kept under their id: {count} in {what}."
                for what, count in told.entered.items()
            ),
            *(f"! The set-up names them: {where}." for where in told.named),
            await _end(place, How(is_dry_run=is_dry_run)),
        )

    return await in_workspace(settings, workspace_id, work)


async def traces_of(place: Here, text: str) -> tuple[Trace, ...]:
    """Where a person is named, in all submissions. That somebody looked is recorded."""
    now, here = SystemClock().now(), place.workspace_id
    traces: list[Trace] = []
    last: int | None = 0
    while last is not None:
        command = LookFor(text=text, actor_id=OPERATOR, after=last)
        looked = await place.database.read(here, look_for, command, now)
        traces += looked.traces
        last = looked.last
    found = Recorded(
        actor_id=OPERATOR,
        kind=AccessKind.FIND_PERSON,
        numbers=tuple(trace.number for trace in traces),
    )
    await place.database.transact(here, record, found, now)
    return tuple(traces)


async def mentions_of(place: Here, text: str) -> tuple[Mention, ...]:
    """What else has a person's name in its free text."""
    command = LookFor(text=text, actor_id=OPERATOR)
    return await place.database.read(
        place.workspace_id, look_in_writing, command, SystemClock().now()
    )


async def _erase_one(place: Here, number: int, how: How) -> tuple[str, ...]:
    now, here = SystemClock().now(), place.workspace_id
    command = Erase(number=number, actor_id=OPERATOR, is_whole=how.is_whole)
    if how.is_dry_run:
        erasure = await place.database.read(here, foresee, command, now)
    else:
        erasure = await place.database.transact(here, erase, command, now)
    return tuple(_told(erasure))


def _told(erasure: Erasure) -> Iterator[str]:
    submission = erasure.submission
    subject = f"{submission.kind.label} {submission.number}"
    if erasure.is_empty:
        yield f"{subject}: nothing personal is stored."
        return
    fields = ", ".join(erasure.fields) or "no personal fields"
    what = "all of it" if erasure.is_whole else fields
    yield (
        f"{subject}: {what}; {erasure.texts} texts of the conversation; "
        f"{erasure.messages} messages in Slack lose their text; {erasure.copies} copies of files."
    )
    if erasure.retold:
        yield f"{subject}: {erasure.retold} digests and lists that name it are told anew."
    for file in erasure.given:
        yield (
            f"! {subject}: the file {file.name} ({file.file_id}) as <{submission.submitter_id}> "
            "gave it is theirs; they or an admin delete it in Slack."
        )
    if not erasure.is_whole:
        yield (
            f"! {subject}: title, answers, notes and file names stay. Read them, or erase "
            "all of it."
        )


def _to_read(traces: Iterable[Trace]) -> Iterator[str]:
    """Where the words still stand, or may: free text, which nothing but a person can judge."""
    for trace in traces:
        places = [place for place in trace.places if not (trace.fields and place == CONVERSATION)]
        if places:
            yield f"! {trace.kind} {trace.number} has the same words in: {', '.join(places)}."


def _in_writing(mentions: Iterable[Mention], gone: Collection[int]) -> Iterator[str]:
    """The same of what belongs to no submission, or stays when one goes."""
    for one in mentions:
        if one.number is None or one.number not in gone or one.sort == "experiment":
            where = f"{one.sort[0].upper()}{one.sort[1:]} “{one.called}”"
            yield f"! {where} has the same words in: {', '.join(one.places)}. It stays."


async def _drop_drafts(place: Here, text: str, how: How) -> int:
    now, here = SystemClock().now(), place.workspace_id
    if how.is_dry_run:
        return len(await place.database.read(here, drafts_naming, text, now))
    return await place.database.transact(here, drop_drafts_naming, text, now)


async def _end(place: Here, how: How) -> str:
    if how.is_dry_run:
        return DRY
    if not await place.database.scrub():
        await asyncio.sleep(1)
        await place.database.scrub()
    return DONE
