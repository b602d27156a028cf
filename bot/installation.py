"""The app's installations: who the bot is in each workspace, with which token, and until when.

With one token in the settings there are none; they come with OAuth. An organisation (Enterprise
Grid) may install the app for many of its workspaces at once: then the organisation's row holds the
tokens, and each workspace that it was granted to has a row without any
(https://docs.slack.dev/enterprise/organization-ready-apps).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

REFRESH_BEFORE = timedelta(hours=2)
"""A token that expires is exchanged this long before: Slack gives it twelve hours
(https://docs.slack.dev/authentication/using-token-rotation).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The bot's token, and what it is exchanged with before it expires; Slack's xoxe-tokens only
    expire where the app asks for it.
    """

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None

    def is_stale(self, now: datetime) -> bool:
        """Whether it is time to exchange it."""
        return self.expires_at is not None and now >= self.expires_at - REFRESH_BEFORE

    def is_over(self, now: datetime) -> bool:
        """Whether Slack does not take it any more."""
        return self.expires_at is not None and now >= self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The app in one workspace, or in an organisation, under its id.

    `url` is the workspace's address with a slash at its end, empty where Slack did not tell it.
    `tokens` is None where the organisation's are used. `parked_at`: Slack does not let the
    app in any more since, nothing is tried, and at `erase_at` everything is erased. `version` moves
    with every change.
    """

    workspace_id: str
    enterprise_id: str | None = None
    is_org: bool = False
    name: str = ""
    url: str = ""
    bot_id: str
    bot_user_id: str
    scopes: str = ""
    installer_id: str | None = None
    tokens: Tokens | None = None
    installed_at: datetime
    parked_at: datetime | None = None
    erase_at: datetime | None = None
    version: int = 0

    @property
    def is_served(self) -> bool:
        """Whether the desk works there."""
        return self.parked_at is None and not self.is_org

    def parked(self, now: datetime, promised: timedelta) -> "Installation":
        """Without the app from now on; what is stored stays as long as it was promised."""
        return replace(self, tokens=None, parked_at=now, erase_at=now + promised)


class InstallationStore(Protocol):
    """The installation of the workspace, and everything that is stored of it."""

    def get(self) -> Installation | None:
        """The installation, locked for this transaction where the database can."""
        ...

    def save(self, installation: Installation, now: datetime) -> Installation:
        """Store it, at its next version."""
        ...

    def is_parked(self) -> bool:
        """Whether Slack does not let the app in any more."""
        ...

    def claim_refresh(self, version: int, until: datetime, now: datetime) -> bool:
        """Be the one who exchanges the token of this version until then; False when somebody else
        is, or it was exchanged already.
        """
        ...

    def claim_reading(self, before: datetime, now: datetime) -> bool:
        """Be the one who reads people and channels; False when that was done since `before`."""
        ...

    def erase(self, limit: int) -> bool:
        """Delete at most `limit` rows of each table; True when nothing at all is left."""
        ...
