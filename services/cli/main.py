"""Run one verb: its answer on standard output, or one sentence on standard error and status 1."""

import logging
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from services import crash_reports, logs, settings
from services.cli.arguments import parser
from services.database.unavailable import losses_named
from services.errors import LoadlensError

log = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> int:
    """Run the verb that the command line names; the exit status."""
    chosen = parser().parse_args(arguments)
    try:
        known = settings.load(chosen.env_file)
        logs.begin(known, chosen.name)
        crash_reports.begin(known, chosen.name)
        with losses_named(), _interruptible():
            chosen.verb(known, chosen)
    except LoadlensError as error:
        log.info("refused: %s", error)
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; nothing was left half-done.", file=sys.stderr)
        return 1
    return 0


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a polite kill, and a terminal that is closed, stop the verb as Ctrl+C does."""
    names = ("SIGTERM", "SIGHUP") if threading.current_thread() is threading.main_thread() else ()
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    heard = [number for number in numbers if before[number] != signal.SIG_IGN]  # as under nohup
    try:
        for number in heard:
            signal.signal(number, signal.default_int_handler)
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])
