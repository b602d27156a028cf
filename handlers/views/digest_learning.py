"""The sections of a digest that are about learning."""

from collections.abc import Iterator

from bot.digest_learning import GivenPart, LessonPart, PulsePart, StagesPart, TypesPart
from bot.material import DigestMaterial
from bot.story import Told
from handlers.views import insights
from handlers.views import pulse as pulse_view
from handlers.views.lessons import entry
from handlers.views.text import inline, lines, listing, user

STORY_SHOWN = 300
"""How much of a story is told: the rest is a word away, and a digest is one screen."""


def told(one: Told) -> str:
    """A story that somebody told: its headline, how it begins, and whom it is owed to."""
    thanks = listing([user(user_id) for user_id in one.credited])
    story = one.story
    return lines(
        (
            inline(story.headline, 200),
            inline(story.text, STORY_SHOWN),
            f"Thanks to {thanks}",
        )
    )


def lesson(part: LessonPart, material: DigestMaterial) -> Iterator[str]:
    """What failed and what it taught, with the rank of a story."""
    more = f"_{part.more:,} more: `/social lessons`_" if part.more else ""
    yield lines((f"*Lesson of the {material.span}*", entry(part.lesson), more))


def types(part: TypesPart, _material: DigestMaterial) -> Iterator[str]:
    """Which content type works."""
    yield insights.type_lines(part.ranking)


def stages(part: StagesPart, _material: DigestMaterial) -> Iterator[str]:
    """Which stage is starved, and what waits for it."""
    yield insights.stage_lines(part.funnel)


def given(part: GivenPart, _material: DigestMaterial) -> Iterator[str]:
    """What departments gave, and what came back."""
    yield insights.given_lines(part.week, "Given and returned")


def pulse(part: PulsePart, _material: DigestMaterial) -> Iterator[str]:
    """How well social is integrated, as those who were asked see it."""
    rows = [pulse_view.line(one) for one in part.shown]
    yield (
        lines((f"*{pulse_view.ASKED}* {pulse_view.ENDS}", *rows, pulse_view.change(part.shown)))
        + f"\n{pulse_view.BESIDE}"
    )
