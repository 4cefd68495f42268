"""Know the file formats: how each is recognised by its content, whatever its name ends with, and opened."""

import re
from pathlib import Path

from services.readers.sheet import FileRefused, RawSheet

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|[A-Za-z]+:?feed)")
BEGINNING = 512


def open_file(path: Path, counted: bool) -> list[RawSheet]:
    """Return the sheets of a file. Nothing in it is executed, computed or fetched. Raises `FileRefused`.

    The libraries for a kind are only loaded for a file of that kind.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(BEGINNING)
    except OSError as error:
        raise FileRefused(
            "{file} cannot be opened: {reason}.", file=path.name, reason=error.strerror
        ) from None
    if beginning.startswith((ZIP, OLE)):
        from services.readers.workbook import open_workbook

        return open_workbook(path, beginning, counted)
    if XML.match(beginning):
        from services.readers.green_button import open_green_button

        return open_green_button(path)
    from services.readers.text import open_text

    return open_text(path, counted)
