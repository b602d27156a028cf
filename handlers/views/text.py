"""Text for Slack: what people typed is data, and never becomes markup, a ping or a broken limit.

Rules of escaping, mentions and dates: https://docs.slack.dev/messaging/formatting-message-text
Lengths are counted in UTF-16 units, so an emoji counts two: the larger of the ways to count.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from bot.text import clean, one_line

MESSAGE_LIMIT = 4000
SECTION_LIMIT = 3000
LINK_LIMIT = 1000
"""Longer addresses stay plain text: a link can't be cut, and has to fit into one section."""

ELLIPSIS = "…"

_CONTROL = re.compile(r"<[^<>]*>")
_TOKEN = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)
_URL = re.compile(r"https?://(?:(?!&[lg]t;)[^\s<>|])++")
_URL_TAIL = re.compile(r"[.,;:!?)\]'\"]+$")
_MENTION = re.compile(r"&lt;([@#][A-Z0-9]{2,32})&gt;")
_JOINER = "\u200d"


def escape(text: str) -> str:
    """`text` with `&`, `<` and `>` as entities: `<!channel>` and `<@U1>` become plain words."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def width(text: str) -> int:
    """How long `text` is in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def stored(escaped: str) -> int:
    """How long `escaped` is once Slack keeps it: the mark of a quote then counts as `&gt;`."""
    bare_marks = escaped.count(">") - len(_CONTROL.findall(escaped))
    return width(escaped) + 3 * bare_marks


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _continues(before: str, char: str) -> bool:
    """Whether `char` belongs to the visible character that ends with `before`."""
    is_skin_tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    is_mark = unicodedata.category(char).startswith("M")
    is_flag = _is_flag_letter(before) and _is_flag_letter(char)
    return _JOINER in {before, char} or is_skin_tone or is_mark or is_flag


def _boundary(text: str, limit: int, measure: Callable[[str], int]) -> int:
    """The largest index at which a first part of `text`, at most `limit` long, can end.

    Never inside an entity or a `<…>`; not inside a visible character either, unless that one is so
    long that it would take half of the part away.
    """
    used = index = 0
    ends = [0]
    for token in _TOKEN.finditer(text):
        used += measure(token[0])
        if used > limit:
            break
        index = token.end()
        ends.append(index)
    for end in reversed(ends):
        if end <= index // 2:
            return index
        if end == len(text) or not _continues(text[end - 1], text[end]):
            return end
    return index


def cut(escaped: str, limit: int) -> str:
    """`escaped` in at most `limit` characters; an ellipsis stands for what was left out."""
    if stored(escaped) <= limit:
        return escaped
    return escaped[: _boundary(escaped, limit - 1, stored)].rstrip() + ELLIPSIS


def split(text: str, limit: int, measure: Callable[[str], int] = width) -> tuple[str, str]:
    """The first part of `text`, at most `limit` long as `measure` counts, and the rest."""
    if measure(text) <= limit:
        return text, ""
    index = _boundary(text, limit, measure) or 1
    return text[:index], text[index:]


def chunks(text: str, limit: int = SECTION_LIMIT) -> tuple[str, ...]:
    """`text` in parts of at most `limit` characters each; blank parts are left out."""
    parts: list[str] = []
    rest = text
    while rest:
        head, rest = split(rest, limit, stored)
        if head.strip():
            parts.append(head)
    return tuple(parts)


def isolate(text: str) -> str:
    """`text` set apart from the sentence around it when it holds right-to-left characters.

    U+2068 and U+2069 keep its direction from turning our own words round
    (https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates).
    """
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text):
        return f"\u2068{text}\u2069"
    return text


def inline(text: str, limit: int = 200) -> str:
    """What somebody typed, on one line, to stand inside a sentence of ours."""
    return isolate(cut(_fenceless(escape(one_line(text))), limit))


def typed(text: str) -> str:
    """What somebody typed, over several lines, escaped; web addresses in it can be pressed."""
    return _URL.sub(_link_url, _fenceless(escape(clean(text))))


def _fenceless(text: str) -> str:
    """Three backticks in a row would make a code block of all that follows: a word joiner between
    them leaves them to be read.
    """
    return text.replace("```", "`\u2060`\u2060`")


def quote(text: str, limit: int) -> str:
    """What somebody typed as a quote, a bar beside each line: at most `limit` characters, marks
    included. Empty for an empty text.
    """
    body = typed(text)
    return cut("\n".join(f"> {line}".rstrip() for line in body.split("\n")), limit) if body else ""


def _link_url(match: re.Match[str]) -> str:
    url = match[0]
    tail = _URL_TAIL.search(url)
    end = tail.start() if tail else len(url)
    is_link = is_web_link(url[:end]) and width(url) <= LINK_LIMIT
    return f"<{url[:end]}>{url[end:]}" if is_link else url


def is_web_link(url: str) -> bool:
    """Whether `url` is an http or https address that Slack takes as a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    has_host = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return has_host and not re.search(r"[\s<>]", url)


def link(url: str, label: str | None = None, *, limit: int = 400) -> str:
    """`url` to press, under `label` (ready to show) or its own shortened address.

    What is no web address, or is longer than `limit`, is shown as the label or as text.
    """
    target = escape(clean(url)).replace("|", "%7C")
    if not is_web_link(clean(url)) or width(target) > limit:
        return label or inline(url, limit)
    shown = label or cut(target.partition("://")[2], 60)
    return f"<{target}|{shown.replace('|', '¦')}>"


def told(sentence: str) -> str:
    """A sentence of the desk itself, escaped; only mentions of people and channels stay markup."""
    return _MENTION.sub(r"<\1>", escape(sentence))


def user(user_id: str) -> str:
    """A mention. It pings the person, so use it only where that is meant."""
    return f"<@{user_id}>"


def channel(channel_id: str) -> str:
    """A channel to press; who may not see a private one reads that it is private."""
    return f"<#{channel_id}>"


def moment(at: datetime) -> str:
    """A time as each reader's own clock shows it; UTC where Slack can't.

    `at` has its zone.
    """
    utc = at.astimezone(UTC)
    fallback = f"{day(utc.date())}, {utc:%H:%M} UTC"
    return f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(on: date, *, with_year: bool = True) -> str:
    """A day in words that no locale setting of the machine changes: "Mon 9 Nov 2026"."""
    words = f"{_DAYS[on.weekday()]} {short_day(on)}"
    return f"{words} {on.year}" if with_year else words


def short_day(on: date) -> str:
    """A day without weekday and year: "9 Nov"."""
    return f"{on.day} {_MONTHS[on.month - 1]}"


def plural(count: int, one: str, many: str) -> str:
    """The number with the word that fits it: "1 idea", "2 ideas"."""
    return f"{count:,} {one if count == 1 else many}"


def listing(items: Sequence[str], last: str = "and") -> str:
    """The items as a sentence has them: "A", "A and B", "A, B and C"."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def lines(parts: Iterable[str]) -> str:
    """The parts that say something, one under the other."""
    return "\n".join(part for part in parts if part)
