"""The crisis game fitted to data gives the maximum that the field's own software found.

The two-player game with three outcomes ("egame12") is the crisis in which no helper ever comes:
then p4 = F((u25 - u23) / (s sqrt2)), p2 = F((p3 u13 + p4 u15 - u11) / (s sqrt(1 + p3^2 + p4^2))).
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jaxtyping import Array, Float
from scipy.optimize import minimize

from foedus.mechanisms import crisis as cr
from foedus.mechanisms.base import Scalar

SOURCE = "Leblang (2003), data set of the R package games 1.1.2 (Signorino & Kenkel)"
ATTACKER = ["capcont", "lreserves", "overval", "creditgrow"]
ATTACKER += ["USinterest", "service", "contagion", "prioratt"]
DEFENDER = ["unifgov", "lexports", "preelec", "postelec"]
DEFENDER += ["rightgov", "realinterest", "capcont", "lreserves"]
NO_ATTACK, DEVALUATION, DEFENCE = 7152, 42, 46
NEVER = -1e3  # a helper's value of intervening at which it never comes


def two_players(
    s: Scalar, attacker: tuple[Scalar, Scalar, Scalar], defends: Scalar
) -> Float[Array, " outcomes"]:
    """Logarithms of the odds of status quo, giving in and defending, kept finite."""
    none = jnp.zeros_like(s)
    u11, u13, u15 = attacker
    target = {"u23": none, "u25": defends, "u26": none}
    u = cr.Payoffs(u13=u13, u15=u15, u16=none, **target, u36=none + NEVER)
    after = cr.crisis(cr.PRIVATE, s, u)
    p2 = cr.challenge(cr.PRIVATE, after, u11)
    odds = jnp.stack([1.0 - p2, p2 * (1.0 - after.resists), p2 * after.resists])
    return jnp.log(jnp.maximum(odds, 1e-300))


def test_the_spread_fitted_to_fixed_payoffs_is_the_published_one(published):
    counts = jnp.asarray([NO_ATTACK, DEVALUATION, DEFENCE], float)

    @jax.jit
    def likelihood(log_s: Scalar) -> Scalar:
        payoffs = tuple(map(jnp.asarray, (1.0, -1.0, 0.0)))
        return counts @ two_players(jnp.exp(log_s), payoffs, jnp.ones_like(log_s))

    slope = jax.jit(jax.value_and_grad(lambda x: -likelihood(x[0])))
    best = minimize(lambda x: tuple(map(np.asarray, slope(x))), np.zeros(1), jac=True, tol=1e-9)
    curve = float(jax.jit(jax.hessian(likelihood))(jnp.asarray(best.x[0])))
    what = "two players, fixed payoffs 1, -1, 0, 1:"
    found = {
        "log sigma": (-1.0513, best.x[0], 5e-5),
        "its standard error": (0.0199, (-curve) ** -0.5, 5e-5),
        "log-likelihood": (-646.54, -best.fun, 0.005),
    }
    for name, (known, ours, tolerance) in found.items():
        published(f"{what} {name}", SOURCE, published=known, ours=ours, tolerance=tolerance)


@jax.jit
@partial(jax.value_and_grad, argnums=0)
def deviance(
    b: Float[Array, "19"],
    attacker: Float[Array, "months 8"],
    defender: Float[Array, "months 9"],
    seen: Float[Array, "months 3"],
) -> Scalar:
    one = jnp.ones(())

    def month(x1: Array, x2: Array) -> Array:
        return two_players(one, (x1 @ b[:8], b[8], b[9]), x2 @ b[10:])

    return -(seen * jax.vmap(month)(attacker, defender)).sum()


def test_the_speculative_attacks_of_leblang_have_the_published_likelihood(published, research_data):
    data = pl.read_csv(research_data("leblang2003.csv"))
    outcome = data["outcome"].to_numpy()
    seen = np.stack([outcome == each for each in ("no attack", "devaluation", "defense")], axis=1)
    assert seen.sum(axis=0).tolist() == [NO_ATTACK, DEVALUATION, DEFENCE]
    defender = np.column_stack([np.ones(len(data)), data[DEFENDER].to_numpy()])
    given = [jnp.asarray(x, float) for x in (data[ATTACKER].to_numpy(), defender, seen)]
    start = np.zeros(19)
    start[8:10] = -1.0  # from 0 throughout, the search ends on a lower hill, at -487.87
    best = minimize(
        lambda b: tuple(map(np.asarray, deviance(jnp.asarray(b), *given))),
        start,
        jac=True,
        method="BFGS",
    )
    assert best.success
    what = "two players, 19 coefficients: log-likelihood"
    published(what, SOURCE, published=-482.02, ours=-best.fun, tolerance=0.01)
