"""OUTCOMES: a path through the years -> the numbers that the table keeps."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from foedus.engine.clock import EVENTS
from foedus.engine.contributed import contributed
from foedus.mechanisms import asked
from foedus.mechanisms.arrival import LAST
from foedus.mechanisms.base import Scalar
from foedus.worlds.model import Model

PerYear = Float[Array, " years"]
PerThreat = Float[Array, "years threats"]


class Path(NamedTuple):
    """One world under one option, year by year."""

    disputes: PerThreat  # odds of a dispute in the year
    concessions: PerThreat
    resists: PerThreat
    helped: PerThreat
    aided: PerThreat
    so_far: Float[Array, "years threats events"]  # odds that it has happened by then
    quarrels: PerYear  # disputes that the host is no part of
    wins_alone: PerThreat
    wins_helped: PerThreat
    in_time: PerThreat
    arrived: PerThreat
    half: PerThreat  # day of the crisis on which half of the promised help is there
    most: PerThreat
    late: PerThreat
    ready: PerYear
    together: PerYear
    imports: PerYear  # share of the host's equipment that comes from abroad
    concentration: PerYear  # Herfindahl index of what suppliers could stop
    denied: PerYear  # share of it expected to be refused in a crisis
    pressure: PerYear  # of outsiders on the host's plan
    autonomy: PerYear  # share of its own choice that the host keeps
    kept: PerYear  # share of a new base that survives pressure
    hedging: PerYear  # how evenly the host's ties are spread
    capability: PerYear  # of the host's own forces
    rivals_extra: PerYear  # what rivals spend beyond the reference [M USD]
    host_extra: PerYear  # gap of the host's spending [log]
    economy: PerYear  # ... and of its GDP
    cost_host: PerYear  # present value of the year's cost [M USD]
    cost_helper: PerYear


class Outcome(NamedTuple):
    """One number a run keeps, for the case as a whole or for each threat."""

    means: str
    unit: str
    better: Literal["lower", "higher", "neither"]
    by_threat: Callable[[Path], Float[Array, " threats"]] | None
    total: Callable[[Path, Model], Scalar] | None
    of: str = ""  # the question it answers, where only some cases ask it


def _event(name: str, years: int | None) -> Callable[[Path], Float[Array, " threats"]]:
    i = EVENTS.index(name)
    return lambda path: path.so_far[:years, :, i][-1]


def _attacks(model: Model) -> list[int]:
    """Threats to the host, at most one a pair, so that 'none of them' is a product."""
    return [i for i, threat in enumerate(model.threats) if threat.guarded]


def _any(get: Callable[[Path], Float[Array, " threats"]]) -> Callable[[Path, Model], Scalar]:
    """Odds that at least one threat to the host brings it: independent pairs, given the world."""

    def total(path: Path, model: Model) -> Scalar:
        odds = get(path)
        return 1.0 - jnp.prod(jnp.stack([1.0 - odds[i] for i in _attacks(model)]))

    return total


def _sum(
    get: Callable[[Path], Float[Array, " threats"]], which: str
) -> Callable[[Path, Model], Scalar]:
    def total(path: Path, model: Model) -> Scalar:
        mine = {
            "attacks": _attacks(model),
            "started": [i for i, t in enumerate(model.threats) if t.started],
            "all": list(range(len(model.threats))),
        }[which]
        return jnp.sum(jnp.stack([get(path)[i] for i in mine] or [jnp.zeros(())]))

    return total


def _mean(get: Callable[[Path], Float[Array, " threats"]]) -> Callable[[Path, Model], Scalar]:
    def total(path: Path, model: Model) -> Scalar:
        return jnp.mean(jnp.stack([get(path)[i] for i in _attacks(model)]))

    return total


def _counts(path: Path) -> Float[Array, " threats"]:
    return path.disputes.sum(axis=0)


def _conceded(path: Path) -> Float[Array, " threats"]:
    return path.concessions.sum(axis=0)


def _first(path: Path) -> Float[Array, " threats"]:
    return path.disputes[0]


def _average(field: str) -> Callable[[Path], Float[Array, " threats"]]:
    return lambda path: getattr(path, field).mean(axis=0)


def _events() -> Iterator[tuple[str, Outcome]]:
    words = {"fatal": "dispute that costs lives", "war": "war", "grab": "land grab"}
    for name, word in words.items():
        for suffix, years, span in (("", None, "over the horizon"), ("_10y", 10, "in ten years")):
            get = _event(name, years)
            means = f"odds of at least one {word}, the host attacked, {span}"
            yield name + suffix, Outcome(means, "probability", "lower", get, _any(get))


OUTCOMES: dict[str, Outcome] = {
    "disputes": Outcome(
        "expected disputes in which the host is challenged, over the horizon",
        "disputes",
        "lower",
        _counts,
        _sum(_counts, "attacks"),
    ),
    "challenge": Outcome(
        "odds of a challenge in the first year",
        "probability",
        "lower",
        _first,
        None,
    ),
    **dict(_events()),
    "concessions": Outcome(
        "expected disputes that end in a concession by the host",
        "concessions",
        "lower",
        _conceded,
        _sum(_conceded, "attacks"),
    ),
    "started": Outcome(
        "expected disputes that the host starts, over the horizon",
        "disputes",
        "lower",
        None,
        _sum(_counts, "started"),
    ),
    "region": Outcome(
        "expected disputes of the region: all threats of the case, and quarrels beside the host",
        "disputes",
        "lower",
        None,
        lambda path, model: _sum(_counts, "all")(path, model) + path.quarrels.sum(),
    ),
    "resist": Outcome(
        "odds that the target answers a challenge with force, mean over the years",
        "probability",
        "neither",
        _average("resists"),
        _mean(_average("resists")),
    ),
    "help": Outcome(
        "odds that the helper comes when called, mean over the years",
        "probability",
        "higher",
        _average("helped"),
        _mean(_average("helped")),
    ),
    "aid": Outcome(
        "odds that the helper sends aid and no troops when called, mean over the years",
        "probability",
        "neither",
        _average("aided"),
        _mean(_average("aided")),
        of="aid",
    ),
    "wins_alone": Outcome(
        "the challenger's chance to win against the host alone",
        "probability",
        "lower",
        _average("wins_alone"),
        _mean(_average("wins_alone")),
    ),
    "wins_helped": Outcome(
        "the challenger's chance to win against host and helper",
        "probability",
        "lower",
        _average("wins_helped"),
        _mean(_average("wins_helped")),
    ),
    "in_time": Outcome(
        "odds that help arrives before the fight is decided",
        "probability",
        "higher",
        _average("in_time"),
        _mean(_average("in_time")),
    ),
    "arrived": Outcome(
        "share of the promised help that is there on the deciding day",
        "1",
        "higher",
        _average("arrived"),
        _mean(_average("arrived")),
    ),
    "days_to_half": Outcome(
        f"day of the crisis on which half of the promised help is there, at most {LAST:.0f}",
        "days",
        "lower",
        _average("half"),
        _mean(_average("half")),
    ),
    "days_to_most": Outcome(
        f"day of the crisis on which 90 % of the promised help is there, at most {LAST:.0f}",
        "days",
        "lower",
        _average("most"),
        _mean(_average("most")),
    ),
    "days_late": Outcome(
        "days by which half of the promised help comes after the deciding day, on average",
        "days",
        "lower",
        _average("late"),
        _mean(_average("late")),
    ),
    "readiness": Outcome(
        "readiness of the host's forces, mean over the years",
        "1",
        "higher",
        None,
        lambda path, _: path.ready.mean(),
    ),
    "interoperability": Outcome(
        "worth of the helper's forces beside the host's, mean over the years",
        "1",
        "higher",
        None,
        lambda path, _: path.together.mean(),
    ),
    "capability": Outcome(
        "strength of the host's own forces by readiness, quality, supply and spending, 1 for those "
        "of the first year fully trained; mean over the years",
        "1",
        "higher",
        None,
        lambda path, _: path.capability.mean(),
        of="quality",
    ),
    "imports": Outcome(
        "share of the host's equipment that comes from abroad, mean over the years",
        "1",
        "lower",
        None,
        lambda path, _: path.imports.mean(),
        of="industry",
    ),
    "concentration": Outcome(
        "how few suppliers could stop the host's equipment (Herfindahl index, 1 for one alone)",
        "1",
        "lower",
        None,
        lambda path, _: path.concentration.mean(),
        of="industry",
    ),
    "denied": Outcome(
        "share of the host's equipment expected to be refused in a crisis, mean over the years",
        "1",
        "lower",
        None,
        lambda path, _: path.denied.mean(),
        of="industry",
    ),
    "pressure": Outcome(
        "how hard outsiders pull away from what the host wants (0 to 1), mean over the years",
        "1",
        "lower",
        None,
        lambda path, _: path.pressure.mean(),
        of="pressure",
    ),
    "autonomy": Outcome(
        "share of its own choice that the host keeps under pressure, mean over the years",
        "1",
        "higher",
        None,
        lambda path, _: path.autonomy.mean(),
        of="pressure",
    ),
    "base_kept": Outcome(
        "share of a new base that is left after pressure (1 where none is wanted), mean",
        "1",
        "neither",
        None,
        lambda path, _: path.kept.mean(),
        of="pressure",
    ),
    "hedging": Outcome(
        "how evenly the host's ties are spread over helper and neighbours (0 to 1), mean",
        "1",
        "neither",
        None,
        lambda path, _: path.hedging.mean(),
        of="pressure",
    ),
    "rivals_spend": Outcome(
        "what the host's rivals spend beyond the reference, mean over the years",
        "M USD/year",
        "lower",
        None,
        lambda path, _: path.rivals_extra.mean(),
        of="race",
    ),
    "host_spends": Outcome(
        "what the host spends on its forces, against the reference, mean over the years",
        "1",
        "neither",
        None,
        lambda path, _: jnp.expm1(path.host_extra).mean(),
        of="race",
    ),
    "economy": Outcome(
        "what the host's economy makes in the last year, against the reference",
        "1",
        "higher",
        None,
        lambda path, _: jnp.expm1(path.economy[-1]),
        of="race",
    ),
    "cost_host": Outcome(
        "what the host pays: base, exercises, arms made at home, programmes; present value",
        "M USD",
        "lower",
        None,
        lambda path, _: path.cost_host.sum(),
    ),
    "cost_helper": Outcome(
        "what the helper pays: base, exercises, aid kept ready; present value",
        "M USD",
        "lower",
        None,
        lambda path, _: path.cost_helper.sum(),
    ),
    "cost": Outcome(
        "what host and helper pay together, present value",
        "M USD",
        "lower",
        None,
        lambda path, _: path.cost_host.sum() + path.cost_helper.sum(),
    ),
}


@cache
def every() -> Mapping[str, Outcome]:
    """Every outcome: those above, and those of packages installed when the first is asked for."""
    return OUTCOMES | contributed(OUTCOMES)


def _asked(theories: Mapping[str, Iterable[str]]) -> dict[str, Outcome]:
    return {name: each for name, each in every().items() if asked(theories, each.of)}


def columns(model: Model) -> dict[str, Outcome]:
    """Every number that a run of this case keeps, by its name in the table."""
    return named([threat.name for threat in model.threats], dict(model.theories))


def named(
    threats: Iterable[str], theories: Mapping[str, Iterable[str]] | None
) -> dict[str, Outcome]:
    """Every number that is kept of a case with these threats and theories, by its name.

    Where the theories are not known, every number that any case keeps.
    """
    found: dict[str, Outcome] = {}
    for name, outcome in (every() if theories is None else _asked(theories)).items():
        if outcome.total is not None:
            found[name] = outcome
        if outcome.by_threat is not None:
            found |= {f"{name}.{threat}": outcome for threat in threats}
    return found


def names(model: Model, yearly: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names of all numbers: those of `columns`, then `war@0`, ... of those wanted by year.

    `war@0` is what `war` would be had the years ended after the first.
    """
    years = range(model.years)
    return (*columns(model), *(f"{name}@{year}" for year in years for name in yearly))


def outcomes(path: Path, model: Model, wanted: tuple[str, ...]) -> dict[str, Scalar]:
    """The wanted numbers of one world under one option, named as in `names`."""
    found = _counted(path, model, frozenset(wanted))
    for at in dict.fromkeys(each.partition("@")[2] for each in wanted if "@" in each):
        until = jax.tree.map(lambda leaf, last=int(at) + 1: leaf[:last], path)
        mine = frozenset(each.removesuffix(f"@{at}") for each in wanted if each.endswith(f"@{at}"))
        found |= {f"{name}@{at}": value for name, value in _counted(until, model, mine).items()}
    return found


def _counted(path: Path, model: Model, names: frozenset[str]) -> dict[str, Scalar]:
    """Those of the numbers that are wanted: no other is made, nor compiled."""
    found: dict[str, Scalar] = {}
    for name, outcome in _asked(dict(model.theories)).items():
        if outcome.total is not None and name in names:
            found[name] = outcome.total(path, model)
        own = {f"{name}.{t.name}": i for i, t in enumerate(model.threats)}
        if outcome.by_threat is not None and not names.isdisjoint(own):
            each = outcome.by_threat(path)
            found |= {full: each[i] for full, i in own.items() if full in names}
    return found
