"""How fast the outcomes of a world move with one of its numbers: exact slopes, by JAX."""

import numpy as np

from foedus.case.schema import Assumption, Case
from foedus.engine.many import play_slopes
from foedus.worlds.model import Model
from foedus.worlds.points import by_option, steepness, values


def slopes(case: Case, model: Model, unit: np.ndarray, along: np.ndarray) -> dict[str, np.ndarray]:
    """The outcomes of worlds, or their slopes by the position in one range.

    Args:
        case: a case.
        model: its shape.
        unit: where each world stands in each range; (worlds, columns), at most a block of them.
        along: the column whose range each world moves along, -1 for none; (worlds,).

    Returns:
        Each of shape (options, worlds): the outcome where `along` is -1, else its derivative by
        the position in [0, 1]; and `sound`. An option that sets the number moves in its own range.
    """
    moved = directions(case, model, unit, along)
    found, found_slopes = play_slopes(case, model, values(case, model, unit), moved)
    told = {name: np.where(along < 0, found[name], each) for name, each in found_slopes.items()}
    return told | {"sound": found["sound"]}


def directions(case: Case, model: Model, unit: np.ndarray, along: np.ndarray) -> np.ndarray:
    """How the numbers of each world move along its range, laid out as `by_option` does."""

    def slope(option: str, column: int, given: Assumption) -> np.ndarray:
        return np.where(along == column, steepness(given, unit[:, column]), 0.0)

    home = np.zeros_like(unit)
    for column in np.unique(along[along >= 0]).tolist():
        given = case.assumptions[model.columns[column].name]
        home[:, column] = slope(case.reference, column, given)
    return by_option(case, model, home, slope)
