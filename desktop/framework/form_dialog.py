"""A dialog with fields below one another, which stays open until what was entered is taken."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.banner import Banner
from desktop.widgets.labelled_form import LabelledForm

Button = QDialogButtonBox.StandardButton


class FormDialog(QDialog):
    """A subclass adds its fields to ``form``, calls `lay_out`, and overrides `save`.

    While the entry is being stored nothing can be typed; `accept` closes the dialog, and `refuse` says in
    ``banner`` why the entry was not taken, so that it can be mended.
    """

    def __init__(
        self, title: str, parent: QWidget | None = None, button: Button | str = Button.Save, width: int = 0
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.banner = Banner(self)
        self.form = LabelledForm()
        self._button = button
        self.buttons: QDialogButtonBox
        self.submit: QPushButton
        """Stores what was entered."""

    def lay_out(self, *below: QWidget, above: QWidget | None = None, spacing: int = 16) -> None:
        """Place the banner, the form, what stands above and below it, and the buttons.

        To be called once the fields are made: the buttons come after them when Tab goes round.
        """
        self._add_buttons()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(spacing)
        layout.addWidget(self.banner)
        if above is not None:
            layout.addWidget(above)
        layout.addLayout(self.form)
        for widget in below:
            layout.addWidget(widget)
        layout.addStretch()
        layout.addWidget(self.buttons)

    def save(self) -> None:
        """Have the entry stored; answered by `accept` or `refuse`, at once or later."""
        raise NotImplementedError

    def refuse(self, sentence: str) -> None:
        """Say why the entry was not taken."""
        self.setEnabled(True)
        self.banner.show_error(sentence)
        self.adjustSize()

    def _add_buttons(self) -> None:
        self.buttons = QDialogButtonBox(Button.Cancel, self)
        if isinstance(self._button, str):
            self.submit = self.buttons.addButton(self._button, QDialogButtonBox.ButtonRole.AcceptRole)
            self.submit.setProperty("role", "primary")
        else:
            self.submit = self.buttons.addButton(self._button)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)

    def _save(self) -> None:
        self.setEnabled(False)
        self.banner.hide()
        self.save()
