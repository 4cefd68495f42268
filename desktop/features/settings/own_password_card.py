"""The own password."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.features.settings.account_view_model import AccountViewModel
from desktop.widgets.card_column import CardColumn
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.password_edit import PasswordEdit
from desktop.widgets.strength_line import StrengthLine


class OwnPasswordCard(QFrame):
    """The old one, and the new one twice; while it is typed it is told how hard it is to guess."""

    def __init__(self, view_model: AccountViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.old, self.new, self.repeated = (PasswordEdit(self) for _ in range(3))
        self.strength = StrengthLine(self)
        self.change = QPushButton(self.tr("&Change the password"), self)
        self._lay_out()
        self.change.clicked.connect(self._change)
        for edit in (self.old, self.new, self.repeated):
            edit.returnPressed.connect(self._change)
            edit.textChanged.connect(self._judge)
        self.new.textChanged.connect(view_model.judge)
        view_model.strength.judged.connect(self.strength.show_strength)
        view_model.password_changed.connect(self._forget)
        view_model.busy_changed.connect(self._judge)
        view_model.judge("")
        self._judge()

    def _lay_out(self) -> None:
        form = LabelledForm()
        form.add(self.tr("&Old password"), self.old)
        form.add(self.tr("New &password"), self.new)
        form.addRow("", self.strength)
        form.add(self.tr("&Repeat the new one"), self.repeated)
        buttons = QHBoxLayout()
        buttons.addWidget(self.change)
        buttons.addStretch()
        inside = CardColumn(
            self,
            self.tr("Password"),
            self.tr("With another password you are signed out everywhere else; here you stay signed in."),
        )
        inside.addLayout(form)
        inside.addLayout(buttons)

    def _judge(self, busy: object = None) -> None:
        filled = all(edit.text() for edit in (self.old, self.new, self.repeated))
        self.change.setEnabled(filled and busy is not True)

    def _change(self) -> None:
        if self.change.isEnabled():
            self._view_model.change_password(self.old.text(), self.new.text(), self.repeated.text())

    def _forget(self) -> None:
        for edit in (self.old, self.new, self.repeated):
            edit.clear()
            edit.reveal.setChecked(False)
