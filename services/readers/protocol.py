"""What the process that reads a file sends: frames of a kind, a length, and so many bytes.

Whoever receives them trusts none: lengths are bounded, cells are checked to be what they say.
"""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from services.readers import limits
from services.readers.sheet import FileRefused

FRAME = struct.Struct("<cQ")
VALUE, REFUSAL, TABLE = b"v", b"r", b"t"
MOST = {VALUE: limits.HEADS, REFUSAL: 100_000, TABLE: limits.ANSWER + 10_000_000}
"""Bytes of a frame. Arrow's own words about a table come on top of its cells."""
LONGEST_DETAIL = 200


class ProtocolError(Exception):
    """The process ended without an answer, or sent what is none."""


def write_value(stream: IO[bytes], path: Path, value: Any) -> None:
    """Send a value as JSON. Raises `FileRefused` for one that is too long."""
    content = json.dumps(value).encode()
    if len(content) > limits.HEADS:
        raise limits.too_wordy(path)
    _write(stream, VALUE, len(content), lambda: stream.write(content))


def write_refusal(stream: IO[bytes], refusal: FileRefused) -> None:
    """Send why the file is refused."""
    details = {
        name: value if isinstance(value, int) else str(value)[:LONGEST_DETAIL]
        for name, value in refusal.details.items()
    }
    content = json.dumps([refusal.sentence, details]).encode()
    _write(stream, REFUSAL, len(content), lambda: stream.write(content))


def write_table(stream: IO[bytes], path: Path, table: Any) -> None:
    """Send an Arrow table, or None. Raises `FileRefused` for one that is too large."""
    if table is None:
        write_value(stream, path, None)
        return
    import pyarrow as pa

    if table.nbytes > limits.ANSWER:
        raise limits.too_wordy(path)

    def write(sink: Any) -> None:
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)

    measured = pa.MockOutputStream()
    write(measured)
    _write(stream, TABLE, measured.size(), lambda: write(pa.PythonFile(stream, mode="w")))


def read_answer(stream: IO[bytes]) -> Any:
    """Receive a value or an Arrow table. Raises `FileRefused` if the file is, and `Broken`."""
    kind, size = FRAME.unpack(_exactly(stream, FRAME.size))
    if size > MOST.get(kind, -1):
        raise ProtocolError
    content = _exactly(stream, size)
    if kind == VALUE:
        return json.loads(content)
    if kind == REFUSAL:
        sentence, details = json.loads(content)
        raise FileRefused(sentence, **details)
    return _table(content)


def _write(stream: IO[bytes], kind: bytes, size: int, write: Callable[[], object]) -> None:
    stream.write(FRAME.pack(kind, size))
    write()
    stream.flush()


def _exactly(stream: IO[bytes], size: int) -> bytearray:
    content = bytearray(size)
    view, read = memoryview(content), 0
    while read < size:
        some = stream.readinto(view[read:])  # type: ignore[attr-defined]
        if not some:
            raise ProtocolError
        read += some
    return content


def _table(content: bytearray) -> Any:
    import pyarrow as pa

    promised = {pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.float64(), pa.string()}
    try:
        table = pa.ipc.open_stream(pa.py_buffer(content)).read_all()
        table.validate(full=True)
    except pa.ArrowException:
        raise ProtocolError from None
    if not set(table.schema.types) <= promised or table.nbytes > limits.ANSWER:
        raise ProtocolError
    return table
