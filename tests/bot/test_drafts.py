"""What is kept of a form that was not handed in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.drafts import (
    KEPT,
    DraftKey,
    Drafts,
    FindDrafts,
    SaveDraft,
    find_drafts,
    forget_drafts,
    save_draft,
    worth_keeping,
)
from bot.kinds import KINDS
from bot.submission import FieldValue
from bot.submit import HandIn, hand_in
from tests.support.core import FORMS, SAM, SUE, Core

FIRST, SECOND = DraftKey(SAM, "idea"), DraftKey(SAM, "idea", 2)
FIELDS: dict[str, FieldValue] = {"title": "Half an idea", "platforms": ("blog",)}


async def found(core: Core, user_id: str = SAM, kind: str = "idea") -> Drafts:
    return await core.ask(find_drafts, FindDrafts(user_id, kind))


async def test_two_drafts_stand_side_by_side_for_their_writer_alone(core: Core) -> None:
    await core.do(save_draft, SaveDraft(key=FIRST, fields=FIELDS))
    await core.do(save_draft, SaveDraft(key=SECOND, fields={"title": "Another"}))
    assert await found(core) == Drafts(FIELDS, {"title": "Another"})
    assert await found(core, SUE) == await found(core, kind="lead") == Drafts()


async def test_handing_in_forgets_the_draft_of_that_form_alone(core: Core) -> None:
    for key in (FIRST, SECOND):
        await core.do(save_draft, SaveDraft(key=key, fields=FIELDS))
    form = HandIn(
        kind_key="idea", submitter_id=SAM, fields=FORMS["idea"], source_key="V1", draft_slot=2
    )
    await core.do(hand_in, form)
    assert await found(core) == Drafts(FIELDS, None)


async def test_a_form_that_was_emptied_leaves_no_draft(core: Core) -> None:
    await core.do(save_draft, SaveDraft(key=FIRST, fields=FIELDS))
    await core.do(save_draft, SaveDraft(key=FIRST, fields={"title": "", "platforms": ()}))
    assert await found(core) == Drafts()


async def test_a_draft_can_take_the_place_of_another(core: Core) -> None:
    await core.do(save_draft, SaveDraft(key=FIRST, fields=FIELDS))
    lead = SaveDraft(key=DraftKey(SAM, "lead"), fields={"need": "A pump"}, instead_of=FIRST)
    await core.do(save_draft, lead)
    assert await found(core) == Drafts()
    assert await found(core, kind="lead") == Drafts({"need": "A pump"})


async def test_drafts_are_forgotten_after_thirty_days(core: Core) -> None:
    await core.do(save_draft, SaveDraft(key=FIRST, fields=FIELDS))
    core.clock.forward(days=1)
    await core.do(save_draft, SaveDraft(key=SECOND, fields=FIELDS))
    core.clock.forward(days=29, seconds=1)
    assert timedelta(days=30) == KEPT
    assert await core.do(forget_drafts, KEPT) == 1
    assert await found(core) == Drafts(None, FIELDS)


@pytest.mark.parametrize(
    "given, kept",
    [
        ({"consent": "not_asked", "quote": "", "files": ("F1",)}, {}),
        ({"consent": "asked", "person": "Ada"}, {"consent": "asked", "person": "Ada"}),
        ({"submit.kind": "testimonial", "customer": "Acme"}, {"customer": "Acme"}),
    ],
)
def test_what_is_preselected_is_no_answer(given: dict[str, str], kept: dict[str, str]) -> None:
    assert worth_keeping(KINDS["testimonial"], given) == kept


async def test_what_is_told_late_of_a_form_that_was_handed_in_is_no_draft(core: Core) -> None:
    """Another process took the form."""
    late = SaveDraft(key=FIRST, fields=FIELDS, source_key="view:V1")
    await core.do(save_draft, late)
    assert (await found(core)).first == FIELDS
    await core.hand_in(source_key="view:V1", draft_slot=1)
    await core.do(save_draft, late)
    assert await found(core) == Drafts()
    await core.do(save_draft, replace(late, source_key="view:V2"))
    assert (await found(core)).first == FIELDS
