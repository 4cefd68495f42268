"""Reads one file and answers what it is asked: ``python -m services.readers FILE``.

A request is a line of JSON on standard input, an answer a frame (`services.readers.protocol`) on standard
output. The process ends with its standard input.
"""

import json
import os
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from services.readers import limits
from services.readers.formats import open_file
from services.readers.protocol import write_refusal, write_table, write_value
from services.readers.sheet import FileRefused, RawSheet


class _WithoutPandas:
    """Arrow would import it, for half a second, only to see that a list is no Series."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def main(path: Path) -> None:
    """Answer requests until there are no more."""
    limits.limit_this_process()
    sys.meta_path.insert(0, _WithoutPandas)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints is no answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sheets: list[RawSheet] = []
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            if request["task"] == "open":
                sheets = open_file(path, request["counted"])
                write_value(answers, path, [_described(sheet) for sheet in sheets])
            elif request["task"] == "half":
                write_table(answers, path, _half(path, request["first"], request["which"]))
            else:
                sheets = sheets or open_file(path, counted=False)
                write_table(answers, path, sheets[request["sheet"]].body(request["first"]))
        except FileRefused as refusal:
            write_refusal(answers, refusal)
        except MemoryError:
            write_refusal(answers, limits.too_much_memory(path))


def _described(sheet: RawSheet) -> dict[str, Any]:
    return {
        **{f.name: getattr(sheet, f.name) for f in fields(sheet) if f.name != "body"},
        "left_out": [vars(left) for left in sheet.left_out],
    }


def _half(path: Path, first: int, which: int) -> Any:
    from services.readers.archive import read_half

    return read_half(path, first, which)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
