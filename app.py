"""The command line of Social Desk. `slack run` starts it, too: without a command it serves."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import DeskError
from runtime.erase_commands import erase
from runtime.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from runtime.lanes import Table

cli = typer.Typer(
    help="Social Desk: a Slack bot for social coordination.",
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)
export = typer.Typer(invoke_without_command=True)
cli.add_typer(export, name="export")
lanes = typer.Typer(invoke_without_command=True)
cli.add_typer(lanes, name="lanes")
WorkspaceOption = Annotated[
    str | None, typer.Option("--workspace", help="Its Slack id, where there are several.")
]
ReasonOption = Annotated[str, typer.Option(help="Why; it is kept in the history.")]
LaneOption = Annotated[str | None, typer.Option("--lane", help="All that is set aside there.")]
KeysArgument = Annotated[list[str] | None, typer.Argument(help="Keys, like card:12.")]
cli.add_typer(erase, name="erase")
RoleOption = Annotated[str, typer.Option(help="all, web or worker; SQLite serves with all.")]


@cli.callback()
def main(context: typer.Context) -> None:
    """Serve when no command is named."""
    if context.invoked_subcommand is None:
        serve()


@cli.command()
def serve(role: RoleOption = "all") -> None:
    """Serve Slack until stopped."""
    from runtime.logs import set_up_logs
    from runtime.serve import ProcessRole
    from runtime.serve import serve as run

    settings = read_settings()
    if role not in set(ProcessRole):
        raise SettingsError(f"--role: “{role}” should be all, web or worker.")
    set_up_logs(settings.log_level, settings.log_format)
    asyncio.run(run(settings, ProcessRole(role)))


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="The port of the page; 0 takes a free one.")] = 8400,
) -> None:
    """Try it in the browser: the desk in a local workspace, nothing to set up."""
    from runtime.demo import run_demo

    asyncio.run(run_demo(port=port))


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from runtime.schema import migrate as run
    from runtime.schema import taken
    from storage.database import Database

    settings = read_settings()
    with taken(Database(settings.database_url)):
        run(settings)
    typer.echo("The database has the newest schema.")


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file, like backup.db.")],
) -> None:
    """Copy the SQLite database into a new file, beside a server, and look the copy through."""
    from runtime.backup import make_backup, words_of

    typer.echo(f"{file}: {words_of(make_backup(read_settings(), file))}")


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that backup has written.")],
) -> None:
    """Put a backup in the SQLite database's place; the server has to be stopped."""
    from runtime.backup import restore as run
    from runtime.backup import said_of

    for line in said_of(asyncio.run(run(read_settings(), file)), file):
        typer.echo(line)


@cli.command()
def apply(
    file: Annotated[Path, typer.Argument(help="The set-up as YAML; desk.example.yaml shows all.")],
    *,
    dry_run: Annotated[bool, typer.Option(help="Show what would change, change nothing.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Set the desk up from a file; a running server takes it up."""
    from runtime.apply import apply_file

    settings = read_settings()
    done = apply_file(settings, file, is_dry_run=dry_run, workspace=workspace)
    for line in asyncio.run(done):
        typer.echo(line)


@cli.command()
def doctor(*, workspace: WorkspaceOption = None) -> None:
    """Check everything that the desk needs, a line each; 1 when something does not work."""
    from runtime.doctor import examine
    from runtime.findings import Level

    findings = asyncio.run(examine(read_settings(), workspace))
    for finding in findings:
        typer.echo(finding.line())
    if any(finding.level is Level.FAIL for finding in findings):
        raise typer.Exit(1)


@cli.command()
def key() -> None:
    """Make a key for ENCRYPTION_KEYS."""
    from cryptography.fernet import Fernet

    typer.echo(Fernet.generate_key().decode())


@cli.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt everything personal anew with the first of ENCRYPTION_KEYS, beside a server."""
    from runtime.keys import rotate_keys as run

    done = asyncio.run(run(read_settings()))
    for line in done.lines:
        typer.echo(line)
    if not done.is_complete:
        raise typer.Exit(1)


@export.callback()
def export_desk(context: typer.Context, workspace: WorkspaceOption = None) -> None:
    """Print the set-up as the file that apply takes."""
    from runtime.export import export_desk as run

    if context.invoked_subcommand is None:
        typer.echo(asyncio.run(run(read_settings(), workspace=workspace)), nl=False)


@export.command("submissions")
def export_submissions(
    file: Annotated[Path, typer.Argument(help="A new file, like submissions.csv.")],
    *,
    personal: Annotated[
        bool, typer.Option("--personal", help="With names, contacts and wordings of customers.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write every submission into a table (CSV), without personal fields."""
    from runtime.export import export_submissions as run

    settings = read_settings()
    count = asyncio.run(run(settings, file, with_personal=personal, workspace=workspace))
    typer.echo(f"{count} submissions in {file}.")


@lanes.callback()
def show_lanes(context: typer.Context, workspace: WorkspaceOption = None) -> None:
    """Show the lanes in which something waits or was set aside."""
    from runtime.lanes import show_lanes as run

    if context.invoked_subcommand is None:
        _print_table(asyncio.run(run(read_settings(), workspace)))


@lanes.command("show")
def show_lane(
    lane: Annotated[str, typer.Argument(help="As `lanes` names it, like C012AB3CD.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Show what waits or was set aside in one lane, with its keys."""
    from runtime.lanes import show_lane as run

    _print_table(asyncio.run(run(read_settings(), lane, workspace)))


@lanes.command("retry")
def retry_effects(
    reason: ReasonOption,
    keys: KeysArgument = None,
    lane: LaneOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Try effects again that were set aside; a running server takes them up."""
    _attend("retry", keys, reason, lane, workspace)


@lanes.command("drop")
def drop_effects(
    reason: ReasonOption,
    keys: KeysArgument = None,
    lane: LaneOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Give effects up for good that wait or were set aside."""
    _attend("drop", keys, reason, lane, workspace)


@lanes.command("recheck")
def recheck_effects(
    since: Annotated[
        datetime | None,
        typer.Option(help="To when it was restored (UTC); else when something happened last."),
    ] = None,
) -> None:
    """After a restore of PostgreSQL, before serving: look up what may have been sent since."""
    from runtime.backup import doubts, recheck_database

    moment = None if since is None else since.replace(tzinfo=UTC)
    for line in doubts(asyncio.run(recheck_database(read_settings(), moment))):
        typer.echo(line)


def _print_table(table: "Table") -> None:
    from runtime.lanes import printed

    printed(table, typer.echo, is_for_people=sys.stdout.isatty())


def _attend(
    act: str, keys: list[str] | None, reason: str, lane: str | None, workspace: str | None
) -> None:
    from runtime.lanes import attend

    settled = asyncio.run(
        attend(read_settings(), act, keys or (), reason=reason, lane=lane, workspace_id=workspace)
    )
    for one in settled:
        typer.echo(f"{one.key}: {one.sentence}")
    if not all(one.is_done for one in settled):
        raise typer.Exit(1)


@export.command("person")
def export_person(
    who: Annotated[str, typer.Argument(help="A name or contact; a colleague's Slack id.")],
    file: Annotated[Path, typer.Argument(help="A new file, like person.json.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Write everything that is stored about one person (JSON): a customer, lead or colleague."""
    from runtime.dossier import export_person as run

    typer.echo(asyncio.run(run(read_settings(), who, file, workspace)))


@export.command("accesses")
def export_accesses(
    file: Annotated[Path, typer.Argument(help="A new file, like accesses.csv.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Write who opened, exported or erased personal data into a table (CSV)."""
    from runtime.export import export_accesses as run

    count = asyncio.run(run(read_settings(), file, workspace))
    typer.echo(f"{count} accesses in {file}.")


@cli.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file.")],
    workspace: WorkspaceOption = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it brings.")] = False,
) -> None:
    """Bring readings of goals or conversions in from a file; each counts once."""
    from runtime.importing import import_file as run

    typer.echo(asyncio.run(run(read_settings(), file, workspace, is_dry=dry_run)))


@cli.command()
def digest(
    channel: Annotated[str, typer.Argument(help="The channel's Slack id, like C012AB3CD.")],
    *,
    pdf: Annotated[Path | None, typer.Option(help="Write it there, for a board pack.")] = None,
    letter: Annotated[bool, typer.Option("--letter", help="Pages of US Letter, not A4.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Print what the channel's digest would say now, here or as a PDF."""
    from handlers.paper import Sheet
    from runtime.apply import preview_digest, print_digest

    if pdf is not None:
        sheet = Sheet.LETTER if letter else Sheet.A4
        done = print_digest(read_settings(), channel, pdf, sheet=sheet, workspace=workspace)
        typer.echo(asyncio.run(done))
        return
    typer.echo(asyncio.run(preview_digest(read_settings(), channel, workspace=workspace)))


@cli.command()
def manifest(
    request_url: Annotated[
        str | None, typer.Option(help="Where Slack calls over HTTP; without it, Socket Mode.")
    ] = None,
    *,
    many: Annotated[
        bool, typer.Option("--many", help="For an app that many workspaces install.")
    ] = False,
) -> None:
    """Print the app's manifest."""
    from runtime.manifest import manifest_of

    found = manifest_of(_settings_for_manifest(), request_url=request_url, is_for_many=many)
    typer.echo(manifest_text(found))


def manifest_text(found: object) -> str:
    """A manifest as it stands in manifest.json."""
    return json.dumps(found, indent=2, ensure_ascii=False)


def _settings_for_manifest() -> Settings:
    return read_settings()


def run() -> None:
    """Run the command line; what a person can mend is one sentence, never a stack trace."""
    try:
        cli()
    except (SettingsError, DeskError) as error:
        print(error, file=sys.stderr)  # noqa: T201  the command line speaks to its user
        sys.exit(1)


if __name__ == "__main__":
    run()
