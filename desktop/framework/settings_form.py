"""A form of settings, declared as rows: a label, a field, and the name of the setting that both are about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit

from desktop.widgets.choice import Choice
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.number_edit import NumberEdit

Field = QLineEdit | QCheckBox | Choice | NumberEdit


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Row:
    """One setting; its field shows what ``to_field`` makes of it, and gives what ``from_field`` makes."""

    name: str
    """Of the attribute that holds the setting."""
    label: str
    """With a mnemonic; empty for a field that stands elsewhere and bears its own."""
    field: Field
    to_field: Callable[[Any], Any] = _same
    from_field: Callable[[Any], Any] = _same


class SettingsForm(LabelledForm):
    """Rows below each other: `show_settings` fills the fields in, `values` gives them by name."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows = tuple(rows)
        for row in self.rows:
            if row.label:
                self.add(row.label, row.field)

    def show_settings(self, settings: object) -> None:
        """Show the attributes of these settings."""
        for row in self.rows:
            _write(row.field, row.to_field(getattr(settings, row.name)))

    def values(self) -> dict[str, Any]:
        """Return what the fields hold, by the names of the settings."""
        return {row.name: row.from_field(_read(row.field)) for row in self.rows}


def _read(field: Field) -> Any:
    if isinstance(field, Choice | NumberEdit):
        return field.value
    return field.isChecked() if isinstance(field, QCheckBox) else field.text()


def _write(field: Field, value: Any) -> None:
    if isinstance(field, Choice | NumberEdit):
        field.set_value(value)
    elif isinstance(field, QCheckBox):
        field.setChecked(value)
    else:
        field.setText(value)
