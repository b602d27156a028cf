"""`python app.py lanes …`: what waits or was set aside, and what an operator does about it."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.settings import read_settings

if TYPE_CHECKING:
    from runtime.lanes import Table

lanes = typer.Typer(invoke_without_command=True)
WorkspaceOption = Annotated[
    str | None, typer.Option("--workspace", help="Its Slack id, where there are several.")
]
ReasonOption = Annotated[str, typer.Option(help="Why; it is kept in the history.")]
LaneOption = Annotated[str | None, typer.Option("--lane", help="All that is set aside there.")]
KeysArgument = Annotated[list[str] | None, typer.Argument(help="Keys, like card:12.")]


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
