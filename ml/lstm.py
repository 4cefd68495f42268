"""A small recurrent network (LSTM) over the last days; PyTorch is an optional extra.

Hochreiter and Schmidhuber 1997, "Long Short-Term Memory".
"""

from typing import Self

import numpy as np
import torch
from torch import nn

from ml.arrays import Floats
from ml.features import Rows

UNITS = 24
ROWS, EPOCHS, BATCH = 8_000, 5, 256
RATE = 3e-3


class Recurrent:
    """An LSTM of what a day differs from the smoothing's forecast."""

    def fit(self, rows: Rows, target: Floats) -> Self:
        torch.set_num_threads(1)  # on a busy machine its threads wait for each other
        torch.manual_seed(0)
        order = np.random.default_rng(0).permutation(len(target))[:ROWS]
        features = rows.features.to_numpy()[order]
        self.mean, self.spread = features.mean(axis=0), features.std(axis=0) + 1e-6
        self.days = nn.LSTM(1, UNITS, batch_first=True)
        self.judge = nn.Sequential(
            nn.Linear(UNITS + features.shape[1], UNITS), nn.ReLU(), nn.Linear(UNITS, 1)
        )
        recent, known = self._tensors(rows.recent[order], features)
        wanted = torch.from_numpy((target - rows.base)[order].astype(np.float32))
        optimiser = torch.optim.Adam([*self.days.parameters(), *self.judge.parameters()], lr=RATE)
        for _ in range(EPOCHS):
            for batch in torch.randperm(len(wanted)).split(BATCH):
                optimiser.zero_grad()
                loss = nn.functional.l1_loss(self._judged(recent[batch], known[batch]), wanted[batch])
                loss.backward()
                optimiser.step()
        return self

    def predict(self, rows: Rows) -> Floats:
        recent, known = self._tensors(rows.recent, rows.features.to_numpy())
        with torch.no_grad():
            parts = [
                self._judged(*part).numpy()
                for part in zip(recent.split(ROWS), known.split(ROWS), strict=True)
            ]
        found: Floats = rows.base + np.concatenate(parts)
        return found

    def _judged(self, recent: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """The recent days are read one by one, then the day asked for is judged by them and its features."""
        _, (state, _) = self.days(recent[:, :, None])
        return self.judge(torch.cat([state[-1], features], dim=1))[:, 0]

    def _tensors(self, recent: np.ndarray, features: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        scaled = (features - self.mean) / self.spread
        return torch.from_numpy(recent), torch.from_numpy(scaled.astype(np.float32))
