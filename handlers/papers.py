"""Digests as files: the button, and the file itself on its way into somebody's direct messages."""

import asyncio
import logging
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeskError
from bot.material import PaperMaterial
from bot.outbox import Claim
from bot.papers import AskPaper, ask_paper
from bot.ports import NotSent, Outcome, Unclear
from handlers.answers import NOTHING, Answer
from handlers.files import CARRY_SECONDS, CARRY_TRIES, Fetched, upload
from handlers.ids import Action
from handlers.listeners import Listeners
from handlers.outcomes import TROUBLE, classify
from handlers.paper import Paper, print_pages, sheet_in
from handlers.paper_values import PaperValue
from handlers.requests import Request
from handlers.services import Services
from handlers.views.digest import foot_of, on_paper, title_of
from handlers.views.message import Message
from handlers.views.paper import not_printed

log = logging.getLogger(__name__)

ON_ITS_WAY = "The PDF is on its way into your messages with Social Desk."


class PaperListeners:
    """The button of a digest that gives it as a file."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(actions={Action.PAPER: self.ask})

    async def ask(self, request: Request) -> Answer:
        """Somebody wants it; they alone get it."""
        value = PaperValue.parse(request.action.get("value"))
        command = AskPaper(
            actor_id=request.user_id,
            subscription_id=value.subscription,
            period=value.period,
            channel_id=value.channel or "",
            seen_in=request.channel_id,
        )
        await self._services.transact(request, ask_paper, command)
        self._services.background.start(self._services.whisper(request, ON_ITS_WAY))
        return NOTHING


@dataclass(frozen=True, slots=True)
class Printer:
    """How digests are printed: in which font ("" for one of the system), for which company."""

    font: str
    company: str = ""


async def printed(
    client: AsyncWebClient, claim: Claim, material: PaperMaterial, printer: Printer
) -> str | Message | Outcome:
    """Print a digest and bring it to Slack; the id of a file that nobody sees yet, or a sentence in
    its place. An Outcome when it is to be tried once more: nothing was posted so far.
    """
    try:
        async with asyncio.timeout(CARRY_SECONDS):
            pages = await _pages(material, printer)
            return await upload(client, Fetched(material.file_name, pages))
    except DeskError as error:
        log.error("not printed", extra={"effect": claim.effect.key, "why": str(error)})  # noqa: TRY400  (a setting, or a digest too large)
    except TROUBLE as error:
        outcome = classify(error)
        if not isinstance(outcome, Unclear):
            return outcome
        if claim.attempts < CARRY_TRIES:
            return NotSent(outcome.error)
    return not_printed(title_of(material.digest))


async def _pages(material: PaperMaterial, printer: Printer) -> bytes:
    found, at = material.digest, material.at
    foot = foot_of(found, at, printer.company)
    paper = Paper(made_at=at, font=printer.font, sheet=sheet_in(material.tz), foot=foot)
    return await print_pages(title_of(found), on_paper(found, at), material.names, paper)
