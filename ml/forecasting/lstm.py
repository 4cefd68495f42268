"""Correct forecasts by small recurrent networks (LSTM) over the last weeks; needs the extra `lstm`.

Hochreiter and Schmidhuber 1997, "Long Short-Term Memory". What they add is a correction of what smoothing
and linear regression say, as networks that are to correct a statistical forecast have less to learn (Smyl
2020, "A hybrid method of exponential smoothing and recurrent neural networks").
"""

from typing import NamedTuple, Self

import numpy as np
import torch
from torch import nn

from ml.arrays import Floats
from ml.forecasting.features import RECENT, Rows
from ml.forecasting.regressors import Linear, Smoothing
from ml.forecasting.smoothing import WEEK

NETWORKS, UNITS = 3, 16
ROWS, STEPS, BATCH = 8_000, 200, 256
RATE, DECAY = 3e-3, 0.05


class _Network(NamedTuple):
    """An LSTM that reads the last weeks, and a head that joins its state with the day's features."""

    weeks: nn.LSTM
    judge: nn.Sequential

    def __call__(self, recent: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        _, (state, _) = self.weeks(recent)
        return self.judge(torch.cat([state[-1], features], dim=1))[:, 0]


class Recurrent:
    """The mean of a few networks, each trained on other days; their weight decays with the horizon."""

    def fit(self, rows: Rows, target: Floats) -> Self:
        torch.set_num_threads(1)  # on a busy machine its threads wait for each other
        self.before = Smoothing().fit(rows, target), Linear().fit(rows, target)
        features = rows.features.to_numpy()
        self.mean, self.spread = features.mean(axis=0), features.std(axis=0) + 1e-6
        recent, known = self._tensors(rows)
        wanted = torch.from_numpy((target - self._before(rows)).astype(np.float32))
        self.networks = []
        for seed in range(NETWORKS):
            torch.manual_seed(seed)
            chosen = torch.randperm(len(wanted))[:ROWS]
            self.networks.append(_train_network(recent[chosen], known[chosen], wanted[chosen]))
        return self

    def predict(self, rows: Rows) -> Floats:
        parts = zip(*(tensor.split(ROWS) for tensor in self._tensors(rows)), strict=True)
        with torch.no_grad():
            added = [np.mean([network(*part).numpy() for network in self.networks], axis=0) for part in parts]
        decay = np.minimum(1.0, WEEK / rows.ahead)
        found: Floats = self._before(rows) + decay * np.concatenate(added)
        return found

    def _before(self, rows: Rows) -> Floats:
        found: Floats = np.mean([model.predict(rows) for model in self.before], axis=0)
        return found

    def _tensors(self, rows: Rows) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the last days by week, and standardised features."""
        scaled = (rows.features.to_numpy() - self.mean) / self.spread
        recent = rows.recent.reshape(-1, RECENT // WEEK, WEEK)
        return torch.from_numpy(recent), torch.from_numpy(scaled.astype(np.float32))


def _train_network(recent: torch.Tensor, features: torch.Tensor, wanted: torch.Tensor) -> _Network:
    judge = nn.Sequential(nn.Linear(UNITS + features.shape[1], UNITS), nn.ReLU(), nn.Linear(UNITS, 1))
    for weight in judge[-1].parameters():
        nn.init.zeros_(weight)  # nothing is corrected before something is learnt
    network = _Network(nn.LSTM(WEEK, UNITS, batch_first=True), judge)
    weights = [*network.weeks.parameters(), *network.judge.parameters()]
    optimiser = torch.optim.AdamW(weights, lr=RATE, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS)
    for _ in range(STEPS):
        batch = torch.randint(len(wanted), (BATCH,))
        optimiser.zero_grad()
        nn.functional.l1_loss(network(recent[batch], features[batch]), wanted[batch]).backward()
        optimiser.step()
        pace.step()
    return network
