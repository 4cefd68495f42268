"""Run one verb: its answer on standard output, or one sentence on standard error and status 1."""

import logging
from argparse import Namespace
from collections.abc import Sequence

from services import crash_reports, logs, settings
from services.cli.arguments import parser
from services.console import say
from services.database.errors import disconnects_named
from services.errors import LoadlensError
from services.file_names import is_text

log = logging.getLogger(__name__)


class ArgumentRefused(LoadlensError):
    """The command line holds what no verb can take."""


def main(arguments: Sequence[str]) -> int:
    """Run the verb that the command line names; the exit status."""
    chosen = parser().parse_args(arguments)
    try:
        _check_text(chosen)
        known = settings.load(chosen.env_file)
        logs.begin(known, chosen.name)
        crash_reports.begin(known, chosen.name)
        with disconnects_named():
            chosen.verb(known, chosen)
    except LoadlensError as error:
        log.info("refused: %s", error)
        say(error)
        return 1
    return 0


def _check_text(chosen: Namespace) -> None:
    """Raise `ArgumentRefused` for text that is none; a file's name may be any bytes."""
    for name, value in vars(chosen).items():
        if isinstance(value, str) and not is_text(value):
            raise ArgumentRefused(
                "“{value}” is no text in this console's encoding. Type it again.", value=value, name=name
            )
