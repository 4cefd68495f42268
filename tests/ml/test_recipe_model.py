"""To add a model: one entry in `ml.forecasting.models.MAKERS`."""

import numpy as np
import pandas as pd
import pytest

from ml.arrays import Floats
from ml.forecasting import models, training
from ml.forecasting.features import Rows


class Median:
    """Forecasts the median of what it was taught, whatever the day."""

    def fit(self, _rows: Rows, target: Floats) -> "Median":
        self.middle = float(np.nanmedian(target))
        return self

    def predict(self, rows: Rows) -> Floats:
        return np.full(len(rows.base), self.middle)


def test_a_model_of_one_entry_is_trained_and_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(models.MAKERS, "toy", lambda _rows: Median())
    monkeypatch.setattr(training, "NAMES", tuple(models.MAKERS))  # read once, when the module is loaded
    rng = np.random.default_rng(5)
    days = pd.date_range("2023-01-02", periods=200)
    matrix = pd.DataFrame(rng.gamma(9, 10, (200, 3)), index=days, columns=list("abc"))
    trained = training.train(matrix, 28)
    assert trained.scores["toy"]["MASE"] > 0
    assert "toy" in trained.forecasters
