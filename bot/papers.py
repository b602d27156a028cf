"""A digest on paper: whoever presses the button below one gets it as a PDF, as a direct message."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import digest
from bot.cards import KEEP_TRYING
from bot.desk_changes import names_in
from bot.digest_effects import digest_key, week_in
from bot.errors import NotAllowedError, NotFoundError
from bot.material import DigestMaterial, PaperMaterial
from bot.outbox import Effect, EffectKind, paper_name
from bot.people import check_may_take_part, is_admin, zone_of
from bot.ports import Transaction
from bot.rounds import About, preview_of, see_round

GONE = "This digest is no more."
NO_GUESTS = "Only colleagues get digests as a file, no guests."
NOT_THEIRS = "Only admins, and who reads this digest, get it as a file."
AT_ONCE = timedelta(minutes=1)
"""Who presses again within this time, or up to twice as long, gets one file and not two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPaper:
    """Somebody wants a digest as a file. Of one that was posted: `subscription_id` and `period`; of
    what one would say now: the first alone, or the `channel_id` of a preview. `seen_in` is the
    conversation in which they pressed, None in a form.
    """

    actor_id: str
    subscription_id: str = ""
    period: str = ""
    channel_id: str = ""
    seen_in: str | None = None


def ask_paper(tx: Transaction, command: AskPaper, now: datetime) -> bool:
    """Enqueue the file; False when it is on its way since a moment ago.

    Slack shows a digest to those who are where it stands, so who presses below one may have it.
    Raises NotAllowedError for all others and for guests, NotFoundError for one that is no more.
    """
    _check_who(tx, command, now)
    minute = now.replace(second=0, microsecond=0)
    new, before = (_effect(command, at) for at in (minute, minute - AT_ONCE))
    if tx.outbox.find(before.key) is not None:
        return False
    return tx.outbox.add(new, now)


def _check_who(tx: Transaction, command: AskPaper, now: datetime) -> None:
    desk, member = tx.desk.load(), tx.members.get(command.actor_id)
    check_may_take_part(desk, member, command.actor_id)
    if member is None or member.is_guest:
        raise NotAllowedError(NO_GUESTS)
    if is_admin(tx, desk, command.actor_id):
        return
    if command.period:
        posted = tx.outbox.posted(digest_key(command.subscription_id, command.period))
        if posted is not None and posted.channel_id == command.seen_in:
            return
    elif command.channel_id and command.channel_id == command.seen_in:
        return
    if not command.subscription_id:
        raise NotAllowedError(NOT_THEIRS)
    about = About(actor_id=command.actor_id, subscription_id=command.subscription_id)
    see_round(tx, about, now)


def _effect(command: AskPaper, at: datetime) -> Effect:
    about = {
        "subscription_id": command.subscription_id,
        "period": command.period,
        "channel": command.channel_id,
        "asked_at": f"{at:%Y%m%d-%H%M}",
    }
    what = command.subscription_id or command.channel_id
    return Effect(
        key=f"paper:{command.actor_id}:{what}:{command.period}:{about['asked_at']}",
        kind=EffectKind.PAPER,
        target=command.actor_id,
        payload=about,
        expires_at=at + KEEP_TRYING,
    )


def paper_of(tx: Transaction, effect: Effect, now: datetime) -> PaperMaterial:
    """What is printed: the whole digest, as it is now.

    Raises NotFoundError when it is no more, or is not theirs any more.
    """
    member = tx.members.get(effect.target)
    if member is None or member.is_guest or not member.is_active_person:
        raise NotFoundError(GONE)
    found = _digest(tx, effect, now)
    return PaperMaterial(
        digest=found,
        names=names_in(tx, repr(found), now),
        at=now,
        file_name=paper_name(effect),
        tz=zone_of(member),
    )


def _digest(tx: Transaction, effect: Effect, now: datetime) -> DigestMaterial:
    key, period = str(effect.payload["subscription_id"]), str(effect.payload["period"])
    if period:
        posted = tx.outbox.find(digest_key(key, period))
        if posted is None:
            raise NotFoundError(GONE)
        return digest.gather(tx, week_in(posted.payload), now)
    if not key:
        asked = digest.Preview(str(effect.payload["channel"]), effect.target)
        return digest.preview(tx, asked, now)
    try:
        return preview_of(tx, About(actor_id=effect.target, subscription_id=key), now)
    except NotAllowedError:
        raise NotFoundError(GONE) from None
