"""The account of whoever is signed in."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.features.settings.account_view_model import AccountViewModel
from desktop.features.settings.own_name_card import OwnNameCard
from desktop.features.settings.own_password_card import OwnPasswordCard
from desktop.features.settings.own_sessions_card import OwnSessionsCard
from desktop.widgets.banner import Banner

WIDEST = 860


class AccountPanel(QWidget):
    """Reads anew whenever it comes up, for sessions begin and end elsewhere."""

    def __init__(self, view_model: AccountViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.name = OwnNameCard(view_model, self)
        self.password = OwnPasswordCard(view_model, self)
        self.sessions = OwnSessionsCard(view_model, self)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        for widget in (self.banner, self.name, self.password, self.sessions):
            widget.setMaximumWidth(WIDEST)
            layout.addWidget(widget)
        layout.addStretch()
        view_model.notified.connect(self.banner.show_info)
        view_model.failed.connect(self.banner.show_error)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._view_model.refresh()
