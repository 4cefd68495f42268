"""Names of files as text: on many systems a name is any bytes, which no database, log or terminal takes."""

import re
from pathlib import Path

from services.messages import N_

_BYTE = re.compile("[\udc80-\udcff]")
"""How Python keeps a byte of a name that is no UTF-8."""

NOT_TEXT = N_(
    "The name of the folder {folder} is no text, so that it cannot be kept. Rename it, or choose another."
)


def as_text(name: str | Path) -> str:
    """Return the name with every byte that is no UTF-8 written as ``\\xNN``; any other name as it is."""
    escaped = _BYTE.sub(lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", str(name))
    return escaped.encode("utf-8", "backslashreplace").decode("utf-8")


def is_text(name: str | Path) -> bool:
    """Return whether the name is text as it stands."""
    return as_text(name) == str(name)
