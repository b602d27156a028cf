"""Which workspaces take no charts yet, found by trying once."""

from time import monotonic

PLAIN_SECONDS = 24 * 3600
"""For how long a workspace that refused charts gets tables without being asked again."""


class Plain:
    """The workspaces that refused charts, each for a day: Slack brings them to one after the other
    (https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block).
    """

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def holds(self, workspace_id: str) -> bool:
        """Whether charts need not be tried there."""
        return monotonic() < self._until.get(workspace_id, 0)

    def remember(self, workspace_id: str) -> None:
        """Charts were refused there, and the layout without them was taken."""
        if not self.holds(workspace_id):
            self._until[workspace_id] = monotonic() + PLAIN_SECONDS
