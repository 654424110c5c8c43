"""What is at stake: help that comes too late is worth the share that is left of it."""

import jax
import jax.numpy as jnp
import pytest
from hypothesis import given
from legal_box import finite, legal, number, of

from foedus.mechanisms import front as fr

SHARE = number(0, 1)


def test_help_that_saves_a_third_of_the_stake_half_of_the_time_is_worth_what_hand_says():
    """1.5 (.7 - .4) (.5 + .5 x .4) = .315."""
    k = of(fr.Stakes, helper_stake=1.5, too_late=0.4)
    ours = float(fr.worth_of_help(k, *map(jnp.asarray, (0.7, 0.4, 0.5))))
    assert ours == pytest.approx(0.315, abs=1e-15)


@given(k=legal(fr.Stakes), alone=SHARE, helped=SHARE, in_time=SHARE, sooner=SHARE)
def test_sooner_help_is_never_worth_less_and_useless_help_nothing(
    k, alone, helped, in_time, sooner
):
    alone, helped = jnp.maximum(alone, helped), jnp.minimum(alone, helped)
    worth = float(fr.worth_of_help(k, alone, helped, in_time))
    assert 0 <= worth <= float(k.helper_stake)
    earlier = fr.worth_of_help(k, alone, helped, jnp.maximum(in_time, sooner))
    assert float(earlier) >= worth - 1e-15
    assert float(fr.worth_of_help(k, alone, alone, in_time)) == 0
    assert finite(jax.grad(fr.worth_of_help)(k, alone, helped, in_time))
