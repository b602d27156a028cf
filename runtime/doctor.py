"""Looks after everything that the desk needs, a line for each thing with what to do about it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import StorageBusyError, StorageDownError
from handlers.manifest import OPTIONAL, SCOPES
from handlers.outcomes import TROUBLE
from runtime.clocks import SystemClock
from runtime.doctor_desk import examine_desk
from runtime.doctor_telemetry import examine_telemetry
from runtime.doctor_work import examine_work
from runtime.findings import Finding, Level, fail, no_answer, ok, warn
from runtime.keys import check_keys, vault_of
from runtime.readiness import SLOW_CLOCK, WRONG_CLOCK
from runtime.settings import Settings, SettingsError
from runtime.slack import new_client, new_session
from storage.database import Database
from storage.installed import places

COPY = "Copy {} from the app's page at Slack again."


async def examine(settings: Settings) -> tuple[Finding, ...]:
    """Every check, in an order in which a failure explains those behind it."""
    found: list[Finding] = []
    vault = vault_of(settings)
    database = Database(settings.database_url, vault=vault)
    try:
        async with new_session() as session:
            client = new_client(settings, session)
            answer = None
            if not settings.serves_many:
                answer = await _identity(settings, client, found)
            found += [await _entrance(settings, client), await _database(database)]
            if found[-1].level is not Level.FAIL:
                found.append(await check_keys(database, vault))
                if settings.serves_many:
                    found.append(await _installations(settings, database))
                now = SystemClock().now()
                found += await examine_work(settings, database, now)
                if answer is not None:
                    found += await examine_desk(database, client, str(answer["team_id"]), now)
            found += await examine_telemetry(settings, session)
    finally:
        await database.close()
    return tuple(found)


async def _installations(settings: Settings, database: Database) -> Finding:
    """What OAuth needs, and how many workspaces came of it."""
    try:
        settings.check_for_many()
    except SettingsError as error:
        return fail("workspaces", str(error))
    known = await database.ask(places)
    parked = sum(one.is_parked for one in known)
    if not known:
        return warn("workspaces", "none has installed the app yet: open /slack/install.")
    return ok("workspaces", f"{len(known) - parked} installed, {parked} removed the app.")


async def _identity(
    settings: Settings, client: AsyncWebClient, found: list[Finding]
) -> AsyncSlackResponse | None:
    """Who the bot is, with what that answer tells beside."""
    if not settings.slack_bot_token.get_secret_value():
        found.append(fail("bot token", "SLACK_BOT_TOKEN is missing (xoxb-…)."))
        return None
    try:
        answer = await client.auth_test()
    except TROUBLE as error:
        found.append(fail("bot token", no_answer(error, COPY.format("SLACK_BOT_TOKEN"))))
        return None
    headers: Mapping[str, str] = {
        str(name).lower(): str(value) for name, value in dict(answer.headers).items()
    }
    found += [
        ok("bot token", f"{answer['user']} in {answer['team']}."),
        check_scopes(headers.get("x-oauth-scopes", "")),
        check_clock(headers.get("date", ""), SystemClock().now()),
    ]
    return answer


def check_scopes(granted: str) -> Finding:
    """The scopes that Slack says the token has (x-oauth-scopes), against the manifest's."""
    has = {scope.strip() for scope in granted.split(",") if scope.strip()}
    missing, more = sorted(set(SCOPES) - has - set(OPTIONAL)), sorted(has - set(SCOPES))
    left_out = sorted(set(OPTIONAL) - has)
    if missing:
        return fail(
            "scopes",
            f"without {', '.join(missing)}. Put the manifest (python app.py manifest) into the "
            "app's page at Slack, then install the app to the workspace once more.",
        )
    if left_out:
        return warn(
            "scopes",
            f"without the optional {', '.join(left_out)}: {next(iter(OPTIONAL.values()))}.",
        )
    if more:
        return warn("scopes", f"{', '.join(more)}: granted and not needed.")
    return ok("scopes", "as the manifest asks for.")


def check_clock(date: str, now: datetime) -> Finding:
    """Slack's clock (the header Date, in full seconds) against this machine's."""
    try:
        theirs = parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return warn("clock", "Slack did not tell its time.")
    off = abs(now - theirs)
    said = f"{off / timedelta(seconds=1):.0f} s from Slack's."
    if off >= WRONG_CLOCK:
        return fail("clock", f"{said} Slack's requests are refused like that; set up NTP.")
    return warn("clock", f"{said} Set up NTP.") if off >= SLOW_CLOCK else ok("clock", said)


async def _entrance(settings: Settings, client: AsyncWebClient) -> Finding:
    """How Slack's requests come in."""
    if not settings.uses_socket_mode:
        if settings.slack_signing_secret.get_secret_value():
            return ok("requests", f"over HTTP, at {settings.host}:{settings.port}.")
        return fail("requests", "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set.")
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except TROUBLE as error:
        return fail("requests", no_answer(error, COPY.format("SLACK_APP_TOKEN")))
    return ok("requests", "through Socket Mode.")


async def _database(database: Database) -> Finding:
    try:
        await database.start()
        is_current = await database.schema_is_current()
    except StorageBusyError:
        return warn("database", "it is busy; try again in a minute.")
    except StorageDownError:
        return fail("database", "it can't be read and written. Is DATABASE_URL right, and was "
                    "`python app.py migrate` run?")  # fmt: skip
    if is_current:
        return ok("database", "it answers and has the newest schema.")
    return fail("database", "it has an older schema, or none. Run `python app.py migrate`.")
