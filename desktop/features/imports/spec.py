"""The page of the imports, as the window knows it."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.features.imports.history_view_model import ImportHistoryViewModel
from desktop.features.imports.page import ImportWindow
from desktop.features.imports.view_model import ImportViewModel, Stage
from desktop.features.imports.watched_folder_view_model import WatchedFolderViewModel
from desktop.framework.page_spec import Command, PageContext, PageSpec, Question, ViewModelSpec
from services import jobs
from services.messages import N_

translate = QCoreApplication.translate


def _build(at: PageContext) -> ImportWindow:
    history, watched = at.get(ImportHistoryViewModel), at.get(WatchedFolderViewModel)
    page = ImportWindow(at.get(ImportViewModel), history, watched)
    page.dashboard_wanted.connect(lambda: at.go("dashboard"))
    at.visit(watched)
    at.visit(history)
    return page


def _show(at: PageContext, page: ImportWindow, paths: Sequence[str]) -> None:
    """Begin the import of these files and folders; ask for them where there are none."""
    if paths:
        page.show_files()
        at.get(ImportViewModel).open_files(paths)
    else:
        page.choose_files()


def _connect(at: PageContext) -> None:
    at.get(ImportViewModel).imported.connect(at.imported)
    at.get(WatchedFolderViewModel).imported.connect(at.imported)
    at.get(ImportHistoryViewModel).undone.connect(lambda: at.refresh_all())


def _before_leaving(at: PageContext) -> Question | None:
    if at.get(ImportViewModel).stage is not Stage.IMPORTING:
        return None
    return Question(
        translate("pages", "An import is running. Stop it?"),
        translate("pages", "Nothing of the file will be stored. You can import it again later."),
        translate("pages", "Stop the import"),
    )


def _scan_folder(at: PageContext) -> None:
    """Import from the watched folder, whose files wait while the user imports others."""
    if not at.get(ImportViewModel).busy:
        at.get(WatchedFolderViewModel).check()


IMPORTS = PageSpec(
    name="import",
    title=N_("&Import"),
    icon="file-import-outline",
    build=_build,
    connect=_connect,
    show=_show,
    commands=(
        Command(
            N_("&Import…"),
            "file-import",
            lambda at: at.show("import", ()),
            shortcut="Ctrl+O",
        ),
    ),
    view_models=(
        ViewModelSpec(ImportViewModel, lambda at: ImportViewModel(at.session, at)),
        ViewModelSpec(
            ImportHistoryViewModel,
            lambda at: ImportHistoryViewModel(at.session, at),
            follows=frozenset({"imports"}),
        ),
        ViewModelSpec(WatchedFolderViewModel, lambda at: WatchedFolderViewModel(at.session, at.settings, at)),
    ),
    jobs={jobs.WATCHED_FOLDER.name: _scan_folder},
    before_leaving=_before_leaving,
)
