"""Conversions that people enter by hand, and take back: visible, and each once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.amount import Amount, amount_in
from bot.conversion import Conversion, ConversionType, Lens, conversion_id, types_of
from bot.conversions import RecordConversion, Seen, find_post, platform_of, record_conversion
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.links import tags_in
from bot.people import today_of, zone_of
from bot.periods import instant, local_date
from bot.ports import Transaction
from bot.standings import roles_to_keep
from bot.text import day_in, one_line

HAND = "hand"
"""The source of what people enter in the form."""

SHOWN = 5
"""How many of the newest entries the form shows."""

UNDO_FOR = timedelta(minutes=10)
"""How long whoever recorded something may take it back by themselves."""

NOT_TEAM = "Only holders of a role and admins can do this. Ask one of them."

COUNT, TYPE, DAY, AMOUNT = "count", "type", "day", "amount"
POST, PLATFORM, PAID, KNOWN_BY = "post", "platform", "paid", "known_by"
"""The questions of the form; also the names under which it says what is wrong."""

IS_PAID = "paid"
"""The answer that it was an ad or a boosted post; everything else is organic."""

_PLACES = {
    "type_key": TYPE,
    "occurred_at": DAY,
    "count": COUNT,
    "told": POST,
    "last": POST,
    "first": POST,
}
LENSES_BY_HAND = (Lens.TOLD, Lens.LAST, Lens.FIRST)


def is_team(tx: Transaction, user_id: str) -> bool:
    """Whether somebody acts for a role or is an admin: they enter numbers, and see money."""
    return bool(roles_to_keep(tx, tx.desk.load(), user_id))


def check_team(tx: Transaction, user_id: str) -> None:
    """Raise NotAllowedError for who neither acts for a role nor is an admin."""
    if not is_team(tx, user_id):
        raise NotAllowedError(NOT_TEAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMaterial:
    """What the form offers: the types, the day that it is where the person lives, what was entered
    last. `before` is the entry that it corrects.
    """

    types: Mapping[str, ConversionType]
    today: date
    tz: str
    entered: tuple[Conversion, ...] = ()
    before: Conversion | None = None


@dataclass(frozen=True, slots=True)
class AskEntry:
    """Somebody wants to enter a conversion, or to correct the one named."""

    user_id: str
    conversion_id: str | None = None


def entry_form(tx: Transaction, command: AskEntry, now: datetime) -> EntryMaterial:
    """What the form offers. Raises NotAllowedError, and NotFoundError and StaleError for an entry
    that is gone or undone.
    """
    check_team(tx, command.user_id)
    member = tx.members.get(command.user_id)
    before = None
    if command.conversion_id is not None:
        before = _standing(tx, command.conversion_id)
    return EntryMaterial(
        types=types_of(tx.desk.load().conversion_types),
        today=today_of(member, now),
        tz=zone_of(member),
        entered=tx.conversions.entered(limit=SHOWN),
        before=before,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterConversion:
    """The form came back. `form_id` is its own id, which makes the entry once; `replaces` is the
    entry that it corrects.
    """

    form_id: str
    actor_id: str
    given: Mapping[str, str] = field(default_factory=dict)
    replaces: str | None = None


def enter_conversion(tx: Transaction, command: EnterConversion, now: datetime) -> Conversion:
    """Store what was entered; what it corrects is undone, and both stay on record.

    Raises FieldError with a sentence per bad field, and what `entry_form` raises.
    """
    check_team(tx, command.actor_id)
    record = _checked(tx, command, now)
    again = tx.conversions.get(_id_of(record))
    if again is not None:
        return again
    if command.replaces is not None:
        record = _with_campaign(tx, record, _standing(tx, command.replaces))
        tx.conversions.undo(command.replaces, now, command.actor_id)
    try:
        record_conversion(tx, record, now)
    except FieldError as error:
        places = {_PLACES.get(name, name): told for name, told in error.fields.items()}
        raise FieldError(places) from None
    found = tx.conversions.get(_id_of(record))
    if found is None:
        raise NotFoundError("This entry is gone. Please enter it once more.")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoConversion:
    """Somebody takes back what was entered by hand, or a redeemed phrase."""

    conversion_id: str
    actor_id: str


def undo_conversion(tx: Transaction, command: UndoConversion, now: datetime) -> Conversion:
    """It does not count any more, and stays on record with who undid it.

    Whoever entered it may do so for ten minutes, the team at any time. Raises NotFoundError,
    NotAllowedError, and StaleError for what was undone before.
    """
    found = _standing(tx, command.conversion_id)
    if not is_team(tx, command.actor_id):
        if found.recorded_by != command.actor_id:
            raise NotAllowedError(NOT_TEAM)
        if now - found.recorded_at > UNDO_FOR:
            raise NotAllowedError(
                "Ten minutes have passed. A holder of a role or an admin can still undo it, "
                "with /social conversion."
            )
    tx.conversions.undo(command.conversion_id, now, command.actor_id)
    return replace(found, undone_at=now, undone_by=command.actor_id)


def _standing(tx: Transaction, conversion_id: str) -> Conversion:
    """An entry of people's that counts; what machines told their source puts right."""
    found = tx.conversions.get(conversion_id)
    if found is None or found.recorded_by is None:
        raise NotFoundError("There is no such entry any more.")
    if found.undone_at is not None:
        raise StaleError(f"<@{found.undone_by}> undid this meanwhile. It does not count any more.")
    return found


def _checked(tx: Transaction, command: EnterConversion, now: datetime) -> RecordConversion:
    given = {name: one_line(value) for name, value in command.given.items()}
    errors: dict[str, str] = {}
    member = tx.members.get(command.actor_id)
    count = given.get(COUNT, "1") or "1"
    if not count.isdecimal() or len(count) > 7:
        errors[COUNT] = "Please give a whole number."
    day = day_in(given.get(DAY, "")) or today_of(member, now)
    if day > today_of(member, now):
        errors[DAY] = "This day is still to come."
    amount, seen = _amount(given, errors), _seen(tx, given, errors)
    if errors:
        raise FieldError(errors)
    lens = given.get(KNOWN_BY) or Lens.TOLD.value
    # Noon, where they are: the same day in most zones, and never in the future.
    moment = min(instant(day, time(12), zone_of(member)), now)
    return RecordConversion(
        source=HAND,
        external_id=command.form_id,
        type_key=given.get(TYPE, ""),
        occurred_at=moment,
        count=int(count),
        amount=amount,
        first=seen if lens == Lens.FIRST else None,
        last=seen if lens == Lens.LAST else None,
        told=seen if lens == Lens.TOLD else None,
        actor_id=command.actor_id,
        replaces=command.replaces,
    )


def _amount(given: Mapping[str, str], errors: dict[str, str]) -> Amount | None:
    if not given.get(AMOUNT):
        return None
    try:
        return amount_in(given[AMOUNT])
    except ValueError as error:
        errors[AMOUNT] = str(error)
        return None


def _seen(tx: Transaction, given: Mapping[str, str], errors: dict[str, str]) -> Seen | None:
    """What they saw. A person may not know it; what they name must be known here."""
    post, platform = given.get(POST, ""), given.get(PLATFORM, "")
    is_paid = given.get(PAID) == IS_PAID
    if post and find_post(tx, post) is None and find_post(tx, tags_in(post).content) is None:
        errors[POST] = "The desk knows no such post: its number, or the link under which it stands."
    if is_paid and not (post or platform):
        errors[PLATFORM] = "Where was it paid for? Choose the platform, or name the post."
    return Seen(post=post, platform=platform, is_paid=is_paid) if post or platform else None


def _with_campaign(
    tx: Transaction, record: RecordConversion, before: Conversion
) -> RecordConversion:
    """The same with the campaign of the entry that it corrects, which the form does not ask for, if
    it is put down to the same post and platform.
    """

    def kept(seen: Seen | None) -> Seen | None:
        if seen is None:
            return None
        where = find_post(tx, seen.post), platform_of(seen.platform)
        found = [one.campaign for one in before.touches if (one.post, one.platform) == where]
        return replace(seen, campaign=next((one for one in found if one), ""))

    return replace(record, first=kept(record.first), last=kept(record.last), told=kept(record.told))


def _id_of(record: RecordConversion) -> str:
    return conversion_id(record.source, record.external_id)


def day_of(conversion: Conversion, tz: str) -> date:
    """The day on which it happened, where somebody lives."""
    return local_date(conversion.occurred_at, tz)
