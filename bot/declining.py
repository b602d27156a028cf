"""Why something is declined."""

from enum import StrEnum


class DeclineReason(StrEnum):
    """Why something is declined: a list, so that the pattern of reasons can be counted (P10)."""

    NOT_FOR_OUR_AUDIENCE = "not_for_our_audience"
    ALREADY_COVERED = "already_covered"
    TIMING = "timing"
    NEEDS_MORE = "needs_more"
    NO_PERMISSION = "no_permission"
    OFF_STRATEGY = "off_strategy"
    OTHER = "other"


DECLINE_REASONS = {
    DeclineReason.NOT_FOR_OUR_AUDIENCE: "Not for our audience",
    DeclineReason.ALREADY_COVERED: "We have covered this",
    DeclineReason.TIMING: "Not now: the timing is wrong",
    DeclineReason.NEEDS_MORE: "Too little to work with",
    DeclineReason.NO_PERMISSION: "No permission to use it",
    DeclineReason.OFF_STRATEGY: "Outside our strategy",
    DeclineReason.OTHER: "Another reason",
}
