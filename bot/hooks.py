"""Webhooks: admins make them and delete them, other systems send through them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.announce import tell_admin
from bot.errors import ConfigurationError, FieldError, NotFoundError
from bot.hook import NAME_LENGTH, OLD_SECRET_LIVES, Hook, Secrets, Signed, is_signed
from bot.hook_events import Event, record
from bot.ports import Transaction
from bot.setting_up import check_admin
from bot.text import has_words, one_line

MOST_HOOKS = 10
"""How many webhooks there may be: a page of Slack's shows them all."""

OFTEN = 3
"""After so many messages in a row that could not be taken an admin is told, once a day."""

REFUSAL_SHOWN = 200

NO_KEYS = (
    "Webhooks have secrets, and there is no key to store them encrypted. Ask whoever runs Social "
    "Desk to set ENCRYPTION_KEYS (`python app.py key` makes one)."
)
GONE = "This webhook is no more. Open the list anew."

NAME = "name"
"""The question of a webhook's form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeHook:
    """An admin makes a webhook. `form_id` makes it once; `secret` is random, in the standard's
    form.
    """

    form_id: str
    actor_id: str
    name: str
    secret: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A webhook with its secret, which is shown once."""

    hook: Hook
    secret: str


def see_hooks(tx: Transaction, user_id: str, _now: datetime) -> tuple[Hook, ...]:
    """All webhooks. Raises NotAllowedError for who is no admin, and ConfigurationError when their
    secrets could not be stored encrypted.
    """
    check_admin(tx, tx.desk.load(), user_id)
    if not tx.hooks.can_seal:
        raise ConfigurationError(NO_KEYS)
    return tx.hooks.all()


def make_hook(tx: Transaction, command: MakeHook, now: datetime) -> Shown:
    """Store a new webhook; the same form again gives the same.

    Raises what `see_hooks` raises, and FieldError.
    """
    known = see_hooks(tx, command.actor_id, now)
    before = tx.hooks.get(command.form_id)
    if before is not None:
        return Shown(before, _secrets(tx, before).current)
    hook = Hook(
        hook_id=command.form_id,
        name=_new_name(command.name, known),
        created_at=now,
        created_by=command.actor_id,
        secret_form=command.form_id,
    )
    tx.hooks.save(hook)
    tx.hooks.keep_secrets(hook.hook_id, Secrets(current=command.secret))
    return Shown(hook, command.secret)


def _new_name(given: str, known: tuple[Hook, ...]) -> str:
    name = _name(given, known)
    if len(known) >= MOST_HOOKS:
        raise FieldError({NAME: f"There are {MOST_HOOKS} webhooks already. Delete one first."})
    return name


def _name(given: str, others: tuple[Hook, ...]) -> str:
    name = one_line(given)
    if not has_words(name):
        raise FieldError({NAME: "Please name the system that will send, like “Shop”."})
    if len(name) > NAME_LENGTH:
        raise FieldError({NAME: f"This has {len(name)} characters; {NAME_LENGTH} fit."})
    if any(one.name.casefold() == name.casefold() for one in others):
        raise FieldError({NAME: "There is one of this name. Each sender has a name of its own."})
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHook:
    """An admin changes a webhook. `form_id` and `secret` are for a new secret alone, `name` for a
    new name.
    """

    hook_id: str
    actor_id: str
    form_id: str = ""
    secret: str = ""
    name: str = ""


def hook_to_change(tx: Transaction, command: ChangeHook, now: datetime) -> Hook:
    """The webhook, for an admin; raises what `see_hooks` raises, and NotFoundError."""
    see_hooks(tx, command.actor_id, now)
    hook = _in_use(tx, command.hook_id)
    if hook is None:
        raise NotFoundError(GONE)
    return hook


def _in_use(tx: Transaction, hook_id: str) -> Hook | None:
    """One that was not deleted."""
    hook = tx.hooks.get(hook_id)
    return None if hook is None or hook.removed_at is not None else hook


def rename_hook(tx: Transaction, command: ChangeHook, now: datetime) -> Hook:
    """Call a webhook something else; what came through it goes by the new name too.

    Raises what `hook_to_change` raises, and FieldError.
    """
    hook = hook_to_change(tx, command, now)
    others = tuple(one for one in tx.hooks.all() if one.hook_id != hook.hook_id)
    changed = replace(hook, name=_name(command.name, others))
    tx.hooks.save(changed)
    return changed


def delete_hook(tx: Transaction, command: ChangeHook, now: datetime) -> None:
    """Nothing comes through a webhook any more, and its secret is forgotten. What it brought stays,
    and says from where. Once more changes nothing.

    Raises what `see_hooks` raises.
    """
    see_hooks(tx, command.actor_id, now)
    hook = _in_use(tx, command.hook_id)
    if hook is not None:
        tx.hooks.save(replace(hook, removed_at=now, off_at=hook.off_at or now))
        tx.hooks.drop_secrets(hook.hook_id)


def renew_secret(tx: Transaction, command: ChangeHook, now: datetime) -> Shown:
    """Give a webhook a new secret; the old one works for a day. The same form again changes
    nothing.

    Raises what `hook_to_change` raises.
    """
    hook = hook_to_change(tx, command, now)
    secrets = _secrets(tx, hook)
    if hook.secret_form == command.form_id:
        return Shown(hook, secrets.current)
    changed = replace(hook, secret_form=command.form_id)
    tx.hooks.save(changed)
    tx.hooks.keep_secrets(
        hook.hook_id,
        Secrets(current=command.secret, old=secrets.current, old_until=now + OLD_SECRET_LIVES),
    )
    return Shown(changed, command.secret)


def switch_off(tx: Transaction, command: ChangeHook, now: datetime) -> Hook:
    """Take nothing more through a webhook; raises what `hook_to_change` raises."""
    return _switched(tx, command, lambda hook: hook.off_at or now, now)


def switch_on(tx: Transaction, command: ChangeHook, now: datetime) -> Hook:
    """Take messages again; raises what `hook_to_change` raises."""
    return _switched(tx, command, lambda _hook: None, now)


def _switched(
    tx: Transaction,
    command: ChangeHook,
    off_at: Callable[[Hook], datetime | None],
    now: datetime,
) -> Hook:
    hook = hook_to_change(tx, command, now)
    changed = replace(hook, off_at=off_at(hook), refused=0)
    tx.hooks.save(changed)
    return changed


def _secrets(tx: Transaction, hook: Hook) -> Secrets:
    secrets = None if hook.removed_at is not None else tx.hooks.secrets(hook.hook_id)
    if secrets is None:
        raise NotFoundError(GONE)
    return secrets


@dataclass(frozen=True, slots=True)
class Knock:
    """A message came to a webhook's address."""

    hook_id: str
    message: Signed


@dataclass(frozen=True, slots=True)
class Door:
    """The webhook that a message came to, and whether the message is its sender's."""

    hook: Hook
    is_signed: bool


def look(tx: Transaction, command: Knock, now: datetime) -> Door | None:
    """Which webhook it is; None when there is none here, or the app was taken out of the workspace.

    Raises SealedError when its secret can't be opened.
    """
    hook = _in_use(tx, command.hook_id)
    secrets = tx.hooks.secrets(command.hook_id) if hook else None
    if hook is None or secrets is None or tx.installations.is_parked():
        return None
    return Door(hook, is_signed(secrets.valid_at(now), command.message))


@dataclass(frozen=True, slots=True)
class Delivered:
    """A signed message, read."""

    hook_id: str
    message_id: str
    event: Event


def take(tx: Transaction, command: Delivered, now: datetime) -> bool:
    """Do what a message says, once; False when it came before.

    Raises the errors of what it says; then it counts as not come, so that it can be sent again.
    """
    hook = _in_use(tx, command.hook_id)
    if hook is None or not tx.hooks.first_time(command.hook_id, command.message_id, now):
        return False
    record(tx, hook, command.message_id, command.event, now)
    tx.hooks.save(replace(hook, received_at=now, refused=0))
    return True


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message that could not be taken, and the sentence that said why. `is_signed`: it was the
    sender's own, not somebody else's.
    """

    hook_id: str
    sentence: str
    is_signed: bool


def note_refusal(tx: Transaction, command: RefusedMessage, now: datetime) -> None:
    """Keep why a message was refused; when a sender's own are refused again and again, tell an
    admin, once a day.
    """
    hook = _in_use(tx, command.hook_id)
    if hook is None:
        return
    sentence = command.sentence[:REFUSAL_SHOWN]
    refused = hook.refused + command.is_signed
    tx.hooks.save(replace(hook, refused_at=now, refusal=sentence, refused=refused))
    if command.is_signed and refused >= OFTEN:
        tell_admin(
            tx,
            tx.desk.load(),
            f"hook:{hook.hook_id}:{now.date().isoformat()}",
            f"What “{hook.name}” sends through its webhook can't be taken: {sentence}",
            now,
        )
