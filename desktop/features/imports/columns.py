"""What tables of imports have in common."""

from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import number
from desktop.framework.record_table import Column
from services.readings import ImportRecord

translate = QCoreApplication.translate


def count(title: str, name: str) -> Column[ImportRecord]:
    """A column of one of an import's counts."""
    return Column(
        title,
        lambda record: number(getattr(record, name)),
        lambda record: getattr(record, name),
        numeric=True,
    )


def state(title: str) -> Column[ImportRecord]:
    """A column of what has become of each import."""
    return Column(title, lambda record: _state_name(record.state))


def _state_name(state: str) -> str:
    names = {
        "running": translate("import_columns", "Running"),
        "done": translate("import_columns", "Done"),
        "undoing": translate("import_columns", "Being undone"),
        "undone": translate("import_columns", "Undone"),
    }
    return names.get(state, state)
