"""Files that another program names by their address."""

import os
import sys
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QUrl


def path_of(url: QUrl) -> str:
    """Return the path of a local file, also where its name is no text: Qt's own answer would be another."""
    if sys.platform == "win32":
        return url.toLocalFile()
    return os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded)))
