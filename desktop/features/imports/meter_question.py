"""Whose readings a file has, as the import page asks it."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import number
from services.readings import Conflict, Duplicate, MeterUnclear

translate = QCoreApplication.translate


@dataclass(frozen=True)
class MeterQuestion:
    """``answers``: what a button says (with a mnemonic), and what it is to the import."""

    sentence: str
    field: str
    """`on_conflict` or `on_duplicate` of `importing.import_file`."""
    answers: list[tuple[str, str]]


def meter_question(asked: MeterUnclear) -> MeterQuestion:
    """The question that an import raised."""
    if isinstance(asked.first, Duplicate):
        return _of_duplicate(asked.first, asked.more)
    return _of_conflict(asked.first, asked.more)


def _of_conflict(first: Conflict, more: int) -> MeterQuestion:
    sentence = translate(
        "MeterQuestion",
        "“{device}” has other values stored at {count} of {common} times. What are those of this file?",
    ).format(device=first.device, count=number(first.count), common=number(first.common))
    answers = [
        (translate("MeterQuestion", "Corrections: re&place the stored ones"), "replace"),
        (translate("MeterQuestion", "Mistaken: leave the store&d ones"), "keep"),
        (translate("MeterQuestion", "Those of an&other device"), "new"),
    ]
    return MeterQuestion(_with_more(sentence, more), "on_conflict", answers)


def _of_duplicate(first: Duplicate, more: int) -> MeterQuestion:
    sentence = translate(
        "MeterQuestion",
        "The readings of “{device}” are stored as those of “{other}” already, equal at {count} of {common} "
        "times. Is it the same device?",
    ).format(device=first.device, other=first.other, count=number(first.count), common=number(first.common))
    answers = [
        (translate("MeterQuestion", "Yes, the same &device"), "same"),
        (translate("MeterQuestion", "N&o, another device"), "new"),
        (translate("MeterQuestion", "Do not im&port it"), "skip"),
    ]
    return MeterQuestion(_with_more(sentence, more), "on_duplicate", answers)


def _with_more(sentence: str, more: int) -> str:
    if not more:
        return sentence
    likewise = translate("MeterQuestion", "So it is with more meters of this file: {count}.")
    return f"{sentence} {likewise.format(count=number(more))}"
