"""What social cost: organic apart from paid, what one conversion cost, the share of the budget."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.amount import Amount, in_words
from bot.budget import Share
from bot.conversion import BUILT_IN, Lens
from bot.kinds import PLATFORMS
from bot.spend import LEAST, PUBLISHED, Cost, SpendMaterial
from bot.spending import Budget, Spend, SpendSum
from bot.text import in_unit
from handlers.conversion_values import SpendValue
from handlers.ids import Action, BlockId
from handlers.views.blocks import actions, button, section
from handlers.views.message import Block, Message
from handlers.views.spend_forms import month_name
from handlers.views.text import MESSAGE_LIMIT, cut, inline, lines, moment, user

_LABELS = {one.value: one.label for one in PLATFORMS}
MOST_LINES = 15
MOST_COSTS = 8
MOST_BUDGETS = 4
_KNOWN_BY = {
    Lens.FIRST: "saw it first",
    Lens.LAST: "saw it last",
    Lens.TOUCHED: "saw it on the way",
    Lens.TOLD: "named it",
}
"""How it is known of those whom a cost is told of."""


def spend(material: SpendMaterial) -> Message:
    """All of it, for who may see money."""
    parts = [part for part in (*_sums(material), *summary(material), *_more(material)) if part]
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
            shown = of[:MOST_LINES] if _has_place(of) else []
            yield lines(
                (
                    f"*{label}: {in_words(material.total(is_paid=is_paid))}*",
                    *(f"• {_where(one)}: {one.amount}" for one in shown),
                    f"• {more} more" if more > 0 else "",
                )
            )


def _has_place(sums: Sequence[SpendSum]) -> bool:
    """Whether any of it is put down to something; else its sum says all."""
    return any(one.platform or one.campaign for one in sums)


def _where(one: SpendSum | Spend) -> str:
    platform = _platform(one.platform) if one.platform else "No platform"
    return f"{platform}, {inline(one.campaign, 40)}" if one.campaign else platform


def _platform(key: str) -> str:
    return _LABELS.get(key, inline(key, 40))


def _costs(material: SpendMaterial) -> str:
    if not material.costs:
        return ""
    shown = material.costs[:MOST_COSTS]
    head = f"*What one cost in {period(material.period)}*, of all that was spent there"
    return lines((head, *(f"• {_cost(one)}" for one in shown)))


def _cost(one: Cost) -> str:
    where = _platform(one.platform) if one.platform else "All"
    if one.sample < LEAST:
        few = inline(one.type.many, 60)
        return f"{where}: too few {few} to tell, {one.sample} of {LEAST}"
    what = inline(one.type.label, 60)
    if one.each is None:
        return f"{where}: paid in several currencies, so no cost per {what}"
    return f"{where}: {one.each} per {what} ({one.sample:,} {_KNOWN_BY[one.lens]})"


def _share(material: SpendMaterial) -> str:
    share = material.share
    published = ", ".join(f"{in_unit(value, '%')} {when}" for when, value in PUBLISHED)
    if share is None or share.percent is None:
        return ""
    of = f"Social's share of the marketing budget of {period(share.period)}"
    return lines(
        (
            f"*{of}: {in_unit(share.percent, '%')}*",
            f"{_of_what(share)}. Marketers in a published survey: {published}.",
        )
    )


def _of_what(share: Share) -> str:
    if share.months == share.of:
        return f"{share.spent} of {share.budget}"
    of = f"{share.months} of {share.of} months of {share.budget}"
    return f"{share.spent} of {share.part} ({of})"


def _budget(share: Share | None) -> str:
    """Who set the budget that it is a share of, and what it was before."""
    if share is None or not share.set_by:
        return ""
    name = period(share.set_by[0].period)
    as_then = f", of which a quarter counts, as it stood in {period(share.period)}"
    return lines(
        (
            f"*Budget of {name}*{as_then if share.of_year else ''}",
            *(
                f"• {'' if place == 0 else 'Before: '}{one.amount}, by {user(one.recorded_by)}, "
                f"{moment(one.recorded_at)}"
                for place, one in enumerate(share.set_by[:MOST_BUDGETS])
            ),
        )
    )


def _more(material: SpendMaterial) -> Iterator[str]:
    """What was entered, and by whom."""
    yield _budget(material.share)
    yield _entered(material)


def _entered(material: SpendMaterial) -> str:
    if not material.entered:
        return ""
    return lines(("*Entered last*", *(f"• {_entry(one)}" for one in material.entered)))


def _entry(one: Spend) -> str:
    kind = "paid" if one.is_paid else "organic"
    where = f"{_where(one)}, " if one.platform or one.campaign else ""
    said = f"{month_name(one.month)}, {where}{kind}: {one.amount}"
    if one.undone_at is not None:
        return f"~{said}~ undone by <@{one.undone_by}>"
    return f"{said}, by <@{one.recorded_by}>"


def _undo(material: SpendMaterial) -> list[Block]:
    """One can take back the newest entry that counts; older ones come up behind it."""
    newest = next((one for one in material.entered if one.undone_at is None), None)
    if newest is None:
        return []
    what = f"{month_name(newest.month)}, {newest.amount}"
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
_BUDGET = Budget(
    period="2026-Q4", amount=Amount(120_000_000, "EUR"), recorded_at=_AT, recorded_by="U0CORA"
)
QUARTER = SpendMaterial(
    period="2026-Q4",
    sums=(
        SpendSum(platform=None, campaign=None, is_paid=False, amount=Amount(9_000_000, "EUR")),
        _SUM,
    ),
    costs=(
        _COST,
        replace(_COST, type=BUILT_IN[0], sample=2, each=None),
        replace(_COST, platform="x", sample=28, lens=Lens.TOUCHED),
        replace(_COST, platform="x", type=BUILT_IN[2], sample=28, each=None),
    ),
    share=Share(
        period="2026-Q4",
        budget=Amount(120_000_000, "EUR"),
        spent=Amount(9_620_000, "EUR"),
        months=2,
        of=3,
        set_by=(_BUDGET, replace(_BUDGET, amount=Amount(96_000_000, "EUR"))),
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
    "earlier-quarter": SpendExample(
        replace(
            QUARTER,
            period="2026-Q1",
            sums=(replace(_SUM, platform=None, campaign=None),),
            costs=(),
            entered=(),
            share=Share(
                period="2026-Q1",
                budget=Amount(24_000_000, "EUR"),
                spent=Amount(620_000, "EUR"),
                months=3,
                of=3,
                set_by=(replace(_BUDGET, period="2026", amount=Amount(96_000_000, "EUR")),),
            ),
        )
    ),
}
