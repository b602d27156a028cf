"""Behind Open: all of a submission, for its owner and its submitter, personal fields included."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.desk import Role
from bot.kinds import Field, FieldType
from bot.lifecycle import State, Verb
from bot.served import Serves
from bot.submission import FieldValue, HistoryEntry, Submission, Use
from bot.tagging import Brought
from bot.verbs import owner_verbs
from handlers.ids import TRIAGE_ACTIONS, Callback
from handlers.views import consent, examples, serving, words
from handlers.views.blocks import TITLE_LIMIT, divider, modal, section
from handlers.views.erasing import erase_button
from handlers.views.message import Block, View
from handlers.views.post_links import BROUGHT, brought_blocks
from handlers.views.text import chunks, cut, escape, lines, link, moment, quote, told, typed, width
from handlers.views.triage_card import BUTTONS, verb_blocks

LINE_LIMIT = 2500
"""From this length on a value is laid out like a long text, so that all of it is there."""

HISTORY_SHOWN = 20

TEXTS_ROOM = 30_000
"""How much of what people wrote is shown in all, in escaped characters: a view has 250 kB."""


NOTHING_BROUGHT = Brought()

HIDDEN = "Personal details are for its owner and who handed it in."


def details(
    submission: Submission,
    *,
    role: Role,
    personal: Mapping[str, str],
    history: Sequence[HistoryEntry],
    texts: Mapping[int, str] | None = None,
    uses: Sequence[Use] = (),
    brought: Brought = NOTHING_BROUGHT,
    verbs: Sequence[Verb] = (),
    notice: str = "",
    hides_personal: bool = False,
    may_erase: bool = False,
    serves: Serves | None = None,
) -> View:
    """Everything there is about a submission. Who may see `personal` is decided before.

    `history` is oldest first; of a long one the newest entries are shown. `texts` are what people
    wrote, by the seq of their entries; `uses` are where it was published,
    `brought` what that brought. `verbs` are those that
    the viewer may press. `notice` is a sentence to read first. `hides_personal`: a line says that
    there is more that this viewer does not see. `may_erase`: they may erase it. `serves` tells of
    the goal that it serves.
    """
    offered = [verb for verb in verbs if verb in TRIAGE_ACTIONS]
    buttons, rest = offered[:BUTTONS], offered[BUTTONS:]
    blocks: list[Block] = [
        *([section(told(notice))] if notice else []),
        section(lines((words.heading(submission), _where_from(submission)))),
        *_fields(submission, personal),
        *([section(HIDDEN)] if hides_personal else []),
        divider(),
        *(
            section(part)
            for part in chunks(consent.standing(submission, uses, most=consent.ALL_USES))
        ),
        section(lines((words.standing(submission, role), serving.served(serves)))),
        *brought_blocks(submission.number, brought),
        *verb_blocks(submission, buttons, rest, has_all=True),
        *(section(part) for part in _history(_untold(submission, history), texts or {})),
        *([erase_button(submission)] if may_erase else []),
    ]
    title = cut(f"{submission.kind.label} {submission.number}", TITLE_LIMIT)
    return modal(Callback.TRIAGE_DETAILS, title, blocks, close="Close")


def _where_from(submission: Submission) -> str:
    line = f"From {words.submitter(submission)}, {moment(submission.created_at)}"
    permalink = submission.origin.permalink if submission.origin else None
    return lines((line, link(permalink, "Original message") if permalink else ""))


def _fields(submission: Submission, personal: Mapping[str, str]) -> Iterator[Block]:
    for field in submission.kind.fields:
        value = personal.get(field.name) if field.personal else submission.answer(field)
        if value and not words.is_told(submission, field, value):
            yield from (section(part) for part in _answer(field, value))


def _answer(field: Field, value: FieldValue) -> Sequence[str]:
    is_long = field.type is FieldType.TEXT or width(escape(str(value))) > LINE_LIMIT
    if isinstance(value, str) and is_long:
        return (words.label(field), *chunks(typed(value)))
    return (f"{words.label(field)} {words.answer(field, value, LINE_LIMIT)}",)


def _untold(submission: Submission, history: Sequence[HistoryEntry]) -> Sequence[HistoryEntry]:
    """The history without why it was declined, while that stands above it."""
    if submission.state is not State.DECLINED:
        return history
    last = max((entry.seq for entry in history if entry.verb is Verb.DECLINE), default=None)
    return [_without_why(entry) if entry.seq == last else entry for entry in history]


def _without_why(entry: HistoryEntry) -> HistoryEntry:
    kept = {key: value for key, value in entry.detail.items() if key not in {"reason", "note"}}
    return replace(entry, detail=kept)


def _history(history: Sequence[HistoryEntry], texts: Mapping[int, str]) -> Sequence[str]:
    shown = history[-HISTORY_SHOWN:]
    earlier = len(history) - len(shown)
    room = TEXTS_ROOM // max(1, sum(entry.seq in texts for entry in shown))
    told = [
        lines(
            (
                f"{moment(entry.at)}: {words.happened(entry)}",
                quote(texts.get(entry.seq, ""), room),
            )
        )
        for entry in shown
    ]
    return chunks(lines(["*History*", f"{earlier} earlier" if earlier else "", *told]))


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsExample:
    """The arguments of one details modal."""

    submission: Submission
    role: Role
    personal: Mapping[str, str]
    history: tuple[HistoryEntry, ...]
    verbs: tuple[Verb, ...] = ()
    texts: Mapping[int, str] | None = None
    uses: tuple[Use, ...] = ()
    brought: Brought = NOTHING_BROUGHT
    hides_personal: bool = False
    may_erase: bool = False

    def build(self) -> View:
        """The modal that this asks for."""
        return details(
            self.submission,
            role=self.role,
            personal=self.personal,
            history=self.history,
            verbs=self.verbs,
            texts=self.texts,
            uses=self.uses,
            brought=self.brought,
            hides_personal=self.hides_personal,
            may_erase=self.may_erase,
        )


EXAMPLES: Mapping[str, DetailsExample] = {
    key: DetailsExample(
        submission=submission,
        role=examples.ROLES[submission.role_id],
        personal=examples.PERSONAL[submission.kind_key],
        history=(
            examples.entry(submission, Verb.HAND_IN, seq=1, actor=submission.submitter_id),
            examples.entry(submission, Verb.OPEN, seq=2),
            examples.entry(submission, Verb.DECLINE, seq=3),
        ),
    )
    for key, submission in examples.in_every_state().items()
    if key.endswith("-declined")
} | {
    "testimonial-to-decide": DetailsExample(
        submission=examples.TESTIMONIAL,
        role=examples.ADVOCACY_LEAD,
        personal=examples.PERSONAL["testimonial"],
        history=(examples.entry(examples.TESTIMONIAL, Verb.HAND_IN, seq=1, actor="U0ANA"),),
        verbs=owner_verbs(examples.TESTIMONIAL),
    ),
    "idea-that-brought": DetailsExample(
        submission=examples.at_state(examples.IDEA, State.PUBLISHED),
        role=examples.CONTENT_LEAD,
        personal={},
        history=(examples.entry(examples.IDEA, Verb.HAND_IN, seq=1),),
        brought=BROUGHT,
    ),
    "lead-asked": DetailsExample(
        submission=examples.at_state(examples.LEAD, State.ASKED),
        role=examples.LEAD_DESK,
        personal=examples.PERSONAL["lead"],
        history=(
            examples.entry(examples.LEAD, Verb.HAND_IN, seq=1, actor="U0EVE"),
            examples.entry(examples.LEAD, Verb.ASK, seq=2),
            replace(examples.answered(examples.LEAD), seq=3),
        ),
        texts={2: examples.QUESTION, 3: examples.ANSWER},
    ),
    "lead-for-an-admin": DetailsExample(
        submission=examples.LEAD,
        role=examples.LEAD_DESK,
        personal={},
        history=(examples.entry(examples.LEAD, Verb.HAND_IN, seq=1, actor="U0EVE"),),
        hides_personal=True,
        may_erase=True,
    ),
    "consent-withdrawn": DetailsExample(
        submission=examples.agreed(is_withdrawn=True),
        role=examples.ADVOCACY_LEAD,
        personal=examples.PERSONAL["testimonial"],
        history=(
            examples.consent_entry(Verb.CONSENT),
            replace(examples.consent_entry(Verb.CONSENT_WITHDRAWN), seq=3),
        ),
        texts={2: "“Yes, with my name.”", 3: "They called on Monday."},
        uses=examples.USES,
    ),
}
