"""What concerns the process: signals that end it, Qt's messages in the log, and errors nobody caught."""

import logging
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QSocketNotifier, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from desktop.framework.tasks import UNEXPECTED
from services.messages import gettext


def quit_when_interrupted(app: QApplication) -> None:
    """Quit at SIGINT, SIGTERM or SIGHUP.

    Python runs its handlers between bytecodes, of which Qt's loop runs none while nothing happens; a byte
    on a socket wakes it.
    """
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    signal.set_wakeup_fd(writing.detach())  # open until the process ends: a signal may come as late
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
            signal.signal(number, lambda *_: app.exit())
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, app)
    notifier.activated.connect(lambda: reading.recv(1))


LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

log = logging.getLogger("qt")


def log_qt_messages() -> None:
    """Write Qt's messages into the log from now on, and still to standard error."""
    qInstallMessageHandler(_note)


def _note(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    log.log(LEVELS[kind], "%s: %s", context.category, message)
    if sys.stderr is not None:  # as where a window has no console
        print(message, file=sys.stderr)  # noqa: T201


SECONDS_BETWEEN = 10.0
"""What fails at every paint is not said at every paint."""


def say_what_nobody_caught(say: Callable[[str], None]) -> None:
    """Give ``say`` a sentence of what nobody caught, and tell who was told before as well."""
    told = sys.excepthook
    last = -SECONDS_BETWEEN

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal last
        told(kind, error, trace)
        if issubclass(kind, Exception) and time.monotonic() - last >= SECONDS_BETWEEN:
            last = time.monotonic()
            say(gettext(UNEXPECTED))

    sys.excepthook = note
