"""Where something was published is listed whole: on the card as far as it fits, behind Open all."""

from dataclasses import replace

from bot.lifecycle import Verb
from bot.material import CardMaterial, StoryMaterial
from bot.submission import Use
from handlers.views import examples
from handlers.views.details import details
from handlers.views.story import story
from handlers.views.triage_card import card

PLACE = "https://example.com/" + "a" * 90
USES = tuple(Use(at=examples.NOW, link=f"{PLACE}/{n:02}", platform="newsletter") for n in range(40))
SUBMISSION = examples.agreed(is_withdrawn=True)


def test_the_card_and_its_thread_say_how_many_more_there_are() -> None:
    shown = [
        card(CardMaterial(submission=SUBMISSION, role=examples.ADVOCACY_LEAD, uses=USES)),
        story(
            StoryMaterial(
                submission=SUBMISSION,
                entry=examples.consent_entry(Verb.CONSENT_WITHDRAWN),
                actor_name="Cleo",
                is_apart=True,
                uses=USES,
            )
        ),
    ]
    for message in shown:
        for said in (message.text, str(message.blocks)):
            assert "and 30 more: Open lists them" in said
            assert f"{PLACE}/09" in said


def test_open_lists_them_all() -> None:
    view = details(
        replace(SUBMISSION), role=examples.ADVOCACY_LEAD, personal={}, history=(), uses=USES
    )
    assert all(f"{PLACE}/{n:02}" in str(view["blocks"]) for n in range(40))
