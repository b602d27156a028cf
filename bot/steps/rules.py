"""The rules of every verb that is taken as a step: one entry each."""

from collections.abc import Mapping

from bot.lifecycle import Verb
from bot.steps import (
    consent,
    deciding,
    duplicates,
    handing_over,
    postponing,
    publishing,
    reopening,
    serving,
    submitting,
    telling,
    trying,
    words,
)
from bot.steps.base import VerbRules

RULES: Mapping[Verb, VerbRules] = {
    Verb.TAKE: deciding.TAKE,
    Verb.ACCEPT: deciding.ACCEPT,
    Verb.TRY: trying.TRY,
    Verb.DECLINE: deciding.DECLINE,
    Verb.PASS_ON: deciding.PASS_ON,
    Verb.WIN: deciding.WIN,
    Verb.LOSE: deciding.LOSE,
    Verb.PUBLISH: consent.locked(publishing.PUBLISH),
    Verb.EDIT: submitting.EDIT,
    Verb.WITHDRAW: submitting.WITHDRAW,
    Verb.SCHEDULE: consent.planned(publishing.SCHEDULE),
    Verb.HAND_OVER: handing_over.HAND_OVER,
    Verb.SNOOZE: postponing.SNOOZE,
    Verb.SERVE: serving.SERVE,
    Verb.DUPLICATE: duplicates.DUPLICATE,
    Verb.REOPEN: reopening.REOPEN,
    Verb.TELL: telling.TELL,
    Verb.ASK: words.ASK,
    Verb.REPLY: words.REPLY,
    Verb.CONSENT: consent.CONSENT,
    Verb.CONSENT_WITHDRAWN: consent.CONSENT_WITHDRAWN,
}
