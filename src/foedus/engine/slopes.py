"""How fast the outcomes of a world move with one of its numbers: exact slopes, by JAX."""

import numpy as np

from foedus.case.schema import Case
from foedus.engine.many import play_slopes
from foedus.worlds.model import Model
from foedus.worlds.points import steepness, values


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
    numbers = values(case, model, unit)
    moved = np.zeros_like(numbers)
    for column in np.unique(along[along >= 0]):
        name, mine = model.columns[column].name, np.flatnonzero(along == column)
        for o, option in enumerate(model.options):
            given = case.options[option].sets.get(name) or case.assumptions[name]
            moved[o, mine, column] = steepness(given, unit[mine, column])
    found, found_slopes = play_slopes(case, model, numbers, moved)
    told = {name: np.where(along < 0, found[name], each) for name, each in found_slopes.items()}
    return told | {"sound": found["sound"]}
