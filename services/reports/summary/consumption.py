"""How much it was, against other periods and against what was planned."""

from collections.abc import Iterator

import numpy as np

from services.reports import amounts
from services.reports.contents import Contents
from services.reports.naming import named, period_name
from services.reports.wording import Wording

WORTH_TELLING = 0.01
"""The change by the day is told when it differs by so much from that of the whole."""


def consumption(contents: Contents, wording: Wording) -> Iterator[str]:
    """How much was used, and whether that is more than usual."""
    total = contents.figures["total"]
    compared = [
        _compared(wording, share, period_name(wording, contents, back))
        for back, share in (
            (1, amounts.change(total.value, total.previous)),
            (2, amounts.change(total.value, total.last_year)),
        )
        if share is not None
    ]
    template = {
        0: "{subject} used {total} in {period}.",
        1: "{subject} used {total} in {period}, {first}.",
        2: "{subject} used {total} in {period}, {first} and {second}.",
    }[len(compared)]
    yield wording.say(
        template,
        subject=named(contents, wording),
        total=amounts.kwh(wording, total.value),
        period=period_name(wording, contents),
        **dict(zip(("first", "second"), compared, strict=False)),
    )


def against_plans(contents: Contents, wording: Wording) -> Iterator[str]:
    """Whether it is more than the days were expected to take, or were allowed to."""
    yield from _per_day(contents, wording)
    yield from _against_forecast(contents, wording)
    yield from _against_budget(contents, wording)


def _per_day(contents: Contents, wording: Wording) -> Iterator[str]:
    """What is left of the change when the number of days does not count."""
    total, day = contents.figures["total"], contents.figures["average_day"]
    plain, per_day = amounts.change(total.value, total.previous), amounts.change(day.value, day.previous)
    if per_day is None or (plain is not None and abs(plain - per_day) < WORTH_TELLING):
        return
    compared = _compared(wording, per_day, period_name(wording, contents, 1))
    yield wording.say("Per day it was {compared}.", compared=compared)


def _compared(wording: Wording, share: float, other: str) -> str:
    if abs(share) < amounts.SAME:
        return wording.say("about as much as in {other}", other=other)
    template = "{share} more than in {other}" if share > 0 else "{share} less than in {other}"
    return wording.say(template, share=amounts.percent(wording, abs(share)), other=other)


def _against_forecast(contents: Contents, wording: Wording) -> Iterator[str]:
    error = _forecast_error(contents)
    if error is None:
        return
    more, less = (
        "That is {share} more than had been forecast.",
        "That is {share} less than had been forecast.",
    )
    if abs(error) < amounts.SAME:
        yield wording.say("That is what had been forecast.")
    else:
        yield wording.say(more if error > 0 else less, share=amounts.percent(wording, abs(error)))


def _forecast_error(contents: Contents) -> float | None:
    """By which part the metered days with a forecast exceed it; None unless all metered days have one."""
    if contents.expected is None:
        return None
    metered = np.isfinite(contents.now.consumption.kwh)
    expected = contents.expected[metered]
    if not np.isfinite(expected).all():
        return None
    return amounts.change(float(contents.now.consumption.kwh[metered].sum()), float(expected.sum()))


def _against_budget(contents: Contents, wording: Wording) -> Iterator[str]:
    over = amounts.change(contents.figures["total"].value, contents.budget)
    if over is None or (contents.missing_days and over < 0):
        return
    template = (
        "It is {share} over the budget of {budget}."
        if over > 0
        else ("It is {share} under the budget of {budget}.")
    )
    share, budget = amounts.percent(wording, abs(over)), amounts.kwh(wording, contents.budget)
    yield wording.say(template, share=share, budget=budget)
