"""Run one verb: its answer on standard output, or one sentence on standard error and status 1."""

import logging
import sys
from collections.abc import Sequence

from services import logs, settings
from services.cli.arguments import parser
from services.database.unavailable import losses_named
from services.errors import LoadlensError

log = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> int:
    """Run the verb that the command line names; the exit status."""
    chosen = parser().parse_args(arguments)
    try:
        known = settings.load()
        logs.begin(known, chosen.name)
        with losses_named():
            chosen.verb(known, chosen)
    except LoadlensError as error:
        log.info("refused: %s", error)
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; nothing was left half-done.", file=sys.stderr)
        return 1
    return 0
