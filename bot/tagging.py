"""The tagged links of a post, per platform, so that it is known what it brought (P25)."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from bot.conversion import ConversionType, Credit, types_of
from bot.errors import FieldError, NotAllowedError
from bot.forms import check_link
from bot.kinds import PLATFORMS
from bot.landing import Landing
from bot.lifecycle import CONTENT, State
from bot.links import tagged
from bot.people import check_may_triage, is_admin, may_triage
from bot.phrase import Phrase
from bot.ports import Transaction
from bot.steps.base import existing
from bot.submission import Submission

LANDING = "landing"
"""The question of the page; also the name under which it says what is wrong."""

LINKED = frozenset({State.ACCEPTED, State.SCHEDULED, State.PUBLISHED})
"""From when on a post has links: before, nobody knows that it will be one."""

_INSIDE = ("slack.com", "local", "localhost", "internal", "intranet", "lan", "corp", "home.arpa")
_ADDRESS = re.compile(r"[^\s@/?&=]+@[^\s@/?&=]+\.[^\s@/?&=]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksMaterial:
    """A post's links by the platforms' labels, none while no page is known; `landing` is that page,
    `phrase` its newest code phrase.
    """

    submission: Submission
    landing: str
    links: tuple[tuple[str, str], ...]
    phrase: Phrase | None = None


@dataclass(frozen=True, slots=True)
class AskLinks:
    """Somebody wants a post's links; `landing` is the page that they typed, None when they did not
    yet: then it is the one that is known, else the one that was handed in.
    """

    number: int
    user_id: str
    landing: str | None = None


def may_have_links(submission: Submission) -> bool:
    """Whether it is a post, or will be one."""
    return submission.kind.lifecycle is CONTENT and submission.state in LINKED


def give_links(tx: Transaction, command: AskLinks, now: datetime) -> LinksMaterial:
    """The links of a post, for who acts for its role and admins. Its page is kept with them, and
    what they call their campaign: who asks again gets the same ones.

    Raises NotFoundError, NotAllowedError, and FieldError for a page that can't be tagged.
    """
    submission = existing(tx, command.number)
    desk = tx.desk.load()
    if not is_admin(tx, desk, command.user_id):
        check_may_triage(tx, desk, submission, command.user_id)
    if not may_have_links(submission):
        raise NotAllowedError(f"Number {submission.number} is no post yet: accept it first.")
    known = tx.landings.get(submission.number)
    landing = command.landing
    if landing is None:
        landing = known.url if known else submission.text("link")
    links: tuple[tuple[str, str], ...] = ()
    if landing and (command.landing is not None or not why_untagged(landing)):
        landing = check_landing(landing)
        if known is None or known.url != landing:
            campaign = campaign_of(tx, submission)
            known = Landing(number=submission.number, url=landing, campaign=campaign, given_at=now)
            tx.landings.save(known)
        links = _links(submission, known)
    return LinksMaterial(
        submission=submission,
        landing=landing,
        links=links,
        phrase=tx.phrases.of_post(submission.number),
    )


def check_landing(raw: str) -> str:
    """A page that posts lead to. Raises FieldError for what is no link, leads nowhere that people
    outside can go, or says who somebody is.
    """
    link = check_link(raw, field=LANDING)
    why = why_untagged(link)
    if why:
        raise FieldError({LANDING: why})
    return link


def why_untagged(link: str) -> str:
    """Why a link gets no tags, empty when it may: tags are for those who come from outside."""
    if _ADDRESS.search(unquote(link)):
        return "There is an e-mail address in this link. Links say nothing of who follows them."
    try:
        host = (urlsplit(link).hostname or "").rstrip(".")
    except ValueError:
        return ""
    if _is_inside(host):
        return "This link leads inside. Tags are for pages that people outside can open."
    return ""


def _is_inside(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or any(host == end or host.endswith(f".{end}") for end in _INSIDE)


def campaign_of(tx: Transaction, submission: Submission) -> str:
    """What a post's links call their campaign: the goal that it serves; while it serves none the
    type of its content, else its kind.
    """
    goal = tx.goals.get(submission.goal_id) if submission.goal_id else None
    return goal.title if goal else submission.text("content_type") or submission.kind_key


def _links(submission: Submission, landing: Landing) -> tuple[tuple[str, str], ...]:
    """Per platform that it is meant for; for each that there is, when nobody said."""
    wanted = submission.fields.get("platforms", ())
    shown = [one for one in PLATFORMS if one.value in wanted] or PLATFORMS
    return tuple(
        (
            one.label,
            tagged(
                landing.url,
                platform=one.value,
                campaign=landing.campaign,
                number=submission.number,
            ),
        )
        for one in shown
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What was ever put down to one post, and what the types are called. `landing` is the page that
    its links lead to, empty where there is none.
    """

    counted: tuple[Credit, ...] = ()
    types: tuple[ConversionType, ...] = ()
    may_link: bool = False
    landing: str = ""


def brought_by(tx: Transaction, submission: Submission, user_id: str) -> Brought:
    """What a post brought, for whoever may see it, and whether they may have its links."""
    if not may_have_links(submission):
        return Brought()
    desk = tx.desk.load()
    landing = tx.landings.get(submission.number)
    return Brought(
        landing=landing.url if landing else "",
        counted=tx.conversions.of_post(submission.number),
        types=tuple(types_of(desk.conversion_types).values()),
        may_link=is_admin(tx, desk, user_id) or may_triage(tx, desk, submission, user_id),
    )
