"""Placeholder until the rules land."""

from typing import Any

from sandbox.checks.report import Verdict


def check_view(payload: Any, kind: str) -> Verdict:
    """Check a view."""
    ok = isinstance(payload, dict) and payload.get("type") == kind
    return Verdict("invalid_arguments", [] if ok else ["[ERROR] must be a view"])
