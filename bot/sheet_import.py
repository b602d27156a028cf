"""A file that somebody gives in Slack: looked into, then imported, or not."""

from dataclasses import dataclass
from datetime import datetime

from bot.cards import KEEP_TRYING
from bot.errors import FieldError, NotAllowedError, NotFoundError
from bot.importing import known_to
from bot.outbox import Effect, EffectKind
from bot.ports import Transaction
from bot.sheet_material import SheetMaterial

FILES = "files"
"""The question of the form."""


def check_importer(tx: Transaction, user_id: str, now: datetime) -> None:
    """Raise NotAllowedError for who may import nothing."""
    known_to(tx, user_id, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFile:
    """A file was given with a form; the form's id makes it be looked into once."""

    form_id: str
    actor_id: str
    file_ids: tuple[str, ...]


def give_file(tx: Transaction, command: GiveFile, now: datetime) -> None:
    """Have the file looked into. Raises NotAllowedError, and FieldError without a file."""
    check_importer(tx, command.actor_id, now)
    if not command.file_ids:
        raise FieldError({FILES: "Please give one file."})
    tx.outbox.add(
        Effect(
            key=f"sheet:{command.form_id}",
            kind=EffectKind.SHEET,
            target=command.actor_id,
            payload={"file": command.file_ids[0]},
            expires_at=now + KEEP_TRYING,
        ),
        now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideOnFile:
    """Who gave a file says whether it is to be imported, below the message with this key."""

    key: str
    actor_id: str
    is_wanted: bool


def decide_on_file(tx: Transaction, command: DecideOnFile, now: datetime) -> None:
    """Have it imported, or leave it; the first word holds.

    Raises NotFoundError for a message that is none of theirs, and NotAllowedError for who may
    import nothing any more.
    """
    asked = tx.outbox.find(command.key)
    if asked is None or asked.kind is not EffectKind.SHEET or asked.target != command.actor_id:
        raise NotFoundError("This file was given by somebody else, or is no more.")
    if command.is_wanted:
        check_importer(tx, command.actor_id, now)
    tx.outbox.add(
        Effect(
            key=f"sheet_end:{command.key.removeprefix('sheet:')}",
            kind=EffectKind.SHEET_END,
            target=asked.target,
            payload={**asked.payload, "is_wanted": command.is_wanted},
            parent_key=asked.key,
            expires_at=now + KEEP_TRYING,
        ),
        now,
    )


def sheet_of(tx: Transaction, effect: Effect, now: datetime) -> SheetMaterial:
    """What the file of an effect is read against; raises NotFoundError when who gave it may not
    import any more.
    """
    try:
        known = known_to(tx, effect.target, now)
    except NotAllowedError as error:
        raise NotFoundError(error.sentence) from None
    wanted = effect.payload.get("is_wanted")
    return SheetMaterial(
        key=effect.parent_key or effect.key,
        file_id=str(effect.payload["file"]),
        actor_id=effect.target,
        known=known,
        at=now,
        is_wanted=None if wanted is None else bool(wanted),
    )
