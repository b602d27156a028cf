"""The parts of the documentation that come from the code: pure functions from code to Markdown.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->` in any page.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any, cast

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.delivery import Pace
from bot.kinds import KINDS
from bot.lifecycle import ENDED, STATE_LABELS, VERB_LABELS, Lifecycle, State, Verb
from bot.outbox import Effect, EffectKind
from bot.sections import AUDIENCES, TELLS
from bot.trouble import trouble
from handlers.lifecycle import EVENTS
from handlers.manifest import OPTIONAL, SCOPES
from handlers.views.help import WORDS
from runtime.commands import cli
from runtime.compose import SocialDesk
from runtime.demo_story import GUIDE
from runtime.desk_parts import DeskPart
from runtime.manifest import manifest_of
from runtime.metrics import PREFIX, described
from runtime.reading import CareForOne
from runtime.settings import Settings
from runtime.ticks import Ticks
from storage.tables import metadata

PART = re.compile(
    r"(?P<start><!-- generated: (?P<name>[a-z-]+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL
)


def renewed(page: str) -> str:
    """`page` with each generated part as the code has it now; KeyError for an unknown part."""
    return PART.sub(lambda m: f"{m['start']}\n{PARTS[m['name']]()}\n\n{m['end']}", page)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def span(length: timedelta) -> str:
    """A length of time in words: "30 s", "8 hours"."""
    seconds = length.total_seconds()
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{seconds:g} s"


def default_settings() -> Settings:
    """The settings of a machine where nothing is set."""
    return Settings.model_construct()


def default_of(info: FieldInfo) -> str:
    """A setting's default as it would stand in `.env`; empty when it has none."""
    value: object = info.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, int):
        return str(value)
    return "" if isinstance(value, SecretStr) or not value else str(value)


def settings() -> str:
    """Every setting with its default and what it is for."""
    rows = (
        (f"`{name.upper()}`", f"`{default}`" if default else "", info.description or "")
        for name, info in Settings.model_fields.items()
        for default in [default_of(info)]
    )
    return table(("setting", "default", "what it is for"), rows)


NEEDED = ("slack_bot_token", "slack_app_token")
"""What `.env.example` leaves to be filled in; everything else is commented out."""


ENV_HEAD = """\
# Copy this file to .env and fill in the two tokens. Everything else is optional;
# what is commented out shows its default. The environment wins over this file.
"""


def env_example() -> str:
    """The whole of `.env.example`."""
    parts = [ENV_HEAD]
    for name, info in Settings.model_fields.items():
        sign = "" if name in NEEDED else "# "
        parts.append(f"# {info.description}\n{sign}{name.upper()}={default_of(info)}\n")
    return "\n".join(parts)


def desk_schema() -> str:
    """The whole of `desk.schema.json`, for editors."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **DeskPart.model_json_schema(),
        "title": "Social Desk's set-up",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def commands() -> str:
    """What people can type and press, in Slack."""
    standard = default_settings()
    features = manifest_of(standard)["features"]
    rows = [
        *(
            (f"`{standard.commands[key]} [text]`", f"the form for {kind.article}")
            for key, kind in KINDS.items()
        ),
        *((f"`{standard.command} {word}`", shows) for word, shows in WORDS.items()),
        *(
            (
                f"{'message' if s['type'] == 'message' else 'global'} shortcut “{s['name']}”",
                s["description"],
            )
            for s in features["shortcuts"]
        ),
    ]
    return table(("in Slack", "gives"), rows)


def command_line() -> str:
    """The commands of app.py."""
    rows = [
        (f"`python app.py {(c.name or c.callback.__name__)}`", _first_line(c.callback))
        for c in cli.registered_commands
        if c.callback is not None
    ]
    for group in cli.registered_groups:
        found = group.typer_instance
        assert found is not None
        main = found.registered_callback
        if main is not None and main.callback is not None:
            rows.append((f"`python app.py {group.name}`", _first_line(main.callback)))
        rows += [
            (f"`python app.py {group.name} {c.name}`", _first_line(c.callback))
            for c in found.registered_commands
            if c.callback is not None
        ]
    return table(("command", "does"), rows)


def _first_line(thing: Callable[..., object]) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0]


def kinds() -> str:
    """Each kind: who gets it, how long they have, what its form asks."""
    rows = (
        (
            kind.label,
            f"`{kind.default_role}`",
            span(kind.due),
            ", ".join(
                f"{field.label.rstrip('?')}{' (needed)' if field.required else ''}"
                for field in kind.fields
            ),
        )
        for kind in KINDS.values()
    )
    return table(("kind", "role that gets it", "time to decide", "the form asks"), rows)


def personal_fields() -> str:
    """The personal fields of each kind."""
    rows = (
        (kind.label, f"`{field.name}`", field.label)
        for kind in KINDS.values()
        for field in kind.fields
        if field.personal
    )
    return table(("kind", "field", "asked as"), rows)


def scopes() -> str:
    """Each scope with its reason."""
    rows = ((f"`{s}`", why, OPTIONAL.get(s, "")) for s, why in SCOPES.items())
    return table(("scope", "what it is for", "optional: without it"), rows)


def events() -> str:
    """The events that the app subscribes to."""
    return ", ".join(f"`{event}`" for event in sorted(EVENTS))


def lifecycles() -> str:
    """A diagram per lifecycle, with the kinds that follow it."""
    by_name: dict[str, Lifecycle] = {}
    followers: dict[str, list[str]] = {}
    for kind in KINDS.values():
        by_name[kind.lifecycle.name] = kind.lifecycle
        followers.setdefault(kind.lifecycle.name, []).append(kind.label.lower())
    return "\n\n".join(
        f"**{name.capitalize()}** ({', '.join(followers[name])})\n\n{diagram(lifecycle)}"
        for name, lifecycle in by_name.items()
    )


def diagram(lifecycle: Lifecycle) -> str:
    """A lifecycle as a Mermaid diagram."""
    lines = [f"    {state}: {STATE_LABELS[state]}" for state in lifecycle.states]
    lines.append(f"    [*] --> {State.NEW}: {VERB_LABELS[Verb.HAND_IN]}")
    for transition in lifecycle.transitions:
        lines += [
            f"    {source} --> {transition.target or source}: {VERB_LABELS[transition.verb]}"
            for source in State
            if source in transition.sources
        ]
    lines += [f"    {s} --> [*]" for s in lifecycle.states if s in ENDED]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def ticks() -> str:
    """What happens by itself, and how often."""
    nothing: Any = None
    table_of = Ticks(
        storage=nothing,
        dispatcher=nothing,
        clock=nothing,
        care=CareForOne(nothing, nothing, nothing),
        set_clock=cast("Any", SocialDesk.set_clock),
        count_reach=cast("Any", SocialDesk.count_reach),
    ).table
    rows = ((f"`{tick.name}`", span(tick.every), _first_line(tick.run)) for tick in table_of)
    return table(("tick", "every", "does"), rows)


PACE = {
    "crowd": "more cards than these that wait in one lane are told of by one message",
    "posts_per_minute": "once Slack says that a workspace posts too much: its pace at first",
    "lease": "how long a worker owns a lane that it claimed",
    "settle": "how long after an unclear try nothing is looked up: Slack may still apply it",
    "gap": "between two posts into one channel",
    "margin": "a try is not begun when less of its lease is left",
    "longest_wait": "the longest back-off between two tries, before jitter",
    "give_up": "an effect without a clear answer for this long is set aside, for those behind it",
}


def _amount(value: timedelta | int) -> str:
    return span(value) if isinstance(value, timedelta) else str(value)


def pace() -> str:
    """How patient delivery is."""
    standard = Pace()
    rows = (
        (f"`{field.name}`", _amount(getattr(standard, field.name)), PACE[field.name])
        for field in fields(Pace)
    )
    return table(("name", "value", "meaning"), rows)


def demo_steps() -> str:
    """Who does what in the demo."""
    return "\n".join(
        f"{place}. **{title}.** {text}"
        for place, (title, text) in enumerate(GUIDE.items(), start=1)
    )


TABLES = {
    "workspace": "the last number given, the version of the set-up, its fallback role",
    "member": "people as Slack tells: id, name, time zone, rights",
    "channel": "channels that the app can see: id, name, private, archived, app in it",
    "role": "roles: label, description, channel, fallback",
    "role_holder": "who holds which role, in order",
    "routing_rule": "the routing rules, in order",
    "department": "departments with their people and channels",
    "desk_admin": "who hears of trouble",
    "subscription": "which channel gets a digest when",
    "submission": "what was handed in, without personal fields, and how it stands",
    "access_log": "who exported, looked for or erased personal data; numbers and ids alone",
    "submission_personal": "the personal fields, one row each",
    "conversation": "what owners and submitters wrote to each other, apart from the history",
    "draft": "what somebody typed into a form and did not send, kept for 30 days",
    "history": "who did what when; only ever added to",
    "objective": "what the business wants: goals hang on it",
    "goal": "what is to be reached by when, for which objective, kept by which role",
    "decision": "what meetings decided, who sees to it, and what became of it",
    "ask": "what a digest asked for, and who said what to it",
    "experiment": "what is tried, with its plan, how it is judged and how it went",
    "lesson": "what failed: what was expected, what happened, why, and what changes",
    "revision": "what experiments, lessons and stories were before somebody changed them",
    "story": "results told as a story, one per submission",
    "pulse": "the quarterly question: how often each answer was given, and hashes of who answered",
    "check_in": "when its keepers were asked where a goal stands, once per period",
    "goal_version": "what a goal was from when on: title, target, period; only ever added to",
    "goal_closing": "what its keepers said became of a goal, and what they learned",
    "conversion": "what social brought: type, when, how many, from where; never who",
    "conversion_count": "conversions counted by day, so that a quarter is read in its days",
    "conversion_touch": "the posts, platforms and campaigns that a conversion is put down to",
    "phrase": "code phrases: what they stand for, and what whoever says one did",
    "spend": "what social cost, by month, platform and campaign, organic and paid",
    "marketing_budget": "what marketing may spend in a year or a quarter",
    "budget_before": "what a budget was before it was changed, since when, by whom",
    "landing": "the pages that posts lead to, and what their links call their campaign",
    "reading": "a goal's value at a time, entered by somebody; only ever added to",
    "outbox": "what is to happen in Slack: kind, target and numbers, no text that somebody typed",
    "lane": "one row per destination: its lease, its next moment",
    "operator_note": "what an operator did to a message that belongs to no submission, and why",
    "gate": "when Slack's methods may be called again in a workspace, and how often a minute",
    "posting": "where each message of ours stands: channel and ts",
    "naming": "which digests and messages about a crowd name which submission or colleague",
    "own_digest": "who took a digest for themselves before they could take several, and when",
    "taken_digest": "who takes which digests for themselves, and when",
    "digest_press": "how often buttons in a digest were pressed; never by whom",
    "digest_state": "who set up which digest, and whether it rests",
    "digest_reach": "how often people reacted to a digest, answered or pressed; never who",
    "plain_charts": "when Slack refused charts in a workspace last",
    "schedule": "when each digest is due next",
    "period_run": "which week of which digest was posted or skipped",
    "installation": "where the app was installed with OAuth, by whom, with which tokens (sealed)",
    "hook": "webhooks: name, secrets (sealed), when something came or was refused last, and why",
    "hook_seen": "ids of messages that came to webhooks, kept for seven days",
    "inbox_seen": "ids of events that were handled, kept for a day",
}


def tables() -> str:
    """Every table: its key and what is in it."""
    rows = (
        (
            f"`{name}`",
            ", ".join(f"`{column.name}`" for column in found.primary_key.columns),
            TABLES[name],
        )
        for name, found in sorted(metadata.tables.items(), key=lambda e: list(TABLES).index(e[0]))
    )
    return table(("table", "key", "holds"), rows)


ALARMS = {
    "not_in_channel": "Invite the app, press Try again.",
    "channel_not_found": "A private channel without the app, or a wrong id in the set-up.",
    "is_archived": "Name another channel and apply the set-up; Try again on the card goes there.",
    "outcome_unknown": "Look into the channel. Try again only if the message is missing.",
    "expired": "Slack was out of reach for longer than the message was worth. Try again if wanted.",
    "message_not_found": "Nothing: the card or receipt was deleted; the work goes on in the queue.",
    "internal_error": "Slack gave no clear answer for hours. Look there, then Try again.",
    "internal": "A bug of ours: the log has “effect failed” with the reason. Report it.",
}


def sections() -> str:
    """What digests are made of, and which audience reads what."""
    head = ("section", "tells", *(audience.label for audience in AUDIENCES.values()))
    rows = (
        (
            f"`{section}`",
            tells,
            *("yes" if section in one.sections else "" for one in AUDIENCES.values()),
        )
        for section, tells in TELLS.items()
    )
    return table(head, rows)


def alarms() -> str:
    """The sentences that an admin gets by direct message, and what to do about each."""
    effect = Effect(key="card:12", kind=EffectKind.CARD, target="C012AB3CD", payload={"number": 12})
    rows = (
        (f"`{code}`", trouble(effect, code).replace("<#C012AB3CD>", "#content-desk"), what)
        for code, what in ALARMS.items()
    )
    return table(("error", "sentence", "what to do"), rows)


def metrics() -> str:
    """Every metric of ours."""
    rows = (
        (f"`{PREFIX}{name}`", kind, ", ".join(f"`{label}`" for label in labels), meaning)
        for name, kind, meaning, labels in described()
    )
    return table(("metric", "type", "labels", "meaning"), rows)


PARTS: Mapping[str, Callable[[], str]] = {
    "alarms": alarms,
    "command-line": command_line,
    "commands": commands,
    "demo-steps": demo_steps,
    "events": events,
    "kinds": kinds,
    "lifecycles": lifecycles,
    "metrics": metrics,
    "pace": pace,
    "personal-fields": personal_fields,
    "scopes": scopes,
    "sections": sections,
    "settings": settings,
    "tables": tables,
    "ticks": ticks,
}
