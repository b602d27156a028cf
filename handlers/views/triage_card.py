"""The triage card: one per submission, in its owner's channel, always as things stand.

Personal fields are not in the data that it gets; a line says where they are to be seen.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence

from bot.kinds import Field, FieldType
from bot.lifecycle import UNDECIDED, VERB_LABELS, State, Verb
from bot.material import CardMaterial
from bot.submission import Submission
from bot.verbs import owner_verbs, quick
from handlers.ids import TRIAGE_ACTIONS, Action, BlockId, MenuValue, TriageValue
from handlers.views import consent, examples, serving, words
from handlers.views.blocks import actions, button, option, plain, section, select
from handlers.views.message import Block, Message
from handlers.views.text import MESSAGE_LIMIT, cut, lines, link, quote

TEXT_LIMIT = 1500
"""How much of a long text the card shows, in escaped characters with the marks of the quote."""

PERSONAL_LINE = "Personal details: press Open (owners only)."

BUTTONS, MENU_LIMIT = 4, 5

WANTED = frozenset({Verb.ACCEPT, Verb.PASS_ON, Verb.ANSWER})
"""The decisions that a card invites to."""


def card(material: CardMaterial) -> Message:
    """The card as it stands: who handed in what, whose turn it is until when, and the verbs."""
    submission = material.submission
    paragraphs = [
        lines((words.heading(submission), _where_from(submission))),
        *_fields(submission, has_personal=material.has_personal),
        *([agreed] if (agreed := consent.standing(submission, material.uses)) else []),
        lines(
            (
                words.standing(submission, material.role, material.holders, material.called_in),
                serving.served(material.serves),
            )
        ),
    ]
    return Message(
        text=cut("\n".join(paragraphs), MESSAGE_LIMIT),
        blocks=[*(section(paragraph) for paragraph in paragraphs), *_card_verbs(submission)],
    )


def _where_from(submission: Submission) -> str:
    line = f"From {words.submitter(submission)}"
    permalink = submission.origin.permalink if submission.origin else None
    return f"{line} · {link(permalink, 'original message')}" if permalink else line


def _fields(submission: Submission, *, has_personal: bool) -> Iterator[str]:
    """A paragraph per long text, and one for each run of short answers between them."""
    short: list[str] = []
    for field in submission.kind.fields:
        if field.personal:
            continue
        value = submission.answer(field)
        if not value or words.is_told(submission, field, value):
            continue
        if field.type is FieldType.TEXT:
            yield from [lines(short)] if short else []
            short = []
            yield _long(field, submission.text(field.name))
        else:
            short.append(f"{words.label(field)} {words.answer(field, value)}")
    if has_personal:
        short.append(PERSONAL_LINE)
    if short:
        yield lines(short)


def _long(field: Field, text: str) -> str:
    shown = quote(text, TEXT_LIMIT)
    is_whole = shown == quote(text, sys.maxsize)
    more = "" if is_whole else "_Open shows all of it._"
    return lines((words.label(field), shown, more))


def verb_blocks(
    submission: Submission, quick: Sequence[Verb], rest: Sequence[Verb], *, has_all: bool = False
) -> list[Block]:
    """The buttons of at most four `quick` verbs, and a menu of others: of at most five
    (https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element), unless it
    `has_all`, since there is nowhere else to look for them.
    """
    buttons = [verb for verb in quick if verb in TRIAGE_ACTIONS]
    others = [verb for verb in rest if verb in TRIAGE_ACTIONS]
    if len(others) == 1:  # a menu has two entries at least
        if len(buttons) < BUTTONS:
            buttons.append(others.pop())
        else:
            last = next(verb for verb in reversed(buttons) if verb is not Verb.OPEN)
            buttons.remove(last)
            others.insert(0, last)
    elements = [_button(submission, verb) for verb in buttons]
    if has_all and len(others) > MENU_LIMIT:
        elements.append(_list(submission, others))
    elif others:
        elements.append(_menu(submission, others[:MENU_LIMIT]))
    if not elements:
        return []
    return [actions(BlockId.TRIAGE.at(submission.number, submission.version), elements)]


def _card_verbs(submission: Submission) -> list[Block]:
    """The verbs that are possible now: at most three, Open, and the menu."""
    buttons = quick(submission)
    rest = [verb for verb in owner_verbs(submission) if verb not in buttons]
    return verb_blocks(submission, (*buttons, Verb.OPEN), rest)


def _button(submission: Submission, verb: Verb) -> Block:
    value = TriageValue(
        number=submission.number, version=submission.version, role_id=submission.role_id
    )
    return button(
        TRIAGE_ACTIONS[verb].value,
        verb_label(submission, verb),
        value.dump(),
        label=f"{verb_label(submission, verb)}: {words.name(submission)}",
        style="primary" if verb in WANTED and submission.state in UNDECIDED else None,
    )


def _entries(submission: Submission, verbs: Sequence[Verb]) -> Iterator[tuple[str, str]]:
    for verb in verbs:
        value = MenuValue(number=submission.number, version=submission.version, verb=verb)
        yield value.dump(), verb_label(submission, verb)


def _menu(submission: Submission, verbs: Sequence[Verb]) -> Block:
    entries = _entries(submission, verbs)
    return {
        "type": "overflow",
        "action_id": Action.TRIAGE_MORE.value,
        "options": [option(*entry) for entry in entries],
    }


def _list(submission: Submission, verbs: Sequence[Verb]) -> Block:
    menu = select(_entries(submission, verbs), action_id=Action.TRIAGE_MORE.value)
    return {**menu, "placeholder": plain("More")}


def verb_label(submission: Submission, verb: Verb) -> str:
    """What a verb's button says: what is published once can be published elsewhere, too."""
    if verb is Verb.PUBLISH and submission.state is State.PUBLISHED:
        return "Published elsewhere"
    return VERB_LABELS[verb]


EXAMPLES: Mapping[str, CardMaterial] = {
    key: CardMaterial(
        submission=submission,
        role=examples.ROLES[submission.role_id],
        holders=examples.ROLES[submission.role_id].holders,
        has_personal=bool(examples.PERSONAL.get(submission.kind_key)),
    )
    for key, submission in {**examples.in_every_state(), **examples.left_alone()}.items()
} | {
    key: CardMaterial(
        submission=submission, role=examples.ADVOCACY_LEAD, has_personal=True, uses=uses
    )
    for key, submission, uses in (
        ("testimonial-agreed", examples.agreed(), ()),
        ("testimonial-consent-withdrawn", examples.agreed(is_withdrawn=True), examples.USES),
    )
}
