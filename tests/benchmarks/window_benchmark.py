"""How late the window is while a big workbook is imported, and how long a cancelled import goes on.

``python tests/benchmarks/window_benchmark.py [--rows N]``: the import page with its view-model, over a
private server. A timer that is due every few milliseconds tells how long the event loop keeps one waiting,
by the stage of the import. The import is first cancelled at three moments, then let through.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import meter_export
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.features.imports.history_view_model import ImportHistoryViewModel
from desktop.features.imports.page import ImportWindow
from desktop.features.imports.view_model import ImportViewModel, Stage
from desktop.features.imports.watched_folder_view_model import WatchedFolderViewModel
from services import accounts, readings
from services.accounts import Session
from services.database import opened
from services.scope import Scope
from services.settings import Settings

HOURS = 2000
DUE_MS = 5
CANCELLED_AT = (0.1, 0.5, 0.9)
"""Of the time that the import takes."""


class Lateness:
    """The seconds that a timer was late, by what was going on."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = defaultdict(list)
        self.stage = ""
        self._due = time.perf_counter() + DUE_MS / 1000
        self._timer = QTimer()
        self._timer.timeout.connect(self._note)
        self._timer.start(DUE_MS)

    def enter(self, stage: str) -> None:
        self.stage = stage

    def _note(self) -> None:
        now = time.perf_counter()
        self.found[self.stage].append(max(now - self._due, 0.0))
        self._due = now + DUE_MS / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    app = QApplication([])
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export.xlsx")
        meter_export.write(path, max(rows // HOURS, 1), min(HOURS, rows))
        settings = Settings(_env_file=None, loadlens_data_dir=Path(folder, "data"))
        with _page(settings) as (view_model, scope):
            _measure(view_model, scope, path)


@contextmanager
def _page(settings: Settings) -> Iterator[tuple[ImportViewModel, Scope]]:
    with opened(settings) as db:
        user = accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
        session = Session.start(db, settings, user, keep=False)
        view_model = ImportViewModel(session)
        page = ImportWindow(
            view_model, ImportHistoryViewModel(session), WatchedFolderViewModel(session, settings)
        )
        page.resize(1200, 800)
        page.show()
        yield view_model, session.scope()


def _measure(view_model: ImportViewModel, scope: Scope, path: Path) -> None:
    lateness = Lateness()
    view_model.progressed.connect(lateness.enter)
    seconds = _import(view_model, path, lateness)
    stored = scope.db["consumption_data"].estimated_document_count()
    print(f"\n{stored:,} readings imported in {seconds:.1f} s after the click.\n")
    print(f"{'event loop late by, ms':32}{'median':>8}{'99 %':>8}{'worst':>8}")
    for stage, found in lateness.found.items():
        late = sorted(1000 * each for each in found)
        print(f"{stage[:32]:32}{late[len(late) // 2]:8.1f}{late[int(len(late) * 0.99)]:8.1f}{late[-1]:8.1f}")
    _undo_all(scope)
    for moment in CANCELLED_AT:
        took = _import(view_model, path, lateness, cancel_after=moment * seconds)
        left = scope.db["consumption_data"].estimated_document_count()
        print(f"cancelled after {moment * seconds:.1f} s: stopped within {took:.2f} s, {left} readings left")
        _undo_all(scope)


def _import(
    view_model: ImportViewModel, path: Path, lateness: Lateness, cancel_after: float | None = None
) -> float:
    """Open the file and import it; seconds from the click, or from the cancelling, to the end."""
    lateness.enter("opening")
    view_model.open_files([str(path)])
    _wait_until(lambda: view_model.stage is Stage.MAPPING)
    began = time.perf_counter()
    view_model.start()
    if cancel_after is not None:
        _wait_until(lambda: time.perf_counter() - began >= cancel_after)
        began = time.perf_counter()
        view_model.cancel()
    _wait_until(lambda: view_model.stage is not Stage.IMPORTING)
    seconds = time.perf_counter() - began
    view_model.start_over()
    return seconds


def _wait_until(reached) -> None:
    loop = QEventLoop()
    look = QTimer()
    look.timeout.connect(lambda: reached() and loop.quit())
    look.start(1)
    loop.exec()


def _undo_all(scope: Scope) -> None:
    for record in readings.list_imports(scope):
        if record.state == "done":
            readings.undo(scope, record.id)


if __name__ == "__main__":
    main()
