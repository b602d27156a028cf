"""How a form begins when there are drafts, and what is told of it out of order."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot.drafts import Drafts, SaveDraft
from handlers.answers import Background
from handlers.drafts import DraftKeeper, begin
from handlers.form_values import FormMetadata
from handlers.requests import Request, opened_with
from handlers.services import Services

FORM = FormMetadata(kind="idea")
FIRST, SECOND, TYPED = {"title": "First"}, {"title": "Second"}, {"title": "Typed"}


@given(
    first=st.sampled_from([None, FIRST]),
    second=st.sampled_from([None, SECOND]),
    values=st.sampled_from([{}, {"title": ""}, TYPED]),
)
def test_a_form_never_writes_over_the_draft_that_is_not_in_it(
    first: dict[str, str] | None, second: dict[str, str] | None, values: dict[str, str]
) -> None:
    begun = begin(FORM, values, Drafts(first, second))
    if any(values.values()):
        assert begun.values == values
    else:
        assert begun.values == (first or second or values)
    if first is not None and begun.values != first:
        assert begun.metadata.slot == 2
    if first is not None or second is not None:
        assert begun.offer is not None
        assert begun.offer.slot == 3 - begun.metadata.slot
        assert begun.offer.is_new is (begun.values != values)
    else:
        assert (begun.offer, begun.metadata.slot) == (None, 1)


def test_without_a_word_from_the_database_the_first_draft_is_left_alone() -> None:
    begun = begin(FORM, {}, None)
    assert (begun.metadata.slot, begun.values, begun.offer) == (2, {}, None)


def reported(title: str, at: str) -> Request:
    """A field that reports what stands in the form."""
    view = {
        "id": "V1",
        "private_metadata": FORM.dump(),
        "blocks": [],
        "state": {"values": {"title": {"v": {"type": "plain_text_input", "value": title}}}},
    }
    body = {"view": view, "actions": [{"action_ts": at}]}
    return Request(workspace_id="T1", user_id="U1", body=body)


async def test_reports_that_overtake_each_other_leave_the_newest() -> None:
    saved: list[str] = []

    async def transact(_request: Request, _use_case: object, command: SaveDraft) -> None:
        await asyncio.sleep(0)
        saved.append(str(command.fields["title"]))

    background = Background()
    clock = SimpleNamespace(now=lambda: datetime(2026, 11, 19, tzinfo=UTC))
    services: Any = SimpleNamespace(background=background, clock=clock, transact=transact)
    keeper = DraftKeeper(cast("Services", services))
    for title, at in (("Ten", "1.2"), ("Ten tips", "1.3"), ("Te", "1.1")):
        keeper.typed(reported(title, at))
    await background.rest()
    assert saved == ["Ten tips"]
    closing = reported("", "1.4")
    closing.body["view"]["state"]["values"] = {}
    await keeper.closed(closing)
    assert saved == ["Ten tips", "Ten tips"]


def test_what_a_form_was_opened_with() -> None:
    option = {"value": "video", "text": {"type": "plain_text", "text": "Video"}}
    elements = {
        "title": {"type": "plain_text_input", "initial_value": "A"},
        "day": {"type": "datepicker", "initial_date": "2026-12-03"},
        "type": {"type": "static_select", "initial_option": option},
        "many": {"type": "multi_static_select", "initial_options": [option]},
        "empty": {"type": "plain_text_input"},
    }
    blocks = [{"type": "input", "block_id": key, "element": one} for key, one in elements.items()]
    assert opened_with({"blocks": [{"type": "divider"}, *blocks]}) == {
        "title": "A",
        "day": "2026-12-03",
        "type": "video",
        "many": ("video",),
    }


async def test_what_is_told_late_of_a_closed_form_is_older_than_what_is_kept() -> None:
    saved: list[str] = []

    async def transact(_request: Request, _use_case: object, command: SaveDraft) -> None:
        saved.append(str(command.fields["title"]))

    background = Background()
    clock = SimpleNamespace(now=lambda: datetime(2026, 11, 19, tzinfo=UTC))
    services: Any = SimpleNamespace(background=background, clock=clock, transact=transact)
    keeper = DraftKeeper(cast("Services", services))
    await keeper.closed(reported("Ten tips", "1.2"))
    keeper.typed(reported("Ten", "1.1"))
    await background.rest()
    assert saved == ["Ten tips"]
