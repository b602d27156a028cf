"""What social brought, on one screen: by type against before, and what it is put down to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.amount import Amount, in_words
from bot.attribution import CARRIES, Attribution, Row
from bot.conversion import BUILT_IN, LENSES, Dimension, Lens, Total
from bot.results import BY, MOST_ROWS, Line, ResultsMaterial
from bot.text import in_unit
from handlers.conversion_values import ResultsValue
from handlers.ids import Action, BlockId
from handlers.views import spend as spend_view
from handlers.views.blocks import actions, option, plain, section
from handlers.views.message import Block, Message
from handlers.views.text import MESSAGE_LIMIT, cut, inline, lines

NOTHING = (
    "No conversions in these four weeks or the four before. They come from the webhook, from a "
    "file, or by hand: `/social conversion`; what is said at the counter with "
    "`/social redeemed PHRASE 3`."
)
MOST_TYPES = 10
_ORDER = {
    Lens.FIRST: "first touch",
    Lens.LAST: "last touch",
    Lens.TOUCHED: "what touched them",
    Lens.TOLD: "what they told us",
}
MANY = "Whoever saw several is counted with each."


def results(material: ResultsMaterial) -> Message:
    """Everything stands in sections, so the text says all of it."""
    parts = [_counts(material)]
    if material.attribution is not None and material.type is not None:
        parts.append(_table(material, material.attribution))
    if material.spend is not None:
        parts += [part for part in spend_view.summary(material.spend) if part]
    choice = [_choice(material)] if material.attribution is not None else []
    blocks = [section(part) for part in parts]
    text = cut(lines(parts), MESSAGE_LIMIT)
    return Message(text=text, blocks=[*blocks[:2], *choice, *blocks[2:]])


def _counts(material: ResultsMaterial) -> str:
    more = len(material.lines) - MOST_TYPES
    if not material.lines:
        return lines((f"*Results of the last {material.days} days*", NOTHING))
    return lines(
        (
            f"*Results of the last {material.days} days*, and of the {material.days} before",
            *(_line(line, sees_money=material.sees_money) for line in material.lines[:MOST_TYPES]),
            f"• {more} more types" if more > 0 else "",
        )
    )


def _line(line: Line, *, sees_money: bool) -> str:
    now, before = line.now, line.before
    amounts = in_words(now.amounts) if sees_money else ""
    was = in_words(before.amounts) if sees_money else ""
    brought = f", {amounts} (before {was or 'nothing'})" if amounts or was else ""
    count = inline(line.type.counted(now.count), 90)
    return f"• {count}, before {before.count:,}{brought}"


def _table(material: ResultsMaterial, found: Attribution) -> str:
    names = dict(material.names)
    shown, rest = found.rows[:MOST_ROWS], found.rows[MOST_ROWS:]
    many = inline(material.type.many if material.type else "", 60)
    return lines(
        (
            f"*What brought the {found.total:,} {many}*, by {BY[material.dimension]}",
            *(f"• {_name(row, names, material.dimension)}: {_cells(row)}" for row in shown),
            f"• {len(rest)} more: {_cells(_sum(rest))}" if rest else "",
            f"• Unknown{_unknown(found)}",
            _order(found, names, material.dimension),
            MANY if any(row[Lens.TOUCHED] for row in found.rows) else "",
            _from(material),
        )
    )


def _from(material: ResultsMaterial) -> str:
    told = [f"{inline(name, 60)} {count:,}" for name, count in material.sources]
    return f"Where from: {' · '.join(told)}" if told else ""


def _name(row: Row, names: Mapping[str, str], dimension: Dimension) -> str:
    name = inline(names.get(row.key, row.key), 60)
    return f"{row.key} {name}" if dimension is Dimension.POST else name


def _cells(row: Row) -> str:
    cells = [f"{LENSES[lens].lower()} {row[lens]:,}" for lens in Lens if row[lens]]
    return " · ".join(cells)


def _unknown(found: Attribution) -> str:
    """Of each lens, and its share: what nobody knows is as large as it is."""
    if not found.total:
        return ": 0"
    cells = [
        f" by {_ORDER[lens]} {found.unknown(lens):,} "
        f"({in_unit(f'{100 * found.unknown(lens) / found.total:.0f}', '%')})"
        for lens in Lens
        if found.unknown(lens)
    ]
    return " ·".join(cells) or ": none"


def _sum(rows: tuple[Row, ...]) -> Row:
    return Row(key="", counts={lens: sum(row[lens] for row in rows) for lens in Lens})


def _order(found: Attribution, names: Mapping[str, str], dimension: Dimension) -> str:
    """Whether the order of the rows says anything, and of how many it is."""
    if not found.rows:
        return ""
    if found.ranked_by is None:
        return (
            f"_Too few for an order: of {found.sample:,} something is known, it takes {CARRIES}._"
        )
    of = f"Ordered by {_ORDER[found.ranked_by]}, known of {found.sample:,}"
    if found.leader is None:
        return f"_{of}. Nobody is ahead by more than chance._"
    leader = Row(key=found.leader, counts={})
    return f"_{of}. {_name(leader, names, dimension)} is ahead by more than chance._"


def _choice(material: ResultsMaterial) -> Block:
    """Which type the table is of, and by what."""
    type_key = material.type.key if material.type else None
    by_type = [
        (ResultsValue(type=line.type.key, by=material.dimension), line.type.many.capitalize())
        for line in material.lines
    ]
    by_dimension = [
        (ResultsValue(type=type_key, by=dimension), f"By {name}") for dimension, name in BY.items()
    ]
    now = ResultsValue(type=type_key, by=material.dimension)
    return actions(
        BlockId.RESULTS.at(type_key or "", material.dimension),
        [
            _select("type", "What", by_type, now),
            _select("by", "By what", by_dimension, now),
        ],
    )


def _select(
    name: str, label: str, entries: list[tuple[ResultsValue, str]], now: ResultsValue
) -> Block:
    options = [option(value.dump(), said) for value, said in entries]
    element: Block = {
        "type": "static_select",
        "action_id": Action.RESULTS_SHOW.at(name),
        "placeholder": plain(label, 75),
        "options": options,
    }
    chosen = next((entry for entry in options if entry["value"] == now.dump()), None)
    return element if chosen is None else {**element, "initial_option": chosen}


_SALE, _SIGNUP = BUILT_IN[0], BUILT_IN[1]
_LINES = (
    Line(
        type=_SALE,
        now=Total(type_key="revenue", count=2, entries=2, amounts=(Amount(1_900_500, "EUR"),)),
        before=Total(type_key="revenue", count=0, entries=0),
    ),
    Line(
        type=_SIGNUP,
        now=Total(type_key="signup", count=62, entries=60),
        before=Total(type_key="signup", count=71, entries=70),
    ),
)
_ROWS = (
    Row(key="linkedin", counts={Lens.FIRST: 20, Lens.LAST: 31, Lens.TOUCHED: 36, Lens.TOLD: 4}),
    Row(key="google", counts={Lens.LAST: 9, Lens.TOUCHED: 9}),
)
_KNOWN = {Lens.FIRST: 20, Lens.LAST: 40, Lens.TOUCHED: 41, Lens.TOLD: 4}
_RESULTS = ResultsMaterial(
    days=28,
    lines=_LINES,
    dimension=Dimension.PLATFORM,
    type=_SIGNUP,
    attribution=Attribution(
        total=62, rows=_ROWS, known=_KNOWN, ranked_by=Lens.TOUCHED, leader="linkedin"
    ),
    names=(("linkedin", "LinkedIn"), ("google", "google")),
    sources=(("Shop <&>", 41), ("by hand", 21)),
    spend=spend_view.QUARTER,
    sees_money=True,
)


@dataclass(frozen=True, slots=True)
class ResultsExample:
    """The argument of one answer."""

    material: ResultsMaterial

    def build(self) -> Message:
        """The answer that this asks for."""
        return results(self.material)


EXAMPLES: Mapping[str, ResultsExample] = {
    "team": ResultsExample(_RESULTS),
    "anybody": ResultsExample(replace(_RESULTS, spend=None, sees_money=False)),
    "few-by-post": ResultsExample(
        replace(
            _RESULTS,
            dimension=Dimension.POST,
            attribution=Attribution(
                total=7,
                rows=tuple(Row(key=str(n), counts={Lens.TOLD: 1}) for n in range(12, 2, -1)),
                known={Lens.TOLD: 6},
            ),
            names=tuple((str(n), f"<Idea> {n}") for n in range(12, 4, -1)),
            spend=None,
        )
    ),
    "even": ResultsExample(
        replace(
            _RESULTS,
            attribution=Attribution(total=62, rows=_ROWS, known=_KNOWN, ranked_by=Lens.LAST),
            spend=None,
        )
    ),
    "unknown": ResultsExample(
        replace(_RESULTS, attribution=Attribution(total=62, rows=(), known={}), spend=None)
    ),
    "none": ResultsExample(
        replace(_RESULTS, lines=(), type=None, attribution=None, names=(), spend=None)
    ),
}
