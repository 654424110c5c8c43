"""Indices that need runs of their own: Sobol indices from a design, DGSM from gradients.

The runs are made elsewhere and handed in. Sources: Sobol 2001,
doi:10.1016/S0378-4754(00)00270-6; Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018
(first-order and total indices); Owen 2020, arXiv:2008.08051 (why n is a power of two);
Sobol & Kucherenko 2009, doi:10.1016/j.matcom.2009.01.023 (DGSM).
"""

import warnings
from collections.abc import Collection, Sequence

import numpy as np
import polars as pl
from scipy import stats

from foedus.errors import FoedusError

SALIB = {"first_order": "S1", "first_half": "S1_conf", "total": "ST", "total_half": "ST_conf"}


def saltelli(n: int, columns: int, seed: int = 0) -> np.ndarray:
    """The design Sobol indices need: scrambled Sobol points, without second order.

    Args:
        n: base points, a power of two.
        columns: assumptions.
        seed: of the scrambling.

    Returns:
        (n * (columns + 2), columns) in the unit cube; blocks of columns + 2 rows: A, A with
        column j from B for each j, B.
    """
    if n < 2 or n & (n - 1):
        raise FoedusError(f"A Sobol design needs a power of two of base points, not {n}.")
    from SALib.sample import sobol as design

    problem = _problem([f"x{j}" for j in range(columns)])
    return np.asarray(design.sample(problem, n, calc_second_order=False, seed=seed))


def sobol(
    design: np.ndarray, outputs: np.ndarray, names: Sequence[str], *, seed: int = 0
) -> pl.DataFrame:
    """First-order and total Sobol indices with 95 % bootstrap intervals, by SALib.

    Args:
        design: what ``saltelli`` gave; (n * (d + 2), d).
        outputs: the outcome of each row; a block with a missing outcome is left out whole.
        names: of the columns.
        seed: of the bootstrap.

    Returns:
        One row a name: first_order, first_half (half-width), total, total_half, base_points, note.

    Raises:
        FoedusError: the rows are not a Saltelli design, or too few of them have an outcome.
    """
    design, outputs = np.asarray(design), np.asarray(outputs, np.float64)
    d = len(names)
    _check_design(design, outputs, d)
    blocks = outputs.reshape(-1, d + 2)
    blocks = blocks[np.isfinite(blocks).all(axis=1)]
    if len(blocks) < 2:
        raise FoedusError("Fewer than two blocks of the Sobol design have all their outcomes.")
    gone = len(outputs) // (d + 2) - len(blocks)
    note = f"{gone} blocks of the design had a missing outcome and were left out." if gone else None
    blank: list[float | None] = [None] * d
    found: dict[str, Sequence[float | None]] = dict.fromkeys(
        ("S1", "S1_conf", "ST", "ST_conf"), blank
    )
    if np.ptp(blocks) == 0:
        note = "The outcome never varies."
    else:
        from SALib.analyze import sobol as analysis

        y = (blocks - blocks.mean()).ravel()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SALib: 0/0 for resamples without variance
            found = analysis.analyze(  # SALib takes a seed of 0 for none
                _problem(names), y, calc_second_order=False, seed=seed + 1
            )
    return pl.DataFrame(
        {
            "assumption": list(names),
            **{name: list(found[key]) for name, key in SALIB.items()},
            "base_points": [len(blocks)] * d,
            "note": [note] * d,
        },
        schema_overrides={**dict.fromkeys(SALIB, pl.Float64), "note": pl.String},
    )


def _problem(names: Sequence[str]) -> dict[str, object]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _check_design(design: np.ndarray, outputs: np.ndarray, d: int) -> None:
    """Refuse rows that are not blocks of A, A with one column of B each, and B."""
    if design.ndim != 2 or design.shape[1] != d or outputs.shape != design.shape[:1]:
        raise FoedusError(
            f"{d} names, a design of shape {design.shape} and {outputs.shape} outcomes do not fit."
        )
    if len(design) % (d + 2) or not len(design):
        raise FoedusError(f"A Sobol design of {d} assumptions has blocks of {d + 2} rows.")
    blocks = design.reshape(-1, d + 2, d)
    mixed = np.where(np.eye(d, dtype=bool), blocks[:, -1:, :], blocks[:, :1, :])
    if not np.array_equal(blocks[:, 1:-1], mixed):
        raise FoedusError("These rows are no Sobol design: make them with saltelli().")


def dgsm(
    gradients: np.ndarray,
    outcome: np.ndarray,
    names: Sequence[str],
    *,
    discrete: Collection[str] = (),
) -> pl.DataFrame:
    """Derivative-based measures: mean squared slope, and the bound it puts on the total index.

    Args:
        gradients: d outcome / d (position in the unit cube); (worlds, names).
        outcome: (worlds,).
        names: of the columns of the gradients.
        discrete: the names that are categories or whole numbers; they have no slope.

    Returns:
        One row a name: nu, the mean squared slope, with its 95 % interval (nu_low, nu_high);
        slope, the mean slope; and total_at_most = nu / (pi^2 variance), which the total Sobol
        index of a uniform assumption cannot exceed.

    Raises:
        FoedusError: a name is discrete, or the shapes do not fit.
    """
    gradients, outcome = np.asarray(gradients, np.float64), np.asarray(outcome, np.float64)
    stepped = [name for name in names if name in set(discrete)]
    if stepped:
        raise FoedusError(
            f"{', '.join(stepped)} can only take separate values, so the outcome has no slope "
            "there: leave these out, or use the given-data or Sobol indices."
        )
    if gradients.shape != (outcome.size, len(names)):
        raise FoedusError(
            f"{outcome.size} worlds and {len(names)} names need gradients of that shape, "
            f"not {gradients.shape}."
        )
    good = np.isfinite(gradients).all(axis=1) & np.isfinite(outcome)
    squares, y = gradients[good] ** 2, outcome[good]
    if y.size < 2:
        raise FoedusError("Fewer than two worlds have an outcome and gradients.")
    nu, variance = squares.mean(axis=0), float(y.var())
    half = stats.t.ppf(0.975, y.size - 1) * squares.std(axis=0, ddof=1) / np.sqrt(y.size)
    bound = nu / (np.pi**2 * variance) if variance > 0 else np.full(len(names), np.nan)
    return pl.DataFrame(
        {
            "assumption": list(names),
            "nu": nu,
            "nu_low": np.maximum(nu - half, 0.0),
            "nu_high": nu + half,
            "slope": gradients[good].mean(axis=0),
            "total_at_most": bound,
        }
    ).with_columns(pl.col("total_at_most").fill_nan(None))
