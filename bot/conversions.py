"""Recording conversions: the one way in, for the webhook, files, phrases and people."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.amount import Amount
from bot.conversion import Conversion, ConversionType, Lens, Touch, types_of
from bot.errors import FieldError
from bot.lifecycle import CONTENT
from bot.links import is_link, pages_of, tags_in
from bot.ports import Transaction
from bot.text import folded, has_words, one_line

MOST = 1_000_000
"""How many one entry counts at most."""

LEAST = 1_000
"""Fewer that are not counted by day yet are read row by row in no time, and left so."""

STEP = 200
"""How many one transaction counts, so that nobody waits for it."""

_ID_LENGTH = 200
_NAME_LENGTH = 100
_LINK_LENGTH = 2000
_TOUCHES = 50
_SKEW = timedelta(hours=24)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|%40")
_NUMBER = re.compile(r"#?(?:post-)?([1-9][0-9]{0,8})", re.IGNORECASE)
PAID_MEDIA = frozenset(
    {"paid", "cpc", "ppc", "cpm", "paid_social", "paidsocial", "paid-social", "ads"}
)
"""What a link's utm_medium says of a click that was paid for."""

_ALIASES = {
    "twitter": "x",
    "t.co": "x",
    "fb": "facebook",
    "ig": "instagram",
    "yt": "youtube",
    "youtu.be": "youtube",
    "lnkd.in": "linkedin",
    "email": "newsletter",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody saw, as a source tells it: `post` is a number of ours ("42", "#42"), what a
    link's utm_content says, or the link of a post or of a landing page with its tags.
    """

    post: str = ""
    platform: str = ""
    campaign: str = ""
    is_paid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConversion:
    """Somebody or something tells of a conversion.

    `source` and `external_id` make it count once. `occurred_at` has a zone. `first` and `last` are
    the first and the last thing that was seen, if that is known; `touched` all that was seen, in
    any order; `told` is what they named themselves when they were asked. `actor_id` is who enters
    it, None for machines; `replaces` is the entry in whose stead it stands.
    """

    source: str
    external_id: str
    type_key: str
    occurred_at: datetime
    count: int = 1
    amount: Amount | None = None
    first: Seen | None = None
    last: Seen | None = None
    touched: tuple[Seen, ...] = ()
    told: Seen | None = None
    actor_id: str | None = None
    replaces: str | None = None


def record_conversion(tx: Transaction, command: RecordConversion, now: datetime) -> bool:
    """Store a conversion; False when it was counted before. What is seen and not known to the desk
    stays unknown.

    Raises FieldError with a sentence per bad field, by the names of RecordConversion: a type that
    there is none of, a moment without a zone or to come, and whatever holds an e-mail address: a
    conversion tells of nobody, and a hash of an address is one all the same to who has a list of
    addresses.
    """
    check_conversion(command, types_of(tx.desk.load().conversion_types), now)
    conversion = Conversion(
        type_key=command.type_key,
        occurred_at=command.occurred_at.astimezone(UTC),
        source=command.source,
        external_id=one_line(command.external_id),
        recorded_at=now,
        recorded_by=command.actor_id,
        count=command.count,
        amount=command.amount,
        touches=_touches(tx, command),
        replaces=command.replaces,
    )
    return tx.conversions.add(conversion)


def check_conversion(
    command: RecordConversion, types: Mapping[str, ConversionType], now: datetime
) -> None:
    """Raise FieldError as `record_conversion` does, for whoever wants to know before; `types` are
    those of the desk.
    """
    faults: dict[str, str | None] = {
        "type_key": _type_fault(command.type_key, types),
        "external_id": _id_fault(command.external_id),
        "occurred_at": _moment_fault(command.occurred_at, now),
    }
    if not 1 <= command.count <= MOST:
        faults["count"] = f"This has to be a whole number from 1 to {MOST:,}."
    faults |= {name: _seen_fault(seen) for name, seen in _named(command)}
    if len(command.touched) > _TOUCHES:
        faults["touched"] = f"{_TOUCHES} touches fit; there would be {len(command.touched)}."
    found = {name: sentence for name, sentence in faults.items() if sentence}
    if found:
        raise FieldError(found)


def _type_fault(key: str, types: Mapping[str, ConversionType]) -> str | None:
    return None if key in types else f"There is no such type. There are: {', '.join(types)}."


def _id_fault(external_id: str) -> str | None:
    if not has_words(external_id):
        return "It needs an id, so that it counts once."
    if len(external_id) > _ID_LENGTH:
        return f"An id has {_ID_LENGTH} characters at most."
    if _ADDRESS.search(external_id):
        return "An e-mail address can't be the id: it says who it was. Take an order's number."
    return None


def _moment_fault(moment: datetime, now: datetime) -> str | None:
    if moment.tzinfo is None:
        return "This moment needs its time zone, like 2026-11-30T09:00:00+01:00."
    if moment > now + _SKEW:
        return "This lies in the future."
    return "This lies too far back." if moment < _EARLIEST else None


def _named(command: RecordConversion) -> Iterator[tuple[str, Seen]]:
    for name, seen in (("first", command.first), ("last", command.last), ("told", command.told)):
        if seen is not None:
            yield name, seen
    for seen in command.touched:
        yield "touched", seen


def _seen_fault(seen: Seen) -> str | None:
    if any(_ADDRESS.search(text) for text in (seen.post, seen.platform, seen.campaign)):
        return "There is an e-mail address in it. A conversion says nothing of who it was."
    if len(seen.post) > _LINK_LENGTH:
        return f"This link has {len(seen.post):,} characters; {_LINK_LENGTH:,} fit."
    if max(len(seen.platform), len(seen.campaign)) > _NAME_LENGTH:
        return f"A platform's or campaign's name has {_NAME_LENGTH} characters at most."
    return None


def _touches(tx: Transaction, command: RecordConversion) -> tuple[Touch, ...]:
    """Each lens with what is known of it; what was seen first, last or told was seen."""
    found = [
        _touch(tx, lens, seen)
        for lens, seen in (
            (Lens.FIRST, command.first),
            (Lens.LAST, command.last),
            (Lens.TOLD, command.told),
        )
        if seen is not None
    ]
    seen_at_all = [replace(touch, lens=Lens.TOUCHED) for touch in found]
    seen_at_all += [_touch(tx, Lens.TOUCHED, seen) for seen in command.touched]
    kept = [touch for touch in (*found, *seen_at_all) if touch.is_known]
    return tuple(dict.fromkeys(kept))


def _touch(tx: Transaction, lens: Lens, seen: Seen) -> Touch:
    given = seen
    if is_link(seen.post):
        tags = tags_in(seen.post)
        given = Seen(
            post=tags.content or seen.post,
            platform=seen.platform or tags.source,
            campaign=seen.campaign or tags.campaign,
            is_paid=seen.is_paid or tags.medium in PAID_MEDIA,
        )
    return Touch(
        lens=lens,
        post=find_post(tx, given.post) or find_post(tx, seen.post),
        platform=platform_of(given.platform),
        campaign=_name(given.campaign),
        is_paid=given.is_paid,
    )


def find_post(tx: Transaction, given: str) -> int | None:
    """The number of the submission that a number, a link's utm_content or a post's link means;
    None when the desk knows none. A hint at a lead is no post.
    """
    plain = one_line(given)
    if is_link(plain):
        return tx.conversions.post_at(pages_of(plain))
    match = _NUMBER.fullmatch(plain)
    submission = tx.submissions.get(int(match[1])) if match else None
    if submission is None or submission.kind.lifecycle is not CONTENT:
        return None
    return submission.number


def platform_of(given: str) -> str | None:
    """A platform by its key here, whatever a link calls it; another source by its name."""
    plain = folded(one_line(given)).removeprefix("www.").removeprefix("m.").removeprefix("l.")
    plain = plain.removesuffix(".com")
    return _ALIASES.get(plain, plain) or None


def _name(given: str) -> str | None:
    return folded(one_line(given)) or None


def are_many_uncounted(tx: Transaction, _command: None, _now: datetime) -> bool:
    """Whether it is worth it to count conversions by day."""
    return tx.conversions.has_uncounted(LEAST)


def sum_up(tx: Transaction, _command: None, _now: datetime) -> int:
    """Count the next conversions by day; how many, at most STEP. It changes nothing that anybody
    reads, but for how long that takes.
    """
    return tx.conversions.sum_up(limit=STEP)
