"""The page of the predictions, as the window knows it."""

from desktop.features.predictions.page import PredictionsWindow
from desktop.features.predictions.renewal import PredictionRenewal
from desktop.features.predictions.view_model import PredictionsViewModel
from desktop.framework.page_spec import PageContext, PageSpec, ViewModelSpec
from services import jobs
from services.messages import N_


def _build(at: PageContext) -> PredictionsWindow:
    predictions = at.get(PredictionsViewModel)
    page = PredictionsWindow(predictions)
    page.import_wanted.connect(lambda: at.show("import", ()))
    at.visit(predictions)
    return page


def _connect(at: PageContext) -> None:
    renewal, window = at.get(PredictionRenewal), at.window

    def show_progress(stage: str, done: int, total: int, seconds_left: float) -> None:
        on_page = renewal.training and window.navigation.current == "predictions"  # which shows it itself
        window.progress.setVisible(not on_page)
        window.progress.show_progress(stage, done, total, seconds_left)

    at.imported.connect(renewal.renew_after)
    renewal.predicted.connect(lambda: at.refresh_all())
    renewal.progressed.connect(show_progress)
    renewal.idle.connect(window.progress.hide)
    renewal.failed.connect(window.banner.show_error)
    renewal.notified.connect(window.banner.show_info)
    window.progress.cancelled.connect(renewal.cancel)


PREDICTIONS = PageSpec(
    name="predictions",
    title=N_("&Predictions"),
    icon="chart-line",
    build=_build,
    connect=_connect,
    view_models=(
        ViewModelSpec(
            PredictionsViewModel,
            lambda at: PredictionsViewModel(at.session, at.settings, at),
            follows=frozenset({"revisions", "predictions", "devices"}),
        ),
        ViewModelSpec(
            PredictionRenewal,
            lambda at: PredictionRenewal(at.session, at.settings, at.get(PredictionsViewModel), at),
        ),
    ),
    jobs={jobs.FORECASTS.name: lambda at: at.get(PredictionRenewal).renew_if_due()},
)
