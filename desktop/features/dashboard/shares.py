"""The dashboard's charts of who used the energy."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.framework.drawing import Drawing
from desktop.framework.formatting import kwh, number, percent
from services.dashboard import Share

translate = QCoreApplication.translate

MOST_BARS = 18
MOST_OF_PARETO = 40


def breakdown(shares: Sequence[Share], missing: str = "") -> Drawing:
    """Devices or categories, the greatest first; the smallest of many together.

    ``missing`` is said instead where none of them has a name.
    """
    bars = _bars(shares, MOST_BARS)
    texts = [_words(bar) for bar in bars]
    return Drawing(
        (
            [bar.id or None for bar in bars],
            [bar.name for bar in bars],
            [bar.kwh for bar in bars],
            [percent(bar.share, 1) for bar in bars],
            texts,
        ),
        lambda: (["Name", "kWh", "Share"], [(_named(of).name, of.kwh, of.share) for of in shares]),
        "; ".join(text.replace("\n", ", ") for text in texts),
        "" if any(of.name for of in shares) else missing,
    )


def pareto(shares: Sequence[Share]) -> Drawing:
    """The same with what they add up to."""
    bars, sums = _bars(shares, MOST_OF_PARETO), 0.0
    texts = []
    for bar in bars:
        sums += bar.share
        added = translate("dashboard", "{share} together with those before it")
        texts.append(f"{_words(bar)}\n{added.format(share=percent(sums, 1))}")
    vital = _vital(shares)
    return Drawing(
        ([bar.id or None for bar in bars], [bar.name for bar in bars], [bar.kwh for bar in bars], texts),
        lambda: (["Name", "kWh", "Share"], [(_named(of).name, of.kwh, of.share) for of in shares]),
        translate("dashboard", "{count} of {total} make up 80 % of the consumption.").format(
            count=number(vital), total=number(len(shares))
        ),
    )


def _vital(shares: Sequence[Share]) -> int:
    """How many of the greatest make up four fifths."""
    sums = 0.0
    for count, of in enumerate(shares, start=1):
        sums += of.share
        if sums >= 0.8:
            return count
    return len(shares)


def _bars(shares: Sequence[Share], most: int) -> list[Share]:
    if len(shares) <= most:
        return [_named(of) for of in shares]
    shown, rest = shares[: most - 1], shares[most - 1 :]
    others = translate("dashboard", "{count} others").format(count=number(len(rest)))
    summed = Share("", others, sum(of.kwh for of in rest), sum(of.share for of in rest))
    return [*map(_named, shown), summed]


def _named(of: Share) -> Share:
    return of if of.name else Share(of.id, translate("dashboard", "No category"), of.kwh, of.share)


def _words(bar: Share) -> str:
    template = translate("dashboard", "{energy}, {share} of the total")
    return f"{bar.name}\n{template.format(energy=kwh(bar.kwh), share=percent(bar.share, 1))}"
