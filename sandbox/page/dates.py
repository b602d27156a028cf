"""Dates as Slack's clients show them, in the viewer's zone.

Source: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

_TOKEN = re.compile(r"\{(\w+)\}")


def ordinal(day: int) -> str:
    """1st, 2nd, 3rd, 4th."""
    if 11 <= day % 100 <= 13:
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def _numbers(when: datetime) -> str:
    return f"{when:%Y-%m-%d}"


def _slashes(when: datetime) -> str:
    return f"{when:%m/%d/%Y}"


def _plain(when: datetime) -> str:
    return f"{when:%B} {ordinal(when.day)}, {when.year}"


def _short(when: datetime) -> str:
    return f"{when:%b} {when.day}, {when.year}"


def _long(when: datetime) -> str:
    return f"{when:%A}, {_plain(when)}"


_DAYS: Mapping[str, Callable[[datetime], str]] = {
    "date_num": _numbers,
    "date_slash": _slashes,
    "date": _plain,
    "date_short": _short,
    "date_long": _long,
    "day_divider": _long,
}


def near(when: date, today: date) -> str | None:
    """The words today, yesterday and tomorrow; None for other days."""
    return {0: "today", -1: "yesterday", 1: "tomorrow"}.get((when - today).days)


def ago(when: datetime, now: datetime) -> str:
    """Roughly how long before or after `now`."""
    seconds = int((now - when).total_seconds())
    size = abs(seconds)
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if size >= length:
            count = size // length
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"


def formatted(when: datetime, pattern: str, now: datetime) -> str:
    """`pattern` with Slack's date tokens filled in; both times are in the viewer's zone.

    Names that Slack does not know stay as they are.
    """

    def token(match: re.Match[str]) -> str:
        name = match[1]
        if name == "time":
            return f"{when:%H:%M}"
        if name == "time_secs":
            return f"{when:%H:%M:%S}"
        if name == "ago":
            return ago(when, now)
        base = name.removesuffix("_pretty")
        if base not in _DAYS:
            return match[0]
        close = near(when.date(), now.date()) if name.endswith("_pretty") else None
        return close or _DAYS[base](when)

    return _TOKEN.sub(token, pattern)


def next_monday(now: datetime) -> datetime:
    """The next Monday at 09:00 after `now`, in its zone."""
    day = now.date() + timedelta(days=-now.weekday() % 7)
    monday = datetime.combine(day, time(9), now.tzinfo)
    return monday if monday > now else datetime.combine(day + timedelta(7), time(9), now.tzinfo)


def day_name(when: date, today: date) -> str:
    """What stands on the line between the messages of two days."""
    close = near(when, today)
    if close:
        return close.capitalize()
    year = "" if when.year == today.year else f", {when.year}"
    return f"{when:%A}, {when:%B} {ordinal(when.day)}{year}"
