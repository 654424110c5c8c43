"""Rows of the design: where in each range world k stands. Row k depends on (seed, k) alone.

Sixteen independent scrambles of a Sobol sequence are dealt in turn: world k is row k // 16 of
scramble k mod 16. So a larger run contains the smaller one, any block can be made alone, and
the spread between the scrambles says how far a share is known.
"""

import warnings

import numpy as np
from scipy.stats import qmc

from foedus.case.schema import Assumption, Case
from foedus.worlds.model import Column, Model

SCRAMBLES = 16

Array = np.ndarray


def unit_rows(columns: int, first: int, last: int, seed: int) -> Array:
    """Rows [first, last) of the design, shape (last - first, columns), in [0, 1)."""
    rows = np.empty((last - first, columns))
    worlds = np.arange(first, last)
    for scramble in range(SCRAMBLES):
        mine = np.flatnonzero(worlds % SCRAMBLES == scramble)
        if len(mine):
            stream = np.random.default_rng([seed, scramble])
            sequence = qmc.Sobol(columns, scramble=True, rng=stream)
            start = int(worlds[mine[0]]) // SCRAMBLES
            if start:  # scipy cannot go forward by nothing
                sequence.fast_forward(start)
            # The balance of a power of two is kept over the whole run, not over a block.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                rows[mine] = sequence.random(len(mine))
    return rows


def values(case: Case, model: Model, unit: Array) -> Array:
    """The numbers of each world under each option, shape (options, worlds, columns).

    An option that replaces a number by a range reuses its column of the design: it is the
    same world under another policy.
    """
    base = np.stack(
        [
            number(column, _given(case, column), unit[:, i])
            for i, column in enumerate(model.columns)
        ],
        axis=1,
    )
    table = np.repeat(base[None], len(model.options), axis=0)
    for o, option in enumerate(model.options):
        for name, given in case.options[option].sets.items():
            i = model.at(name)
            table[o, :, i] = number(model.columns[i], given, unit[:, i])
    return table


def _given(case: Case, column: Column) -> Assumption | None:
    return None if column.name.startswith("theory.") else case.assumptions[column.name]


def number(column: Column, given: Assumption | None, u: Array) -> Array:
    """The value at the position `u` in [0, 1) of a range; words are coded 0, 1, 2, ..."""
    if given is None:  # a theory, each as likely as the next: a convention, not evidence
        return np.floor(u * len(column.words))
    if given.choices is not None:
        weights = np.cumsum(given.weights or np.ones(len(given.choices)))
        codes = np.array([_code(column, choice) for choice in given.choices])
        last = len(codes) - 1
        return codes[np.minimum(np.searchsorted(weights / weights[-1], u, side="right"), last)]
    if given.exactly is not None:
        return np.full_like(u, _code(column, given.exactly))
    points = np.asarray(given.points())
    at = np.linspace(0.0, 1.0, len(points))
    if given.scale == "log":
        return np.exp(np.interp(u, at, np.log(points)))
    return np.interp(u, at, points)


def _code(column: Column, value: float | str) -> float:
    return float(column.words.index(value)) if isinstance(value, str) else value
