"""How a long-running service tells how far it is, and is told to stop."""

from typing import Protocol, runtime_checkable


class Cancelled(Exception):
    """The user cancelled; whoever catches it on its way up undoes what was half done."""


@runtime_checkable
class Progress(Protocol):
    """Called now and then by a long-running service; raises `Cancelled` to stop it."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Report ``done`` of ``total`` units of ``stage``, a short English phrase to translate."""


def silent(stage: str, done: int, total: int) -> None:
    """Do nothing: progress that nobody watches."""
