"""What Qt says goes to the log, as what Loadlens notes itself."""

import logging
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

log = logging.getLogger("qt")


def log_qt_messages() -> None:
    """From now on Qt's messages are in the log, and still on standard error."""
    qInstallMessageHandler(_note)


def _note(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    log.log(LEVELS[kind], "%s: %s", context.category, message)
    if sys.stderr is not None:  # as where a window has no console
        print(message, file=sys.stderr)  # noqa: T201
