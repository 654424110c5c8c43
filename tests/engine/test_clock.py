"""The clock of a pair of states against a chain that is moved on by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foedus.engine import clock
from foedus.engine.year import Threatened
from foedus.mechanisms import crisis, memory
from foedus.mechanisms.contest import Fight
from foedus.mechanisms.escalation import Escalation

YEARS = 40


def threatened(threats: int, event: float = 0.0) -> Threatened:
    """Threats that are alike in every year; worlds: one."""
    shape = (YEARS, threats, 2, 1)
    zero, one = jnp.zeros(shape), jnp.ones(shape)
    odds = Escalation(*[event * one] * 4)
    fight = Fight(*[zero[:, :, 0]] * 3)
    return Threatened(zero, one, zero, one, one, zero, odds, fight)


def happened(odds: np.ndarray, since: int, threats: int = 1, event: float = 0.0) -> clock.Happened:
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        rates = crisis.logit(jnp.asarray(odds))[:, None, None]
        dated = memory.dated(rates, jnp.asarray([float(since)]), YEARS)
        each = jnp.repeat(dated[None], threats, axis=0)
        never = (jnp.zeros(1), jnp.zeros(1))
        return clock.live(crisis.LOGIT, threatened(threats, event), each, never)


@pytest.mark.parametrize(
    ("pattern", "since"), [(memory.rivals, 0), (memory.others, 7), (memory.rivals, 15)]
)
def test_disputes_are_those_of_the_chain_of_years_since_and_no_mass_is_lost(pattern, since):
    odds = pattern(np.arange(memory.STATES))
    chain, expected = np.eye(memory.STATES)[since], []
    for _ in range(YEARS):
        expected.append(chain @ odds)
        quiet = chain * (1 - odds)
        chain = np.concatenate([[chain @ odds], quiet[:-2], [quiet[-2:].sum()]])
    found = happened(odds, since)
    assert np.asarray(found.disputes)[:, 0, 0] == pytest.approx(expected, abs=1e-12)
    assert np.abs(np.asarray(found.mass) - 1).max() < 1e-12


def test_an_event_has_happened_unless_every_dispute_went_without_it():
    """Without memory the years are independent: 1 - (1 - p x)^n, and two directions share them."""
    found = happened(np.full(memory.STATES, 0.2), 3, threats=2, event=0.25)
    years = np.arange(1, YEARS + 1)
    for threat in range(2):
        so_far = np.asarray(found.so_far)[:, threat, :, 0]
        expected = np.repeat((1 - (1 - 0.2 * 0.25) ** years)[:, None], 3, axis=1)
        assert so_far == pytest.approx(expected, abs=1e-12)
