"""What pressure makes of an option, in one world: settled once, before its first year."""

from dataclasses import replace

import jax
import jax.numpy as jnp

from foedus import mechanisms
from foedus.mechanisms import alignment, asked, honour, pressure
from foedus.mechanisms.alignment import Bargain
from foedus.mechanisms.base import Scalar
from foedus.mechanisms.pressure import Stakeholders
from foedus.worlds.model import Model
from foedus.worlds.world import Common, World, ask, pick


def pressed(model: Model, w: World, at_home: World) -> World:
    """An option's world after the bargain: its base is as large as that binds it to be.

    Args:
        model: the shape of the case.
        w: the world under the option.
        at_home: the same world under the reference, whose base is there already.
    """
    if not asked(dict(model.theories), "pressure"):
        return w
    troops, home = w.common.base.troops, at_home.common.base.troops
    here, plain = _wants(model, w, troops), _wants(model, w, home)
    both: Stakeholders = jax.tree.map(lambda *each: jnp.stack(each), plain, here)
    without, policy = jax.vmap(lambda who: _policy(model, w.common, who))(both)
    wanted = (plain.position[0], here.position[0])
    kept = alignment.survives(wanted, (without, policy))
    left = home + jnp.where(troops > home, _binding(w.common, kept), 1.0) * (troops - home)
    found = Bargain(
        pressure=alignment.pull(here),
        autonomy=pressure.autonomy(here.position[0], policy, jnp.ones_like(policy)),
        kept=kept,
        hedging=alignment.spread(_ties(model, w, left)),
    )
    base = replace(w.common.base, troops=left)
    return World(replace(w.common, base=base, bargain=found), w.local)


def settled(common: Common) -> Bargain:
    """What the bargain came to; nothing, where the case does not ask."""
    if common.bargain is None:
        return Bargain(*[jnp.zeros_like(common.base.troops)] * 4)
    return common.bargain


def _binding(common: Common, kept: Scalar) -> Scalar:
    """The share of a new base that is built, where what survives binds so far."""
    assert common.alignment is not None
    return 1.0 - common.alignment.binds * (1.0 - kept)


def _policy(model: Model, common: Common, who: Stakeholders) -> Scalar:
    """What survives, by the theory that the world holds.

    For the theories that it does not hold all actors agree, so their rounds end at once.
    """
    names, params = dict(model.theories)["pressure"], common.theories["pressure"]
    if len(names) == 1:
        return jnp.asarray(ask(model, common, common, "pressure", who))

    def answer(which: int, name: str) -> Scalar:
        held = common.holds["pressure"] == which
        agreed = jnp.where(held, who.position, who.position[0])
        found = mechanisms.theory("pressure", name)(params[name], who._replace(position=agreed))
        return jnp.asarray(found)

    answers = [answer(which, name) for which, name in enumerate(names)]
    return jnp.asarray(pick(common.holds, "pressure", answers))


def _wants(model: Model, w: World, troops: Scalar) -> Stakeholders:
    a, common = w.common.alignment, w.common
    assert a is not None
    wanted = _close(common, troops)
    return alignment.stakeholders(a, _neighbours(model, w), wanted, troops)


def _close(common: Common, troops: Scalar) -> Scalar:
    assert common.alignment is not None
    treaty, exercises = honour.weight(common.treaty), common.training.exercises
    return alignment.closeness(common.alignment, treaty, exercises, troops)


def _neighbours(model: Model, w: World) -> alignment.Neighbour:
    """Every state that threatens the host, once."""
    first = {t.challenger: i for i, t in reversed(list(enumerate(model.threats))) if t.guarded}
    rows = jnp.asarray(sorted(first.values()), jnp.int32)
    found: alignment.Neighbour = jax.tree.map(lambda leaf: leaf[rows], w.local.neighbour)
    return found


def _ties(model: Model, w: World, troops: Scalar) -> jax.Array:
    """The host's ties: with the helper, then with each neighbour."""
    helper = _close(w.common, troops)
    return jnp.concatenate([helper[None], _neighbours(model, w).ties])
