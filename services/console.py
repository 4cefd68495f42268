"""How a program meets its console and ends: streams that take any text, signals, and what nobody caught.

Nothing is imported here that takes time: the window comes through here before its first paint.
"""

import _thread
import functools
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, ParamSpec, TextIO

SIGNALLED = 128
"""To which a shell adds a signal's number for the exit status of a program that it ended."""
INTERRUPTED, BROKEN_PIPE = SIGNALLED + 2, SIGNALLED + 13
LONGEST_REASON = 200
SECONDS_TO_ASK_AGAIN = 0.1

Arguments = ParamSpec("Arguments")

log = logging.getLogger(__name__)


class OutputLost(Exception):
    """Standard output takes no more: its reader has gone, or its disk is full."""

    def __init__(self, reason: OSError) -> None:
        super().__init__(reason)
        self.reason = reason


class _Stopped(KeyboardInterrupt):
    """Somebody asked the program to end.

    A kind of its own also for Ctrl+C: Python kills a program by the signal in the end if its own kind of
    interrupt once passed through ``exec``, as it does where a dataclass is made.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.status = SIGNALLED + number


def guarded(main: Callable[Arguments, int]) -> Callable[Arguments, int]:
    """Decorate the entry point of a program: whatever happens, it ends with a status and without a traceback.

    Once what was half done is undone, Ctrl+C ends it with 130 and SIGTERM with 143. Where the reader of
    standard output went away, as ``head`` does, it ends with 141 and no word; at an error that nobody
    foresaw with 1 and a sentence.
    """

    @functools.wraps(main)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> int:
        _prepare()
        try:
            try:
                status = main(*args, **kwargs)
            except SystemExit as end:
                status = _status_of(end)
            write("", end="")
            return status
        except OutputLost as lost:
            return _without_output(lost.reason)
        except KeyboardInterrupt as interrupt:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever asks again does not wait
            say(_stopped())
            return getattr(interrupt, "status", INTERRUPTED)
        except Exception as error:
            log.critical("nobody caught this", exc_info=error)
            say(unexpected(error))
            return 1

    return run


def _stopped() -> str:
    from services.messages import gettext

    return gettext("Stopped; nothing was left half-done.")


def write(answer: str, end: str = "\n") -> None:
    """Print on standard output now. Raises `OutputLost` where it takes no more."""
    try:
        print(answer, end=end, flush=True)  # noqa: T201
    except OSError as error:
        raise OutputLost(error) from None


def say(sentence: object) -> None:
    """Print a sentence on standard error, whether or not somebody listens."""
    try:
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        _discard(sys.stderr)


def unexpected(error: BaseException) -> str:
    """Return what is said of an error that nobody foresaw; the log has its story."""
    from services import logs
    from services.messages import gettext

    reason = logs.redacted(" ".join(str(error).split()))[:LONGEST_REASON]
    name = type(error).__name__
    where = logs.current_file()
    what = f"{name}: {reason}" if reason else name
    if where is None:
        return gettext("Something went wrong inside Loadlens ({error}).", error=what)
    return gettext(
        "Something went wrong inside Loadlens ({error}). The whole story is in {log}.", error=what, log=where
    )


def _status_of(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    say(end.code)
    return 1


def _without_output(reason: OSError) -> int:
    """The exit status; a reader that has read enough is told nothing."""
    _discard(sys.stdout)
    if isinstance(reason, BrokenPipeError):
        return BROKEN_PIPE
    from services.messages import gettext

    say(gettext("The answer could not be written: {reason}.", reason=reason.strerror))
    return 1


def _prepare() -> None:
    _open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # What the console's encoding does not have is written as \uXXXX.
            stream.reconfigure(errors="backslashreplace")
    # Until there is a log, what is logged is let go, not printed.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(True)
    sys.excepthook = _say_what_nobody_caught
    threading.excepthook = _let_go
    sys.unraisablehook = _log_unraisable
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            # One that is ignored, as by nohup, stays so.
            if number and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                signal.signal(number, _stop)


def _open_missing_streams() -> None:
    """Give the program the standard streams that it was started without.

    Else the next file that it opens would be standard output to its children, and to whoever prints.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        file = os.open(os.devnull, os.O_RDWR)
        if file != number and not _is_open(number):
            os.dup2(file, number)
            os.close(file)
            file = number
        setattr(sys, name, open(file, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115, PTH123


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _discard(stream: TextIO) -> None:
    """Let the interpreter's end find nothing to complain about in a stream that takes no more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise _Stopped(number)


def _say_what_nobody_caught(_kind: type[BaseException], error: BaseException, _trace: Any) -> None:
    say(unexpected(error))


def _let_go(_caught: threading.ExceptHookArgs) -> None:
    """A thread's error: the log notes it, see `services.logs`."""


def _log_unraisable(caught: Any) -> None:
    if isinstance(caught.exc_value, _Stopped):
        # It came while an object was finalized, where Python drops whatever is raised.
        again = threading.Timer(SECONDS_TO_ASK_AGAIN, _interrupt_main, [caught.exc_value.number])
        again.daemon = True
        again.start()
        return
    log.error("ignored in %r", caught.object, exc_info=caught.exc_value)


def _interrupt_main(number: int) -> None:
    """Send the signal to the main thread, and wake it where the system can."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, number)
    else:
        _thread.interrupt_main(signal.Signals(number))
