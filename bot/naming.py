"""What a message names that it is not about: submissions in a digest or in the message about a
crowd of cards, a colleague by their name. It is noted before the message goes out, so that an
erasure finds every place where it stands, whatever became of the try.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.announce import tell_admin
from bot.brief import brief
from bot.digest_brief import WantedPart
from bot.digest_learning import LessonPart, StagesPart
from bot.digest_parts import AskedPart, PublishedPart, StoryPart
from bot.digest_rules import Story
from bot.material import CrowdMaterial, DigestMaterial, DigestMoreMaterial, Material
from bot.outbox import UPDATING, Effect, EffectKind
from bot.ports import Transaction
from bot.sections import Part
from bot.story import Told
from bot.targets import mention

UNCLEAR = frozenset(
    {
        "outcome_unknown",
        "timeout",
        "connection_broken",
        "unreadable_answer",
        "internal_error",
        "fatal_error",
        "request_timeout",
        "service_unavailable",
        "external_channel_migrating",
    }
)
"""Why a message is set aside that may stand in Slack; with it all of HTTP's errors."""


@dataclass(frozen=True, slots=True)
class NoteNames:
    """A message is about to name these: submissions by number, people by user id."""

    key: str
    named: frozenset[str]


@brief
def note_names(tx: Transaction, command: NoteNames, _now: datetime) -> bool:
    """Note what a message is about to name; False, and nothing noted, when one of it was erased
    since it was gathered.
    """
    return tx.namings.note(command.key, command.named)


def message_of(effect: Effect) -> str:
    """The key under which the message of an effect stands: its own, or that of what it updates."""
    return effect.parent_key if effect.kind in UPDATING and effect.parent_key else effect.key


def names_in(material: Material) -> frozenset[str]:
    """What a message of this material names besides what it is about."""
    match material:
        case DigestMaterial():
            return frozenset(_in_digest(material))
        case DigestMoreMaterial():
            return frozenset(_in_digest(material.digest))
        case CrowdMaterial():
            return frozenset(str(item.number) for item in material.items)
        case _:
            return frozenset()


def told_of(tx: Transaction, named: str) -> tuple[Effect, ...]:
    """The effects whose messages name it, and change when it is erased."""
    return tuple(one.effect for one in tx.namings.of(named) if one.error is None)


def retell(tx: Transaction, named: str, what: str, now: datetime) -> None:
    """What is `named` so was erased: have every message that names it gathered anew. Of one that
    may stand in Slack without the desk knowing where, the admin hears in a sentence, in which it is
    called `what`.
    """
    found = tx.namings.of(named)
    tx.namings.drop(named, now)
    for one in sorted(found, key=lambda naming: naming.effect.target):
        key, target = one.effect.key, one.effect.target
        if one.error is None:
            effect = Effect(
                key=f"retell:{key}:{now.isoformat()}",
                kind=EffectKind.RETELL,
                target=target,
                parent_key=key,
                collapse_key=f"retell:{key}",
            )
            tx.outbox.add(effect, now)
        elif one.error in UNCLEAR or one.error.startswith("http_"):
            sentence = (
                f"A message to {mention(target)} may name {what}; Slack never said whether it was "
                "posted. Look there, and delete it if it was."
            )
            tell_admin(tx, tx.desk.load(), f"lost:{key}:{named}", sentence, now)


def _in_digest(material: DigestMaterial) -> Iterator[str]:
    for part in material.parts.values():
        yield from _in_part(part)


def _in_part(part: Part) -> Iterator[str]:
    match part:
        case PublishedPart():
            yield from (str(item.number) for item in part.items)
            if part.story is not None:
                yield _number(part.story)
        case StoryPart():
            yield _number(part.story)
        case LessonPart() if part.lesson.number is not None:
            yield str(part.lesson.number)
        case StagesPart():
            yield from (str(item.number) for item in part.funnel.waits)
        case WantedPart():
            yield from (str(number) for number, _ in part.wanted.titles)
        case AskedPart() if part.name and part.asked.reply_by:
            yield part.asked.reply_by
        case _:
            pass


def _number(story: Story) -> str:
    return str(story.submission.number if isinstance(story, Told) else story.number)
