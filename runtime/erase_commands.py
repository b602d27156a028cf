"""`python app.py erase …`: what goes is told first, and asked about."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, Protocol

import typer

from runtime.settings import read_settings

erase = typer.Typer(help="Erase personal data, submissions, colleagues.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="The submission's number.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")]
Workspace = Annotated[
    str | None, typer.Option("--workspace", help="Its Slack id, where there are several.")
]
Sure = Annotated[bool, typer.Option("--yes", help="Don't ask before.")]


class Work(Protocol):
    """Erases, or only tells what would go."""

    def __call__(self, *, dry: bool) -> Coroutine[Any, Any, tuple[str, ...]]: ...


def _run(work: Work, *, dry_run: bool, yes: bool) -> None:
    """Tell what would go, ask, erase."""
    if dry_run or not yes:
        _print(asyncio.run(work(dry=True)))
    if dry_run:
        return
    if not yes:
        typer.confirm("Erase this? It can't be undone.", abort=True)
    _print(asyncio.run(work(dry=False)))


def _print(lines: tuple[str, ...]) -> None:
    for line in lines:
        typer.echo(line)


def _work(number: int, workspace: str | None, *, is_whole: bool = False) -> Work:
    from runtime.erasing import How, erase_submission

    settings = read_settings()
    return lambda *, dry: erase_submission(
        settings, number, How(is_whole=is_whole, is_dry_run=dry), workspace
    )


@erase.command("personal")
def erase_personal(
    number: Number, *, dry_run: DryRun = False, yes: Sure = False, workspace: Workspace = None
) -> None:
    """Erase the personal fields and the conversation of one submission."""
    _run(_work(number, workspace), dry_run=dry_run, yes=yes)


@erase.command("submission")
def erase_whole(
    number: Number, *, dry_run: DryRun = False, yes: Sure = False, workspace: Workspace = None
) -> None:
    """Erase a submission with everything that was written down about it."""
    _run(_work(number, workspace, is_whole=True), dry_run=dry_run, yes=yes)


@erase.command("person")
def erase_person(
    who: Annotated[str, typer.Argument(help="A customer's or lead's name or contact.")],
    *,
    whole: Annotated[bool, typer.Option("--whole", help="All of each submission.")] = False,
    dry_run: DryRun = False,
    yes: Sure = False,
    workspace: Workspace = None,
) -> None:
    """Erase a customer or lead, found by name or contact, in every submission and draft."""
    from runtime.erasing import How
    from runtime.erasing import erase_person as run

    settings = read_settings()
    _run(
        lambda *, dry: run(settings, who, How(is_whole=whole, is_dry_run=dry), workspace),
        dry_run=dry_run,
        yes=yes,
    )


@erase.command("colleague")
def erase_colleague(
    user_id: Annotated[str, typer.Argument(help="Their Slack id, like U012AB3CD.")],
    *,
    texts: Annotated[bool, typer.Option("--texts", help="And what they wrote to others.")] = False,
    dry_run: DryRun = False,
    yes: Sure = False,
    workspace: Workspace = None,
) -> None:
    """Erase a colleague's drafts and what is known of them; with --texts what they wrote, too."""
    from runtime.erasing import forget_colleague

    settings = read_settings()
    _run(
        lambda *, dry: forget_colleague(
            settings, user_id, with_texts=texts, is_dry_run=dry, workspace_id=workspace
        ),
        dry_run=dry_run,
        yes=yes,
    )
