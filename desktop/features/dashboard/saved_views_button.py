"""A button with the saved views of the dashboard, and what can be done with them."""

from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QPushButton, QWidget

from desktop import theme
from desktop.features.dashboard.saved_views_dialog import SavedViewsDialog
from desktop.features.dashboard.saved_views_view_model import SavedViewsViewModel
from desktop.features.dashboard.view_model import DashboardViewModel


class SavedViewsButton(QPushButton):
    """Opens a menu."""

    def __init__(
        self, dashboard: DashboardViewModel, views: SavedViewsViewModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._dashboard, self._views = dashboard, views
        self.setText(self.tr("Vie&ws"))
        self.setIcon(theme.icon("bookmark-outline"))
        self.choices = QMenu(self)
        self.setMenu(self.choices)
        self.choices.aboutToShow.connect(self.fill)
        views.chosen.connect(dashboard.look)

    def fill(self) -> None:
        """The menu as of now."""
        self.choices.clear()
        for name in self._views.names:
            view = self.choices.addAction(theme.icon("bookmark-outline"), name.replace("&", "&&"))
            view.triggered.connect(lambda _checked=False, of=name: self._views.choose(of))
        if self._views.names:
            self.choices.addSeparator()
        self.choices.addAction(self.tr("&Save this view…")).triggered.connect(self.save)
        edit = self.choices.addAction(self.tr("&Rename or delete…"))
        edit.setEnabled(bool(self._views.names))
        edit.triggered.connect(self.edit)

    def save(self) -> None:
        """Ask for a name, and keep what is on show under it."""
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Save this view"))
        dialog.setLabelText(self.tr("Name of the view; one that has it already is replaced."))
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.textValueSelected.connect(lambda name: self._views.save(name, self._dashboard.choice))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def edit(self) -> None:
        """Show the views in a list."""
        dialog = SavedViewsDialog(self._views, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
