"""Which settings of the levers does nothing beat? Many-objective robust search.

Every setting is played in the same worlds; its objectives are robustness metrics of outcomes over
those worlds (many-objective robust optimisation, Hamarat et al. 2014,
doi:10.1016/j.simpat.2014.02.008). The first settings are reached along gradients (downhill.py) and
drawn at random; from there NSGA-II proposes settings (Deb et al. 2002,
doi:10.1109/4235.996017, by pymoo); an archive keeps those that no other beats by more than epsilon
(Laumanns et al. 2002, doi:10.1162/106365602760234108).
"""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from foedus import disk
from foedus.case.schema import Case
from foedus.downhill import downhill
from foedus.engine.designs import play_options
from foedus.engine.many import BLOCK
from foedus.engine.reading import bound
from foedus.errors import FoedusError
from foedus.searched import Lever, Objective, levers, objectives, settings
from foedus.waiting import Tell, silent
from foedus.worlds.points import unit_rows

__all__ = ["Found", "archive", "as_options", "evaluate", "levers", "objectives", "optimise"]

LOG = "generations.jsonl"
BOXES = 50  # epsilon is this part of the range that the first settings span


@dataclass(frozen=True)
class Found:
    """What a search found."""

    levers: tuple[Lever, ...]
    objectives: tuple[Objective, ...]
    settings: tuple[dict[str, float | str], ...]  # the archive, best first in the first objective
    values: np.ndarray  # (settings, objectives), in the outcomes' units
    hypervolume: tuple[float, ...]  # after each generation, of the archive; 1 is all there is
    evaluated: int


def evaluate(
    case: Case, over: Sequence[Lever], aims: Sequence[Objective], places: np.ndarray,
    unit: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """The objectives of settings, all in the same worlds.

    Args:
        case: whose reference the settings are built on, and the worlds calibrated.
        over: the levers.
        aims: the objectives.
        places: where each setting stands in each lever's range; (settings, levers), in [0, 1].
        unit: where each world stands in its ranges; (worlds, columns), at most a block.

    Returns:
        (settings, objectives); infinite for a setting that cannot be computed in every tenth world.
    """
    tried = settings(case, over, places)
    each = max(1, len(case.options) - 1)  # as many as one call plays side by side
    names = list(tried)
    parts = [{n: tried[n] for n in names[i : i + each]} for i in range(0, len(names), each)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        played = list(pool.map(lambda part: play_options(case, part, unit), parts))
    found = {key: np.concatenate([one[key] for one in played]) for key in played[0]}
    sound = found["sound"].astype(bool)
    each_world = {aim.outcome: np.where(sound, found[aim.outcome], np.nan) for aim in aims}
    good = sound.mean(axis=1) > 0.9
    for value in each_world.values():
        value[~good] = np.inf  # left out by the archive
    return np.stack([aim.of(each_world[aim.outcome]) for aim in aims], axis=1)


def archive(values: np.ndarray, epsilon: np.ndarray) -> np.ndarray:
    """Which points no other beats by more than epsilon: one a box, no box beaten by another.

    Args:
        values: (points, objectives), less is better; infinite points are left out.
        epsilon: the size of a box in each objective.

    Returns:
        Positions of the points that are kept, in order.
    """
    boxes = np.floor(values / epsilon)
    kept: list[int] = []
    for i in np.flatnonzero(np.isfinite(values).all(axis=1)):
        beaten = False
        for j in kept:
            if (boxes[j] == boxes[i]).all():
                mine, theirs = (_corner(values[p], boxes[p], epsilon) for p in (i, j))
                beaten |= theirs <= mine
            else:
                beaten |= bool((boxes[j] <= boxes[i]).all())
        if not beaten:
            kept = [j for j in kept if not (boxes[i] <= boxes[j]).all()]
            kept.append(int(i))
    return np.array(sorted(kept), int)


def _corner(value: np.ndarray, box: np.ndarray, epsilon: np.ndarray) -> float:
    """How far a point is from the best corner of its box, in boxes."""
    return float(np.linalg.norm(value / epsilon - box))


def optimise(
    case: Case,
    over: Sequence[Lever],
    aims: Sequence[Objective],
    folder: Path,
    *,
    generations: int = 30,
    tell: Tell = silent,
) -> Found:
    """Search the settings of some levers, in worlds 0 to 2,047 of seed 0.

    What is evaluated is logged after each generation; a search in the same folder goes on from
    there, and one that was stopped ends as one that was not.

    Args:
        case: a case.
        over: the levers that are searched over.
        aims: the objectives.
        folder: where the search is kept.
        generations: how many; more than before goes on with the earlier search.
        tell: called with what is done, how much of it, and how much in all.

    Raises:
        FoedusError: the folder holds another search, or pymoo is not installed.
    """
    try:
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.core.problem import Problem
        from pymoo.core.termination import NoTermination
    except ImportError:
        raise FoedusError("the search needs pymoo: pip install 'foedus[optimise]'") from None
    begun, logged = _logged(case, over, aims, folder)
    unit = unit_rows(len(bound(case).columns), 0, BLOCK, 0)
    if begun is None:
        tell("Following gradients", 0, 1)
        begun = downhill(case, over, aims, unit, lambda x: evaluate(case, over, aims, x, unit))
        disk.append(folder / LOG, {"start": begun.tolist()})
    problem = Problem(n_var=len(over), n_obj=len(aims), xl=0.0, xu=1.0)
    first = _first(begun, max(12, 2 * (len(case.options) - 1)))
    search = NSGA2(pop_size=len(first), sampling=first)
    search.setup(problem, termination=NoTermination(), seed=1, verbose=False)
    places, values, sizes = [], [], []
    for generation in range(generations):
        asked = search.ask()
        x = asked.get("X")
        if generation < len(logged):
            f = np.array(logged[generation], float)
        else:
            f = evaluate(case, over, aims, x, unit)
            disk.append(folder / LOG, {"objectives": f.tolist()})
        asked.set("F", np.where(np.isfinite(f), f, 1e30))  # infinities would stop the sorting
        search.tell(infills=asked)
        places.append(x)
        values.append(f)
        sizes.append(len(x))
        tell("Searching", generation + 1, generations)
    return _found(over, aims, np.concatenate(places), np.concatenate(values), np.cumsum(sizes))


def _first(begun: np.ndarray, count: int) -> np.ndarray:
    """The first settings: those reached along gradients, each once, and others drawn at random."""
    reached = np.unique(begun, axis=0)
    drawn = np.random.default_rng(1).random((max(count - len(reached), 0), begun.shape[1]))
    return np.vstack([reached, drawn])


def _logged(
    case: Case, over: Sequence[Lever], aims: Sequence[Objective], folder: Path
) -> tuple[np.ndarray | None, list[Any]]:
    """Where the search began, and the objectives of the generations that were evaluated."""
    wanted = {"begins": "downhill", "case": case.text, "over": [repr(each) for each in over],
              "aims": [repr(each) for each in aims]}  # fmt: skip
    says = folder / "search.json"
    folder.mkdir(parents=True, exist_ok=True)
    if says.exists():
        if json.loads(says.read_text("utf-8")) != wanted:
            raise FoedusError(f"{folder} holds another search; choose another with --out")
        log = folder / LOG
        done = disk.records(log) if log.exists() else []
        disk.rewrite(log, done)
        begun = next((np.array(each["start"]) for each in done if "start" in each), None)
        return begun, [each["objectives"] for each in done if "objectives" in each]
    if any(folder.iterdir()):
        raise FoedusError(f"{folder} is not empty and is no search; choose another with --out")
    disk.replace(says, json.dumps(wanted).encode("utf-8"))
    return None, []


def _found(
    over: Sequence[Lever], aims: Sequence[Objective], places: np.ndarray, values: np.ndarray,
    sizes: np.ndarray,
) -> Found:  # fmt: skip
    """The archive of all settings, and the hypervolume of the archive after each generation."""
    from pymoo.indicators.hv import HV

    first = values[: sizes[0]]
    first = first[np.isfinite(first).all(axis=1)]
    if not len(first):
        raise FoedusError("None of the first settings could be computed: narrow the ranges.")
    low, span = first.min(axis=0), np.ptp(first, axis=0)
    span = np.where(span > 0, span, np.maximum(np.abs(low), 1.0))
    kept = archive(values, span / BOXES)
    scaled = (values - low) / span
    best = np.where(np.isfinite(scaled), scaled, np.inf).min(axis=0)
    volume = HV(ref_point=np.ones(len(aims)) * 1.1)
    whole = float(np.prod(1.1 - best)) or 1.0
    trace = []
    for size in sizes:
        here = scaled[archive(values[:size], span / BOXES)]
        trace.append(float(volume(here)) / whole)
    kept = kept[np.argsort(values[kept, 0], kind="stable")]
    settings = tuple(
        {lever.name: lever.value(at) for lever, at in zip(over, places[k], strict=True)}
        for k in kept
    )
    signs = np.array([aim.sign for aim in aims])
    return Found(
        tuple(over), tuple(aims), settings, values[kept] * signs, tuple(trace), len(values)
    )


def as_options(found: Found, most: int = 10) -> str:
    """The settings that were found, as options to paste into a case file."""
    lines = []
    known = {lever.name: lever for lever in found.levers}
    for k, setting in enumerate(found.settings[:most], 1):
        lines += [f"  found_{k}:", "    says: Found by a search over levers.", "    sets:"]
        lines += [
            f"      {name}: {{exactly: {value if isinstance(value, str) else f'{value:g}'}, "
            f'unit: "{known[name].unit}", source: [{known[name].source}]}}'
            for name, value in setting.items()
        ]
    return "\n".join(lines)
