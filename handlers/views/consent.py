"""What is said of a customer's consent: on the card, in its thread, to the submitter.

The customer's own words are personal and never here.
"""

from collections.abc import Sequence

from bot.consent import SHOWN_LABELS, needs_consent, platform_label, shown
from bot.submission import Consent, Submission, Use
from handlers.views.text import day, inline, lines, link, listing, moment, user

USES_SHOWN = 10
"""How many places a card and its thread list: with the longest links they fit into one section."""

ALL_USES = 100


def scope(consent: Consent) -> str:
    """Where, how and until when a customer may be shown."""
    where = listing([inline(platform_label(value)) for value in consent.platforms]) or "anywhere"
    until = f"until {day(consent.until)}" if consent.until else "without an end"
    return f"{where}; {SHOWN_LABELS[shown(consent)].lower()}; {until}"


def standing(submission: Submission, uses: Sequence[Use] = (), *, most: int = USES_SHOWN) -> str:
    """How things stand with the consent, where one is needed; of its uses at most so many."""
    if not needs_consent(submission):
        return ""
    consent = submission.consent
    if consent is None:
        return "*Consent:* not recorded. Published waits for it."
    if consent.withdrawn_at is None:
        return f"*Consent:* {scope(consent)}."
    by = f" by {user(consent.withdrawn_by)}" if consent.withdrawn_by else ""
    said = f"*Consent withdrawn*, recorded{by}, {moment(consent.withdrawn_at)}."
    return lines((said, to_take_down(uses, most=most)))


def to_take_down(uses: Sequence[Use], *, most: int = USES_SHOWN) -> str:
    """Everything that was published, to be taken down."""
    if not uses:
        return "Nothing was published."
    listed = [f"• {_use(use)}" for use in uses[:most]]
    more = len(uses) - len(listed)
    return lines(("*Take down:*", *listed, f"and {more} more: Open lists them" if more > 0 else ""))


def _use(use: Use) -> str:
    where = f"{inline(platform_label(use.platform))}, " if use.platform else ""
    return f"{link(use.link, limit=120)} ({where}{moment(use.at)})"
