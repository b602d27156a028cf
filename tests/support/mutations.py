"""Spoils payloads by chance: what is left out, doubled, of another type, too long, or strange."""

import copy
import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Json = dict[str, Any]
Path = tuple[Any, ...]

STRANGE: tuple[str, ...] = (
    "",
    " ",
    "\x00",
    "\u202e\u2066right to left",
    "e\u0301\u200b\u200d",
    "𝕊𝕠𝕔𝕚𝕒𝕝 👩‍👩‍👧‍👧",
    "<!channel> <@U1|x> &amp;amp; <script>",
    "'; DROP TABLE submission; --",
    "../../etc/passwd",
    "{{7*7}} %s %n ${x}",
    "null",
    "NaN",
    "1e400",
    "-1",
    "9" * 40,
    "T99999999",
    "U99999999",
    '{"number":1,"version":1,"role_id":"lead_desk"}',
    '{"number":99999999999999999999,"version":1,"role_id":"x"}',
    '{"key":"leadership"}',
    '{"kind":"idea","slot":3}',
    "[" * 500,
    "\ud800",
    "\ufffe\uffff",
)

VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**18,
    10**400,
    -(10**30),
    math.nan,
    math.inf,
    [],
    {},
    [[]],
    [{}],
    {"id": None},
    {"": ""},
    *STRANGE,
)


def deep(rng: random.Random) -> Any:
    """A list or an object in itself, many times."""
    found: Any = "bottom"
    for _ in range(rng.choice((5, 60, 400))):
        found = [found] if rng.random() < 0.5 else {"value": found}
    return found


def places(node: Any, path: Path = ()) -> Iterator[Path]:
    """The path of everything in a payload."""
    steps: Any = node.items() if isinstance(node, dict) else enumerate(node)
    for step, value in list(steps):
        yield (*path, step)
        if isinstance(value, dict | list):
            yield from places(value, (*path, step))


def at(node: Any, path: Path) -> Any:
    """What stands there."""
    for step in path:
        node = node[step]
    return node


def _drop(rng: random.Random, holder: Any, step: Any, _other: Json) -> None:
    del holder[step]


def _retype(rng: random.Random, holder: Any, step: Any, _other: Json) -> None:
    holder[step] = copy.deepcopy(rng.choice(VALUES))


def _grow(rng: random.Random, holder: Any, step: Any, _other: Json) -> None:
    old = holder[step]
    if isinstance(old, str):
        holder[step] = (old or "x") * rng.choice((2, 100, 20_000))
    elif isinstance(old, list):
        holder[step] = [copy.deepcopy(one) for one in old for _ in range(rng.choice((2, 120)))]
    elif isinstance(old, dict):
        holder[step] = old | {f"more_{number}": number for number in range(rng.choice((1, 300)))}
    else:
        holder[step] = [old] * rng.choice((2, 50))


def _nest(rng: random.Random, holder: Any, step: Any, _other: Json) -> None:
    holder[step] = deep(rng)


def _mark(rng: random.Random, holder: Any, step: Any, _other: Json) -> None:
    """Something strange in the middle of a text."""
    old = holder[step] if isinstance(holder[step], str) else json.dumps(holder[step])
    cut = rng.randint(0, len(old))
    holder[step] = old[:cut] + rng.choice(STRANGE) + old[cut:]


def _splice(rng: random.Random, holder: Any, step: Any, other: Json) -> None:
    """A part of another payload, in the place of this one."""
    holder[step] = copy.deepcopy(at(other, rng.choice(list(places(other)))))


def _rename(rng: random.Random, holder: Any, step: Any, _other: Json) -> None:
    if isinstance(holder, dict):
        holder[rng.choice((str(step).upper(), f"{step} ", f"{step}\u200b"))] = holder.pop(step)
    else:
        holder.reverse()


Change = Callable[[random.Random, Any, Any, Json], None]
CHANGES: Sequence[Change] = (_drop, _retype, _retype, _grow, _nest, _mark, _splice, _rename)


def mutated(payload: Json, other: Json, rng: random.Random) -> tuple[Json, str]:
    """A payload with one to four changes, and what they were; `other` is where parts come from."""
    found, told = copy.deepcopy(payload), []
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        paths = list(places(found))
        if not paths:
            break
        path, change = rng.choice(paths), rng.choice(CHANGES)
        change(rng, at(found, path[:-1]), path[-1], other)
        told.append(f"{change.__name__} {'.'.join(str(step) for step in path)}")
    return found, ", ".join(told)


BYTES = (b"%00", b"%", b"&&payload=", b"\xff\xfe", b"\\u0000")


def raw_mutated(raw: bytes, rng: random.Random) -> bytes:
    """Bytes of a request with some of them changed, left out, doubled, or cut off."""
    found = bytearray(raw)
    for _ in range(rng.choice((1, 3, 20))):
        place = rng.randrange(len(found) + 1)
        match rng.randrange(5):
            case 0:
                found[place : place + 1] = bytes([rng.randrange(256)])
            case 1:
                del found[place : place + rng.choice((1, 10, 500))]
            case 2:
                found[place:place] = found[: rng.choice((1, 50))]
            case 3:
                found = found[:place]
            case _:
                found[place:place] = rng.choice(
                    (b"%00", b"%", b"&&payload=", b"\xff\xfe", b"\\u0000")
                )
    return bytes(found)
