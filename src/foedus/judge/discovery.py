"""Under which conditions does a claim break? Scenario discovery, validated on fresh worlds.

PRIM (peeling.py) finds boxes of worlds in which cases are dense. Peers go on restricting columns
that have nothing to do with the cases, and half-samples of the same worlds share their noise. So
here a limit is kept only if it (1) accounts for a share of what the box explains, and (2) beats,
in worlds the box was not found in, the exact permutation null, corrected for all limits that
could have been tried.

Sources: Bryant & Lempert 2010, doi:10.1016/j.techfore.2009.08.002 (coverage, density, quasi-p,
reproducibility); Friedman & Fisher 1999 (PRIM, covering).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl

from foedus.judge.bins import Bins, bins_of, code
from foedus.judge.boxes import Box, Discovery
from foedus.judge.cart import node
from foedus.judge.checking import (
    TRAJECTORY,
    Check,
    Evidence,
    check_limits,
    measured,
    trajectory,
    with_tests,
)
from foedus.judge.peeling import (
    FEWEST,
    Allowed,
    Face,
    Step,
    Table,
    best_step,
    faces_of,
    inside,
    losses,
    paste,
    peel,
)

LEVEL = 0.05  # of the permutation test, after correction
LEAST_SHARE = 0.02  # a limit that accounts for less of what the box explains is not worth a reader
FEWEST_CASES = 5
NOTHING_SURVIVES = (
    "No set of conditions survives the check on other worlds: a few limits on the assumptions "
    "cannot say where it {failing}."
)
NOTHING_LEFT = "Outside the boxes it {failing} in too few worlds to look further."
SPLIT = (
    "No fresh worlds were at hand: boxes are found in the even-numbered worlds and checked on the "
    "odd-numbered ones."
)

Faces = frozenset[Face]
Find = Callable[[Table, Faces], tuple[list[Step], Allowed]]


def discover(
    worlds: pl.DataFrame,
    y: np.ndarray,
    *,
    fresh: tuple[pl.DataFrame, np.ndarray] | None = None,
    kept: np.ndarray | None = None,
    max_boxes: int = 3,
    max_columns: int = 4,
) -> Discovery:
    """Find the boxes of worlds in which cases are dense, and check them on other worlds.

    Args:
        worlds: one row a world in order of its index, one column an assumption; numbers,
            integers, categories.
        y: which worlds are cases of interest (e.g. the claim fails); bool (worlds,).
        fresh: worlds the boxes are not found in, and their cases, screened already; None to
            split ``worlds`` by index into even (finding) and odd (checking).
        kept: which of ``worlds`` pass the screens; mass is the share among those.
        max_boxes: how many boxes at most; each later box is found in what the earlier leave.
        max_columns: how many columns a box may restrict.

    Returns:
        The boxes that survive, or the reason why none does; never raises for poor data.

    Raises:
        ValueError: the arrays do not have one entry a world.
    """
    evidence, notes, reason = _evidence(worlds, y, fresh, kept)
    if evidence is None:
        return Discovery((), reason, notes, pl.DataFrame(schema=TRAJECTORY))
    return _cover(evidence, partial(box_by_prim, max_columns=max_columns), max_boxes, notes)


def discover_by_tree(
    worlds: pl.DataFrame,
    y: np.ndarray,
    *,
    fresh: tuple[pl.DataFrame, np.ndarray] | None = None,
    kept: np.ndarray | None = None,
    max_boxes: int = 3,
    max_columns: int = 4,
) -> Discovery:
    """The same with CART in place of PRIM: arguments, checks and answer as for ``discover``."""
    evidence, notes, reason = _evidence(worlds, y, fresh, kept)
    if evidence is None:
        return Discovery((), reason, notes, pl.DataFrame(schema=TRAJECTORY))
    return _cover(evidence, partial(node, max_columns=max_columns), max_boxes, notes)


def _evidence(
    worlds: pl.DataFrame,
    y: np.ndarray,
    fresh: tuple[pl.DataFrame, np.ndarray] | None,
    kept: np.ndarray | None,
) -> tuple[Evidence | None, tuple[str, ...], str]:
    """Split and bin the worlds: (evidence or None, notes, the reason if None)."""
    y = np.asarray(y, bool)
    keep = np.ones(y.size, bool) if kept is None else np.asarray(kept, bool)
    if not y.shape == keep.shape == (worlds.height,):
        raise ValueError(f"{worlds.height} worlds, but y has {y.shape} and kept {keep.shape}")
    reason = _too_poor(y[keep])
    if reason:
        return None, (), reason
    notes, where = [], "fresh worlds"
    if fresh is None:
        # World k belongs to scramble k mod 16 of the design: the halves share no scramble.
        odd = np.arange(y.size) % 2 == 1
        fresh, where = (worlds.filter(keep & odd), y[keep & odd]), "odd-numbered worlds"
        keep = keep & ~odd
        notes.append(SPLIT)
    other, other_y = fresh[0], np.asarray(fresh[1], bool)
    if other_y.shape != (other.height,):
        raise ValueError(f"{other.height} fresh worlds, but their y has {other_y.shape}")
    table, left_out = _tabulate(worlds if keep.all() else worlds.filter(keep), y[keep])
    notes += left_out
    reason = "" if table.bins else "No assumption varies, so there are no conditions to find."
    reason = reason or _too_few(table.y) or _too_few(other_y)
    scope = "all worlds" if kept is None else "the worlds that pass the screens"
    evidence = Evidence(table, other, other_y, scope, where)
    return None if reason else evidence, tuple(notes), reason


def _tabulate(worlds: pl.DataFrame, y: np.ndarray) -> tuple[Table, list[str]]:
    """The worlds as bins, and a note for each column that cannot be used."""
    with ThreadPoolExecutor() as pool:  # sorting releases the lock
        cuts = list(pool.map(bins_of, worlds))
        bins = tuple(b for b in cuts if isinstance(b, Bins))
        codes = tuple(pool.map(code, [worlds[b.column] for b in bins], bins))
    notes = [
        f"Column {name} was left out: it {why}."
        for name, why in zip(worlds.columns, cuts, strict=True)
        if isinstance(why, str)
    ]
    return Table(bins, codes, y), notes


def _too_poor(y: np.ndarray) -> str:
    if y.size == 0:
        return "There are no worlds to look at."
    if not y.any():
        return f"It {{failing}} in none of the {y.size:,} worlds, so there is nothing to explain."
    if y.all():
        return f"It {{failing}} in all of the {y.size:,} worlds, whatever is assumed."
    return ""


def _too_few(y: np.ndarray) -> str:
    n, cases = y.size, int(y.sum())
    if n < FEWEST or min(cases, n - cases) < FEWEST_CASES:
        return (
            f"It {{failing}} in {cases:,} of the {n:,} worlds at hand for finding or for checking; "
            f"that is too few to say when: at least {FEWEST} worlds, with {FEWEST_CASES} of either "
            f"kind, are needed. Simulate more worlds."
        )
    return ""


def _cover(evidence: Evidence, find: Find, max_boxes: int, notes: tuple[str, ...]) -> Discovery:
    """Box after box, each in the worlds that the earlier ones leave."""
    boxes: list[Box] = []
    frames = [pl.DataFrame(schema=TRAJECTORY)]
    reason = f"No more than {max_boxes} boxes were asked for."
    rest, covered = evidence, np.zeros(evidence.y.size, bool)
    for k in range(max_boxes):
        reason = _too_few(rest.table.y) or _too_few(rest.y)
        if reason:
            reason = NOTHING_LEFT if boxes else reason
            break
        steps, allowed, checks = _surviving(rest, find)
        frames.append(trajectory(rest, steps, k + 1))
        if not allowed:
            reason = NOTHING_SURVIVES
            break
        box = measured(evidence, with_tests(rest, allowed, checks), covered)
        boxes.append(box)
        covered |= box.contains(evidence.fresh)
        rest = replace(
            evidence,
            table=rest.table.take(~inside(rest.table, allowed)),
            fresh=evidence.fresh.filter(~covered),
            y=evidence.y[~covered],
        )
    return Discovery(tuple(boxes), reason, notes, pl.concat(frames))


def _surviving(evidence: Evidence, find: Find) -> tuple[list[Step], Allowed, dict[Face, Check]]:
    """The box whose every limit survives in worlds it was not found in."""
    table, faces = evidence.table, evidence.table.faces()
    tried = len(faces)
    first: list[Step] = []
    while True:
        steps, allowed = find(table, faces)
        first = first or steps
        checks = check_limits(evidence, allowed, tried)
        failed = {f: t for f, t in checks.items() if t.p > LEVEL or t.share < LEAST_SHARE}
        if not failed:
            return first, allowed, checks
        worst = sorted(failed, key=lambda face: (-failed[face].p, failed[face].share, face))
        faces = faces_of(table, allowed) - set(worst[: (len(worst) + 1) // 2])


def box_by_prim(table: Table, faces: Faces, max_columns: int) -> tuple[list[Step], Allowed]:
    """Peel, choose, paste; drop the limits that explain least; begin again with the others."""
    first: list[Step] = []
    while True:
        steps = peel(table, faces)
        first = first or steps
        start = best_step(table, steps).allowed
        allowed = paste(table, start, faces_of(table, start))
        lost, whole = losses(table, allowed)
        least = max(LEAST_SHARE * whole, np.log(table.y.size))
        faint = sum(loss < least for loss in lost.values())
        excess = max(len(allowed) - max_columns, 0)
        if not faint and not excess:
            return first, allowed
        # Half of them at a time: what two columns say together, either alone seems not to add.
        weakest = sorted(lost, key=lambda face: (lost[face], face))
        faces = faces_of(table, allowed) - set(weakest[: (max(faint, excess) + 1) // 2])
