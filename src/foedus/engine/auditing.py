"""How often, and how far, the curves that worlds are played with differ from exact plans."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from foedus import disk
from foedus.case.schema import Case
from foedus.closure.corridor import movement
from foedus.closure.shape import method
from foedus.engine.movements import BEFORE, Moved, moved, planned
from foedus.errors import PlanError
from foedus.mechanisms import arrival

FILE = "audit.json"
TOLERANCE = 0.01  # one percentage point of the promised help
LAST = int(arrival.LAST)


@dataclass(frozen=True)
class Audit:
    """Worlds played fast and planned exactly, side by side.

    `differing`: worlds in which the share on the deciding day differs by more than TOLERANCE.
    `mean`, `worst`: of that difference; `worst_day`: the largest on any day of the curve.
    `bounds`: worlds whose shape the fast answer only bounds.
    """

    option: str
    worlds: int
    differing: int
    mean: float
    worst: float
    worst_world: int
    worst_day: float
    bounds: int
    says: str


def audit(
    case: Case,
    worlds: Sequence[int],
    *,
    option: str = "",
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Audit:
    """Plan worlds exactly, and compare.

    Args:
        case: a case in which some world asks on which routes help comes.
        worlds: their numbers.
        option: by default the reference.
        seed: of the design.
        progress: told (done, in all) after each world.

    Raises:
        PlanError: if there is nothing to plan, or no world to plan it for.
    """
    if not worlds:
        raise PlanError("No world to audit: ask for one or more.")
    found, flagged = [], 0
    years = range(case.years[0], case.years[1] + 1)
    for k, number in enumerate(worlds):
        year = years[k * len(years) // len(worlds)]  # so that openings are met
        world = moved(case, option or case.reference, number, seed=seed, year=year)
        found.append(_differs(world))
        flagged += not _exact(world)
        if progress is not None:
            progress(k + 1, len(worlds))
    deciding, any_day = np.asarray(found).T
    at = int(np.argmax(deciding))
    return Audit(
        option=option or case.reference,
        worlds=len(worlds),
        differing=int((deciding > TOLERANCE).sum()),
        mean=float(deciding.mean()),
        worst=float(deciding[at]),
        worst_world=int(worlds[at]),
        worst_day=float(any_day.max()),
        bounds=flagged,
        says=_sentence(deciding, int(worlds[at]), flagged),
    )


def _differs(world: Moved) -> tuple[float, float]:
    """Difference of the share on the deciding day, and the largest on any day."""
    exact = planned(world, days=LAST, warning=False)
    fast = exact.on_deciding_days(world.curve)
    days = [day for day in arrival.DAYS if day >= 0]
    curve = world.curve[len(arrival.DAYS) - len(days) :]
    return abs(exact.on_deciding_days() - fast), float(np.abs(curve - exact.share[days]).max())


def _exact(world: Moved) -> bool:
    """Whether the shape of the network allows an exact fast answer at all."""
    if float(world.numbers.base) >= float(world.numbers.promised):
        return True
    return method(*movement(world.corridor, world.numbers, "cargo", BEFORE)).exact


def _sentence(deciding: np.ndarray, worst: int, flagged: int) -> str:
    count = len(deciding)
    over = int((deciding > TOLERANCE).sum())
    said = (
        f"The movements of {count} worlds were also planned exactly, by a linear programme: "
        "the share of promised help on the deciding day differs by more than one percentage "
        f"point in {over} of them, by {100 * deciding.mean():.2f} points on average and by "
        f"{100 * deciding.max():.2f} at most (world {worst})."
    )
    if flagged:
        said += f" In {flagged} the fast answer is only a bound."
    return said


def keep(found: Audit, folder: Path) -> Path:
    """Write an audit where the report of a run looks for it."""
    path = folder / FILE
    disk.replace(path, json.dumps(asdict(found), indent=1).encode("utf-8"))
    return path
