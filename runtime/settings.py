"""Every setting, read once from the environment and `.env`. The only reader of the environment."""

import base64
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.kinds import KINDS

COMMAND = re.compile(r"^/[a-z0-9_-]{1,31}$")


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what it should be."""


class Settings(BaseSettings):
    """What an operator sets. The description of each is what the documentation prints."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    slack_bot_token: SecretStr = Field(
        SecretStr(""),
        description="The bot's token, from the app's “OAuth & Permissions” page: xoxb-…",
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""),
        description="An app-level token (xapp-…, connections:write): present, Socket Mode is used",
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="The signing secret, needed when Slack calls over HTTP"
    )
    slack_client_id: str = Field(
        "",
        description="For many workspaces, instead of SLACK_BOT_TOKEN: the app's Client ID, from "
        "its “Basic Information” page",
    )
    slack_client_secret: SecretStr = Field(
        SecretStr(""), description="The Client Secret that belongs to it"
    )
    slack_redirect_uri: str = Field(
        "",
        description="Where Slack sends people back after installing, as the app's page names it: "
        "https://…/slack/oauth_redirect; empty: the first one that is named there",
    )
    erase_after_days: Annotated[int, Field(ge=1, le=365)] = Field(
        30,
        description="For many workspaces: how many days after the app was removed from one "
        "everything of it is erased",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", description="Another Slack's address; it ends in /api/"
    )
    database_url: str = Field(
        "sqlite:///social-desk.db",
        description="sqlite:///FILE, or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
    )
    wake_ups: Literal["notify", "poll"] = Field(
        "notify",
        description="How PostgreSQL's workers hear of work: notify (LISTEN, a few milliseconds), "
        "or poll (they ask five times a second; works through any connection pooler)",
    )
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (),
        description="Keys for personal fields and tokens at rest, the newest first: KEY,OLDER KEY "
        "(`python app.py key` makes one); none: not encrypted",
    )
    host: str = Field("127.0.0.1", description="The address to listen on; 0.0.0.0 for all")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        3000, description="The port for Slack's requests and for health checks"
    )
    public_url: str = Field(
        "",
        description="Where this server is reached from outside, for the addresses of webhooks: "
        "https://desk.example.com",
    )
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        0, description="The port for /metrics, at METRICS_HOST; 0 opens none"
    )
    metrics_host: str = Field("127.0.0.1", description="The address of METRICS_PORT")
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="What who reads /metrics has to show (Authorization: Bearer …); present, "
        "/metrics is at PORT, too",
    )
    otel_exporter_otlp_endpoint: str = Field(
        "",
        description="Traces go to this OpenTelemetry collector, by OTLP over HTTP: http://HOST:4318",
    )
    sentry_dsn: SecretStr = Field(
        SecretStr(""), description="Errors go to this Sentry project: https://KEY@HOST/PROJECT"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged; personal data never is"
    )
    log_format: Literal["json", "console"] = Field("json", description="How a log line looks")
    pdf_font: str = Field(
        "", description="The font file of digests as PDF, without it DejaVu Sans or Noto Sans"
    )
    command: str = Field("/social", description="The main slash command")
    command_names: Annotated[dict[str, str], NoDecode] = Field(
        default_factory=dict,
        description="Other names for the commands of kinds: idea=/idee,lead=/tipp",
    )

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_api(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")) or not url.endswith("/api/"):
            raise ValueError("an address that ends in /api/, like https://slack.com/api/")
        return url

    @field_validator("public_url")
    @classmethod
    def _is_reached(cls, url: str) -> str:
        if url and not (url.startswith(("http://", "https://")) and urlsplit(url).hostname):
            raise ValueError("this server's address as others reach it: https://desk.example.com")
        return url.rstrip("/")

    @field_validator("otel_exporter_otlp_endpoint")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("an address of a collector, like http://localhost:4318")
        return url

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url.startswith("postgres://"):
            url = "postgresql://" + url.removeprefix("postgres://")
        if url.startswith("postgresql://"):
            url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME")
        return url

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr) -> SecretStr:
        value = token.get_secret_value()
        if value and not value.startswith(("xoxb-", "xoxe.xoxb-", "xapp-")):
            raise ValueError("a token as Slack shows it (xoxb-… for the bot, xapp-… for the app)")
        return token

    @field_validator("encryption_keys", mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(key.strip() for key in value.split(",") if key.strip())

    @field_validator("encryption_keys")
    @classmethod
    def _fernet_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for key in keys:
            if not _is_fernet_key(key.get_secret_value()):
                raise ValueError("keys as `python app.py key` makes them, separated by commas")
        return keys

    @field_validator("command_names", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
        return {kind.strip(): name.strip() for kind, _, name in pairs}

    @field_validator("command_names")
    @classmethod
    def _known_kinds(cls, names: dict[str, str]) -> dict[str, str]:
        for kind, name in names.items():
            if kind not in KINDS or not COMMAND.match(name):
                raise ValueError(
                    "pairs of a kind and a command, like idea=/idee; kinds are " + ", ".join(KINDS)
                )
        return names

    @field_validator("command")
    @classmethod
    def _is_a_command(cls, name: str) -> str:
        if not COMMAND.match(name):
            raise ValueError("a slash and lower-case letters, digits, - or _ (32 characters)")
        return name

    @property
    def commands(self) -> dict[str, str]:
        """The slash command of each kind, by kind."""
        return {kind: self.command_names.get(kind, f"{self.command}-{kind}") for kind in KINDS}

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.database_url.startswith("sqlite:")

    @property
    def uses_socket_mode(self) -> bool:
        """Whether Slack is reached through a socket rather than calling us."""
        return bool(self.slack_app_token.get_secret_value())

    @property
    def serves_many(self) -> bool:
        """Whether workspaces install the app by themselves, over OAuth."""
        return bool(self.slack_client_id or self.slack_client_secret.get_secret_value())

    def check_for_serving(self, *, listens: bool = True) -> None:
        """Raise SettingsError when what Slack needs is missing; a worker does not listen."""
        if self.serves_many:
            self.check_for_many(listens=listens)
            return
        if not self.slack_bot_token.get_secret_value():
            raise SettingsError(
                "SLACK_BOT_TOKEN is missing: the bot token (xoxb-…) from the app's "
                "“OAuth & Permissions” page."
            )
        if (
            listens
            and not self.uses_socket_mode
            and not self.slack_signing_secret.get_secret_value()
        ):
            raise SettingsError(
                "Set SLACK_APP_TOKEN (xapp-…) to use Socket Mode, or SLACK_SIGNING_SECRET to let "
                "Slack call this server over HTTP."
            )

    def check_for_many(self, *, listens: bool = True) -> None:
        """Raise SettingsError when what OAuth needs is missing, or contradicts itself."""
        if not self.slack_client_id or not self.slack_client_secret.get_secret_value():
            missing = "SLACK_CLIENT_SECRET" if self.slack_client_id else "SLACK_CLIENT_ID"
            raise SettingsError(
                f"{missing} is missing: SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together; "
                "both are on the app's “Basic Information” page."
            )
        if self.slack_bot_token.get_secret_value():
            raise SettingsError(
                "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many: leave one away."
            )
        if self.uses_socket_mode:
            raise SettingsError(
                "SLACK_APP_TOKEN: Socket Mode is for one workspace. For many leave it away, and "
                "let Slack call this server over HTTP (SLACK_SIGNING_SECRET)."
            )
        if not self.encryption_keys:
            raise SettingsError(
                "ENCRYPTION_KEYS is missing: the tokens of workspaces are stored encrypted. "
                "`python app.py key` makes a key."
            )
        if listens and not self.slack_signing_secret.get_secret_value():
            raise SettingsError(
                "SLACK_SIGNING_SECRET is missing: Slack's requests are proven with it. It is on "
                "the app's “Basic Information” page."
            )


def _is_fernet_key(key: str) -> bool:
    """Whether it is 32 bytes in URL-safe base64."""
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except ValueError:
        return False


def read_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings; raises SettingsError naming each bad one and what it should be."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in fault['loc']).upper()}: should be "
            f"{_wanted(fault['msg'])}"
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from None


def _wanted(message: str) -> str:
    text = message.removeprefix("Value error, ").removeprefix("Input should be ")
    return text if text.endswith(".") else f"{text}."
