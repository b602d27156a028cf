"""What a joint meeting decided, as data (P34)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision, who sees to it, and by when; open until somebody says what became of it.

    `decision_id` comes from the form that recorded it.
    """

    decision_id: str
    text: str
    owner_id: str
    due: date | None
    made_at: datetime
    made_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None
    outcome: str = ""
