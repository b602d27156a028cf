"""The forms in which a customer's consent is recorded and withdrawn."""

from collections.abc import Mapping, Sequence

from bot.consent import REASON_LENGTH, SHOWN_LABELS, WORDING_LENGTH, shown
from bot.kinds import PLATFORMS
from bot.steps.base import Asked
from bot.submission import Consent
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples
from handlers.views.blocks import input_block, option, plain, select
from handlers.views.decision_frame import Asking, DecisionExample, decision_form
from handlers.views.message import Block, View
from handlers.views.text import user


def consent_form(asked: Asked, channel_id: str | None) -> View:
    """Asks what a customer agreed to. `channel_id` is where the button stood.

    The customer's words are not shown, since they may name people; when they are known already
    they may be left out.
    """
    consent = asked.submission.consent
    how = select(
        ((how.value, label) for how, label in SHOWN_LABELS.items()),
        shown(consent).value if consent else None,
    )
    return decision_form(
        Asking(Callback.TRIAGE_CONSENT_FORM, "Consent:", "Record", channel_id),
        asked,
        [
            _wording(is_known=BlockId.WORDING.value in asked.optional),
            input_block(
                BlockId.PLATFORMS.value,
                "Where may it be used?",
                _platforms(consent.platforms if consent else ()),
                optional=True,
                hint="Nothing chosen: anywhere.",
            ),
            input_block(BlockId.SHOWN.value, "How may they be shown?", how),
            input_block(
                BlockId.UNTIL.value,
                "Until when?",
                _until(consent),
                optional=True,
                hint="The last day. Left empty: without an end.",
            ),
        ],
        "Recorded with your name and the time. Their words are seen behind Open only.",
    )


def _wording(*, is_known: bool) -> Block:
    typed = _typed(WORDING_LENGTH, "Their words, and how they said it: by mail, on the phone")
    hint = "Leave it empty to keep the words on record; Open shows them." if is_known else None
    label = "What exactly did they agree to?"
    return input_block(BlockId.WORDING.value, label, typed, optional=is_known, hint=hint)


def _until(consent: Consent | None) -> Block:
    picker: Block = {"type": "datepicker", "action_id": Action.VALUE.value}
    if consent is not None and consent.until is not None:
        picker["initial_date"] = consent.until.isoformat()
    return picker


def withdrawal_form(asked: Asked, channel_id: str | None) -> View:
    """Asks how a consent was withdrawn. `channel_id` is where the button stood."""
    who = user(asked.submission.submitter_id)
    return decision_form(
        Asking(Callback.TRIAGE_WITHDRAWAL_FORM, "Withdrawn:", "Record", channel_id),
        asked,
        [
            input_block(
                BlockId.NOTE.value,
                "How did they withdraw it?",
                _typed(REASON_LENGTH, "Who said so, when, and what has to go"),
            )
        ],
        f"{who} hears it. The card lists everything that was published, to be taken down.",
    )


def _typed(length: int, placeholder: str) -> Block:
    return {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "multiline": True,
        "max_length": length,
        "placeholder": plain(placeholder, 150),
    }


def _platforms(chosen: Sequence[str]) -> Block:
    options = [option(entry.value, entry.label) for entry in PLATFORMS]
    element: Block = {
        "type": "multi_static_select",
        "action_id": Action.VALUE.value,
        "options": options,
    }
    initial = [entry for entry in options if entry["value"] in chosen]
    if initial:
        element["initial_options"] = initial
    return element


EXAMPLES: Mapping[str, DecisionExample] = {
    "consent": DecisionExample(consent_form, Asked(submission=examples.TESTIMONIAL)),
    "consent-words-known": DecisionExample(
        consent_form,
        Asked(submission=examples.agreed(), optional=frozenset({BlockId.WORDING.value})),
    ),
    "withdrawal": DecisionExample(withdrawal_form, Asked(submission=examples.agreed())),
}
