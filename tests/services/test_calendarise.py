"""A reading is energy over its interval, wherever it was stamped and however long it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.readings.calendarise import regularize, spread
from services.readings.storage.monthly_blocks import Run

QUARTER = 900


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Readings of a minute to a day within two days, also over each other."""
    at = sorted(draw(st.sets(st.integers(0, 2 * 86_400), min_size=1, max_size=12)))
    interval = draw(st.lists(st.sampled_from([0, 60, 900, 3000, 86_400]), min_size=len(at), max_size=len(at)))
    kwh = draw(st.lists(st.floats(-100, 1000), min_size=len(at), max_size=len(at)))
    return Run(np.array(at) * 1000, np.array(kwh), np.array(interval))


@given(runs(), st.lists(st.integers(-3600, 4 * 86_400), min_size=2, max_size=10, unique=True))
def test_each_step_gets_its_part_of_each_reading(run: Run, seconds: list[int]) -> None:
    edges = np.array(sorted(seconds)) * 1000
    found = spread(run, edges)
    for low, high, kwh, covered in zip(edges[:-1], edges[1:], *found, strict=True):
        parts = []
        for at, energy, interval in zip(run.at, run.kwh, run.interval * 1000, strict=True):
            within = min(at + interval, high) - max(at, low)
            if interval == 0:
                parts.append((energy if low <= at < high else 0.0, 0.0))
            elif within > 0:
                parts.append((energy * within / interval, within / 1000))
        assert kwh == pytest.approx(sum(part for part, _ in parts), abs=1e-9)
        assert covered == pytest.approx(min(sum(part for _, part in parts), (high - low) / 1000))


def test_stamps_that_jitter_lie_on_their_steps() -> None:
    stray = np.random.default_rng(7).integers(-1000, 1001, 960)
    run = Run(np.arange(960) * QUARTER * 1000 + stray, np.full(960, 0.5), np.full(960, QUARTER))
    straight = regularize(run)
    assert (np.diff(straight.at) == QUARTER * 1000).all()
    found = spread(straight, np.arange(0, 960, 4) * QUARTER * 1000)
    assert set(found.kwh.tolist()) == {2.0}


def test_a_reading_without_an_interval_lasts_until_the_next_one() -> None:
    at = np.array([0, 1, 2, 10, 11]) * 3_600_000
    assert regularize(Run(at, np.ones(5), np.zeros(5, "int64"))).interval.tolist() == [3600] * 5
    alone = regularize(Run(at[:1], np.ones(1), np.zeros(1, "int64")))
    assert spread(alone, at).kwh.tolist() == [1, 0, 0, 0]
    assert not spread(alone, at).covered.any()
