"""Readings packed, laid on grids and summed lose nothing, whatever they are."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.profiles import quantile
from services.readings.load_profile import build_load_profile, sum_days
from services.readings.storage.monthly_blocks import Run, pack, unpack

WHOLE = st.integers(-(2**62), 2**62)
METERED = st.integers(-(10**9), 10**9).map(lambda thousandths: thousandths / 1000)
KWH = st.floats(allow_nan=False, allow_infinity=False) | METERED


@given(st.lists(WHOLE, min_size=1) | st.lists(KWH, min_size=1))
def test_packed_numbers_are_the_same_numbers(numbers: list[float]) -> None:
    values = np.array(numbers, "int64" if isinstance(numbers[0], int) else "float64")
    unpacked = unpack(pack(values), len(values))
    assert unpacked.dtype == values.dtype
    assert (unpacked == values).all()


def test_what_meters_say_is_packed_in_two_bytes() -> None:
    quarters = np.arange(3000) * 900_000
    kwh = np.random.default_rng(1).gamma(2, 1, 3000).round(3)
    assert pack(quarters) == {"first": 0, "step": 900_000}
    assert len(pack(kwh)["data"]) == 6000


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Readings of a few weeks at any second, of a minute to two days."""
    start = int(datetime(2024, 3, 1, tzinfo=UTC).timestamp())
    at = sorted(draw(st.sets(st.integers(start, start + 40 * 86400), min_size=1, max_size=30)))
    lengths = st.sampled_from([0, 60, 420, 900, 3600, 86400, 172800])
    interval = draw(st.lists(lengths, min_size=len(at), max_size=len(at)))
    kwh = draw(st.lists(st.floats(0, 1000), min_size=len(at), max_size=len(at)))
    return Run(np.array(at) * 1000, np.array(kwh), np.array(interval))


@given(st.lists(runs(), min_size=1, max_size=4))
def test_no_energy_is_lost_on_the_way_to_days_and_grids(several: list[Run]) -> None:
    total = sum(run.kwh.sum() for run in several)
    load = build_load_profile(None, "America/Santiago", [((None, ""), run) for run in several])  # type: ignore[misc]
    assert load.days.kwh.sum() == pytest.approx(total, rel=1e-12)
    assert np.nanmax(load.days.peak) <= max(run.kwh.max() for run in several)
    demand = load.demand(np.arange(len(several)))
    assert demand.kwh.sum() + demand.long.sum() == pytest.approx(total, rel=1e-9)


def test_days_begin_where_clocks_skip_or_repeat_midnight() -> None:
    # Clocks in Santiago went from 24:00 to 23:00 on 6 April 2024, and from 0:00 to 1:00 on 8 September.
    hours = np.arange(int(datetime(2024, 4, 1, 12, tzinfo=UTC).timestamp()), 1726000000, 3600)
    days = sum_days([Run(hours * 1000, np.ones(len(hours)), np.full(len(hours), 3600))], "America/Santiago")
    found = dict(zip(days.days.astype(str).tolist(), days.kwh[0].tolist(), strict=True))
    assert (found["2024-04-05"], found["2024-04-06"], found["2024-04-07"]) == (24, 25, 24)
    assert (found["2024-09-07"], found["2024-09-08"], found["2024-09-09"]) == (24, 23, 24)


@given(
    st.lists(st.lists(st.floats(0, 1e6) | st.just(np.nan), min_size=3, max_size=3), min_size=1),
    st.floats(0, 1),
)
def test_quantiles_of_columns_are_those_of_numpy(rows: list[list[float]], share: float) -> None:
    values = np.array(rows)
    found = quantile(values, share)
    for column, level in zip(values.T, found, strict=True):
        known = column[~np.isnan(column)]
        assert level == pytest.approx(np.quantile(known, share) if len(known) else np.nan, nan_ok=True)
