"""What other programs drop, and what nobody caught."""

import os
import sys

import pytest
from PySide6.QtCore import QUrl

from desktop.app.process import say_what_nobody_caught
from desktop.widgets.file_drop import path_of


@pytest.mark.skipif(sys.platform == "win32", reason="there names are UTF-16")
@pytest.mark.parametrize("name", ["Z\udce4hler.csv", "Zähler 100%.csv", "a;b?c#d.csv", "เครื่อง.csv"])
def test_dropped_file_of_any_name_is_found(name: str) -> None:
    escaped = "".join(f"%{byte:02X}" for byte in os.fsencode(name))
    assert path_of(QUrl.fromEncoded(f"file:///tmp/{escaped}".encode())) == f"/tmp/{name}"


def test_error_in_a_slot_is_said_once_and_not_at_every_paint(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[BaseException] = []
    said: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(error))
    say_what_nobody_caught(said.append)
    for _ in range(3):
        sys.excepthook(ValueError, ValueError("in a slot"), None)
    assert len(told) == 3, "each is in the log"
    assert len(said) == 1
    assert "went wrong" in said[0]
