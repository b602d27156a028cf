"""What other systems can tell through a webhook, and what becomes of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
)

from bot.cells import DoubtError
from bot.conversion import hook_source, types_of
from bot.conversion_given import GivenConversion
from bot.conversions import record_conversion
from bot.errors import FieldError, UnreadableError
from bot.goal import ReadingSource
from bot.goal_names import goal_called, known_goals
from bot.hook import Hook
from bot.periods import local_date
from bot.ports import Transaction
from bot.readings import RecordReading, record_reading
from bot.text import clean


def _writable(text: str) -> str:
    """Text that the database takes, and that shows as it is."""
    found = clean(text)
    if not found:
        raise ValueError("should have text in it")
    return found


Text = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_writable)]
Name = Annotated[str, Field(max_length=200), AfterValidator(clean)]
Link = Annotated[str, Field(max_length=2_000), AfterValidator(clean)]
Moment = Annotated[AwareDatetime, Field(ge=datetime.fromisoformat("1970-01-02T00:00:00Z"))]


class _Told(BaseModel):
    """What a message says. What it says beyond that is passed over. Errors never quote it."""

    model_config = ConfigDict(frozen=True, strict=True, hide_input_in_errors=True)


class GoalReading(_Told):
    """Where a goal stands: `goal` is its title or id, `at` the moment, now when it is left out.
    `id` is the reading's own, the message's when it is left out.
    """

    goal: Text
    value: Annotated[float, Field(allow_inf_nan=False)]
    at: Moment | None = None
    id: Text | None = None


class ConversionRecorded(_Told):
    """Somebody did what `type` names, at `occurred_at`, now when it is left out. `value` is in
    `currency`, of all `count` together; what was seen before is as in a file's columns. `id` is the
    conversion's own, the message's when it is left out. Nothing of it says who it was.
    """

    type: Text
    occurred_at: Moment | None = None
    id: Text | None = None
    count: int = 1
    value: Annotated[float, Field(allow_inf_nan=False)] | None = None
    currency: Name = ""
    utm_content: Link = ""
    post_url: Link = ""
    first_touch: Link = ""
    last_touch: Link = ""
    self_reported: Link = ""


class _Envelope(_Told):
    type: str


class _GoalReadingMessage(_Told):
    type: Literal["goal.reading"]
    data: GoalReading


class _ConversionMessage(_Told):
    type: Literal["conversion.recorded"]
    data: ConversionRecorded


Event = GoalReading | ConversionRecorded

_MESSAGES: Mapping[str, type[_GoalReadingMessage | _ConversionMessage]] = {
    "goal.reading": _GoalReadingMessage,
    "conversion.recorded": _ConversionMessage,
}

TYPES = tuple(_MESSAGES)
"""The types of messages that the desk knows."""


def read_event(body: bytes) -> Event:
    """What a message says; raises UnreadableError with a sentence for whoever set the sender up."""
    try:
        kind = _Envelope.model_validate_json(body).type
    except ValidationError as error:
        raise UnreadableError(_told(error)) from None
    message = _MESSAGES.get(kind)
    if message is None:
        raise UnreadableError(f"type: Social Desk knows {' and '.join(TYPES)}.")
    try:
        return message.model_validate_json(body).data
    except ValidationError as error:
        raise UnreadableError(_told(error)) from None


def _told(error: ValidationError) -> str:
    """One sentence about the first thing that is wrong."""
    fault: Any = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    what = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "json_invalid":
        return "The body should be JSON in UTF-8, like {“type”: …, “data”: {…}}."
    return f"{where or 'The body'}: {what[:1].lower()}{what[1:]}."


def record(tx: Transaction, hook: Hook, message_id: str, event: Event, now: datetime) -> None:
    """Store what a message says. Raises UnreadableError with the field that can't be taken, and the
    errors of `record_reading`.
    """
    try:
        if isinstance(event, GoalReading):
            _record_reading(tx, hook, message_id, event, now)
        else:
            _record_conversion(tx, hook, message_id, event, now)
    except FieldError as error:
        name, sentence = next(iter(error.fields.items()))
        raise UnreadableError(f"data.{_FIELDS.get(name, name)}: {sentence}") from None


_FIELDS = {
    "type_key": "type",
    "external_id": "id",
    "first": "first_touch",
    "last": "last_touch",
    "touched": "utm_content",
    "told": "self_reported",
}
"""The field behind what a conversion is refused for, where it has another name."""


def _record_conversion(
    tx: Transaction, hook: Hook, message_id: str, event: ConversionRecorded, now: datetime
) -> None:
    told = event.model_dump(exclude={"id", "occurred_at"})
    given = GivenConversion(**told, occurred_at=event.occurred_at or now)
    types = types_of(tx.desk.load().conversion_types)
    source = hook_source(hook.hook_id)
    record_conversion(tx, given.command(source, event.id or message_id, types), now)


def _record_reading(
    tx: Transaction, hook: Hook, message_id: str, event: GoalReading, now: datetime
) -> None:
    at = now if event.at is None else event.at
    try:
        goal = goal_called(known_goals(tx, now), event.goal, lambda one: local_date(at, one.tz))
    except DoubtError as doubt:
        raise UnreadableError(f"data.goal: this {doubt}.") from None
    record_reading(
        tx,
        RecordReading(
            goal_id=goal.goal_id,
            value=event.value,
            at=at,
            actor_id=hook.created_by,
            source=ReadingSource.WEBHOOK,
            external_id=f"{hook.hook_id}:{event.id or message_id}",
        ),
        now,
    )
