"""What a search is over, and what it is for: levers with their ranges, and objectives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foedus.case.schema import Assumption, Case, Option
from foedus.engine import outcomes
from foedus.engine.reading import bound
from foedus.errors import FoedusError, did_you_mean
from foedus.worlds.model import Column

Metric = Literal["mean", "p90"]


@dataclass(frozen=True)
class Lever:
    """One lever that is searched over: a range of numbers, or a list of words."""

    name: str
    unit: str
    source: str  # a key that the case lists, for the setting to be pasted: judgement, if it has it
    low: float = 0.0
    high: float = 0.0
    words: tuple[str, ...] = ()

    def value(self, at: float) -> float | str:
        """The setting at a place in [0, 1]; numbers are rounded to three digits that count."""
        if self.words:
            return self.words[min(int(at * len(self.words)), len(self.words) - 1)]
        return float(f"{self.low + at * (self.high - self.low):.3g}")


@dataclass(frozen=True)
class Objective:
    """What is to be low: a metric of an outcome over the worlds, turned round if more is better."""

    outcome: str
    metric: Metric
    sign: float  # 1 if less is better

    def of(self, values: np.ndarray) -> np.ndarray:
        """The objective of each setting; values (settings, worlds)."""
        if self.metric == "mean":
            return np.asarray(self.sign * np.nanmean(values, axis=1))
        return np.asarray(np.nanquantile(self.sign * values, 0.9, axis=1))

    def slope(self, values: np.ndarray, slopes: np.ndarray) -> np.ndarray:
        """How fast the objective of each setting changes, from how fast its worlds do.

        A percentile moves as the worlds between which it lies.

        Args:
            values: of the outcome; (settings, worlds), NaN in worlds that are left out.
            slopes: of the outcome, in the same worlds.
        """
        if self.metric == "mean":
            return np.asarray(self.sign * np.nanmean(slopes, axis=1))
        found = np.full(len(values), np.nan)
        for i, (value, slope) in enumerate(
            zip(self.sign * values, self.sign * slopes, strict=True)
        ):
            good = np.flatnonzero(np.isfinite(value))
            if len(good):
                order = good[np.argsort(value[good], kind="stable")]
                below, part = divmod(0.9 * (len(order) - 1), 1.0)
                above = min(int(below) + 1, len(order) - 1)
                found[i] = (1 - part) * slope[order[int(below)]] + part * slope[order[above]]
        return found

    @property
    def words(self) -> str:
        """What it is, for the head of a column."""
        return f"{self.outcome}, {'mean' if self.metric == 'mean' else 'nine worlds in ten'}"


def settings(case: Case, over: Sequence[Lever], places: np.ndarray) -> dict[str, Option]:
    """Settings as options of the case: the reference, but for these levers.

    Args:
        case: the case.
        over: the levers.
        places: where each setting stands in each lever's range; (settings, levers), in [0, 1].
    """
    home, found = case.options[case.reference], {}
    for i, place in enumerate(places):
        sets = {
            lever.name: Assumption(exactly=lever.value(at), unit=lever.unit, source=(lever.source,))
            for lever, at in zip(over, place, strict=True)
        }
        found[f"s{i}"] = home.model_copy(update={"sets": {**home.sets, **sets}})
    return found


def levers(case: Case, over: Sequence[str]) -> tuple[Lever, ...]:
    """What is searched over.

    Args:
        case: the case.
        over: `lever` for all that the case's options span, or `lever=low:high`, or
            `lever=word|word`.

    Raises:
        FoedusError: a lever is unknown, a range cannot be read, is not legal, or is empty.
    """
    known = {column.name: column for column in bound(case).columns if column.lever}
    return tuple(_lever(case, known, each) for each in over)


def _lever(case: Case, known: dict[str, Column], said: str) -> Lever:
    name, _, span = said.partition("=")
    if name not in known:
        raise FoedusError(f"no lever '{name}': {did_you_mean(name, known)}")
    column = known[name]
    source = "judgement" if "judgement" in case.sources else next(iter(case.sources))
    given = [
        case.assumptions[name],
        *(o.sets[name] for o in case.options.values() if name in o.sets),
    ]
    if column.words:
        used = span.split("|") if span else [str(v) for each in given for v in each.values()]
        for word in used:
            if word not in column.words:
                raise FoedusError(f"'{word}' is no value of {name}: {', '.join(column.words)}")
        return Lever(name, column.unit, source, words=tuple(dict.fromkeys(used)))
    try:
        ends = [float(x) for x in span.split(":")] if span else [
            v for each in given for v in each.values() if not isinstance(v, str)
        ]  # fmt: skip
    except ValueError:
        raise FoedusError(f"cannot read the range '{span}': write {name}=0:10") from None
    low, high = (ends[0], ends[-1]) if span else (min(ends), max(ends))
    if not column.legal[0] <= low < high <= column.legal[1]:
        raise FoedusError(
            f"{name} from {low:g} to {high:g} is no range within {column.legal[0]:g} to "
            f"{column.legal[1]:g}: write {name}=low:high"
        )
    return Lever(name, column.unit, source, low, high)


def objectives(case: Case, asked: Sequence[str]) -> tuple[Objective, ...]:
    """What is to be low.

    Args:
        case: the case.
        asked: `outcome` for its level that is kept in nine worlds of ten, or `outcome:mean`; empty
            for the outcomes that the case's claims name most often, at most three, and the cost.

    Raises:
        FoedusError: an outcome is unknown, or neither more nor less of it is better.
    """
    known = outcomes.columns(bound(case))
    if not asked:
        named = [c.form.outcome for cl in case.claims.values() for c in cl.tests.values()]
        often = sorted(dict.fromkeys(named), key=lambda o: (-named.count(o), o))
        plain = [o for o in often if "." not in o and known[o].better != "neither"]
        asked = list(dict.fromkeys([*plain[:3], "cost"]))
    found = []
    for each in asked:
        name, _, metric = each.partition(":")
        if name not in known:
            raise FoedusError(f"no outcome '{name}': {did_you_mean(name, known)}")
        if known[name].better == "neither" or metric not in ("", "mean", "p90"):
            raise FoedusError(
                f"'{each}' is no objective: name an outcome of which more or less is better, "
                "with :mean or :p90 behind it"
            )
        sign = 1.0 if known[name].better == "lower" else -1.0
        found.append(Objective(name, "mean" if metric == "mean" else "p90", sign))
    return tuple(found)
