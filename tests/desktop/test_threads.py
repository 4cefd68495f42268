"""Libraries that tell threads apart, where the threads of the pool end and new ones come."""

import os
import subprocess
import sys

WINDOW = """
import sys, time
from PySide6.QtCore import QCoreApplication, QObject
from desktop.framework import tasks

def use():
    import pyarrow
    pyarrow.array(["x"] * 5000)

def run(count):
    left = [tasks.run(use, parent=owner) for _ in range(count)]
    for task in list(left):
        task.finished.connect(lambda task=task: left.remove(task))
    while left:
        app.processEvents()
    while tasks._pool.activeThreadCount():
        app.processEvents()
    time.sleep(0.2)  # all threads have ended

app, owner = QCoreApplication([]), QObject()
assert "pyarrow" not in sys.modules, "the first task is what imports it, as in the window"
tasks._pool.setExpiryTimeout(50)
for count in (1, 1, 4, 8, 8):
    run(count)
print("alive")
"""


def test_arrow_survives_the_thread_that_imported_it() -> None:
    """In a process of its own: pytest has imported pyarrow on its main thread, where nothing happens."""
    done = subprocess.run(
        [sys.executable, "-c", WINDOW],
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=120,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr
