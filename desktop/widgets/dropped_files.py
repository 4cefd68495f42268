"""Files that are dragged onto a window: always copied, so that no file manager deletes what was dropped."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QDropEvent

from desktop.widgets.local_files import path_of

KEEPING = (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction)
"""The actions after which the source keeps its file."""


def accept_files(event: QDropEvent) -> list[str]:
    """Accept dragged files and folders as a copy; their paths, none where the event was refused.

    With Shift held, or by its own settings, a file manager proposes to move, and deletes the files of a
    move that was accepted. A drag that can only move, and one without local files, is refused.
    """
    paths = [path_of(url) for url in event.mimeData().urls() if url.isLocalFile()]
    action = next((action for action in KEEPING if action & event.possibleActions()), None)
    if not paths or action is None:
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.ignore()
        return []
    event.setDropAction(action)
    event.accept()
    return paths
