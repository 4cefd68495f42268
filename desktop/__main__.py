"""The `loadlens` command: without a verb the window, with one the services behind it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from services.command_line import Parser, add_env_file, take_env_file
from services.console import guarded
from services.messages import gettext


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or run the verb of the command line; the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    env_file, others = take_env_file(given)
    if not others:
        from desktop.app.application import open_window

        return open_window(env_file=env_file)
    if others[0] == "demo":
        return _demo(others[1:], env_file)
    from services import cli  # without Qt: scripts run where there is no screen

    return cli.main(given)


def _demo(given: list[str], env_file: Path | None) -> int:
    summary = gettext(
        "Open the window on a sample facility with trained models, signed in as demo@loadlens.local."
    )
    parser = Parser(prog="loadlens demo", description=summary)
    add_env_file(parser)
    parser.add_argument("--reset", action="store_true", help=gettext("make the sample facility anew"))
    chosen = parser.parse_args(given)
    from desktop.app.application import run
    from desktop.app.startup import demo

    return run(None, demo(chosen.reset), env_file)


if __name__ == "__main__":
    sys.exit(main())
