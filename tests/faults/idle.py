"""Windows that are left alone, and read all their pages anew when somebody comes back.

``python tests/faults/idle.py [--minutes 10] [--idle 10] [--expiry 6] [--windows 1000]``. A window is started
and left alone for ``--idle`` seconds before somebody signs in, and again and again before every page reads
anew what it shows and something is changed; after ``--each`` minutes the next one is started. Threads with
nothing to do end after ``--expiry`` seconds; Qt's own is 30, so what a user has is ``--idle 50 --expiry 30
--each 60``. A window that dies is counted by the signal it died of. The exit status is 1 if any did.

The screen is the one that ``QT_QPA_PLATFORM`` and ``DISPLAY`` say, else one that nobody sees.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.app.application import Application
    from services.accounts import Session

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

READ_ANEW = "times read anew"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--windows", type=int, default=1000, help="no more windows than that")
    parser.add_argument("--each", type=float, default=2, help="minutes that a window lives")
    parser.add_argument("--idle", type=float, default=10.0)
    parser.add_argument("--expiry", type=float, default=6.0)
    parser.add_argument("--window", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    return window(chosen) if chosen.window else trials(chosen)


def trials(chosen: argparse.Namespace) -> int:
    """One window after the other; the exit status."""
    from ground import Tally, settings_in

    from services.demo import prepare
    from services.startup import opened

    tally = Tally("Windows left alone", ("died",))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with opened(settings_in(folder)) as db:
            prepare(settings_in(folder), db)
        end = time.monotonic() + chosen.minutes * 60
        while time.monotonic() < end and tally.counts["windows"] < chosen.windows:
            tally.add("windows")
            for line in lives(chosen, folder, min(end, time.monotonic() + chosen.each * 60)):
                tally.add(line)
                if tally.counts[line] % 10 == 0:
                    tally.show()
            tally.show()
    tally.done().show()
    return int(tally.failed)


def lives(chosen: argparse.Namespace, folder: Path, until: float) -> Iterator[str]:
    """What one window does until then, and how it ends if not in order."""
    command = [sys.executable, __file__, "--window", str(folder), "--idle", str(chosen.idle)]
    command += ["--expiry", str(chosen.expiry), "--each", str((until - time.monotonic()) / 60)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            yield line.strip()
        said = process.stderr.read()
    if process.returncode:
        yield "died"
        yield signal.Signals(-process.returncode).name if process.returncode < 0 else "exit status"
        print("\n".join(said.splitlines()[-12:]), file=sys.stderr, flush=True)


def window(chosen: argparse.Namespace) -> int:
    """The real program, with somebody at it who only comes back now and then; its exit status.

    Nothing is imported here that a window does not import itself: which thread loads a library first is what
    matters.
    """
    import keyring
    from keyring.backends.null import Keyring
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    from desktop.app.application import Application, dress
    from desktop.framework import native_libraries as memory
    from desktop.framework import tasks
    from services.settings import Settings

    keyring.set_keyring(Keyring())
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(chosen.window))
    memory.share_arenas()
    app = QApplication([])
    dress(app)
    settings = Settings(_env_file=None, loadlens_data_dir=chosen.window / "data")
    tasks._pool.setExpiryTimeout(round(chosen.expiry * 1000))
    application = Application(app, settings, None)
    timer = QTimer(interval=round(chosen.idle * 1000))
    timer.timeout.connect(lambda: come_back(application))
    application._opening.done.connect(timer.start)
    application._opening.failed.connect(lambda why: sys.exit(why))
    QTimer.singleShot(round(chosen.each * 60_000), app.exit)
    application.start()
    try:
        return app.exec()
    finally:
        application.end()


def come_back(application: "Application") -> None:
    """Sign in; or look at every page, which all read anew what they show, and change something."""
    from desktop.framework import tasks

    context = application.context
    if context is None:
        if not application.entrance.waiting:
            task = tasks.run(session, application, parent=application)
            task.succeeded.connect(application._enter)
        return
    context.refresh_all()
    for page in context.window.navigation.pages:
        context.go(page.name)
    # Whoever waits for changes hears of it, and goes on waiting on another thread.
    tasks.run(change_something, application, parent=application)
    print(READ_ANEW, flush=True)


def session(application: "Application") -> "Session | None":
    from desktop.app.startup import session_of
    from services.progress import silent

    return session_of("demo@loadlens.local")(application._opening.result(), silent)


def change_something(application: "Application") -> None:
    views = application._opening.result().db["views"]
    views.insert_one({"_id": "idle"})
    views.delete_one({"_id": "idle"})  # whose it was nobody can tell, so everybody hears of it


if __name__ == "__main__":
    sys.exit(main())
