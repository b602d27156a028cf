"""`python app.py digest …`."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from runtime.settings import read_settings

WorkspaceOption = Annotated[
    str | None, typer.Option("--workspace", help="Its Slack id, where there are several.")
]
ALONE = "--send-now sends what it says so far, as it is: leave the other options out."


def digest(
    which: Annotated[
        str | None, typer.Argument(help="Its name as listed, or its channel's Slack id.")
    ] = None,
    *,
    week: Annotated[
        str, typer.Option(help="Of a week that was: 2026-W47, or a day in it like 2026-11-18.")
    ] = "",
    pdf: Annotated[Path | None, typer.Option(help="Write it there, for a board pack.")] = None,
    letter: Annotated[bool, typer.Option("--letter", help="Pages of US Letter, not A4.")] = False,
    audience: Annotated[str, typer.Option(help="For another audience than its own.")] = "",
    send_now: Annotated[
        bool, typer.Option("--send-now", help="Have a running server send it.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List the digests; show one, here or as a PDF; send one now."""
    has_more = bool(week or pdf or audience)
    if which is None:
        _list(workspace, is_alone=not (has_more or send_now))
    elif send_now:
        _send(which, workspace, is_alone=not has_more)
    else:
        _show(which, audience, week, pdf, workspace, is_letter=letter)


def _list(workspace: str | None, *, is_alone: bool) -> None:
    from bot.errors import ConfigurationError
    from runtime.digests import list_digests
    from runtime.lanes import printed

    if not is_alone:
        raise ConfigurationError("Which digest? Name it, or its channel's Slack id.")
    table = asyncio.run(list_digests(read_settings(), workspace))
    printed(table, typer.echo, is_for_people=sys.stdout.isatty())


def _send(which: str, workspace: str | None, *, is_alone: bool) -> None:
    from bot.errors import ConfigurationError
    from runtime.digests import send_digest

    if not is_alone:
        raise ConfigurationError(ALONE)
    typer.echo(asyncio.run(send_digest(read_settings(), which, workspace)))


def _show(
    which: str,
    audience: str,
    week: str,
    pdf: Path | None,
    workspace: str | None,
    *,
    is_letter: bool,
) -> None:
    from bot.digest_care import Show
    from handlers.paper import Sheet
    from runtime.digests import print_digest, show_digest

    settings, asked = read_settings(), Show(which=which, audience=audience, week=week)
    if pdf is None:
        typer.echo(asyncio.run(show_digest(settings, asked, workspace)))
        return
    sheet = Sheet.LETTER if is_letter else Sheet.A4
    typer.echo(asyncio.run(print_digest(settings, asked, pdf, sheet=sheet, workspace=workspace)))
