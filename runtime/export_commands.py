"""`python app.py export …`: the set-up, submissions, one person's data, who saw what."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from runtime.settings import read_settings

export = typer.Typer(invoke_without_command=True)
WorkspaceOption = Annotated[
    str | None, typer.Option("--workspace", help="Its Slack id, where there are several.")
]


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
