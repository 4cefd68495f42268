"""Names in the order that people expect: Building 2 before Building 10, case aside."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QCollator, Qt

R = TypeVar("R")


def by_name(records: Iterable[R], name: Callable[[R], str]) -> list[R]:
    """Records ordered by name as the user's language orders text, numbers in it by their value."""
    collator = QCollator()
    collator.setNumericMode(True)
    collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return sorted(records, key=lambda record: collator.sortKey(name(record)))
