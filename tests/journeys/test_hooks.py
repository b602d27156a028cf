"""An admin lets another system in, sees what came of it, shuts it out again, and deletes it."""

import json
from typing import Any

import pytest

from bot.hook import key_of
from sandbox.people import Person
from tests.support.desk import KEY, Scene, scene


def secret_in(view: Any) -> str:
    """The secret that a page shows."""
    texts = [
        leaf["text"]
        for block in view.blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
        for leaf in part["elements"]
    ]
    (secret,) = [text for text in texts if text.startswith("whsec_")]
    return str(secret)


def menu(s: Scene, who: Person, label: str) -> tuple[str, str]:
    """The id of the first menu on a page, and the value of one of its entries."""
    for block in s.modal(who).blocks:
        found = block.get("accessory") or {}
        for option in found.get("options", ()):
            if option["text"]["text"] == label:
                return found["action_id"], option["value"]
    raise AssertionError(label)


async def test_an_admin_makes_a_webhook_and_sees_its_secret_once(sqlite_url: str) -> None:
    async with scene(sqlite_url, keys=(KEY,)) as s:
        olga = s.olga
        await olga.slash("/social", "hooks", channel=s.general)
        assert "PUBLIC_URL" in json.dumps(s.modal(olga).blocks)
        await olga.click(s.modal(olga), "hooks.new")
        await olga.submit({"name": " "})
        assert list(olga.errors) == ["name"]
        await olga.submit({"name": "Shop"})
        secret = secret_in(s.modal(olga))
        assert len(key_of(secret)) == 32
        assert "/hooks/T" in json.dumps(s.modal(olga).blocks)
        await s.settle()
        await olga.close_view()
        assert "*Shop*" in json.dumps(s.modal(olga).blocks)
        assert secret not in json.dumps(s.modal(olga).blocks)

        action, value = menu(s, olga, "New secret…")
        await olga.click(s.modal(olga), action, value)
        await olga.submit({})
        assert secret_in(s.modal(olga)) != secret
        await s.settle()
        await olga.close_view()

        await olga.click(s.modal(olga), *menu(s, olga, "Switch off"))
        assert "Off since" in json.dumps(s.modal(olga).blocks)
        await olga.click(s.modal(olga), *menu(s, olga, "Switch on"))
        assert "Off since" not in json.dumps(s.modal(olga).blocks)

        await olga.click(s.modal(olga), *menu(s, olga, "Rename…"))
        await olga.submit({"name": " "})
        assert list(olga.errors) == ["name"]
        await olga.submit({"name": "Online shop"})
        await s.settle()
        assert "*Online shop*" in json.dumps(s.modal(olga).blocks)
        await olga.click(s.modal(olga), *menu(s, olga, "Delete…"))
        assert "never work again" in json.dumps(s.modal(olga).blocks)
        await olga.submit({})
        await s.settle()
        assert "Online shop" not in json.dumps(s.modal(olga).blocks)
        said = [m.text for m in s.ws.messages.get(s.general, {}).values()]
        assert said == []  # nothing of it stands in a channel


@pytest.mark.parametrize(
    "name, keys, told",
    [
        ("sam", (KEY,), "Only admins of Social Desk can do this."),
        ("olga", (), "ENCRYPTION_KEYS"),
    ],
)
async def test_who_can_t_make_one_is_told_why(
    sqlite_url: str, name: str, keys: tuple[str, ...], told: str
) -> None:
    async with scene(sqlite_url, keys=keys) as s:
        person: Person = getattr(s, name)
        await person.slash("/social", "hooks", channel=s.general)
        assert person.view is None
        assert told in person.ephemerals[-1].text
