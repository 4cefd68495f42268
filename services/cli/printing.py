"""Answers as JSON for scripts, or as lines for people."""

import json
import sys
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from services.console import write


def print_json(answer: dict[str, Any]) -> None:
    """Print one JSON object on standard output, in ASCII where the console cannot take all of its letters."""
    written = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    try:
        written.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        written = json.dumps(answer, allow_nan=False)
    write(written)


def print_lines(*lines: str) -> None:
    """Print lines on standard output."""
    write("\n".join(lines))


def as_json(value: Any) -> Any:
    """Return a service's plain value as JSON takes it: field names as in the database, times in ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {_camel(field.name): as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def show_progress(stage: str, done: int, total: int) -> None:
    """Show progress on standard error, where somebody looks on."""
    if sys.stderr.isatty():
        share = f" {done / total:.0%}" if total > 1 else ""
        print(f"\r\033[K{stage}{share}", end="" if done < total else "\r\033[K", file=sys.stderr, flush=True)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
