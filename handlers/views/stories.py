"""Success stories: the form that tells one, and what `/social stories` answers (P35)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.lifecycle import State
from bot.pages import Page
from bot.steps.base import Asked
from bot.steps.telling import DROP, HEADLINE, KEEP, STORY
from bot.story import HEADLINE_LENGTH, STORY_LENGTH, Story, Told
from handlers.carried import WORDS_LENGTH
from handlers.ids import Action, Callback, TriageValue
from handlers.views import examples, words
from handlers.views.blocks import button, input_block, select
from handlers.views.decision_frame import Asking, DecisionExample, decision_form, line_input
from handlers.views.message import Block, Message, View
from handlers.views.pages import Book, Entry, paged
from handlers.views.text import inline, lines, link, listing, quote, short_day, user

NONE_YET = (
    "No story is told yet. What was published or won has *Tell as a story* on its card and behind "
    "Open: one click drafts it from what happened."
)


def tell_form(asked: Asked, channel_id: str | None) -> View:
    """Shows the draft, or the story as it stands, to be changed."""
    headline = {**line_input("", HEADLINE_LENGTH), "initial_value": asked.initial[HEADLINE]}
    text = {
        **line_input("", STORY_LENGTH),
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


def stories(page: Page[Told]) -> Message:
    """A page of stories, the newest first; who may change one has a button beside it."""
    return paged(BOOK, page)


def entry(told: Told, page: Page[Told]) -> Entry:
    """One story with its names, and where the result is to be seen."""
    one, story = told.submission, told.story
    thanks = listing([user(user_id) for user_id in told.credited])
    said = lines(
        (
            f"*{inline(story.headline, 300)}*",
            quote(story.text, 2000),
            f"Thanks to {thanks} · {words.name(one)}{changed(story.changed_at)}",
            link(one.published_url) if one.published_url else "",
        )
    )
    return said, _change(told, page.text) if told.may_change else None


def changed(at: datetime | None) -> str:
    """That it was changed, and on which day; empty for what stands as it was told."""
    return f" · changed {short_day(at.date())} {at.year}" if at else ""


def _change(told: Told, looked_for: str) -> Block:
    one = told.submission
    value = TriageValue(
        number=one.number,
        version=one.version,
        role_id=one.role_id,
        words=looked_for[:WORDS_LENGTH],
    )
    return button(
        Action.TRIAGE_TELL.at(one.number),
        "Change…",
        value.dump(),
        label=f"Change or take back: {inline(told.story.headline, 40)}",
    )


BOOK: Book[Told] = Book(
    what="story", many="stories", older=Action.STORIES_MORE, none_yet=NONE_YET, show=entry
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
EXAMPLES: Mapping[str, Page[Told]] = {
    "none": Page(entries=()),
    "not-found": Page(entries=(), text="<press>"),
    "page": Page(
        entries=(
            TOLD,
            Told(story=replace(_STORY, number=14, changed_at=examples.NOW), submission=_LEAD),
        ),
        text="press",
        before=_STORY.told_at,
    ),
    "last-page": Page(entries=(replace(TOLD, may_change=True),), is_first=False),
}
_DRAFT = {HEADLINE: _STORY.headline, STORY: _STORY.text}
FORMS: Mapping[str, DecisionExample] = {
    "form-draft": DecisionExample(tell_form, Asked(submission=_IDEA, initial=_DRAFT)),
    "form-again": DecisionExample(
        tell_form, Asked(submission=_IDEA, initial={**_DRAFT, KEEP: "yes"})
    ),
}
