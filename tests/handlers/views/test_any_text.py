"""Whatever people type, the surfaces stay within Slack's limits, say something, and ping nobody."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk import Role
from bot.kinds import KINDS, FieldType
from bot.lifecycle import State, Verb
from bot.material import (
    CardMaterial,
    HomeMaterial,
    ListMaterial,
    NoticeMaterial,
    QueueMaterial,
    ReceiptMaterial,
    StoryMaterial,
    WordMaterial,
)
from bot.sections import Part, Section
from bot.steps.base import Asked
from bot.steps.publishing import PLACES
from bot.submission import FieldValue, Submission, Use
from handlers.form_values import FormMetadata
from handlers.views import (
    decision_forms,
    details,
    digest,
    digest_examples,
    examples,
    form,
    help,  # noqa: A004  (the module is named for what people type)
    home,
    lists,
    notice,
    page,
    receipt,
    story,
    triage_card,
    word,
    word_forms,
)
from handlers.views.message import Message
from tests.support import digests
from tests.support.block_rules import MARKER, message_problems, view_problems

WORST = (
    "&" * 3000,
    "<!channel> <!here> <@U0ANA> <#C1|x> <https://x.example|y>",
    "a\n" * 1500,
    "👩‍👩‍👧‍👦" * 300,
    "\u202eשלום\u2066 <b>x</b>",
    "https://example.com/" + "x" * 2900,
    "https://a.example " * 160,
    "```*_~`",
    " \n\u200d",
    "",
    "e" + "\u0301" * 2999,
)
TYPED = (
    st.sampled_from(WORST)
    | st.lists(st.sampled_from(WORST), max_size=3).map("".join)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
)
SHORT = TYPED.map(lambda text: text[:150])
SUBMISSIONS = st.sampled_from(list(examples.in_every_state().values()))
STEPS = st.sampled_from(list(examples.steps().values()))


@st.composite
def submissions(draw: st.DrawFn) -> Submission:
    """A submission in any state, each of its texts anything that can be typed."""
    item = draw(SUBMISSIONS)
    fields: dict[str, FieldValue] = dict(item.fields)
    for field in item.kind.fields:
        if not field.personal and field.type not in {FieldType.CHOICE, FieldType.CHOICES}:
            fields[field.name] = draw(TYPED)[: field.max_length]
    origin = item.origin
    return replace(
        item,
        number=draw(st.integers(1, 10**9)),
        title=draw(SHORT),
        fields=fields,
        department=draw(st.none() | SHORT),
        origin=origin,
        decline_note=draw(TYPED)[:500] if item.state is State.DECLINED else None,
        published_url=draw(TYPED) if item.state is State.PUBLISHED else None,
    )


ROLES = st.builds(
    Role, role_id=st.just("content_lead"), label=SHORT, channel_id=st.none() | st.just("C1")
)


def plain_words(message: Message) -> str:
    """All that a message's blocks say in paragraphs, as its text has it."""
    return "\n".join(
        block["text"]["text"] for block in message.blocks if block["type"] == "section"
    )


@settings(max_examples=100, deadline=None)
@given(submissions(), ROLES, st.integers(0, 30))
def test_card(item: Submission, role: Role, holders: int) -> None:
    names = tuple(f"U{number}" for number in range(holders))
    message = triage_card.card(CardMaterial(submission=item, role=role, holders=names))
    assert message_problems(message) == []
    standing = message.blocks[-2]["text"]["text"]
    assert message.text.endswith(standing), "where it stands is never cut off the text"


@settings(max_examples=100, deadline=None)
@given(STEPS, submissions(), TYPED, TYPED, ROLES)
def test_story_receipt_and_word(
    step: tuple[Submission, Any], item: Submission, note: str, link: str, role: Role
) -> None:
    entry = replace(step[1], detail={"reason": note[:20], "note": note[:500], "link": link})
    item = replace(item, kind_key=step[0].kind_key)
    for message in (
        story.story(StoryMaterial(submission=item, entry=entry)),
        receipt.receipt(ReceiptMaterial(submission=item, role=role)),
        word.word(WordMaterial(submission=item, role=role, entry=entry)),
    ):
        assert message_problems(message) == []
        assert plain_words(message) == message.text


@settings(max_examples=100, deadline=None)
@given(submissions(), TYPED, ROLES)
def test_modals(item: Submission, typed: str, role: Role) -> None:
    personal = {field.name: typed[: field.max_length] for field in item.kind.fields}
    entry = examples.entry(item, Verb.DECLINE)
    history = tuple(replace(entry, detail={"reason": "x", "note": typed[:500]}) for _ in range(50))
    kept = tuple((field.label, typed) for field in item.kind.fields)
    views = [
        details.details(item, role=role, personal=personal, history=history),
        page.page(typed[:500].strip() or "Sorry.", kept=kept),
        page.already(item),
        decision_forms.decline_form(Asked(submission=item), "C1"),
        decision_forms.published_form(Asked(submission=item, choices=PLACES), "C1"),
    ]
    assert [view_problems(view) for view in views] == [[]] * len(views)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(list(KINDS.values())), TYPED, TYPED, ROLES, st.booleans())
def test_form(kind: Any, text: str, other: str, role: Role, chooses: bool) -> None:
    values: Mapping[str, FieldValue] = {field.name: other for field in kind.fields}
    del values[kind.text_field]  # type: ignore[attr-defined]  # a dict, made one line above
    view = form.form(
        kind,
        metadata=FormMetadata(kind=kind.key, channel_id="C1", message_ts="1.2"),
        text=text * 3,
        values=values,
        kinds=tuple(KINDS.values()) if chooses else None,
        notices=("A notice.",),
        owners=(role,),
    )
    assert view_problems(view) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(submissions(), max_size=20), SHORT)
def test_lists_and_home(items: list[Submission], label: str) -> None:
    numbered = tuple(replace(item, number=n + 1) for n, item in enumerate(items))
    material = ListMaterial(
        items=numbered,
        total=len(items) + 7,
        roles={"content_lead": label},
        now=examples.NOW + timedelta(days=1),
    )
    accepted = tuple(replace(item, number=item.number + 50) for item in numbered)
    queue = QueueMaterial(waiting=material, to_publish=replace(material, items=accepted))
    assert message_problems(lists.mine(material)) == []
    assert message_problems(lists.queue(queue)) == []
    text = lists.queue(queue).text
    assert not items or text.endswith("up as these end."), "what is left out is never cut"
    page = replace(material, items=numbered[:10])
    few = replace(material, items=numbered[:5])
    shown = replace(
        queue, waiting=page, to_publish=replace(page, items=accepted[:10]), paused=few, overdue=3
    )
    view = home.home(HomeMaterial(user_id="U1", mine=page, queue=shown, questions=few))
    assert view_problems(view) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(SHORT, TYPED), max_size=10), SHORT, st.integers(0, 40))
def test_digest(items: list[tuple[str, str]], label: str, roles: int) -> None:
    busy = digest_examples.EXAMPLES["busy"]
    published, waiting = digests.published(busy), digests.waiting(busy)
    item = published.items[0]
    many = {f"r{n}": 10**6 for n in range(roles)}
    parts: dict[Section, Part] = {
        Section.PUBLISHED: replace(
            published,
            items=tuple(replace(item, title=t, url=u, department=t) for t, u in items),
            total=len(items),
        ),
        Section.WAITING: replace(
            waiting, waiting=replace(waiting.waiting, by_role=many), under_way=many
        ),
    }
    material = replace(busy, parts={**busy.parts, **parts}, roles=dict.fromkeys(many, label))
    assert message_problems(digest.digest(material)) == []
    assert message_problems(digest.whole(material)) == []
    for place in digest.TITLES:
        assert message_problems(digest.more(material, place)) == []


@settings(max_examples=100, deadline=None)
@given(TYPED, SHORT)
def test_notice_and_help(typed: str, unknown: str) -> None:
    sentence = notice.notice(NoticeMaterial(sentence=f"No. {typed}", retry_key="card:1"))
    assert message_problems(sentence) == []
    assert message_problems(help.usage(help.COMMANDS, unknown=unknown, nearest="mine")) == []


def test_nothing_that_was_too_long_for_its_field_is_lost() -> None:
    typed = "".join(f"{number} " for number in range(9000)).strip()
    view = form.form(KINDS["lead"], metadata=FormMetadata(kind="lead"), text=typed)
    need = next(block for block in view["blocks"] if block.get("block_id") == "need")
    rest = form.rest_of(view)
    assert set(rest) == {"need"}
    assert need["element"]["initial_value"] + rest["need"] == typed


def test_details_show_all_of_a_long_text() -> None:
    typed = " & ".join(str(number) for number in range(450))
    item = replace(examples.LEAD, fields={"need": typed})
    view = details.details(item, role=examples.LEAD_DESK, personal={}, history=())
    shown = "".join(block["text"]["text"] for block in view["blocks"] if "text" in block)
    assert "".join(typed.replace("&", "&amp;").split()) in "".join(shown.split())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_personal_fields_stand_nowhere_but_behind_open(kind: Any) -> None:
    """Even if a personal value got into the fields of a submission by mistake."""
    item = examples.SUBMISSIONS[kind.key]
    hidden: dict[str, FieldValue] = {field.name: MARKER for field in kind.fields if field.personal}
    for state in kind.lifecycle.states:
        leaky = replace(examples.at_state(item, state), fields={**item.fields, **hidden})
        role = examples.ROLES[item.role_id]
        entry = examples.entry(leaky, Verb.DECLINE)
        one = ListMaterial(items=(leaky,), total=1, roles={}, now=examples.NOW)
        messages = [
            triage_card.card(CardMaterial(submission=leaky, role=role)),
            story.story(StoryMaterial(submission=leaky, entry=entry)),
            receipt.receipt(ReceiptMaterial(submission=leaky, role=role)),
            word.word(WordMaterial(submission=leaky, role=role, entry=entry)),
            lists.mine(one),
            lists.queue(QueueMaterial(waiting=one, to_publish=one)),
        ]
        for message in messages:
            assert MARKER not in message.text
            assert MARKER not in json.dumps(message.blocks)
        opened = details.details(item, role=role, personal=hidden, history=())  # type: ignore[arg-type]
        assert (MARKER in json.dumps(opened)) is bool(hidden)


def test_a_digest_pings_only_those_whose_idea_was_published() -> None:
    material = digest_examples.EXAMPLES["busy"]
    message = digest.whole(material)
    thanked = {item.submitter_id for item in digests.published(material).items}
    assert {part.split(">")[0] for part in message.text.split("<@")[1:]} == thanked


@settings(max_examples=100, deadline=None)
@given(submissions(), st.text(max_size=50) | TYPED, ROLES, st.booleans())
def test_what_people_write_to_each_other(
    item: Submission, text: str, role: Role, is_apart: bool
) -> None:
    for verb in (Verb.ASK, Verb.REPLY, Verb.ANSWER, Verb.CONSENT_WITHDRAWN):
        entry = examples.entry(item, verb)
        shown = "" if is_apart else text
        line = story.story(
            StoryMaterial(
                submission=item,
                entry=entry,
                actor_name=text,
                text=shown,
                is_apart=is_apart,
                uses=(Use(at=examples.NOW, link=text, platform=text),) * 30,
            )
        )
        heard = word.word(WordMaterial(submission=item, role=role, entry=entry, text=text))
        assert message_problems(line) == []
        assert message_problems(heard) == []
        view = details.details(
            item,
            role=role,
            personal={},
            history=[replace(entry, seq=seq) for seq in range(25)],
            texts=dict.fromkeys(range(25), text * 3),
            uses=(Use(at=examples.NOW, link=text),) * 30,
        )
        assert view_problems(view) == []
    assert view_problems(word_forms.answer_form(item, text)) == []
