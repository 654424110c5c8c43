"""What does diplomacy toward a neighbour do to the odds of a dispute with it?"""

import jax.numpy as jnp

from foedus.mechanisms.base import Params, Scalar, assume


class Relations(Params):
    """How much is done for good relations with the other state of a threat."""

    effort: Scalar = assume(
        unit="1",
        legal=(0, 1),
        means="diplomacy toward this neighbour beyond the usual, 1 for all that can be done",
        lever=True,
    )
    cost: Scalar = assume(
        unit="M USD/year", legal=(0, 1e5), means="what all that can be done costs the host"
    )


class Nothing(Params):
    """It changes nothing, and needs no numbers."""


class Eases(Params):
    """It lowers tension."""

    effect: Scalar = assume(
        unit="log-odds", legal=(-2, 0), means="effect of all that can be done on a challenge"
    )


class Emboldens(Params):
    """It is taken for weakness."""

    effect: Scalar = assume(
        unit="log-odds", legal=(0, 2), means="effect of all that can be done on a challenge"
    )


def none(p: Nothing, effort: Scalar) -> Scalar:
    """What does diplomacy toward a neighbour do? Nothing: interests decide.

    Source: the realist null; no study found gives a size.
    """
    del p
    return jnp.zeros_like(effort)


def eases(p: Eases, effort: Scalar) -> Scalar:
    """What does diplomacy toward a neighbour do? It eases tension.

    Returns:
        Shift [log-odds] of a challenge: `effect` at full effort.

    Source: the spiral model of Jervis (1976), Perception and Misperception in International
        Politics, ch. 3: reassurance calms states that fear each other; the size is a judgement.
    """
    return p.effect * effort


def emboldens(p: Emboldens, effort: Scalar) -> Scalar:
    """What does diplomacy toward a neighbour do? It is taken for weakness.

    Source: the deterrence model of the same chapter: concessions teach an aggressor that one is
        weak; the size is a judgement.
    """
    return p.effect * effort
