"""The people, roles and submissions that the views' example data is made of."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.consent import detail_of
from bot.declining import DeclineReason
from bot.desk import Role
from bot.kinds import KINDS
from bot.lifecycle import State, Verb
from bot.submission import Consent, HistoryEntry, Origin, Submission, Use

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)

CONTENT_LEAD = Role(
    role_id="content_lead", label="Content lead", channel_id="C0SOCIAL", holders=("U0BEN", "U0CLEO")
)
ADVOCACY_LEAD = Role(role_id="advocacy_lead", label="Advocacy lead", holders=("U0CLEO",))
LEAD_DESK = Role(role_id="lead_desk", label="Lead desk", channel_id="C0LEADS")
ROLES: Mapping[str, Role] = {
    role.role_id: role for role in (CONTENT_LEAD, ADVOCACY_LEAD, LEAD_DESK)
}

IDEA = Submission(
    number=12,
    kind_key="idea",
    state=State.NEW,
    version=1,
    submitter_id="U0ANA",
    department="Sales",
    role_id=CONTENT_LEAD.role_id,
    title="Customer visit in Graz: the press that never stops",
    fields={
        "title": "Customer visit in Graz: the press that never stops",
        "text": "Their press has run since March without a stop.\n\nThe crew would talk about it.",
        "content_type": "story",
        "link": "https://example.com/graz?week=45&day=2",
        "platforms": ("linkedin", "blog"),
        "stage": "trust",
        "wanted_by": "2026-12-03",
    },
    created_at=NOW,
    updated_at=NOW,
    due_at=NOW + timedelta(days=2),
    origin=Origin(
        channel_id="C0SALES",
        message_ts="1794302900.000200",
        author_id="U0ANA",
        permalink="https://example.slack.com/archives/C0SALES/p1794302900000200",
        is_private=False,
    ),
)
TESTIMONIAL = Submission(
    number=13,
    kind_key="testimonial",
    state=State.NEW,
    version=1,
    submitter_id="U0DAN",
    role_id=ADVOCACY_LEAD.role_id,
    title="Druckhaus Süd",
    fields={
        "quote": "We sleep at night again. That is <all> I wanted & more.",
        "customer": "Druckhaus Süd",
        "consent": "granted",
        "source": "A call after the installation",
    },
    created_at=NOW,
    updated_at=NOW,
    due_at=NOW + timedelta(days=2),
)
LEAD = Submission(
    number=14,
    kind_key="lead",
    state=State.NEW,
    version=1,
    submitter_id="U0EVE",
    department="Product",
    role_id=LEAD_DESK.role_id,
    title="A second press before summer",
    fields={
        "need": "A second press before summer",
        "seen": "Trade fair in Munich",
        "knows_us": "like",
    },
    created_at=NOW,
    updated_at=NOW,
    due_at=NOW + timedelta(hours=8),
)
SUBMISSIONS: Mapping[str, Submission] = {item.kind_key: item for item in (IDEA, TESTIMONIAL, LEAD)}

PERSONAL: Mapping[str, Mapping[str, str]] = {
    "idea": {},
    "testimonial": {
        "person": "Marta Kern",
        "position": "Head of print",
        "consent_wording": "“Yes, with my name”, by e-mail on 3 November.",
    },
    "lead": {"name": "Jonas Weber, Weber Druck", "contact": "jonas@example.com"},
}
"""What stands in the table of personal fields, per kind."""

NOTE = "We showed this press in June; tell us when the second one runs."
LINK = "https://example.com/posts/graz"


def at_state(item: Submission, state: State) -> Submission:
    """`item` as it stands once it got to `state`, decided by Ben."""
    hour = timedelta(hours=1)
    taken = replace(item, state=state, version=2, assignee_id="U0BEN", updated_at=NOW + hour)
    accepted = replace(taken, version=3, decided_at=NOW + hour, decided_by="U0BEN")
    ended = replace(accepted, version=4, ended_at=NOW + 2 * hour)
    standing = {
        State.NEW: item,
        State.TAKEN: taken,
        State.ASKED: replace(taken, paused_at=NOW + hour),
        State.ACCEPTED: accepted,
        State.SCHEDULED: replace(accepted, scheduled_at=NOW + 24 * hour),
        State.PASSED_ON: replace(accepted, passed_to="Nina, sales north"),
        State.DECLINED: replace(
            ended, decline_reason=DeclineReason.ALREADY_COVERED.value, decline_note=NOTE
        ),
        State.PUBLISHED: replace(
            ended, published_at=NOW + 2 * hour, published_by="U0BEN", published_url=LINK
        ),
        State.WON: ended,
        State.LOST: ended,
        State.DUPLICATE: replace(ended, duplicate_of=9),
        State.WITHDRAWN: ended,
    }
    return replace(standing[state], state=state)


def in_every_state() -> dict[str, Submission]:
    """Each kind's submission in each state that its lifecycle has, by "kind-state"."""
    return {
        f"{key}-{state.value}": at_state(SUBMISSIONS[key], state)
        for key, kind in KINDS.items()
        for state in kind.lifecycle.states
    }


def left_alone() -> dict[str, Submission]:
    """An idea whose taker left, before and after it was accepted."""
    return {
        f"idea-{state.value}-left": replace(at_state(IDEA, state), assignee_id=None)
        for state in (State.TAKEN, State.ACCEPTED)
    }


_DETAIL: Mapping[Verb, Mapping[str, str]] = {
    Verb.DECLINE: {"reason": DeclineReason.ALREADY_COVERED.value, "note": NOTE},
    Verb.TRY: {
        "note": "Videos bring <twice> as many sign-ups as pictures.",
        "last_day": "2026-12-01",
    },
    Verb.PUBLISH: {"link": LINK},
    Verb.PASS_ON: {"to": "Nina, sales north"},
    Verb.SCHEDULE: {"at": (NOW + timedelta(hours=24)).isoformat()},
    Verb.SNOOZE: {"until": (NOW + timedelta(hours=48)).isoformat()},
    Verb.HAND_OVER: {"to": "Advocacy lead", "note": "You know them better."},
    Verb.DUPLICATE: {"of": "9"},
    Verb.REOPEN: {"note": "I pressed the wrong button."},
    Verb.EDIT: {"fields": "title text"},
    Verb.LOSE: {"note": "They wait a year."},
}


def entry(item: Submission, verb: Verb, *, seq: int = 2, actor: str = "U0BEN") -> HistoryEntry:
    """The history entry of `verb`, done to `item` by `actor`."""
    return HistoryEntry(
        number=item.number,
        seq=seq,
        at=NOW + timedelta(hours=seq),
        actor_id=actor,
        verb=verb,
        from_state=None if verb is Verb.HAND_IN else State.NEW,
        to_state=item.state,
        detail=_DETAIL.get(verb, {}),
    )


def steps() -> dict[str, tuple[Submission, HistoryEntry]]:
    """Each kind's submission after each verb of its lifecycle, with the entry, by "kind-verb"."""
    return {
        f"{key}-{step.verb.value}": (
            at_state(SUBMISSIONS[key], step.target or State.TAKEN),
            entry(SUBMISSIONS[key], step.verb),
        )
        for key, kind in KINDS.items()
        for step in kind.lifecycle.transitions
    }


QUESTION = "Which <press> is it, and may we name the crew?"
ANSWER = "The big one & yes.\nAsk Marta."
USES = (
    Use(at=NOW + timedelta(hours=2), link=LINK, platform="linkedin"),
    Use(at=NOW + timedelta(hours=3), link="https://example.com/blog/graz"),
)


def answered(item: Submission) -> HistoryEntry:
    """The submitter's answer to a question."""
    by = entry(item, Verb.ANSWER, actor=item.submitter_id)
    return replace(by, from_state=State.ASKED, to_state=State.TAKEN)


def agreed(*, is_withdrawn: bool = False) -> Submission:
    """The testimonial, accepted, with the customer's consent."""
    consent = Consent(
        recorded_by="U0CLEO",
        recorded_at=NOW,
        platforms=("linkedin", "blog"),
        may_name=True,
        until=date(2027, 3, 3),
        withdrawn_at=NOW + timedelta(hours=5) if is_withdrawn else None,
        withdrawn_by="U0CLEO" if is_withdrawn else None,
    )
    return replace(at_state(TESTIMONIAL, State.ACCEPTED), consent=consent)


def consent_entry(verb: Verb) -> HistoryEntry:
    """The record of the customer's consent, or of its withdrawal."""
    item = agreed()
    detail = detail_of(item.consent) if verb is Verb.CONSENT and item.consent else {}
    return replace(entry(item, verb, actor="U0CLEO"), from_state=item.state, detail=detail)


def own_accept() -> HistoryEntry:
    """An accept by the submitter, as the only holder of the role."""
    return replace(entry(IDEA, Verb.ACCEPT, actor=IDEA.submitter_id), detail={"own": "yes"})
