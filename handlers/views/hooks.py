"""Webhooks: the page of all, the form of a new one, and its secret, shown once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.hook import NAME_LENGTH, Hook, path_of
from bot.hooks import MOST_HOOKS, NAME, Shown
from handlers.hook_values import HookMetadata, HookValue
from handlers.ids import Action, BlockId, Callback
from handlers.views.blocks import (
    actions,
    button,
    context,
    input_block,
    modal,
    option,
    section,
    verbatim,
)
from handlers.views.message import Block, View
from handlers.views.text import escape, inline, lines, moment

INTRO = (
    "Other systems can send readings of goals and conversions to Social Desk, signed as Standard "
    "Webhooks has it. Each one gets an address and a secret of its own."
)
NO_ADDRESS = (
    "Where this desk is reached from outside is not set: PUBLIC_URL, for whoever runs Social Desk."
)
SAMPLES = (
    '{"type": "goal.reading", "data": {"goal": "Trial sign-ups", "value": 31, "id": "week-48"}}',
    '{"type": "conversion.recorded", "data": {"type": "signup", "id": "711", "utm_content": "42"}}',
)
COPY = 2_000
"""Room for what is shown to be copied, in bytes of JSON."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where webhooks are: at `public_url`, empty where nobody set it."""

    public_url: str
    workspace_id: str

    def of(self, hook: Hook) -> str:
        """The address of one, or as much of it as is known."""
        return self.public_url + path_of(self.workspace_id, hook.hook_id)


def hooks_page(hooks: tuple[Hook, ...], addresses: Addresses) -> View:
    """All webhooks, what came through them, and a button for a new one."""
    blocks: list[Block] = [section(INTRO)]
    if not addresses.public_url:
        blocks.append(section(f":warning: {NO_ADDRESS}"))
    for hook in hooks:
        one = section(_entry(hook, addresses), _menu(hook))
        blocks.append({**one, "block_id": BlockId.HOOKS.at(hook.hook_id, hook.secret_form)})
    if len(hooks) < MOST_HOOKS:
        new = button(Action.HOOKS_NEW, "New webhook…", "new", label="Make a new webhook")
        blocks.append(actions(BlockId.HOOKS.at("new"), [new]))
    return modal(Callback.HOOKS_LIST, "Webhooks", blocks, close="Close")


def _entry(hook: Hook, addresses: Addresses) -> str:
    return lines((f"*{inline(hook.name, 80)}*", f"`{addresses.of(hook)}`", *_past(hook)))


def _past(hook: Hook) -> Iterator[str]:
    """What became of it so far."""
    if hook.off_at is not None:
        yield f"Off since {moment(hook.off_at)}."
    if hook.received_at is not None:
        yield f"Last received {moment(hook.received_at)}."
    elif hook.refused_at is None:
        yield "Nothing came so far."
    is_newest = hook.received_at is None or (
        hook.refused_at is not None and hook.refused_at > hook.received_at
    )
    if hook.refused_at is not None and is_newest:
        yield f":warning: Refused {moment(hook.refused_at)}: {inline(hook.refusal, 200)}"


def _menu(hook: Hook) -> Block:
    is_on = hook.off_at is None
    entries = (
        (HookValue(hook=hook.hook_id, verb="rename"), "Rename…"),
        (HookValue(hook=hook.hook_id, verb="renew"), "New secret…"),
        (
            HookValue(hook=hook.hook_id, verb="off" if is_on else "on"),
            "Switch off" if is_on else "Switch on",
        ),
        (HookValue(hook=hook.hook_id, verb="delete"), "Delete…"),
    )
    return {
        "type": "overflow",
        "action_id": Action.HOOKS_MORE.at(hook.hook_id),
        "options": [option(value.dump(), label) for value, label in entries],
    }


def hook_form() -> View:
    """Asks for the name of a new one."""
    hint = "The system that will send, like “Shop” or “Newsletter”."
    return modal(
        Callback.HOOKS_FORM,
        "New webhook",
        [input_block(NAME, "Name", _name(), hint=hint)],
        submit="Make it",
        close="Cancel",
    )


def _name() -> Block:
    return {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "max_length": NAME_LENGTH,
        "focus_on_load": True,
    }


def rename_form(hook: Hook) -> View:
    """Asks for another name."""
    element = {**_name(), "initial_value": hook.name}
    return modal(
        Callback.HOOKS_RENAME_FORM,
        "Rename webhook",
        [input_block(NAME, "Name", element, hint="Its address and its secret stay as they are.")],
        submit="Rename",
        close="Cancel",
        metadata=HookMetadata(hook=hook.hook_id).dump(),
    )


def delete_form(hook: Hook) -> View:
    """Asks once more before it is gone."""
    return modal(
        Callback.HOOKS_DELETE_FORM,
        "Delete webhook?",
        [
            section(f"*{inline(hook.name, 80)}*"),
            context(
                "Its address and its secret will never work again. What came through it stays, and "
                "says so. What another one brings counts anew, also what came before."
            ),
        ],
        submit="Delete",
        close="Cancel",
        metadata=HookMetadata(hook=hook.hook_id).dump(),
    )


def renew_form(hook: Hook) -> View:
    """Asks once more before there is a new secret."""
    return modal(
        Callback.HOOKS_RENEW_FORM,
        "A new secret?",
        [
            section(f"*{inline(hook.name, 80)}*"),
            context("The one that it has now works for a day more, so nothing is lost meanwhile."),
        ],
        submit="New secret",
        close="Cancel",
        metadata=HookMetadata(hook=hook.hook_id).dump(),
    )


FORMS: Mapping[str, Callable[[Hook], View]] = {
    "rename": rename_form,
    "renew": renew_form,
    "delete": delete_form,
}
"""What the entries of a webhook's menu open, by verb."""


def secret_page(shown: Shown, addresses: Addresses) -> View:
    """The address and the secret of one, to be copied: the secret is shown this once."""
    blocks = [
        section(
            f"*{escape(shown.hook.name)}*\nCopy the secret now: it is not shown again. "
            "It belongs where the other system keeps its secrets, and nowhere else."
        ),
        section("Secret"),
        *verbatim(shown.secret, COPY),
        section("Address"),
        *verbatim(addresses.of(shown.hook), COPY),
        *([] if addresses.public_url else [context(NO_ADDRESS)]),
        section("What it sends, as JSON: one of these"),
        *verbatim("\n".join(SAMPLES), COPY),
    ]
    return modal(Callback.PAGE, "Webhook", blocks, close="Close")


_AT = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
_SHOP = Hook(
    hook_id="V0SHOP",
    name="Shop <&>",
    created_at=_AT,
    created_by="U0OLGA",
    secret_form="V0SHOP",  # noqa: S106  (a form, no secret)
)
_HERE = Addresses("https://desk.example.com", "T0TOWN")


EXAMPLES: Mapping[str, Callable[[], View]] = {
    "none": lambda: hooks_page((), Addresses("", "T0TOWN")),
    "some": lambda: hooks_page(
        (
            _SHOP,
            replace(_SHOP, hook_id="V0NEWS", name="Newsletter", received_at=_AT),
            replace(
                _SHOP,
                hook_id="V0SITE",
                name="Site",
                off_at=_AT,
                refused_at=_AT,
                refusal="data.value: field required.",
            ),
        ),
        _HERE,
    ),
    "form": hook_form,
    "renew": lambda: renew_form(_SHOP),
    "rename": lambda: rename_form(_SHOP),
    "delete": lambda: delete_form(_SHOP),
    "secret": lambda: secret_page(Shown(_SHOP, "whsec_AAAA"), _HERE),
}
