"""Train every model on all meters together, backtest it, and weigh it for each meter and horizon."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ml.arrays import Floats
from ml.forecasting.backtest import Backtest, backtest, concatenate, first_tested, origins
from ml.forecasting.combination import Choice, choose, single
from ml.forecasting.evaluation import importance, metrics, seasonal_naive_errors
from ml.forecasting.features import Rows, concatenate_rows, training_set
from ml.forecasting.forecast import Forecaster
from ml.forecasting.history import LEARNABLE, history
from ml.forecasting.models import NAMES, fit_model
from ml.forecasting.prediction_intervals import intervals
from ml.forecasting.regressors import Model
from ml.parallel import Workers, each, local_processes, split_devices, worth_spreading

COMBINATION = "combination"
"""The name of what was chosen among the models and their combinations."""
LEAST_DAYS = 14
MOST_EXAMPLES = 40_000
"""More days than this teach a model little, whatever the number of meters."""
SCORED = 28
"""Days ahead up to which the last fold scores the models."""


class HistoryTooShort(ValueError):
    """There are too few days to learn from and to test on; ``days`` says how many there are."""

    def __init__(self, days: int) -> None:
        super().__init__(days)
        self.days = days


class HistoryTooSparse(ValueError):
    """No device has readings close enough together to learn from and to be tested on."""


@dataclass(frozen=True)
class Trained:
    """Forecasters by name, `COMBINATION` first, then each model alone."""

    forecasters: dict[str, Forecaster]
    """Trained on all days, and weighted by all days of the backtest."""
    tested: dict[str, Forecaster]
    """Trained on the days before the backtest, and weighted by its days before the last fold."""
    first_held_out: pd.Timestamp
    """The first day of the backtest."""
    scores: dict[str, dict[str, float]]
    """Of the last fold, up to 28 days ahead; see `metrics.metrics`."""
    importance: dict[str, dict[str, float]]
    """What each rests on; see `importance.importance`."""
    learnt: int
    """How many examples the models were trained on."""


def train(
    matrix: pd.DataFrame,
    steps: int,
    country: str | None = None,
    finished: Callable[[int, int], None] = lambda done, total: None,
    workers: Workers = local_processes,
) -> Trained:
    """Train for forecasts of up to ``steps`` days on kWh by day (every calendar day) and device.

    Devices share the models: what is learnt of one serves the others. ``finished`` is told how many of all
    steps are done. Raises `HistoryTooShort`, `HistoryTooSparse` and `holidays.CountryUnknown`.
    """
    days = int(matrix.notna().any(axis=1).sum())
    if days < LEAST_DAYS:
        raise HistoryTooShort(days)
    workers, parts = worth_spreading(workers, matrix), split_devices(matrix)
    total = 2 * len(NAMES) + len(parts)
    steps_done = iter(range(1, total + 1))

    def step_done() -> None:
        finished(next(steps_done), total)

    first = first_tested(len(matrix))
    sets = _training_sets(parts, country, (first, len(matrix)), steps, workers)
    fits = each(fit_model, [(name, *examples) for examples in sets for name in NAMES], workers, step_done)
    early, late = (dict(zip(NAMES, half, strict=True)) for half in (fits[: len(NAMES)], fits[len(NAMES) :]))
    at = origins(len(matrix), matrix.shape[1], steps)
    test = concatenate(
        each(backtest, [(early, part, country, at, steps) for part in parts], workers, step_done)
    )
    alone = {name: _forecaster({name: late[name]}, single(name), test, country) for name in NAMES}
    final = {COMBINATION: _forecaster(late, choose(test, test.actual), test, country), **alone}
    tested = {name: replace(one, models={name: early[name]}) for name, one in alone.items()}
    tested = {COMBINATION: _forecaster(early, choose(test, test.before_test()), test, country), **tested}
    return Trained(
        forecasters=final,
        tested=tested,
        first_held_out=pd.Timestamp(matrix.index[first]),
        scores={name: _scores(one, test, matrix) for name, one in tested.items()},
        importance={name: importance(one.models, *sets[1]) for name, one in final.items()},
        learnt=len(sets[1][1]),
    )


def _forecaster(models: dict[str, Model], choice: Choice, test: Backtest, country: str | None) -> Forecaster:
    return Forecaster(models, choice, intervals(test, choice), country)


def _scores(forecaster: Forecaster, test: Backtest, matrix: pd.DataFrame) -> dict[str, float]:
    actual = test.in_test()[:, :SCORED]
    predicted = forecaster.choice.apply(test.predicted, test.devices, test.ahead)[:, :SCORED]
    known = ~np.isnan(actual)
    naive = seasonal_naive_errors(matrix.iloc[: test.test_from]).reindex(test.devices).to_numpy()
    level = np.broadcast_to(test.scale[:, None, :], actual.shape)[known]
    return metrics(
        actual[known] * level, predicted[known] * level, np.broadcast_to(naive, actual.shape)[known]
    )


def _training_sets(
    parts: list[pd.DataFrame], country: str | None, lasts: tuple[int, ...], steps: int, workers: Workers
) -> list[tuple[Rows, Floats]]:
    """Draw a training set from the days before each of the rows ``lasts``."""
    found = each(_examples, [(part, country, lasts, steps, len(parts)) for part in parts], workers)
    sets = []
    for drawn in zip(*found, strict=True):
        target = np.concatenate([part for _, part in drawn])
        if not len(target):
            raise HistoryTooSparse
        sets.append((concatenate_rows([rows for rows, _ in drawn]), target))
    return sets


def _examples(
    matrix: pd.DataFrame, country: str | None, lasts: tuple[int, ...], steps: int, parts: int
) -> list[tuple[Rows, Floats]]:
    known, most = history(matrix, country), MOST_EXAMPLES // parts
    return [training_set(known, LEARNABLE - 1, last, steps, most) for last in lasts]
