"""What a surface says and offers, beyond its golden files."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.desk import Role
from bot.digest_parts import NumbersPart, WeeksPart
from bot.figures import Counts
from bot.home import PAGE as HOME_PAGE
from bot.home import SHORT
from bot.kinds import KINDS
from bot.lifecycle import CONTENT, State, Verb
from bot.lists import PAGE
from bot.material import CardMaterial, ListMaterial, QueueMaterial
from bot.sections import Place
from bot.steps.base import Asked
from bot.submission import HistoryEntry, Submission
from bot.verbs import owner_verbs
from handlers.form_values import FormMetadata
from handlers.ids import Action, MenuValue, TriageValue
from handlers.views import (
    decision_forms,
    details,
    digest,
    digest_examples,
    examples,
    form,
    home,
    lists,
    triage_card,
)
from handlers.views import words as words_of
from handlers.views.chart import Series, bar_chart
from handlers.views.message import View
from tests.support import digests
from tests.support.block_rules import message_problems, view_problems


def field(view: View, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(b for b in view["blocks"] if b.get("block_id") == name)
    return found


def words(view: View) -> str:
    return str([block for block in view["blocks"] if block["type"] in {"context", "section"}])


def idea(**arguments: Any) -> View:
    return form.form(KINDS["idea"], metadata=FormMetadata(kind="idea"), **arguments)


def buttons(state: State) -> list[dict[str, Any]]:
    message = triage_card.card(triage_card.EXAMPLES[f"idea-{state.value}"])
    elements: list[dict[str, Any]] = message.blocks[-1]["elements"]
    return elements


def labels(state: State) -> tuple[list[str], list[str]]:
    """What a card's buttons and its menu say."""
    shown = [element for element in buttons(state) if element["type"] == "button"]
    menus = [element["options"] for element in buttons(state) if element["type"] == "overflow"]
    entries = [option["text"]["text"] for options in menus for option in options]
    return [button["text"]["text"] for button in shown], entries


def test_a_card_offers_what_can_be_done_now_and_open() -> None:
    offered = {state: labels(state) for state in CONTENT.states}
    assert {state: shown[0] for state, shown in offered.items()} == {
        State.NEW: ["Take", "Accept", "Decline", "Open"],
        State.TAKEN: ["Accept", "Decline", "Ask back", "Open"],
        State.ASKED: ["Accept", "Decline", "Reply", "Open"],
        State.ACCEPTED: ["Published", "Schedule", "Reply", "Open"],
        State.SCHEDULED: ["Published", "Schedule", "Reply", "Open"],
        State.PUBLISHED: ["Open"],
        State.DECLINED: ["Open"],
        State.DUPLICATE: ["Open"],
        State.WITHDRAWN: ["Open", "Reply"],
    }
    assert offered[State.NEW][1] == ["Ask back", "Reply", "Hand over", "Snooze", "Duplicate of"]
    assert offered[State.PUBLISHED][1] == [
        "Published elsewhere",
        "Tell as a story",
        "Reply",
        "Goal",
        "Reopen",
    ]


@pytest.mark.parametrize("name", list(triage_card.EXAMPLES))
def test_open_offers_what_a_card_has_no_room_for(name: str) -> None:
    item = triage_card.EXAMPLES[name].submission
    verbs = owner_verbs(item)
    view = details.details(item, role=examples.CONTENT_LEAD, personal={}, history=(), verbs=verbs)
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    elements = [element for row in rows for element in row]
    entries = [entry for element in elements for entry in element.get("options", ())]
    shown = [one["text"]["text"] for one in elements if one["type"] == "button"]
    assert len(shown) <= 4
    shown += [entry["text"]["text"] for entry in entries]
    assert shown == [triage_card.verb_label(item, verb) for verb in verbs]
    assert view_problems(view) == []


def test_why_it_was_declined_is_said_once_and_each_time_when_it_was_declined_again() -> None:
    declined = examples.at_state(examples.IDEA, State.DECLINED)
    first, last = (examples.entry(declined, Verb.DECLINE, seq=seq) for seq in (2, 5))

    def said(item: Submission, *history: HistoryEntry) -> int:
        view = details.details(item, role=examples.CONTENT_LEAD, personal={}, history=history)
        return str(view).count("*Reason:*")

    assert "*Reason:*" in words_of.happened(first)
    assert said(declined, first) == 1
    assert said(declined, first, last) == 2
    assert said(examples.at_state(examples.IDEA, State.TAKEN), first) == 1


def test_a_cards_buttons_carry_the_version_that_they_show() -> None:
    *pressed, menu = buttons(State.TAKEN)
    values = [TriageValue.parse(button["value"]) for button in pressed]
    entries = [MenuValue.parse(option["value"]) for option in menu["options"]]
    assert {(value.number, value.version) for value in values} == {(12, 2)}
    assert {(entry.number, entry.version) for entry in entries} == {(12, 2)}


def test_a_cards_buttons_name_what_they_are_about() -> None:
    assert [b["accessibility_label"] for b in buttons(State.NEW)[:4]] == [
        "Take: idea 12",
        "Accept: idea 12",
        "Decline: idea 12",
        "Open: idea 12",
    ]


def test_a_changed_card_has_another_block_id_for_its_buttons() -> None:
    ids = {
        triage_card.card(triage_card.EXAMPLES[f"idea-{state}"]).blocks[-1]["block_id"]
        for state in ("new", "taken", "accepted")
    }
    assert len(ids) == 3


def test_a_long_text_on_a_card_points_to_open() -> None:
    item = replace(examples.IDEA, fields={"text": "word " * 600})
    shown = triage_card.card(CardMaterial(submission=item, role=examples.CONTENT_LEAD)).text
    assert "_Open shows all of it._" in shown
    short = triage_card.card(triage_card.EXAMPLES["idea-new"]).text
    assert "_Open shows all of it._" not in short


def test_a_private_source_leaves_no_link_on_the_card() -> None:
    assert examples.IDEA.origin is not None
    origin = replace(examples.IDEA.origin, permalink=None, is_private=True)
    item = replace(examples.IDEA, origin=origin)
    card = triage_card.card(CardMaterial(submission=item, role=examples.CONTENT_LEAD))
    assert "original message" not in card.text
    assert origin.channel_id not in str(card)


def test_consent_is_said_in_words_even_when_nobody_chose() -> None:
    item = replace(examples.TESTIMONIAL, fields={"quote": "Good", "customer": "X"})
    card = triage_card.card(CardMaterial(submission=item, role=examples.ADVOCACY_LEAD))
    assert "*Did they agree that we use it?* Not asked yet" in card.text


def test_a_form_asks_every_field_of_its_kind() -> None:
    for kind in KINDS.values():
        view = form.form(kind, metadata=FormMetadata(kind=kind.key))
        for asked in kind.fields:
            block = field(view, asked.name)
            assert block["optional"] is not asked.required
            assert block["element"]["action_id"] == "v"


def test_a_form_keeps_its_ids_when_the_kind_is_chosen_again() -> None:
    kinds = tuple(KINDS.values())
    ids = [block.get("block_id") for block in idea(kinds=kinds)["blocks"]]
    again = idea(kinds=kinds, text="More", owners=(examples.CONTENT_LEAD,))
    assert [block.get("block_id") for block in again["blocks"]] == ids
    chosen = field(again, "submit.kind")
    assert chosen["dispatch_action"] is True
    assert chosen["element"]["action_id"] == Action.SUBMIT_KIND
    assert chosen["element"]["initial_option"]["value"] == "idea"


@pytest.mark.parametrize(
    "prefilled,element",
    [
        ("", "url_text_input"),
        ("https://example.com", "url_text_input"),
        ("example.com", "plain_text_input"),
        ("https://", "plain_text_input"),
    ],
)
def test_a_link_is_typed_with_the_keyboard_for_links_unless_it_is_none(
    prefilled: str, element: str
) -> None:
    asked = field(idea(values={"link": prefilled}), "link")["element"]
    assert asked["type"] == element
    assert asked.get("initial_value", "") == prefilled


def test_choices_of_another_version_are_left_out() -> None:
    values = {"content_type": "hologram", "platforms": ("linkedin", "myspace")}
    view = idea(values=values)
    assert "initial_option" not in field(view, "content_type")["element"]
    chosen = field(view, "platforms")["element"]["initial_options"]
    assert [option["value"] for option in chosen] == ["linkedin"]


@pytest.mark.parametrize(
    "owners,readers",
    [
        ((examples.CONTENT_LEAD,), f"<#{examples.CONTENT_LEAD.channel_id}>."),
        ((examples.ADVOCACY_LEAD,), "direct messages of the Advocacy lead"),
        (
            (examples.CONTENT_LEAD, examples.ADVOCACY_LEAD),
            f"<#{examples.CONTENT_LEAD.channel_id}> or direct messages of the Advocacy lead",
        ),
        ((), "the place where the owner decides"),
    ],
)
def test_a_private_source_is_told_who_can_read(owners: tuple[Role, ...], readers: str) -> None:
    private = FormMetadata(kind="idea", channel_id="C1", message_ts="1.2")
    view = form.form(KINDS["idea"], metadata=private, owners=owners)
    assert readers in words(view)
    assert "private conversation" not in words(idea(owners=owners))


LATE = replace(examples.TESTIMONIAL, number=123456)


@pytest.mark.parametrize(
    "form_of, item, title",
    [
        (decision_forms.published_form, LATE, "Published: testimonial"),
        (decision_forms.decline_form, LATE, "Decline testimonial"),
        (decision_forms.decline_form, examples.IDEA, "Decline idea 12"),
    ],
)
def test_a_decision_forms_title_fits_however_high_the_number(
    form_of: Callable[[Asked, str | None], View], item: Submission, title: str
) -> None:
    assert form_of(Asked(submission=item), None)["title"]["text"] == title


def test_a_digest_without_a_past_compares_with_nothing_and_draws_nothing() -> None:
    week = Counts(handed_in=1)
    numbers = NumbersPart(week=week, before=None, waiting=0, waiting_before=0, under_way=0)
    weeks = WeeksPart((week,), ("2026-11-02",))
    message = digest.digest(digest_examples.without_goals(numbers=numbers, weeks=weeks))
    assert "*Handed in:* 1\n" in message.text
    assert message.plain_blocks is None


def test_a_digest_says_what_it_leaves_out() -> None:
    published = replace(digests.published(digest_examples.EXAMPLES["busy"]), total=11)
    message = digest.more(digest_examples.without_goals(published=published), Place.WEEK)
    assert "\nand 8 more\n" in message.text


def test_a_digest_of_a_workspace_without_charts_has_the_numbers_as_a_table() -> None:
    message = digest.more(digest_examples.EXAMPLES["busy"], Place.LONG)
    assert message.plain_blocks is not None
    charts = [block for block in message.blocks if block["type"] == "data_visualization"]
    assert len(charts) == 2
    tables = [block for block in message.plain_blocks if block["type"] == "table"]
    assert len(tables) == 1, "a message takes one; the other chart is said in words"
    rows = tables[0]["rows"]
    assert [cell["text"] for cell in rows[0]] == ["Week from", "Handed in", "Decided", "Published"]
    assert [cell["text"] for cell in rows[-1]] == ["2 Nov", "12", "8", "3"]
    assert "May 2026" in str(message.plain_blocks)


@pytest.mark.parametrize(
    "categories,series",
    [
        (["A", "A"], [Series("One", (1, 2))]),
        (["A", "B" * 21], [Series("One", (1, 2))]),
        (["A", "B"], [Series("One", (1,))]),
        (["A"], [Series("One", (1,)), Series("One", (1,))]),
        (["A"], [Series(str(number), (1,)) for number in range(7)]),
        (["A"], []),
        ([], [Series("One", ())]),
    ],
)
def test_a_chart_that_slack_would_refuse_is_not_built(
    categories: list[str], series: list[Series]
) -> None:
    with pytest.raises(ValueError, match=r"chart|series|names"):
        bar_chart("Title", categories, series)


def test_a_chart_shows_the_last_twenty_points() -> None:
    numbers = range(25)
    chart = bar_chart("T", [str(n) for n in numbers], [Series("One", tuple(numbers))])["chart"]
    assert chart["axis_config"]["categories"] == [str(n) for n in range(5, 25)]
    assert [point["value"] for point in chart["series"][0]["data"]] == list(range(5, 25))


def test_full_lists_fit_into_a_message_and_into_home() -> None:
    def listed(count: int, first: int) -> ListMaterial:
        items = tuple(
            replace(examples.IDEA, number=first + n, title="A title of some length " * 5)
            for n in range(count)
        )
        return ListMaterial(items=items, total=count + 3, roles={}, now=examples.NOW)

    queue = QueueMaterial(waiting=listed(PAGE, 1), to_publish=listed(PAGE, 100))
    message = lists.queue(queue)
    assert len(message.blocks) <= 50
    assert "up as you decide." in message.text
    assert message.text.endswith("up as these end.")
    assert message_problems(message) == []
    mine = listed(PAGE, 200)
    assert message_problems(lists.mine(mine)) == []


def test_the_fullest_home_has_room_for_the_parts_of_other_views() -> None:
    def listed(count: int, first: int, offset: int = 50) -> ListMaterial:
        items = tuple(replace(examples.IDEA, number=first + n) for n in range(count))
        return ListMaterial(items=items, total=99, roles={}, now=examples.NOW, offset=offset)

    queue = QueueMaterial(
        waiting=listed(HOME_PAGE, 1),
        to_publish=listed(HOME_PAGE, 100),
        paused=listed(SHORT, 300),
        overdue=3,
    )
    full = replace(home.EXAMPLES["lead"], queue=queue, mine=listed(HOME_PAGE, 200))
    view = home.home(replace(full, questions=listed(SHORT, 200)))
    assert view_problems(view) == []
    assert len(view["blocks"]) <= 65


def test_a_part_that_does_not_fit_into_home_is_left_out_whole() -> None:
    parts = [[{"type": "divider"}] * 60, [{"type": "header"}] * 41, [{"type": "section"}] * 40]
    blocks = home.fitted(parts)
    assert [block["type"] for block in blocks] == ["divider"] * 60 + ["section"] * 40


@pytest.mark.parametrize(
    "count, sentences",
    [
        (1, ("1 more moves up as you decide.", "1 older; its receipt is in your messages")),
        (3, ("3 more move up as you decide.", "3 older; their receipts are in your messages")),
    ],
)
def test_what_a_list_leaves_out_comes_with_what_to_do(
    count: int, sentences: tuple[str, str]
) -> None:
    decide, mine = sentences
    assert lists.to_decide(count) == decide
    assert lists.to_publish(count) == decide.replace("you decide", "these end")
    assert lists.older(count).startswith(mine)


LINE = 40
"""Characters that a phone of 390 px shows on a line of a message."""

SCREEN = 30
"""Lines of a message that it shows at once."""


def test_a_digest_with_goals_fits_on_one_screen_of_a_phone() -> None:
    message = digest.digest(digest_examples.EXAMPLES["goals"])
    paragraphs = [
        re.sub(r"<[^|>]*\|([^>]*)>", r"\1", text)
        for block in message.blocks
        if block["type"] != "actions"
        for text in [block.get("text", {}).get("text") or block["elements"][0]["text"]]
    ]
    rows = [row for paragraph in paragraphs for row in paragraph.splitlines()]
    buttons = 2
    assert sum(-(-len(row) // LINE) for row in rows) + buttons <= SCREEN
