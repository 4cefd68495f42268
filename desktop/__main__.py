"""The `loadlens` command: without a verb the window, with one the services behind it."""

import argparse
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or run the verb of the command line; the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        from desktop.application import open_window

        return open_window()
    if given[0] == "demo":
        return _demo(given[1:])
    from services import cli  # without Qt: scripts run where there is no screen

    return cli.main(given)


def _demo(given: list[str]) -> int:
    summary = "Open the window on a sample facility with trained models, signed in as demo@loadlens.local."
    parser = argparse.ArgumentParser(prog="loadlens demo", description=summary)
    parser.add_argument("--reset", action="store_true", help="make the sample facility anew")
    chosen = parser.parse_args(given)
    from desktop.application import run
    from desktop.opening import demo

    return run(None, demo(chosen.reset))


if __name__ == "__main__":
    sys.exit(main())
