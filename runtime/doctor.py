"""Looks after everything that the desk needs, a line for each thing with what to do about it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import ConfigurationError, StorageBusyError, StorageDownError
from handlers.outcomes import TROUBLE
from handlers.paper import font_of
from runtime.clocks import SystemClock
from runtime.doctor_desk import examine_desk
from runtime.doctor_many import examine_workspaces
from runtime.doctor_scopes import check_scopes, header
from runtime.doctor_telemetry import examine_telemetry
from runtime.doctor_work import examine_work
from runtime.findings import Finding, Level, fail, no_answer, ok, warn
from runtime.keys import check_keys, vault_of
from runtime.readiness import SLOW_CLOCK, WRONG_CLOCK
from runtime.settings import Settings
from runtime.slack import new_client, new_session
from storage.database import Database

COPY = "Copy {} from the app's page at Slack again."


async def examine(settings: Settings, workspace: str | None = None) -> tuple[Finding, ...]:
    """Every check, in an order in which a failure explains those behind it; where there are many
    workspaces, all of what `workspace` needs, else what is wrong in each.
    """
    found: list[Finding] = []
    vault = vault_of(settings)
    database = Database(settings.database_url, vault=vault)
    try:
        named = (settings.otel_exporter_otlp_endpoint, settings.sentry_dsn.get_secret_value())
        async with new_session(settings.slack_api_url, *named) as session:
            client = new_client(settings, session)
            answer = None
            if not settings.serves_many:
                answer = await _identity(settings, client, found)
            found += [await _entrance(settings, client), await _database(database)]
            if found[-1].level is not Level.FAIL:
                found.append(await check_keys(database, vault))
                now = SystemClock().now()
                if settings.serves_many:
                    found += await examine_workspaces(settings, database, session, now, workspace)
                found += await examine_work(settings, database, now)
                if answer is not None:
                    found += await examine_desk(database, client, str(answer["team_id"]), now)
            found += [check_paper(settings.pdf_font), *await examine_telemetry(settings, session)]
    finally:
        await database.close()
    return tuple(found)


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
    found += [
        ok("bot token", f"{answer['user']} in {answer['team']}."),
        check_scopes(header(answer, "x-oauth-scopes")),
        check_clock(header(answer, "date"), SystemClock().now()),
    ]
    return answer


def check_paper(font: str) -> Finding:
    """Whether digests can be given as PDF: they need a font's file."""
    try:
        return ok("digests as PDF", f"printed in {font_of(font).name}.")
    except ConfigurationError as error:
        return warn("digests as PDF", error.sentence)


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
