"""What social brought: conversions, their types, and the touches that they are put down to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from bot.amount import Amount
from bot.money import is_money


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionType:
    """A type of conversion: the key that files and webhooks use, what people read of one and of
    several.
    """

    key: str
    label: str
    many: str

    @property
    def is_money(self) -> bool:
        """Whether it is money: told, and never a goal (P20)."""
        return self.key == REVENUE or is_money(self.label)

    def counted(self, count: int) -> str:
        """So many of it: "1 e-mail sign-up", "1,200 e-mail sign-ups"."""
        return f"{count:,} {self.label if count == 1 else self.many}"


REVENUE = "revenue"

BUILT_IN = (
    ConversionType(key=REVENUE, label="sale", many="sales"),
    ConversionType(key="signup", label="e-mail sign-up", many="e-mail sign-ups"),
    ConversionType(key="download", label="product download", many="product downloads"),
    ConversionType(key="request", label="request for information", many="requests for information"),
)
"""The four of P24. Of revenue a conversion is one sale, with its amount."""


def types_of(own: Sequence[ConversionType]) -> Mapping[str, ConversionType]:
    """All types by key: those built in, and a desk's `own`."""
    return {one.key: one for one in (*BUILT_IN, *own)}


class Lens(StrEnum):
    """How a conversion is put down to what came before it: each a truth of its own (P25)."""

    FIRST = "first"
    LAST = "last"
    TOUCHED = "touched"
    TOLD = "told"


LENSES: Mapping[Lens, str] = {
    Lens.FIRST: "First touch",
    Lens.LAST: "Last touch",
    Lens.TOUCHED: "Touched",
    Lens.TOLD: "They told us",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """What somebody saw before they did it: a post by its number, a platform, a campaign, each if
    it is known. Never who.
    """

    lens: Lens
    post: int | None = None
    platform: str | None = None
    campaign: str | None = None
    is_paid: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it says anything."""
        return bool(self.post or self.platform or self.campaign)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """`count` people did what `type_key` names at `occurred_at`; nothing tells who they are.

    `source` and `external_id` together make it count once: where it came from ("hand", "file",
    "webhook:shop"), and its id there. `amount` is of all `count` together. `recorded_by` is who
    entered it by hand, None for machines. One that was entered wrongly is undone and stays on
    record; what was entered in its stead names it in `replaces`.
    """

    type_key: str
    occurred_at: datetime
    source: str
    external_id: str
    recorded_at: datetime
    recorded_by: str | None = None
    count: int = 1
    amount: Amount | None = None
    touches: tuple[Touch, ...] = ()
    replaces: str | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def conversion_id(self) -> str:
        """Its id with us: of one length, the same each time it comes."""
        return conversion_id(self.source, self.external_id)


def conversion_id(source: str, external_id: str) -> str:
    """The id with us of what a source calls `external_id`."""
    return sha256(f"{source}\n{external_id}".encode()).hexdigest()[:32]


def hook_source(hook_id: str) -> str:
    """The source of what comes by a webhook, or by a file that names it."""
    return f"webhook:{hook_id}"


class Dimension(StrEnum):
    """What conversions are put down to."""

    POST = "post"
    PLATFORM = "platform"
    CONTENT_TYPE = "content_type"
    GOAL = "goal"
    CAMPAIGN = "campaign"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All conversions of a type in a span: how many they count, in how many entries, and what they
    brought in each currency.
    """

    type_key: str
    count: int
    entries: int
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What one lens puts down to one `key` of a dimension, each conversion once. `key` None: what
    it puts down to anything at all in that dimension, each conversion once.
    """

    lens: Lens
    type_key: str
    key: str | None
    count: int
    entries: int
