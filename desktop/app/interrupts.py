"""Ctrl+C, a polite kill and a terminal that is closed end the program in order."""

import signal
import socket

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication


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
