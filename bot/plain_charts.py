"""Whether charts need not be tried in a workspace: Slack refused them there not long ago."""

from datetime import datetime, timedelta

from bot.ports import Transaction

KEPT = timedelta(days=28)
"""For so long a workspace that refused charts gets tables without being asked again: four weekly
digests. Slack brings charts to one after the other
(https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block).
"""


def refused_until(tx: Transaction, _asked: None, now: datetime) -> datetime | None:
    """Until when charts need not be tried; None when they may be."""
    refused_at = tx.digests.charts_refused_at()
    if refused_at is None or now - refused_at >= KEPT:
        return None
    return refused_at + KEPT


def refuse(tx: Transaction, _refused: None, now: datetime) -> datetime:
    """Charts were refused, and the layout without them was taken; until when that holds."""
    until = refused_until(tx, None, now)
    if until is not None:
        return until
    tx.digests.refuse_charts(now)
    return now + KEPT
