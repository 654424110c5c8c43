"""Rows of the design: where in each range world k stands. Row k depends on (seed, k) alone.

Sixteen independent scrambles of a Sobol sequence are dealt in turn: world k is row k // 16 of
scramble k mod 16. So a larger run contains the smaller one, any block can be made alone, and
the spread between the scrambles says how far a share is known.

In two hundred dimensions some pairs of a Sobol sequence's are alike in their first few hundred
points, in every scramble. So each scramble deals the dimensions anew to the columns: what is alike
in one is not in the others.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from foedus.case.schema import Assumption, Case
from foedus.worlds.model import Column, Model
from foedus.worlds.schedules import timetable

SCRAMBLES = 16
MOST_WORLDS = SCRAMBLES * 2**30  # a Sobol sequence of 30 bits has no further point

Array = np.ndarray


@lru_cache(maxsize=16)
def unit_rows(columns: int, first: int, last: int, seed: int) -> Array:
    """Rows [first, last) of the design, shape (last - first, columns), in [0, 1).

    They do not hang on any range, so the latest are remembered: ranges may move over them.
    """
    rows = np.empty((last - first, columns))
    for scramble in range(SCRAMBLES):
        mine = slice((scramble - first) % SCRAMBLES, None, SCRAMBLES)
        count = len(rows[mine])
        if count:
            start = (first + mine.start) // SCRAMBLES
            rows[mine] = _sobol(columns, seed, scramble).points(start, count)
    rows.flags.writeable = False
    return rows


class _Sobol(NamedTuple):
    """A scrambled Sobol sequence in the order of Gray's code, as scipy makes it."""

    turns: Array  # what turns one point into the next, by the lowest bit that turns: (30, columns)
    origin: Array  # the point 0; numbers are in units of `unit`
    unit: float

    def points(self, start: int, count: int) -> Array:
        """Points [start, start + count), (count, columns): the same time wherever they begin.

        scipy goes forward point by point, so a block would cost the more the later it comes.
        """
        bits = np.arange(len(self.turns))
        turned = self.turns[((start ^ (start >> 1)) >> bits) & 1 == 1]
        at = np.bitwise_xor.reduce([self.origin, *turned])
        later = np.arange(start + 1, start + count)
        lowest = np.bitwise_count((later & -later) - 1)
        path = np.concatenate([at[None], self.turns[lowest]])
        found: Array = np.bitwise_xor.accumulate(path, axis=0) * self.unit
        return found


@lru_cache(maxsize=2 * SCRAMBLES)
def _sobol(columns: int, seed: int, scramble: int) -> _Sobol:
    stream = np.random.default_rng([seed, scramble])
    dealt = stream.permutation(columns)
    made = qmc.Sobol(columns, scramble=True, rng=stream)
    return _Sobol(made._sv[dealt].T.copy(), made._shift[dealt], made._scale)


def values(case: Case, model: Model, unit: Array) -> Array:
    """The numbers of each world under each option, as `by_option` lays them out.

    An option that replaces a number by a range reuses its column of the design: it is the
    same world under another policy.
    """

    def drawn(option: str, i: int, given: Assumption) -> Array:
        return number(model.columns[i], given, unit[:, i])

    return by_option(case, model, at_home(case, model, unit), drawn)


def at_home(case: Case, model: Model, unit: Array) -> Array:
    """The numbers that the case gives each world, whatever is decided: (worlds, columns)."""
    return np.stack([_drawn(case, c, unit[:, i]) for i, c in enumerate(model.columns)], axis=1)


def by_option(
    case: Case, model: Model, home: Array, of: Callable[[str, int, Assumption], Array]
) -> Array:
    """What an option does not set, and what it sets; shape (options, worlds, columns and more).

    Behind `model.columns`, which hold in the first year, follow those of `model.stepped` once more
    for each of `model.steps`, as they are from that year on.

    Args:
        case: a case.
        model: its shape.
        home: what holds under no option, shape (worlds, columns).
        of: of an option and a column that it sets, each world's number; shape (worlds,).
    """
    first = np.repeat(home[None], len(model.options), axis=0)
    later = [first[..., list(model.stepped)] for _ in model.steps]
    reference = case.options[case.reference].sets

    def put(o: int, i: int, year: int, numbers: Array) -> None:
        """From a year on, a column of an option is that."""
        if year <= 0:
            first[o, :, i] = numbers
        if i in model.stepped:
            for step, there in zip(model.steps, later, strict=True):
                if step >= year:
                    there[o, :, model.stepped.index(i)] = numbers

    for o, option in enumerate(model.options):
        for name, values in timetable(case, option).items():
            i = model.at(name)
            if name in reference:  # before an option sets it
                put(o, i, 0, of(case.reference, i, reference[name]))
            for year, given in values.items():
                put(o, i, year, home[:, i] if given is None else of(option, i, given))
    return np.concatenate([first, *later], axis=-1)


def in_the_end(model: Model, numbers: Array, column: int) -> Array:
    """A column as it is in the last year; `numbers` as `by_option` gives them."""
    if column not in model.stepped:
        return numbers[..., column]
    last = numbers[..., -len(model.stepped) :]
    found: Array = last[..., model.stepped.index(column)]
    return found


def _drawn(case: Case, column: Column, u: Array) -> Array:
    question = column.name.removeprefix("theory.")
    if question == column.name:
        return number(column, case.assumptions[column.name], u)
    weights = case.theories[question]  # a convention of the case, no evidence for any of them
    return which([weights[word] for word in column.words], u).astype(float)


def which(weights: Sequence[float], u: Array) -> Array:
    """Which of several each world holds, 0, 1, 2, ...: a share of worlds as large as its weight.

    Args:
        weights: at least one of them above 0; only their ratios matter, and 0 is held by no world.
        u: where each world stands in [0, 1).
    """
    ends = np.cumsum(weights)
    found: Array = np.searchsorted(ends[:-1] / ends[-1], u, side="right")
    return found


def number(column: Column, given: Assumption, u: Array) -> Array:
    """The value at the position `u` in [0, 1) of a range; words are coded 0, 1, 2, ..."""
    if given.choices is not None:
        codes = np.array([_code(column, choice) for choice in given.choices])
        chosen: Array = codes[which(given.weights or (1.0,) * len(codes), u)]
        return chosen
    if given.exactly is not None:
        return np.full_like(u, _code(column, given.exactly))
    points = np.asarray(given.points())
    at = np.linspace(0.0, 1.0, len(points))
    if given.scale == "log":
        drawn: Array = np.exp(np.interp(u, at, np.log(points)))
    else:
        drawn = np.interp(u, at, points)
    return drawn


def steepness(given: Assumption, u: Array) -> Array:
    """How fast the value of a range moves with the position in it: d number / d u, in its unit.

    At the corner of a range, the slope to its right; 0 where one value is given.
    """
    points = np.asarray(given.points(), float)
    if len(points) == 0:
        return np.zeros_like(u)
    at = np.linspace(0.0, 1.0, len(points))
    part = np.minimum(np.searchsorted(at, u, side="right"), len(points) - 1) - 1
    log = given.scale == "log"
    corners = np.log(points) if log else points
    rises: Array = (np.diff(corners) / np.diff(at))[part]
    return rises * np.exp(np.interp(u, at, corners)) if log else rises


def _code(column: Column, value: float | str) -> float:
    return float(column.words.index(value)) if isinstance(value, str) else value
