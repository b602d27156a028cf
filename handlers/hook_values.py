"""What rides on the menus and forms of webhooks."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from handlers.carried import OLD_FORM, Carried

HookId = Annotated[str, Field(min_length=1, max_length=64)]


class HookValue(Carried):
    """The value of an entry of a webhook's menu: which one, and what is to be done."""

    hook: HookId
    verb: Literal["renew", "off", "on"]


class HookMetadata(Carried):
    """What the form of a new secret has to know: whose."""

    unreadable: ClassVar[str] = OLD_FORM

    hook: HookId
