"""Tagged links: what a link of a post says of where it stood, and nothing of who follows it (P25).

The tags are Google's five, which every analytics tool reads
(https://support.google.com/analytics/answer/10917952); they are case sensitive there, so ours are
always lower case.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote_plus, urlsplit

from bot.text import folded

MEDIUM = "social"

_PREFIX = "utm_"
_OURS = ("utm_source", "utm_medium", "utm_campaign", "utm_content")
_SAFE = re.compile(r"[^a-z0-9]+")
_SLUG_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What a link's tags say, lower case; empty what they don't say."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    content: str = ""


def is_link(text: str) -> bool:
    """Whether it looks like a web address; no check that there is anything."""
    return text.lower().startswith(("http://", "https://"))


def tags_in(link: str) -> Tags:
    """The tags of a link; empty for what is none."""
    try:
        pairs = parse_qsl(urlsplit(link).query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return Tags()
    found = {name.lower(): folded(value).strip() for name, value in reversed(pairs)}
    return Tags(**{name.removeprefix(_PREFIX): found.get(name, "") for name in _OURS})


def tagged(link: str, *, platform: str, campaign: str, number: int) -> str:
    """`link` with the tags of the post `number` on `platform`; what it had of query and fragment
    stays as it was, other tags of ours it had go. The same again gives the same.
    """
    parts = urlsplit(link)
    kept = [pair for pair in parts.query.split("&") if pair and not _is_tag(pair)]
    tags = {
        "utm_source": slug(platform),
        "utm_medium": MEDIUM,
        "utm_campaign": slug(campaign),
        "utm_content": str(number),
    }
    ours = [f"{name}={quote(value)}" for name, value in tags.items() if value]
    return parts._replace(query="&".join([*kept, *ours])).geturl()


def slug(text: str) -> str:
    """`text` as a tag: lower case, a-z, 0-9 and hyphens; empty when nothing of it is left.

    "ß" is "ss", accents go; what has no such letter keeps its own.
    """
    plain = unicodedata.normalize("NFKD", folded(text))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    found = _SAFE.sub("-", plain).strip("-")
    if not found:
        found = re.sub(r"[\W_]+", "-", folded(text)).strip("-")
    return found[:_SLUG_LENGTH].strip("-")


def pages_of(link: str) -> tuple[str, ...]:
    """The addresses under which the same page may have been noted: with and without tags,
    fragment and last slash, https and http. Empty for what is no link.
    """
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ()
    if not parts.netloc:
        return ()
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tag(pair))
    bare = parts._replace(netloc=parts.netloc.lower(), query=query, fragment="")
    found = dict.fromkeys([link.strip()])
    for scheme in ("https", "http"):
        for path in _paths(bare):
            found[bare._replace(scheme=scheme, path=path).geturl()] = None
    return tuple(found)


def _paths(parts: SplitResult) -> tuple[str, str]:
    path = parts.path.rstrip("/")
    return path, f"{path}/"


def _is_tag(pair: str) -> bool:
    return unquote_plus(pair.partition("=")[0]).lower() in _OURS
