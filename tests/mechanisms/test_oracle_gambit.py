"""An independent solver of games, Gambit, finds the logit variant's odds in the same tree."""

from io import BytesIO
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from foedus.mechanisms import crisis as cr

TREE = Path(__file__).parent / "data" / "crisis.efg"
PRECISIONS = [0.5, 1.0, 2.0, 5.0]


@pytest.mark.oracle
def test_gambit_finds_the_same_logit_equilibrium_of_the_crisis():
    """At the precision where Gambit stopped, which is within 1e-11 of the one asked."""
    pytest.importorskip("pygambit")
    from pygambit import qre, read_efg

    game = read_efg(BytesIO(TREE.read_bytes()))
    names = ("u13", "u15", "u16", "u23", "u25", "u26", "u36")
    values = (1.0, 0.2, -0.9, -1.0, -0.6, -0.35, 0.4)
    payoffs = cr.Payoffs(**dict(zip(names, map(jnp.asarray, values), strict=True)))
    for found in qre.logit_solve_lambda(game, PRECISIONS):
        s = jnp.asarray(np.pi / (np.sqrt(6) * found.lam))
        after = cr.crisis(cr.LOGIT, s, payoffs)
        ours = [cr.challenge(cr.LOGIT, after, jnp.asarray(0.0)), after.resists, after.helped]
        theirs = [found[move] for move in (1, 3, 5)]  # by player, then move; .profile is broken
        assert np.asarray(ours) == pytest.approx(theirs, abs=1e-12)
