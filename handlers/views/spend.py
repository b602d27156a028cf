"""What social cost: organic apart from paid, what one conversion cost, the share of the budget."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.amount import Amount, in_words
from bot.conversion import BUILT_IN, LENSES, Lens
from bot.kinds import PLATFORMS
from bot.spend import LEAST, PUBLISHED, Cost, Share, SpendMaterial
from bot.spending import Spend, SpendSum
from handlers.conversion_values import SpendValue
from handlers.ids import Action, BlockId
from handlers.views.blocks import actions, button, section
from handlers.views.message import Block, Message
from handlers.views.spend_forms import month_name
from handlers.views.text import MESSAGE_LIMIT, cut, inline, lines

_LABELS = {one.value: one.label for one in PLATFORMS}
MOST_LINES = 15
MOST_COSTS = 8


def spend(material: SpendMaterial) -> Message:
    """All of it, for who may see money."""
    parts = [part for part in (*_sums(material), *summary(material), _entered(material)) if part]
    return Message(
        text=cut(lines(parts), MESSAGE_LIMIT),
        blocks=[*(section(part) for part in parts), *_undo(material), _buttons(material)],
    )


def summary(material: SpendMaterial) -> Iterator[str]:
    """The parts that stand beside results as well: what one cost, and the share of the budget."""
    yield _costs(material)
    yield _share(material)


def period(text: str) -> str:
    """A period for a sentence: "2026", "Q4 2026"."""
    year, _, quarter = text.partition("-Q")
    return f"Q{quarter} {year}" if quarter else year


def _sums(material: SpendMaterial) -> Iterator[str]:
    if not material.sums:
        yield lines(
            (
                f"*Spent in {period(material.period)}*",
                "Nothing is entered. Spending makes the cost of a conversion known.",
            )
        )
        return
    total = in_words(material.total())
    yield f"*Spent in {period(material.period)}: {total}*"
    for is_paid, label in ((False, "Organic work"), (True, "Paid media")):
        of = [one for one in material.sums if one.is_paid is is_paid]
        if of:
            more = len(of) - MOST_LINES
            yield lines(
                (
                    f"*{label}: {in_words(material.total(is_paid=is_paid))}*",
                    *(f"• {_where(one)}: {one.amount}" for one in of[:MOST_LINES]),
                    f"• {more} more" if more > 0 else "",
                )
            )


def _where(one: SpendSum | Spend) -> str:
    platform = _platform(one.platform) if one.platform else "No platform"
    return f"{platform}, {inline(one.campaign, 40)}" if one.campaign else platform


def _platform(key: str) -> str:
    return _LABELS.get(key, inline(key, 40))


def _costs(material: SpendMaterial) -> str:
    if not material.costs:
        return ""
    shown = material.costs[:MOST_COSTS]
    return lines(
        (f"*Cost of one, in {period(material.period)}*", *(f"• {_cost(one)}" for one in shown))
    )


def _cost(one: Cost) -> str:
    where = _platform(one.platform) if one.platform else "All"
    what = inline(one.type.label, 60)
    by = f"by {LENSES[one.lens].lower()}"
    if one.each is None:
        few = inline(one.type.counted(one.sample), 90)
        return f"{where}: {few} {by}, too few to tell (from {LEAST} on)"
    return f"{where}: {one.each} per {what}, of {one.sample:,} {by}"


def _share(material: SpendMaterial) -> str:
    share = material.share
    published = ", ".join(f"{value} {when}" for when, value in PUBLISHED)
    if share is None or share.percent is None:
        return ""
    return lines(
        (
            f"*{share.percent} % of the marketing budget of {period(share.period)}*: "
            + _of_what(share),
            f"Beside what a survey of marketers published: {published}.",
        )
    )


def _of_what(share: Share) -> str:
    if share.months == share.of:
        return f"{share.spent} of {share.budget}"
    return f"{share.spent}; {share.budget} in all, {share.months} of {share.of} months have begun"


def _entered(material: SpendMaterial) -> str:
    if not material.entered:
        return ""
    return lines(("*Entered last*", *(f"• {_entry(one)}" for one in material.entered)))


def _entry(one: Spend) -> str:
    kind = "paid" if one.is_paid else "organic"
    month = month_name(one.month)
    said = f"{month}, {_where(one)}, {kind}: {one.amount}"
    if one.undone_at is not None:
        return f"~{said}~ undone by <@{one.undone_by}>"
    return f"{said}, by <@{one.recorded_by}>"


def _undo(material: SpendMaterial) -> list[Block]:
    """One can take back the newest entry that counts; older ones come up behind it."""
    newest = next((one for one in material.entered if one.undone_at is None), None)
    if newest is None:
        return []
    what = f"{_where(newest)}, {newest.amount}"
    element = button(
        Action.SPEND_UNDO.value,
        "Undo the newest entry",
        SpendValue(id=newest.spend_id).dump(),
        label=f"Undo: {what}",
    )
    return [actions(BlockId.SPEND.at("undo", newest.spend_id), [element])]


def _buttons(material: SpendMaterial) -> Block:
    return actions(
        BlockId.SPEND.at(material.period),
        [
            button(Action.SPEND_NEW.value, "Enter spending…", "spend", label="Enter spending"),
            button(
                Action.SPEND_BUDGET.value,
                "Marketing budget…",
                "budget",
                label="Enter the marketing budget of a year or a quarter",
            ),
        ],
    )


_AT = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
_SUM = SpendSum(
    platform="linkedin", campaign="more-trials", is_paid=True, amount=Amount(620_000, "EUR")
)
_ENTRY = Spend(
    spend_id="V1",
    month=date(2026, 11, 1),
    platform="linkedin",
    campaign="more-trials",
    is_paid=True,
    amount=Amount(620_000, "EUR"),
    recorded_at=_AT,
    recorded_by="U0CORA",
)
_COST = Cost(
    platform="linkedin", type=BUILT_IN[1], lens=Lens.LAST, sample=31, each=Amount(55_360, "EUR")
)
QUARTER = SpendMaterial(
    period="2026-Q4",
    sums=(
        SpendSum(platform=None, campaign=None, is_paid=False, amount=Amount(9_000_000, "EUR")),
        _SUM,
    ),
    costs=(_COST, replace(_COST, type=BUILT_IN[0], sample=2, each=None)),
    share=Share(
        period="2026-Q4",
        budget=Amount(120_000_000, "EUR"),
        spent=Amount(9_620_000, "EUR"),
        months=2,
        of=3,
    ),
    entered=(
        replace(_ENTRY, spend_id="V2", undone_at=_AT, undone_by="U0OLGA"),
        _ENTRY,
        replace(_ENTRY, spend_id="V3", is_paid=False, platform=None, campaign=None),
    ),
)


@dataclass(frozen=True, slots=True)
class SpendExample:
    """The argument of one answer."""

    material: SpendMaterial

    def build(self) -> Message:
        """The answer that this asks for."""
        return spend(self.material)


EXAMPLES: Mapping[str, SpendExample] = {
    "quarter": SpendExample(QUARTER),
    "none": SpendExample(SpendMaterial(period="2026", sums=())),
    "year": SpendExample(
        replace(
            QUARTER,
            period="2025",
            sums=tuple(replace(_SUM, campaign=f"c{nth:02}") for nth in range(20)),
            share=Share(
                period="2025",
                budget=Amount(120_000_000, "EUR"),
                spent=Amount(12_400_000, "EUR"),
                months=12,
                of=12,
            ),
        )
    ),
}
