"""The hand-in form of a kind, built from the table of kinds alone.

The block of a field has the field's name as block_id and "v" as action_id, so that what was typed
stays when the view is updated (https://docs.slack.dev/surfaces/modals).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bot.desk import Role
from bot.kinds import KINDS, Kind
from bot.submission import FileRef
from handlers.form_values import DraftValue, FormMetadata
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples
from handlers.views.blocks import (
    button,
    context,
    input_block,
    modal,
    section,
    select,
)
from handlers.views.message import Block, View
from handlers.views.questions import Values, questions
from handlers.views.text import inline, listing, told

OWNERS_SHOWN = 3


def form(
    kind: Kind,
    *,
    metadata: FormMetadata,
    text: str = "",
    values: Values = MappingProxyType({}),
    kinds: Sequence[Kind] | None = None,
    notices: Sequence[str] = (),
    owners: Sequence[Role] = (),
    offer: DraftValue | None = None,
) -> View:
    """The modal that asks for what `kind` needs.

    `text` and `values` are as typed, without markup, and fill the fields; `text` goes to the kind's
    text field. What is too long for its field is shown below it. `kinds` gives a select on top to
    change the kind. `notices` are plain sentences to read first. `owners` are the roles
    that it can go to, the likeliest first: which one depends on what is filled in. `offer` is
    another form to go to, because there is a draft. The fields report what is typed, and the form
    that it was closed, so that it becomes a draft.
    """
    given = {kind.text_field: text, **values} if text else dict(values)
    blocks = [section(told(notice)) for notice in notices]
    blocks += [] if offer is None else [_offer(kind, offer)]
    if kinds is not None:
        blocks.append(_kind_select(kind, kinds))
    elif not blocks:
        blocks.append(context(kind.purpose))
    blocks += [_reporting(block) for block in questions(kind, given)]
    if metadata.files:
        blocks.append(context(_files_note(metadata.files)))
    if metadata.origin is not None and metadata.is_private:
        blocks.append(context(_private_note(owners)))
    blocks.append(context(_what_happens(owners)))
    view = modal(
        Callback.SUBMIT_FORM,
        "Hand in" if kinds is not None else f"Hand in {kind.article}",
        blocks,
        submit="Hand in",
        close="Cancel",
        metadata=metadata.dump(),
    )
    return {**view, "notify_on_close": True}


def rest_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What a form (as Slack sends it back) shows below its fields because it did not fit, by field.

    Put it behind the field's value when the form is built anew, or it is lost.
    """
    rest: dict[str, str] = {}
    field_name = ""
    for block in view["blocks"]:
        if block["type"] == "input":
            field_name = str(block["block_id"])
        elif block["type"] == "rich_text":
            leaves = (leaf for part in block["elements"] for leaf in part["elements"])
            typed = "".join(str(leaf["text"]) for leaf in leaves)
            rest[field_name] = rest.get(field_name, "") + typed
    return rest


TYPED_IN = frozenset({"plain_text_input", "url_text_input"})


def _reporting(block: Block) -> Block:
    """An input that reports each change, so that a draft can be kept
    (https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object).
    """
    element = block.get("element")
    if element is None or element["type"] == "file_input":
        return block
    if element["type"] in TYPED_IN:
        config = {"trigger_actions_on": ["on_character_entered"]}
        element = {**element, "dispatch_action_config": config}
    return {**block, "element": element, "dispatch_action": True}


def _offer(kind: Kind, offer: DraftValue) -> Block:
    """Says that there is a draft, with a button to the other form."""
    if offer.is_new:
        said, does = "This is what you typed last time and did not hand in.", "Start anew"
    else:
        said, does = f"You began {kind.article} before and did not hand it in.", "Go on with it"
    return section(said, button(Action.SUBMIT_DRAFT.value, does, offer.dump(), label=does))


def _kind_select(kind: Kind, kinds: Sequence[Kind]) -> Block:
    choice = select(
        [(entry.key, entry.label) for entry in kinds], kind.key, action_id=Action.SUBMIT_KIND.value
    )
    block = input_block(BlockId.KIND.value, "What is it?", choice, hint=kind.purpose)
    block["dispatch_action"] = True
    return block


def _what_happens(owners: Sequence[Role]) -> str:
    names = [f"the *{inline(role.label, 100)}*" for role in owners[:OWNERS_SHOWN]]
    to = _either(names, len(owners)) or "whoever owns it"
    return f"*Hand in* sends this to {to}. You hear every step by direct message."


def _files_note(files: Sequence[str]) -> str:
    names = listing([f"“{inline(FileRef.of(given).name, 60)}”" for given in files])
    return f"The message's {'file goes' if len(files) == 1 else 'files go'} along: {names}."


def _private_note(owners: Sequence[Role]) -> str:
    places = [
        f"<#{role.channel_id}>"
        if role.channel_id is not None
        else f"direct messages of the {inline(role.label, 100)}"
        for role in owners[:OWNERS_SHOWN]
    ]
    readers = _either(places, len(owners)) or "the place where the owner decides"
    return (
        f"This message is from a private conversation. What you send can be read in {readers}. "
        "No link to the message goes along."
    )


def _either(names: Sequence[str], total: int) -> str:
    """The names joined by "or", with a word for those beyond them."""
    more = total - len(names)
    shown = [*names, f"{more} more"] if more > 0 else list(names)
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormExample:
    """The arguments of one form."""

    metadata: FormMetadata
    text: str = ""
    values: Values = field(default_factory=dict)
    kinds: tuple[Kind, ...] | None = None
    notices: tuple[str, ...] = ()
    owners: tuple[Role, ...] = ()
    offer: DraftValue | None = None

    def build(self) -> View:
        """The form that this asks for."""
        return form(
            KINDS[self.metadata.kind],
            metadata=self.metadata,
            text=self.text,
            values=self.values,
            kinds=self.kinds,
            notices=self.notices,
            owners=self.owners,
            offer=self.offer,
        )


_PRIVATE = FormMetadata(
    kind="testimonial", channel_id="C0PRIVATE", message_ts="1795000000.000100", author_id="U0ANA"
)

EXAMPLES: Mapping[str, FormExample] = {
    "idea": FormExample(
        metadata=FormMetadata(kind="idea", response_channel="C0SALES"),
        owners=(examples.CONTENT_LEAD,),
    ),
    "testimonial": FormExample(metadata=FormMetadata(kind="testimonial")),
    "lead": FormExample(metadata=FormMetadata(kind="lead"), owners=(examples.LEAD_DESK,)),
    "idea-typed": FormExample(
        metadata=FormMetadata(kind="idea"),
        text="The team in Graz printed <3 & more",
        values={
            "link": "example.com/graz",
            "content_type": "picture",
            "platforms": ("linkedin", "blog"),
            "wanted_by": "2026-12-03",
        },
    ),
    "lead-too-long": FormExample(
        metadata=FormMetadata(kind="lead"), text="They need a press that never stops. " * 120
    ),
    "shortcut-private": FormExample(
        metadata=_PRIVATE,
        text="“It simply works”, says their head of print.",
        kinds=tuple(KINDS.values()),
        owners=(examples.ADVOCACY_LEAD, examples.CONTENT_LEAD),
    ),
    "with-notice": FormExample(
        metadata=FormMetadata(kind="idea"),
        notices=("There is no kind “ideaa”; this is the form of an idea.",),
    ),
    "draft": FormExample(
        metadata=FormMetadata(kind="idea"),
        values={"title": "Half an idea", "content_type": "video"},
        offer=DraftValue(kind="idea", slot=2, is_new=True),
    ),
    "beside-a-draft": FormExample(
        metadata=FormMetadata(kind="testimonial", slot=2),
        text="It simply works",
        offer=DraftValue(kind="testimonial", slot=1),
    ),
}
