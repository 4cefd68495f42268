"""Run one verb: its answer on standard output, or one sentence on standard error and status 1."""

import sys
from collections.abc import Sequence

from services import settings
from services.cli.arguments import parser
from services.errors import LoadlensError


def main(arguments: Sequence[str]) -> int:
    """Run the verb that the command line names; the exit status."""
    chosen = parser().parse_args(arguments)
    try:
        chosen.verb(settings.load(), chosen)
    except LoadlensError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; nothing was left half-done.", file=sys.stderr)
        return 1
    return 0
