"""Looks after what should have been done by now, in all workspaces together."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from bot.errors import DeskError
from runtime.doctor_wakeups import examine_wakeups
from runtime.findings import Finding, fail, ok, warn
from runtime.readiness import SHARED_CLOCK, WAITS_LONG
from runtime.settings import Settings
from storage.database import Database
from storage.hooks import HooksAtWork, hooks_at_work
from storage.pulse import Line, Pulse, feel

LONG_ON_ITS_WAY = timedelta(minutes=15)
SERVES = "Does a process with --role all or worker serve?"
LANES = "`python app.py lanes` shows why."


async def examine_work(settings: Settings, database: Database, now: datetime) -> list[Finding]:
    """What waits, what is late, what was set aside; and where whoever watches can look."""
    try:
        ahead = await database.ahead(now)
        pulse = await database.ask(partial(feel, now=now + ahead))
        hooks = await database.ask(hooks_at_work)
    except DeskError as error:
        return [warn("work", f"how everything stands is not known ({type(error).__name__}).")]
    return [
        *check_work(pulse),
        *_shared_clock(settings, ahead),
        *await examine_wakeups(settings, database),
        check_hooks(settings, hooks, now + ahead),
        _metrics(settings),
    ]


def check_work(pulse: Pulse) -> Iterator[Finding]:
    """The state of the work, a line for each part."""
    yield _lanes(pulse)
    yield _on_the_way(pulse)
    yield _due("digests due", pulse.digests, pulse.at)
    yield _due("reminders due", pulse.timers, pulse.at)
    if pulse.set_aside:
        lately = f", {pulse.set_aside_lately} of them within the hour" * (
            pulse.set_aside_lately > 0
        )
        yield warn(
            "set aside",
            f"{_count(pulse.set_aside, 'message')} could not be delivered{lately}. "
            f"{LANES} Then retry or drop.",
        )
    else:
        yield ok("set aside", "nothing.")
    if pulse.overdue.count:
        yield warn(
            "promises",
            f"{_count(pulse.overdue.count, 'submission')} overdue, the longest for "
            f"{_length(pulse.overdue.age(pulse.at))}. Its owner was reminded; name backups.",
        )
    else:
        yield ok("promises", "no decision is overdue.")


def _lanes(pulse: Pulse) -> Finding:
    """Whether somebody delivers."""
    age = pulse.ready.age(pulse.at)
    if age > WAITS_LONG:
        count = _count(pulse.ready.count, "lane")
        return fail("delivery", f"{count} ready, the longest for {_length(age)}. {SERVES}")
    return ok("delivery", f"nothing waits for a process; {pulse.leased} at work.")


def _on_the_way(pulse: Pulse) -> Finding:
    """Whether what is to be sent arrives."""
    open_ = sum(line.count for line in pulse.effects.values())
    oldest = max((pulse.oldest(kind) for kind, _ in pulse.effects), default=0.0)
    if oldest > LONG_ON_ITS_WAY.total_seconds():
        return warn(
            "on its way", f"{_count(open_, 'message')}, the oldest since {_length(oldest)}. {LANES}"
        )
    return ok("on its way", f"{_count(open_, 'message')}.")


def _due(about: str, line: Line, now: datetime) -> Finding:
    """Whether somebody ticks."""
    if line.age(now) > WAITS_LONG:
        return fail(about, f"{line.count}, the latest by {_length(line.age(now))}. {SERVES}")
    return ok(about, "none is late.")


def _shared_clock(settings: Settings, ahead: timedelta) -> Iterator[Finding]:
    if settings.is_sqlite:
        return
    off = abs(ahead)
    said = f"{off.total_seconds():.0f} s from this machine's."
    is_off = off > SHARED_CLOCK
    yield (
        warn("database's clock", f"{said} Set up NTP.") if is_off else ok("database's clock", said)
    )


def check_hooks(settings: Settings, hooks: HooksAtWork, now: datetime) -> Finding:
    """Whether what other systems send is taken."""
    look = f"`{settings.command} hooks` shows why."
    if not hooks.count:
        return ok("webhooks", f"none; admins make them with {settings.command} hooks.")
    said = _count(hooks.count, "webhook")
    if not settings.public_url:
        return warn("webhooks", f"{said}. Set PUBLIC_URL, so that admins see their addresses.")
    if hooks.refused:
        return warn("webhooks", f"{said}; what came last to {hooks.refused} was refused. {look}")
    if hooks.last_at is None:
        return ok("webhooks", f"{said}; nothing came so far.")
    age = _length((now - hooks.last_at).total_seconds())
    return ok("webhooks", f"{said}; the last message came {age} ago.")


def _metrics(settings: Settings) -> Finding:
    """Where /metrics is."""
    places = [f"{settings.metrics_host}:{settings.metrics_port}"] * (settings.metrics_port > 0)
    if settings.metrics_token.get_secret_value():
        places.append(f"{settings.host}:{settings.port} with the token")
    if not places:
        return ok("metrics", "off; METRICS_PORT or METRICS_TOKEN opens them.")
    return ok("metrics", f"at {' and '.join(places)}.")


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _length(seconds: float) -> str:
    """About how long, in the greatest unit."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return _count(int(seconds // size), name)
    return _count(int(seconds), "second")
