"""Write a file whole or not at all."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.errors import LoadlensError
from services.messages import N_


@contextmanager
def whole_file(path: Path, refused: type[LoadlensError]) -> Iterator[Path]:
    """Give a draft beside ``path``, to be made by the context, that takes its place when the context ends.

    After an error nothing is left of it. Raises ``refused`` when the folder cannot be written to.
    """
    draft = path.with_name(f".{uuid.uuid4().hex}{path.suffix}")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        sentence = N_("{file} cannot be written to {folder}: {reason}. Choose another file or folder.")
        raise refused(
            sentence,
            file=path.name,
            folder=path.absolute().parent,
            reason=error.strerror or error,
        ) from None
    finally:
        draft.unlink(missing_ok=True)


def replace_text(path: Path, text: str, *, durable: bool = False) -> None:
    """Put a text into the place of a file's, readable by its owner alone; by one program at a time.

    ``durable``: it is on the disk before it takes the file's place. Raises `OSError`.
    """
    draft = path.with_suffix(".draft")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)
