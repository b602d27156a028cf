"""Success stories: the form that tells one, and what `/social stories` answers (P35)."""

from collections.abc import Mapping
from dataclasses import replace

from bot.lifecycle import State
from bot.steps.base import Asked
from bot.steps.telling import DROP, HEADLINE, KEEP, STORY
from bot.stories import StoriesMaterial
from bot.story import HEADLINE_LENGTH, STORY_LENGTH, Story, Told
from handlers.ids import Action, Callback
from handlers.views import examples, words
from handlers.views.blocks import input_block, select
from handlers.views.decision_frame import Asking, DecisionExample, decision_form, line_input
from handlers.views.message import Message, View
from handlers.views.pages import Paged, paged
from handlers.views.text import inline, lines, link, listing, quote, user

NONE_YET = (
    "No story is told yet. What was published or won has *Tell as a story* on its card and behind "
    "Open: one click drafts it from what happened."
)


def tell_form(asked: Asked, channel_id: str | None) -> View:
    """Shows the draft, or the story as it stands, to be changed."""
    headline = {**line_input("…", HEADLINE_LENGTH), "initial_value": asked.initial[HEADLINE]}
    text = {
        **line_input("…", STORY_LENGTH),
        "multiline": True,
        "initial_value": asked.initial[STORY],
    }
    keep = select((("yes", "Keep telling it"), (DROP, "Take it back")), asked.initial.get(KEEP))
    return decision_form(
        Asking(Callback.TRIAGE_TELL_FORM, "Story:", "Tell it", channel_id),
        asked,
        [
            input_block(HEADLINE, "Headline", headline),
            input_block(STORY, "What happened", text),
            *(
                [input_block(KEEP, "Is it still to be told?", keep)]
                if KEEP in asked.initial
                else []
            ),
        ],
        "Everybody finds it in `/social stories`, with the names of those it is owed to; a digest "
        "tells it. Customers are named only as they agreed.",
    )


def stories(material: StoriesMaterial) -> Message:
    """A page of stories, the newest first."""
    last = material.stories[-1].story.told_at if material.stories else None
    return paged(
        Paged(
            what="story",
            many="stories",
            action=Action.STORIES_MORE,
            entries=tuple(entry(one) for one in material.stories),
            text=material.text,
            is_first=material.is_first,
            before=last if material.has_more else None,
            none_yet=NONE_YET,
        )
    )


def entry(told: Told, room: int = 2000) -> str:
    """One story with its names, and where the result is to be seen."""
    one = told.submission
    thanks = listing([user(user_id) for user_id in told.credited])
    where = f" · {link(one.published_url)}" if one.published_url else ""
    return lines(
        (
            f"*{inline(told.story.headline, 300)}*",
            quote(told.story.text, room),
            f"Thanks to {thanks} · {words.name(one)}{where}",
        )
    )


_IDEA = examples.at_state(examples.IDEA, State.PUBLISHED)
_LEAD = examples.at_state(examples.LEAD, State.WON)
_STORY = Story(
    number=_IDEA.number,
    headline="The press that <never> stops",
    text="Sales handed in an idea on 10 Nov 2026.\nIt was published on LinkedIn & read a lot.",
    told_at=examples.NOW,
    told_by="U0BEN",
)
TOLD = Told(story=_STORY, submission=_IDEA)
EXAMPLES: Mapping[str, StoriesMaterial] = {
    "none": StoriesMaterial(stories=()),
    "not-found": StoriesMaterial(stories=(), text="<press>"),
    "page": StoriesMaterial(
        stories=(TOLD, Told(story=replace(_STORY, number=14), submission=_LEAD)),
        text="press",
        has_more=True,
    ),
    "last-page": StoriesMaterial(stories=(TOLD,), is_first=False),
}
_DRAFT = {HEADLINE: _STORY.headline, STORY: _STORY.text}
FORMS: Mapping[str, DecisionExample] = {
    "form-draft": DecisionExample(tell_form, Asked(submission=_IDEA, initial=_DRAFT)),
    "form-again": DecisionExample(
        tell_form, Asked(submission=_IDEA, initial={**_DRAFT, KEEP: "yes"})
    ),
}
