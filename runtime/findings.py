"""What a check of `python app.py doctor` found."""

from dataclasses import dataclass
from enum import StrEnum

from slack_sdk.errors import SlackApiError

from handlers.outcomes import classify, error_code


class Level(StrEnum):
    """How a check ended. Only FAIL is something that does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what it looked at, and a sentence."""

    level: Level
    about: str
    sentence: str

    def line(self) -> str:
        """The finding as it is printed."""
        return f"{self.level.value:<5} {self.about}: {self.sentence}"


def ok(about: str, sentence: str) -> Finding:
    """It works."""
    return Finding(Level.OK, about, sentence)


def warn(about: str, sentence: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(Level.WARN, about, sentence)


def fail(about: str, sentence: str) -> Finding:
    """It does not work."""
    return Finding(Level.FAIL, about, sentence)


def no_answer(error: Exception, advice: str) -> str:
    """What Slack answered instead of what was asked, and what to do."""
    if isinstance(error, SlackApiError) and error_code(error):
        return f"Slack answers “{error_code(error)}”. {advice}"
    return f"Slack does not answer at SLACK_API_URL ({classify(error).error})."
