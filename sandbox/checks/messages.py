"""Placeholder until the rules land."""

from typing import Any

from sandbox.checks.report import Verdict


def check_message(raw: Any) -> Verdict:
    """Check the blocks of a message."""
    return Verdict("invalid_blocks", [] if isinstance(raw, list) else ["[ERROR] must be an array"])
