"""CART as the other way to find a box: the most telling node of a classification tree.

Source: Breiman, Friedman, Olshen & Stone 1984; for scenario discovery Lempert, Bryant & Bankes
2008, RAND WR-557. Categories are ranked by their share of cases, which finds the best split of a
category in two without trying all subsets (Breiman et al. 1984, theorem 4.5).
"""

import numpy as np
from sklearn.tree import DecisionTreeClassifier

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
    without,
)

MOST_WORLDS = 100_000  # a tree of 16 leaves is no better for more, only slower
MOST_LEAVES = 16


def node(table: Table, faces: frozenset[Face], max_columns: int) -> tuple[list[Step], Allowed]:
    """Grow a tree; return the way from its root to the most telling node, and that node.

    Args:
        table: worlds as bins; at most 100,000 of them, evenly spaced, are used to grow the tree.
        faces: the sides that may be limited; others are taken off the box again.
        max_columns: how many columns the box may restrict; the least telling are taken off.
    """
    columns = sorted({j for j, _ in faces})
    start = Step({}, -1, table.y.size, int(table.y.sum()))
    if not columns:
        return [start], {}
    grown = table.take(np.arange(0, table.y.size, -(-table.y.size // MOST_WORLDS)))
    ranks = {j: _ranks(grown, j) for j in columns}
    x = np.column_stack([ranks[j][grown.codes[j]] for j in columns]).astype(np.float32)
    least = max(FEWEST, grown.y.size // 100)
    tree = DecisionTreeClassifier(
        max_leaf_nodes=MOST_LEAVES, min_samples_leaf=least, random_state=0
    ).fit(x, grown.y)
    ways = _ways(tree.tree_, table, columns, ranks)
    box = best_step(table, [start, *(way[-1] for way in ways)])
    way = next((way for way in ways if way[-1] is box), [])
    return [start, *way], _trimmed(table, box.allowed, faces, max_columns)


def _ranks(table: Table, j: int) -> np.ndarray:
    """The place of each bin of a column: its number, or for categories its rank by density."""
    size = len(table.bins[j])
    if table.bins[j].ordered:
        return np.arange(size)
    n = np.bincount(table.codes[j], minlength=size)
    t = np.bincount(table.codes[j][table.y], minlength=size)
    return np.asarray(np.argsort(np.argsort(t / np.maximum(n, 1), kind="stable")))


def _ways(
    tree: object, table: Table, columns: list[int], ranks: dict[int, np.ndarray]
) -> list[list[Step]]:
    """For each node, the boxes on the way to it; pruning the tree there makes it a leaf."""
    left, right = tree.children_left, tree.children_right  # type: ignore[attr-defined]
    feature, threshold = tree.feature, tree.threshold  # type: ignore[attr-defined]
    ways: list[list[Step]] = []
    stack: list[tuple[int, list[Step]]] = [(0, [])]
    while stack:
        at, way = stack.pop()
        ways += [way] if way else []
        if left[at] < 0:
            continue
        j = columns[feature[at]]
        before = way[-1].allowed if way else {}
        for child, side in ((left, 1), (right, -1)):
            kept = side * ranks[j] <= side * threshold[at]
            allowed = {**before, j: before.get(j, True) & kept}
            mask = inside(table, allowed)
            step = Step(allowed, j, int(mask.sum()), int((mask & table.y).sum()))
            stack.append((int(child[at]), [*way, step]))
    return ways


def _trimmed(table: Table, allowed: Allowed, faces: frozenset[Face], max_columns: int) -> Allowed:
    """The box without sides that may not be limited, and with few enough columns."""
    for face in faces_of(table, allowed) - faces:
        allowed = without(table, allowed, face)
    while len(allowed) > max_columns:
        lost, _ = losses(table, allowed)
        allowed = without(table, allowed, min(lost, key=lambda face: (lost[face], face)))
    return allowed
