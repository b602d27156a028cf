"""Slack out: performs effects through the Web API, and looks up what may have been posted.

The only module that posts what must arrive. Its client never repeats a call by itself: a repeated
`chat.postMessage` after a lost answer is a double post.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from typing_extensions import override

from bot.check_in import CheckInMaterial
from bot.erased import ClearMaterial, UnfileMaterial
from bot.experiment import Trial
from bot.goal_material import ClosingMaterial
from bot.kept_file import FileMaterial
from bot.material import (
    CardMaterial,
    CrowdMaterial,
    DigestMaterial,
    DigestMoreMaterial,
    HomeMaterial,
    Material,
    MovedMaterial,
    NoticeMaterial,
    NudgeMaterial,
    PaperMaterial,
    ReceiptMaterial,
    StoryMaterial,
    WordMaterial,
)
from bot.outbox import ERASING, UPDATING, Claim, Posted
from bot.ports import CannotLook, Messenger, NotSent, Outcome, Refused, Sent, Unclear
from bot.pulse import PulseQuestion
from bot.sheet_material import SheetMaterial
from bot.targets import people_of
from handlers.files import bring, remove_copies
from handlers.looking import METADATA_EVENT, Lookups
from handlers.outcomes import (
    BROKEN_BLOCKS,
    NOT_LET_IN,
    TROUBLE,
    WAIT_OUTSIDE,
    classify,
    error_code,
)
from handlers.papers import Printer, printed
from handlers.plain import Plain
from handlers.sheet_messages import Keep, KeepHere, sheet_message
from handlers.views.cleared import cleared
from handlers.views.crowd import crowd
from handlers.views.digest import digest, more, title_of
from handlers.views.experiments import end_question
from handlers.views.goal_check_in import check_in
from handlers.views.goal_closing import question
from handlers.views.home import home
from handlers.views.message import Message
from handlers.views.moved import moved
from handlers.views.notice import notice
from handlers.views.nudge import nudge
from handlers.views.pulse import pulse_question
from handlers.views.receipt import receipt
from handlers.views.story import story
from handlers.views.triage_card import card
from handlers.views.word import word
from handlers.workplaces import Workplace, Workplaces

log = logging.getLogger(__name__)

DMS_REMEMBERED = 10_000


class SlackMessenger(Messenger):
    """Performs effects, each with the client of its workspace."""

    def __init__(self, workplaces: Workplaces, keep: Keep, plain: Plain, font: str = "") -> None:
        """`keep` stores lines of files that people import, `plain` knows where charts are refused;
        `font` is the file of what is printed, empty for one of the system.
        """
        self._keep = keep
        self._font = font
        self._workplaces = workplaces
        self._dms: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lookups = Lookups()
        self._plain = plain
        self.not_let_in: str | None = None
        """Slack's code while it does not let the app in; None as long as it does."""

    @override
    async def perform(self, workspace_id: str, claim: Claim, material: Material) -> Outcome:
        talk = await self._talk(workspace_id)
        if isinstance(talk, NotSent):
            return talk
        try:
            if isinstance(material, SheetMaterial):
                keep = partial(self._keep, workspace_id)
                outcome = await talk.look_into(claim, material, keep)
            else:
                outcome = await talk.perform(claim, material)
        except TROUBLE as error:
            outcome = classify(error)
        code = outcome.error if isinstance(outcome, NotSent) else None
        self.not_let_in = code if code in NOT_LET_IN else None
        if self.not_let_in is not None:
            self._workplaces.look_again(workspace_id)
        return outcome

    @override
    async def look(self, workspace_id: str, claim: Claim) -> Posted | CannotLook | NotSent | None:
        talk = await self._talk(workspace_id)
        if isinstance(talk, NotSent):
            return talk
        try:
            return await talk.search(claim)
        except TROUBLE as error:
            match classify(error):
                case NotSent() as not_sent:
                    return not_sent
                case Unclear(code):
                    return NotSent(code)
                case Refused(code):
                    return CannotLook(code)

    async def _talk(self, workspace_id: str) -> "_Talk | NotSent":
        found = await self._workplaces.find(workspace_id)
        if found is None:
            return NotSent("not_installed", WAIT_OUTSIDE)
        return _Talk(found, self._dms, self._lookups, self._plain, self._font)


class _Talk:
    """What goes out to one workspace. `dms` are the direct messages that are known, by workspace
    and person; `font` is as above.
    """

    def __init__(
        self,
        workplace: Workplace,
        dms: OrderedDict[tuple[str, str], str],
        lookups: Lookups,
        plain: Plain,
        font: str,
    ) -> None:
        self._printer = Printer(font, workplace.identity.name)
        self._plain = plain
        self._lookups = lookups
        self._client = workplace.client
        self._workspace_id = workplace.workspace_id
        self._dms = dms

    async def perform(self, claim: Claim, material: Material) -> Outcome:
        """Raises what the client raises."""
        if isinstance(material, HomeMaterial):
            await self._client.views_publish(user_id=material.user_id, view=home(material))
            return Sent(None)
        if isinstance(material, FileMaterial):
            kept = await bring(self._client, claim, material)
            return await self._share(claim, kept, material.title)
        if isinstance(material, PaperMaterial):
            file = await printed(self._client, claim, material, self._printer)
            return await self._share(claim, file, title_of(material.digest))
        if isinstance(material, UnfileMaterial):
            return await remove_copies(self._client, _parent(claim), material.title)
        if claim.effect.kind in ERASING:
            return await self._clear(claim, message_of(material))
        return await self._say(claim, message_of(material))

    async def look_into(self, claim: Claim, material: SheetMaterial, keep: KeepHere) -> Outcome:
        """Say what a file brings, or what came of it. Raises what the client raises."""
        said = await sheet_message(self._client, claim, material, keep)
        return await self._say(claim, said) if isinstance(said, Message) else said

    async def _clear(self, claim: Claim, message: Message) -> Outcome:
        """Put a message into the place of one that was erased; who deleted that was quicker."""
        try:
            await self._say(claim, message)
        except SlackApiError as error:
            if error_code(error) != "message_not_found":
                raise
        return Sent(None)

    async def _share(self, claim: Claim, file: str | Message | Outcome, title: str) -> Outcome:
        """Let a file be seen that was brought to Slack, or say the sentence in its place."""
        if isinstance(file, Message):
            return await self._say(claim, file)
        if not isinstance(file, str):
            return file
        place = claim.parent
        await self._client.files_completeUploadExternal(
            files=[{"id": file, "title": title}],
            channel_id=place.channel_id if place else await self._place(claim),
            thread_ts=place.ts if place else None,
        )
        return Sent(None)

    async def _say(self, claim: Claim, message: Message) -> Outcome:
        """Post or update; a layout that Slack refuses gives way to a plainer one, which is then the
        first that is tried in this workspace.
        """
        layouts = [message.blocks, message.plain_blocks, None]
        if message.plain_blocks and await self._plain.holds(self._workspace_id):
            del layouts[0]
        for blocks in [layout for layout in layouts[:-1] if layout] + layouts[-1:]:
            try:
                posted = await self._send(claim, message.text, blocks)
            except SlackApiError as error:
                if error_code(error) not in BROKEN_BLOCKS or blocks is None:
                    raise
                log.warning("layout refused", extra={"effect": claim.effect.key})
            else:
                if blocks is not None and blocks is message.plain_blocks:
                    await self._plain.remember(self._workspace_id)
                return Sent(posted)
        raise AssertionError("the last layout either is sent or raises")

    async def _send(
        self, claim: Claim, text: str, blocks: Sequence[Mapping[str, Any]] | None
    ) -> Posted:
        content: dict[str, Any] = {"text": text}
        if blocks:
            content["blocks"] = list(blocks)
        if claim.effect.kind in UPDATING:
            place = _parent(claim)
            await self._client.chat_update(
                channel=place.channel_id, ts=place.ts, **{"blocks": [], **content}
            )
            return place
        channel_id = claim.parent.channel_id if claim.parent else await self._place(claim)
        answer = await self._client.chat_postMessage(
            channel=channel_id,
            thread_ts=claim.parent.ts if claim.parent else None,
            metadata={
                "event_type": METADATA_EVENT,
                "event_payload": {"key": claim.effect.key},
            },
            unfurl_links=False,
            unfurl_media=False,
            **content,
        )
        return Posted(channel_id=str(answer["channel"]), ts=str(answer["ts"]))

    async def _place(self, claim: Claim) -> str:
        """The conversation of an effect's target; a person's is their DM with the desk,
        that of several their group message with it.
        """
        target = claim.effect.target
        readers = people_of(target)
        if not readers:
            return target
        key = (self._workspace_id, target)
        if key not in self._dms:
            answer = await self._client.conversations_open(users=",".join(readers))
            channel: dict[str, Any] = answer["channel"]
            self._dms[key] = str(channel["id"])
            while len(self._dms) > DMS_REMEMBERED:
                self._dms.popitem(last=False)
        return self._dms[key]

    async def search(self, claim: Claim) -> Posted | CannotLook | None:
        """The message that an earlier try may have left; raises what the client raises."""
        place = claim.parent.channel_id if claim.parent else await self._place(claim)
        return await self._lookups.search(self._client, self._workspace_id, claim, place)


SHOWN_BY: Mapping[type[Any], Callable[[Any], Message]] = {
    CardMaterial: card,
    CrowdMaterial: crowd,
    ClearMaterial: cleared,
    MovedMaterial: moved,
    StoryMaterial: story,
    ReceiptMaterial: receipt,
    WordMaterial: word,
    NudgeMaterial: nudge,
    DigestMaterial: digest,
    DigestMoreMaterial: lambda found: more(found.digest, found.place),
    NoticeMaterial: notice,
    ClosingMaterial: question,
    CheckInMaterial: check_in,
    Trial: end_question,
    PulseQuestion: pulse_question,
}
"""The view of each material; a Home tab is a view, a file is a file, neither is a message."""


def message_of(material: Material) -> Message:
    """The message that shows a material."""
    return SHOWN_BY[type(material)](material)


def _parent(claim: Claim) -> Posted:
    if claim.parent is None:
        raise ValueError(f"effect {claim.effect.key} updates a message that was never posted")
    return claim.parent
