"""The command line of Social Desk. `slack run` starts it, too: without a command it serves."""

import sys

from bot.errors import DeskError
from runtime.settings import SettingsError


def run() -> None:
    """Run the command line; what a person can mend is one sentence, never a stack trace."""
    try:
        if sys.argv[1:] in ([], ["serve"]):  # without what reads commands: a megabyte less
            from runtime.launch import launch

            launch()
        else:
            from runtime.commands import cli

            cli()
    except (SettingsError, DeskError) as error:
        print(error, file=sys.stderr)  # noqa: T201  the command line speaks to its user
        sys.exit(1)


if __name__ == "__main__":
    run()
