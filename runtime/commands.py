"""The commands of the command line; `app.py` runs them."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from runtime.digest_commands import digest
from runtime.erase_commands import erase
from runtime.export_commands import export
from runtime.lane_commands import lanes
from runtime.launch import launch
from runtime.settings import Settings, read_settings

cli = typer.Typer(
    help="Social Desk: a Slack bot for social coordination.",
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)
cli.add_typer(export, name="export")
cli.add_typer(lanes, name="lanes")
cli.add_typer(erase, name="erase")
cli.command("digest")(digest)
WorkspaceOption = Annotated[
    str | None, typer.Option("--workspace", help="Its Slack id, where there are several.")
]
RoleOption = Annotated[str, typer.Option(help="all, web or worker; SQLite serves with all.")]


@cli.callback()
def main(context: typer.Context) -> None:
    """Serve when no command is named."""
    if context.invoked_subcommand is None:
        serve()


@cli.command()
def serve(role: RoleOption = "all") -> None:
    """Serve Slack until stopped."""
    launch(role)


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
