"""What rides on the menus and forms of webhooks."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from handlers.carried import OLD_FORM, Carried

HookId = Annotated[str, Field(min_length=1, max_length=64)]


class HookValue(Carried):
    """The value of an entry of a webhook's menu: which one, and what is to be done."""

    hook: HookId
    verb: Literal["rename", "renew", "off", "on", "delete"]


class HookMetadata(Carried):
    """What the forms of a webhook have to know: which one."""

    unreadable: ClassVar[str] = OLD_FORM

    hook: HookId
