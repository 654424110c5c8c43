"""Worlds beside a run's own: what an explanation reads, and no verdict counts.

A design is written as a run of its own, in `designs/<name>/` of the run folder, and read from
there. `fresh`: worlds to check on, `channels`: the parts of a base switched off, `near`: one
assumption at a time moved in a few worlds, `sobol`: the rows that Sobol indices need, `slopes`:
how fast outcomes move with each assumption, `years`: how outcomes stand after each year.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, zip_longest
from typing import Any

import numpy as np
import polars as pl

from foedus.case.schema import Assumption, Case, Option
from foedus.engine.many import play, play_slopes
from foedus.mechanisms.presence import CHANNELS
from foedus.worlds.model import bind
from foedus.worlds.points import unit_rows, values

FRESH = 1_000_003  # added to the seed of a run: no one who counts seeds up from 0 plays these
MOVES = tuple(0.01 * 2.0**k for k in range(7))  # of a range: 1 % to 64 %, in either direction


@dataclass(frozen=True, eq=False)
class Design:
    """Worlds of its own: where they stand in their ranges, and under which options.

    Attributes:
        name: of its folder.
        says: what it is, kept in the manifest: enough to make it again.
        options: in place of the case's own; None for those.
        seed: added to that of the run.
        unit: where each world stands in each range; (worlds, columns), None for the ordinary rows.
        yearly: outcomes that are kept after each year as well, as `war@2030`.
        labels: more columns of the worlds' table, one row a world.
        along: the column along which the outcomes of each row are slopes, -1 for the outcomes
            themselves; (worlds,), None where no row has slopes.
    """

    name: str
    says: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Option] | None = None
    seed: int = 0
    unit: np.ndarray | None = None
    labels: pl.DataFrame | None = None
    yearly: tuple[str, ...] = ()
    along: np.ndarray | None = None


def fresh() -> Design:
    """Worlds in which no box was found.

    They are drawn with another seed, so from scrambles of their own. The next worlds of the same
    sequence would not do: they are placed in the gaps of the first, so they are not independent
    of them, and an interval counted on them would be wrong.
    """
    return Design("fresh", {"kind": "fresh"}, seed=FRESH)


def channels(case: Case, option: str) -> Design:
    """One option with a base, with each set of its channels switched off: 16 variants.

    All sixteen, so that what each channel does does not depend on the order they are taken in.
    """
    every = chain.from_iterable(combinations(CHANNELS, n) for n in range(len(CHANNELS) + 1))
    found = {variant(off): off for off in every}
    whole = case.options[option]
    options = {
        name: whole.model_copy(update={"without": tuple(sorted({*off, *whole.without}))})
        for name, off in found.items()
    }
    says = {"kind": "channels", "option": option, "without": {n: list(o) for n, o in found.items()}}
    return Design(f"channels-{option}", says, options)


def variant(off: Sequence[str]) -> str:
    """The name of an option without some channels."""
    return "without_" + "_".join(off) if off else "whole"


def years(outcomes: Sequence[str]) -> Design:
    """The run's first worlds again, with some outcomes as they stand after each year."""
    names = tuple(sorted(set(outcomes)))
    return Design("years", {"kind": "years", "outcomes": list(names)}, yearly=names)


def near(case: Case, claim: str, worlds: Sequence[int], seed: int) -> Design:
    """A few worlds of a run, and for each the same world with one assumption moved.

    Every assumption that is not known exactly is moved, by little and by much, up to the ends of
    its range, the others held; a theory is exchanged for every other.
    """
    model = bind(case)
    moves = {i: column for i, column in enumerate(model.columns) if _varies(case, column.name)}
    rows, labels = [], []
    for k in worlds:
        (home,) = unit_rows(len(model.columns), k, k + 1, seed)
        rows.append(home)
        labels.append((k, "", 0.0, 0.0))
        for i, column in moves.items():
            theories = len(column.words) if column.name.startswith("theory.") else 0
            for u in (np.arange(theories) + 0.5) / theories if theories else _moves(home[i]):
                rows.append(np.where(np.arange(home.size) == i, u, home))
                labels.append((k, column.name, float(home[i]), float(u)))
    schema = {"of": pl.Int64, "moved": pl.String, "home": pl.Float64, "to": pl.Float64}
    says = {"kind": "near", "claim": claim, "of": list(worlds), "moves": list(MOVES)}
    labelled = pl.DataFrame(labels, schema=schema, orient="row")
    return Design(f"near-{claim}", says, unit=np.array(rows), labels=labelled)


def _moves(home: float) -> np.ndarray:
    """Places in a range at which to look, from one in it: small moves, large ones, both ends."""
    moves = np.array(MOVES)
    there = np.concatenate([home - moves, home + moves])
    return np.concatenate([there[(there > 0) & (there < 1)], [0.0, 1.0 - 2.0**-53]])


def slopes(case: Case, worlds: int, seed: int) -> Design:
    """The run's first worlds: each once as it is, and once for every range, as slopes along it.

    A slope is that of the outcome by the position in the range, from 0 at its lower end to 1.
    Theories, words and numbers to choose from have none; they are named in `discrete`.
    """
    columns, names = bind(case).columns, smooth(case)
    along = np.array([-1, *(i for i, column in enumerate(columns) if column.name in names)])
    rows = np.repeat(unit_rows(len(columns), 0, worlds, seed), len(along), axis=0)
    labels = pl.DataFrame(
        {
            "of": np.repeat(np.arange(worlds), len(along)),
            "along": ["", *names] * worlds,
        },
        schema={"of": pl.Int64, "along": pl.String},
    )
    discrete = [name for name in uncertain(case) if name not in names]
    says = {"kind": "slopes", "of": worlds, "columns": names, "discrete": discrete}
    return Design("slopes", says, unit=rows, labels=labels, along=np.tile(along, worlds))


def smooth(case: Case) -> list[str]:
    """The numbers that are ranges wherever the case gives them: those with a slope."""
    return [name for name in uncertain(case) if all(g.choices is None for g in _given(case, name))
            and not name.startswith("theory.")]  # fmt: skip


def uncertain(case: Case) -> list[str]:
    """The numbers of a case that differ from world to world, in their order."""
    return [column.name for column in bind(case).columns if _varies(case, column.name)]


def placed(case: Case, unit: np.ndarray, says: dict[str, Any]) -> Design:
    """Worlds at given places of the ranges of all that is uncertain, as a Sobol design needs.

    Args:
        case: the case.
        unit: (worlds, uncertain numbers), in [0, 1).
        says: what design it is: kind, and what makes it again.
    """
    columns, names = bind(case).columns, uncertain(case)
    rows = np.full((len(unit), len(columns)), 0.5)
    rows[:, [i for i, column in enumerate(columns) if column.name in names]] = unit
    return Design(says["kind"], {**says, "columns": names}, unit=rows)


def _varies(case: Case, name: str) -> bool:
    """Whether anything in the case gives this number a range, or more than one value."""
    if name.startswith("theory."):
        return True
    return any(each.varies for each in _given(case, name))


def _given(case: Case, name: str) -> list[Assumption]:
    """All that a case gives for a number: its own, and what options set instead."""
    own = [case.assumptions[name]] if name in case.assumptions else []
    return own + [o.sets[name] for o in case.options.values() if name in o.sets]


def play_options(case: Case, options: dict[str, Option], unit: np.ndarray) -> dict[str, np.ndarray]:
    """The outcomes of any options in the same worlds, each of shape (options, worlds).

    They take the places of the case's own options beside the reference, as many at a time as
    there are, so the program that plays the case plays these too: nothing is compiled anew.

    Args:
        case: whose reference option the worlds are calibrated on.
        options: any settings of its levers.
        unit: where each world stands in each range; (worlds, columns), at most a block of them.
    """
    found = []
    for trial, rows in _seated(case, options):
        shape = bind(trial)
        played = play(trial, shape, values(trial, shape, unit))
        found.append({name: value[rows] for name, value in played.items()})
    return _joined(found)


def option_slopes(
    case: Case, options: dict[str, Option], unit: np.ndarray, lever: str
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The outcomes of any options, and how fast they change as each sets a lever higher.

    Args:
        case: whose reference option the worlds are calibrated on; it is not moved.
        options: settings of its levers.
        unit: where each world stands in each range; (worlds, columns), at most a block of them.
        lever: one that is a number.

    Returns:
        Outcomes and `sound`, each of shape (options, worlds); and the derivative of each outcome,
        by the unit of the lever.
    """
    found, steep = [], []
    for trial, rows in _seated(case, options):
        shape = bind(trial)
        numbers = values(trial, shape, unit)
        moved = np.zeros_like(numbers)
        moved[rows, :, shape.at(lever)] = 1.0
        played, slopes = play_slopes(trial, shape, numbers, moved)
        found.append({name: value[rows] for name, value in played.items()})
        steep.append({name: value[rows] for name, value in slopes.items()})
    return _joined(found), _joined(steep)


def _seated(case: Case, options: dict[str, Option]) -> Iterator[tuple[Case, list[int]]]:
    """The case with some of the options in the places of its own, and which rows those are."""
    names = list(options)
    places = [o for o in case.options if o != case.reference] or ["other"]
    for first in range(0, len(names), len(places)):
        here = names[first : first + len(places)]
        seated = dict(zip_longest(places, here, fillvalue=here[-1]))
        lanes = {o: case.options[o] for o in case.options if o == case.reference or o in seated}
        lanes |= {place: options[name] for place, name in seated.items()}
        yield (
            case.model_copy(update={"options": lanes}),
            [list(lanes).index(place) for place in places[: len(here)]],
        )


def _joined(found: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([each[name] for each in found]) for name in found[0]}
