"""The command line of Social Desk. `slack run` starts it, too: without a command it serves."""

import sys


def run() -> None:
    """Run the command line; what a person can mend is one sentence, never a stack trace."""
    role = _role_to_serve(sys.argv[1:])
    if role is not None:
        from runtime.terse import be_terse

        be_terse()
    from bot.errors import DeskError
    from runtime.settings import SettingsError

    try:
        if role is None:
            _obey()
        else:
            _serve(role)
    except (SettingsError, DeskError) as error:
        print(error, file=sys.stderr)  # noqa: T201  the command line speaks to its user
        sys.exit(1)


def _role_to_serve(arguments: list[str]) -> str | None:
    """The role of a process that is to serve; None for every other command.

    What serves is started without the library that reads commands: a megabyte less.
    """
    match arguments:
        case [] | ["serve"]:
            return "all"
        case ["serve", "--role", role]:
            return role
        case _:
            return None


def _serve(role: str) -> None:
    from runtime.launch import launch

    launch(role)


def _obey() -> None:
    from runtime.commands import cli

    cli()


if __name__ == "__main__":
    run()
