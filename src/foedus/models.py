"""A case as a model of ema_workbench, which then draws the worlds and chooses the options.

ema_workbench is never needed by foedus and never installed with it: whoever calls these functions
has it. Its names: what differs from world to world is an *uncertainty*, the option is a *lever*.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import FoedusError

if TYPE_CHECKING:
    from foedus.case.assumption import Assumption
    from foedus.case.schema import Case
    from foedus.worlds.model import Column, Model

LEVER = "option"


def as_ema_model(case: "Case") -> Any:
    """A case as an `ema_workbench.Model`: uncertainties, the option as a lever, outcomes.

    Uncertainties are named as the columns of a run's worlds (`<lever>@<option>` for a range that
    an option sets), have the units of the case and are drawn by its law. Words, theories and
    numbers to choose from are drawn evenly: ema_workbench has no weights for those. A world that
    cannot be computed has NaN for every outcome.

    Each experiment alone takes as long as a block of 2,048; give `in_blocks(model)` to
    `perform_experiments` as its evaluator.

    Args:
        case: a case, as `foedus.read` gives it.

    Raises:
        CaseError: with every problem of the case.
        FoedusError: ema_workbench is not installed.
    """
    ema = _ema_workbench()
    from foedus.engine.outcomes import columns
    from foedus.engine.reading import bound

    shape = bound(case)

    def one(**experiment: Any) -> dict[str, float]:
        (found,) = experiments(case, [experiment])
        return found

    name = "".join(filter(str.isalnum, case.file.partition(".")[0])) or "case"
    model = ema.Model(name, function=one)
    model.uncertainties = [
        _uncertainty(ema, name, column, given) for name, column, given in _ranged(case, shape)
    ]
    model.levers = [ema.CategoricalParameter(LEVER, list(case.options))]
    model.outcomes = [ema.ScalarOutcome(outcome) for outcome in columns(shape)]
    model.case = case
    return model


def in_blocks(model: Any) -> Any:
    """An evaluator of ema_workbench that plays experiments by the block, all options at once.

    Args:
        model: what `as_ema_model` gave.
    """
    _ema_workbench()
    from ema_workbench.em_framework.evaluators import BaseEvaluator
    from ema_workbench.em_framework.points import experiment_generator

    class InBlocks(BaseEvaluator):  # type: ignore[misc]  # ema_workbench has no types
        def initialize(self) -> None:
            """Nothing to set up."""

        def finalize(self) -> None:
            """Nothing to clear away."""

        def evaluate_experiments(
            self, scenarios: Any, policies: Any, callback: Any, combine: str = "factorial"
        ) -> None:
            """Play all experiments and hand each to the callback."""
            asked = list(experiment_generator(scenarios, self._msis, policies, combine=combine))
            rows = [{**each.scenario, **each.policy} for each in asked]
            for each, found in zip(asked, experiments(model.case, rows), strict=True):
                callback(each, found)

    return InBlocks(model)


def experiments(case: "Case", rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, float]]:
    """The outcomes of experiments, in their order.

    Args:
        case: a case.
        rows: the uncertainties by name, and the option; the reference where none is named.

    Raises:
        FoedusError: an experiment leaves an uncertainty out, or names no option of the case.
    """
    from foedus.engine.many import BLOCK
    from foedus.worlds.model import bind

    model = bind(case)
    worlds: dict[tuple[Any, ...], int] = {}  # experiments that differ in the option alone share one
    names = [name for name, _, _ in _ranged(case, model)]
    at = []
    for row in rows:
        missing = [name for name in names if name not in row]
        if missing:
            raise FoedusError(f"an experiment gives no value for {', '.join(missing)}")
        at.append(worlds.setdefault(tuple(row[name] for name in names), len(worlds)))
    found: dict[str, list[np.ndarray]] = {}
    drawn = [dict(zip(names, each, strict=True)) for each in worlds]
    for first in range(0, len(drawn), BLOCK):
        for name, value in _play(case, model, drawn[first : first + BLOCK]):
            found.setdefault(name, []).append(value)
    whole = {name: np.concatenate(parts, axis=1) for name, parts in found.items()}
    for row, world in zip(rows, at, strict=True):
        option = _option(case, row.get(LEVER, case.reference))
        yield {name: float(value[option, world]) for name, value in whole.items()}


def _play(
    case: "Case", model: "Model", worlds: list[dict[str, Any]]
) -> Iterator[tuple[str, np.ndarray]]:
    """At most a block of worlds; every outcome, of shape (options, worlds), NaN if not sound."""
    from foedus.engine.many import play
    from foedus.worlds.points import at_home, by_option, number

    middle = np.full(len(worlds), 0.5)
    home = at_home(case, model, np.full((len(worlds), len(model.columns)), 0.5))
    drawn = {name: _codes(column, [w[name] for w in worlds])
             for name, column, _ in _ranged(case, model)}  # fmt: skip
    for i, column in enumerate(model.columns):
        home[:, i] = drawn.get(column.name, home[:, i])

    def of(option: str, i: int, given: "Assumption") -> np.ndarray:
        own = drawn.get(f"{model.columns[i].name}@{option}")
        return number(model.columns[i], given, middle) if own is None else own

    found = play(case, model, by_option(case, model, home, of))
    for name in found.keys() - {"sound"}:
        yield name, np.where(found["sound"].astype(bool), found[name], np.nan)


def _codes(column: "Column", given: list[Any]) -> np.ndarray:
    return np.array([column.words.index(x) if column.words else float(x) for x in given])


def _ranged(case: "Case", model: "Model") -> Iterator[tuple[str, "Column", "Assumption | None"]]:
    """What differs from world to world: name, column, and how it is given (None: a theory)."""
    for column in model.columns:
        given = case.assumptions.get(column.name)
        if given is None or given.varies:
            yield column.name, column, given
    for option in model.options:
        for lever, given in case.options[option].sets.items():
            if given.varies:
                yield f"{lever}@{option}", model.columns[model.at(lever)], given


def _uncertainty(ema: Any, name: str, column: "Column", given: "Assumption | None") -> Any:
    if given is None:
        return ema.CategoricalParameter(name, list(column.words))
    if given.choices is not None:
        return ema.CategoricalParameter(name, list(given.choices))
    parameter = ema.RealParameter.from_dist(name, _law(column, given))
    parameter.pff = False  # from_dist of ema_workbench 2.5 leaves it out
    return parameter


def _law(column: "Column", given: "Assumption") -> Any:
    """The range of a case as a frozen distribution of scipy."""
    from scipy import stats

    from foedus.worlds.points import number

    class Law(stats.rv_continuous):  # type: ignore[misc]  # scipy has no types
        def _ppf(self, q: np.ndarray) -> np.ndarray:
            return number(column, given, np.asarray(q))

    points = given.points()
    return Law(a=points[0], b=points[-1])()


def _option(case: "Case", name: str) -> int:
    options = list(case.options)
    if name not in options:
        raise FoedusError(f"no option '{name}'; there are {', '.join(options)}")
    return options.index(name)


def _ema_workbench() -> Any:
    try:
        import ema_workbench
    except ImportError:
        raise FoedusError(
            "this needs ema_workbench, which foedus does not install, for its licence: "
            "pip install ema_workbench"
        ) from None
    return ema_workbench
