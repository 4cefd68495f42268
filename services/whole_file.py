"""Write a file whole or not at all."""

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
