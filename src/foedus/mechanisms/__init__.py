"""The questions a year asks, the theories that answer each, and the facts they share.

QUESTIONS are where scholars differ: each world believes one of the theories the case names.
FACTS are the numbers that every theory shares. Both say which numbers a case must give.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from importlib.metadata import EntryPoint, entry_points
from typing import Any, NamedTuple, get_type_hints

from foedus.mechanisms import (
    aid,
    alignment,
    arrival,
    contest,
    costs,
    crisis,
    escalation,
    front,
    honour,
    industry,
    memory,
    presence,
    quality,
    readiness,
    relations,
    spending,
)
from foedus.mechanisms.base import Params

Theory = Callable[..., Any]


class Question(NamedTuple):
    """One question, and the theories that can answer it."""

    asks: str
    theories: dict[str, Theory | crisis.Noise]
    by_threat: bool  # whether its numbers may differ from threat to threat
    otherwise: str = ""  # the theory of a case that does not ask: this is no part of it


class Fact(NamedTuple):
    """Numbers that belong together."""

    params: type[Params]
    by_threat: bool
    of: str = ""  # the question that needs them, if it is asked; "": every case needs them


FACTS: dict[str, Fact] = {
    "rates": Fact(escalation.Rates, by_threat=True),
    "stakes": Fact(front.Stakes, by_threat=True),
    "front": Fact(front.Front, by_threat=True),
    "timing": Fact(arrival.Timing, by_threat=True),
    "memory": Fact(memory.Memory, by_threat=True),
    "restraint": Fact(presence.Restraint, by_threat=True),
    "rotation": Fact(presence.Rotation, by_threat=True),
    "treaty": Fact(honour.Treaty, by_threat=False),
    "base": Fact(presence.Base, by_threat=False),
    "training": Fact(readiness.Training, by_threat=False),
    "prices": Fact(costs.Prices, by_threat=False),
    "purchases": Fact(industry.Purchases, by_threat=False, of="industry"),
    "standards": Fact(quality.Standards, by_threat=False, of="quality"),
    "relations": Fact(relations.Relations, by_threat=True, of="diplomacy"),
    "budgets": Fact(spending.Budgets, by_threat=False, of="race"),
    "alignment": Fact(alignment.Alignment, by_threat=False, of="pressure"),
    "neighbour": Fact(alignment.Neighbour, by_threat=True, of="pressure"),
    "rivalry": Fact(spending.Rivalry, by_threat=True, of="race"),
}

QUESTIONS: dict[str, Question] = {
    "knowledge": Question(
        "What do the players not know of each other?",
        {
            "private": crisis.PRIVATE,
            "agent_error": crisis.AGENT_ERROR,
            "logit": crisis.LOGIT,
        },
        by_threat=False,
    ),
    "contest": Question(
        "Who would win, if it came to a fight?",
        {"ratio": contest.ratio, "logistic": contest.logistic},
        by_threat=True,
    ),
    "honour": Question(
        "How likely is the helper to come when called?",
        {"dispute": honour.dispute, "war": honour.war},
        by_threat=True,
    ),
    "pact": Question(
        "What does a defence pact do to the odds of a challenge?",
        {
            "structural": honour.structural,
            "published": honour.published,
            "spiral": honour.spiral,
        },
        by_threat=True,
    ),
    "troops": Question(
        "What do foreign troops do to the odds of a challenge?",
        {
            "within": presence.within,
            "none": presence.nothing,
            "cross_step": presence.cross_step,
            "cross_slope": presence.cross_slope,
        },
        by_threat=True,
    ),
    "reading": Question(
        "Is the published effect of troops pure provocation, or what all channels leave?",
        {"pure": presence.pure, "net": presence.net},
        by_threat=False,
    ),
    "tripwire": Question(
        "Do troops at risk bring the helper in?",
        {"any_troops": presence.troops_at_risk, "balance": presence.balance_at_risk},
        by_threat=True,
    ),
    "effort": Question(
        "Does the host do less for its own defence?",
        {"steady": presence.steady, "shirks": presence.shirks},
        by_threat=False,
    ),
    "signal": Question(
        "What do joint exercises signal to the challenger?",
        {"deters": readiness.deters, "silent": readiness.silent, "provokes": readiness.provokes},
        by_threat=True,
    ),
    "arrival": Question(
        "How much of the promised help is there on which day?",
        {"lognormal": arrival.lognormal, "closure": arrival.closure},
        by_threat=True,
    ),
    "distance": Question(
        "Does strength fade with distance?",
        {"none": arrival.no_fade, "fades": arrival.fades},
        by_threat=True,
    ),
    "race": Question(
        "How do rivals spend, when the forces they face change?",
        {
            "steady": spending.steady,
            "error_correction": spending.error_correction,
            "richardson": spending.richardson,
        },
        by_threat=False,
        otherwise="steady",
    ),
    "industry": Question(
        "What does making arms at home cost?",
        {"none": industry.none, "learns": industry.learns, "stays_dear": industry.stays_dear},
        by_threat=False,
        otherwise="none",
    ),
    "diplomacy": Question(
        "What does diplomacy toward a neighbour do to the odds of a dispute with it?",
        {
            "none": relations.none,
            "eases": relations.eases,
            "emboldens": relations.emboldens,
        },
        by_threat=True,
        otherwise="none",
    ),
    "quality": Question(
        "Do training and standards make a force better?",
        {"none": quality.none, "saturates": quality.saturates},
        by_threat=False,
        otherwise="none",
    ),
    "aid": Question(
        "Can the helper send aid short of troops?",
        {"none": aid.none, "short_of_troops": aid.short_of_troops},
        by_threat=False,
        otherwise="none",
    ),
    "pressure": Question(
        "Whose plan survives the pressure of elites, helper and neighbours?",
        {
            "alone": alignment.alone,
            "mean": alignment.mean,
            "median": alignment.median,
            "challenges": alignment.challenges,
        },
        by_threat=False,
        otherwise="alone",
    ),
}


def chosen(theories: Mapping[str, Iterable[str]], question: str) -> tuple[str, ...]:
    """The theories that worlds of a case may believe; one alone where the case does not ask."""
    otherwise = QUESTIONS[question].otherwise
    return tuple(theories.get(question, (otherwise,) if otherwise else ()))


def asked(theories: Mapping[str, Iterable[str]], question: str) -> bool:
    """Whether the question is part of a case; "" stands for what every case asks."""
    return not question or chosen(theories, question) != (QUESTIONS[question].otherwise,)


def theory(question: str, name: str) -> Any:
    """The theory `name` of `question`: built in, or from an installed package.

    A package offers one by an entry point `contest.attrition = "my_pkg:attrition"` in the
    group `foedus.theories`.
    """
    if name in QUESTIONS[question].theories:
        return QUESTIONS[question].theories[name]
    return _plugins(question, name)[0].load()


def known(question: str, name: str) -> bool:
    """Whether there is such a theory, without loading it."""
    return name in QUESTIONS[question].theories or bool(_plugins(question, name))


def _plugins(question: str, name: str) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group="foedus.theories", name=f"{question}.{name}"))


def params_of(found: Any) -> type[Params]:
    """The numbers a theory needs: the type of its first argument."""
    if isinstance(found, crisis.Noise):
        return Params
    first = next(iter(inspect.signature(found).parameters))
    wanted: type[Params] = get_type_hints(found)[first]
    return wanted


def needs(params: type[Params]) -> dict[str, Any]:
    """Names of the numbers, each with its unit, legal range, meaning, lever flag and words."""
    return {field.name: dict(field.metadata) for field in fields(params)}
