"""Assumption -> its range in words, and drawn on a line of a hundred steps."""

from math import ceil, floor, log10
from typing import NamedTuple

from foedus.case.schema import Assumption
from foedus.report.words import label, number, quantity, scale, unit_words


class Glyph(NamedTuple):
    """Where a range lies between the two ends of its axis, in hundredths of it."""

    start: float
    end: float
    centre: float | None
    axis: str  # from where to where the axis runs


def range_words(assumption: Assumption) -> str:
    """A range as a reader says it, with its unit."""
    unit = assumption.unit
    if assumption.exactly is not None:
        return f"{_value(assumption.exactly, unit)}, fixed"
    if assumption.choices is not None:
        weights = assumption.weights or (1.0,) * len(assumption.choices)
        each = [
            f"{_value(choice, unit)} in {number(100 * w / sum(weights))} % of worlds"
            for choice, w in zip(assumption.choices, weights, strict=True)
        ]
        return "; ".join(each)
    if assumption.yearly is not None:
        return ", then ".join(
            f"{_value(value, unit)} from {year}"
            for year, value in sorted(assumption.yearly.items())
        )
    points = assumption.points()
    said = f"{number(points[0] * scale(unit))} to {quantity(points[-1], unit)}"
    if len(points) == 3:
        said += f", centre {number(points[1] * scale(unit))}"
    return said + (" (log scale)" if assumption.scale == "log" else "")


def _value(value: float | str, unit: str) -> str:
    return label(value) if isinstance(value, str) else quantity(value, unit)


def glyph(assumption: Assumption) -> Glyph | None:
    """A range, drawn; nothing for a fixed value or a choice.

    The axis of a plain range includes zero, so that a reader sees whether the range does; that of
    a logarithmic range runs over whole powers of ten.
    """
    points = assumption.points()
    if not points or points[0] == points[-1]:
        return None
    unit = assumption.unit
    shown = [x * scale(unit) for x in points]
    if assumption.scale == "log":
        shown = [log10(x) for x in shown]
        low, high = float(floor(shown[0])), float(ceil(shown[-1]))
        ends = (number(10**low), number(10**high))
    else:
        low, high = min(0.0, shown[0]), max(0.0, shown[-1])
        ends = (number(low), number(high))
    at = [100 * (x - low) / (high - low) for x in shown]
    axis = f"axis from {ends[0]} to {ends[1]} {unit_words(unit)}".rstrip()
    return Glyph(at[0], at[-1], at[1] if len(at) == 3 else None, axis)
