"""The core of a year in plain Python, as one would write it for a single world.

Calibration, the crisis game under private information, contest by ratio, help on a log-normal day,
escalation, and the memory of disputes with the end of a treaty: what `case.yaml` beside this file
asks of foedus, written from the same formulas without a line of its code.
"""

from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np

NORMAL = NormalDist()
YEARS = 10
OPTIONS = {"without": 0.0, "light": 1000.0}  # troops at the base
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(8)
WEIGHTS = [float(w) for w in WEIGHTS / WEIGHTS.sum()]
NODES = [float(x) for x in NODES]
EVENTS = ("fatal", "war", "grab")

SINCE, RESPONSE, WAR, GRAB = 5, 0.48, 0.042, 0.05
FATAL_UNANSWERED, FATAL_ANSWERED, SURGE = 0.05, 0.46, 1.0
UNANSWERED, COST_CHALLENGER, COST_TARGET, COST_MORE, BASE_ALONE = 1.0, 0.2, 0.2, 0.5, 0.5
HOST, HELPER, HELPER_STAKE = 1.0, 2.0, 0.6
PACT, NO_PACT, TRIPWIRE = 0.41, 0.04, 0.03
DECIDED, DECIDED_SPREAD, TRAVEL, TRAVEL_SPREAD = 20.0, 0.5, 15.0, 0.4


def pattern():
    """How much likelier a dispute is by years since the last, against its mean in the long run."""
    odds = [0.013 + 0.176 * exp(-t / 3.84) for t in range(16)]
    reached = [1.0]
    for p in odds[:-1]:
        reached.append(reached[-1] * (1 - p))
    reached[-1] /= odds[-1]
    mean = sum(r * p for r, p in zip(reached, odds, strict=True)) / sum(reached)
    return [p / mean for p in odds]


PATTERN = pattern()


def fight(rival, troops, shares):
    """The challenger's chance to win: against the host alone, and against host and helper."""
    based = troops * 0.5 / 3000
    alone = rival / (rival + HOST + BASE_ALONE * based)
    helped = sum(
        w * rival / (rival + HOST + based + HELPER * share)
        for w, share in zip(WEIGHTS, shares, strict=True)
    )
    return alone, helped


def game(noise, wins, helper, resist):
    """Odds that the target resists and the helper comes; what the challenger expects, and knows."""
    alone, helped = wins
    p6 = NORMAL.cdf(helper / (noise * sqrt(2)))
    p5 = 1 - p6
    fights = p5 * (-alone - COST_TARGET) + p6 * (-helped - COST_TARGET)
    if resist is None:  # the price at which it resists as often as on record
        resist = fights - noise * sqrt(1 + p5**2 + p6**2) * NORMAL.inv_cdf(RESPONSE)
    p4 = NORMAL.cdf((fights - resist) / (noise * sqrt(1 + p5**2 + p6**2)))
    gain = p5 * (alone - COST_CHALLENGER) + p6 * (helped - COST_CHALLENGER * (1 + COST_MORE))
    expects = (1 - p4) * UNANSWERED + p4 * gain
    spread = noise * sqrt(1 + (1 - p4) ** 2 + (p4 * p5) ** 2 + (p4 * p6) ** 2)
    return {"p4": p4, "p5": p5, "p6": p6, "expects": expects, "spread": spread, "resist": resist}


def war_weight(g, in_time):
    return g["p5"] + g["p6"] * (1 - in_time * (1 - SURGE))


def grab_weight(g, wins):
    return 1 - g["p4"] + g["p4"] * (g["p5"] * wins[0] + g["p6"] * wins[1])


def years(scores, treaty_end, by_treaty):
    """Disputes and events over the years: every history, by its last dispute and its treaty."""
    mass = {(-1, 0): 1.0}  # (year of the last dispute, or -1 for the one before; treaty ended?)
    clean = {event: dict(mass) for event in EVENTS}
    disputes = 0.0
    for year in range(YEARS):
        odds = {}
        for last, ended in mass:
            age = min(SINCE + year if last < 0 else year - 1 - last, 15)
            score, slope, _ = by_treaty[ended]
            odds[last, ended] = NORMAL.cdf(score + slope * scores[age])
        disputes += sum(m * odds[state] for state, m in mass.items())
        mass = step(mass, odds, year, treaty_end, lambda ended: 0.0)
        for event in EVENTS:
            clean[event] = step(
                clean[event], odds, year, treaty_end,
                lambda ended, event=event: by_treaty[ended][2][event],
            )  # fmt: skip
    return disputes, {event: 1 - sum(left.values()) for event, left in clean.items()}


def step(mass, odds, year, treaty_end, event):
    """A year on: histories without the event, by their last dispute; some treaties end."""
    after = {}
    for (last, ended), m in mass.items():
        p = odds[last, ended]
        for now, share in ((last, 1 - p), (year, p * (1 - event(ended)))):
            for then, odd in ((ended, 1 - treaty_end), (1, treaty_end)) if not ended else ((1, 1),):
                after[now, then] = after.get((now, then), 0.0) + m * share * odd
    return after


def world(challenge, share, treaty_end, rival, noise):
    """Every option in one world: expected disputes, and odds of each event, over the years."""
    arrives = max(TRAVEL, 0.1)
    days = [DECIDED * exp(DECIDED_SPREAD * x) for x in NODES]
    shares = [NORMAL.cdf((log(day) - log(arrives)) / TRAVEL_SPREAD) for day in days]
    together = sqrt(DECIDED_SPREAD**2 + TRAVEL_SPREAD**2)
    in_time = NORMAL.cdf((log(DECIDED) - log(arrives)) / together)

    def intervening(odds):
        return noise * sqrt(2) * NORMAL.inv_cdf(odds)

    pact = intervening(PACT) - intervening(NO_PACT)
    wins = fight(rival, 0.0, shares)
    home = game(noise, wins, intervening(PACT), None)
    constant = intervening(PACT) - pact - HELPER_STAKE * (wins[0] - wins[1])
    war = WAR / (RESPONSE * war_weight(home, in_time))
    grab = GRAB / grab_weight(home, wins)
    scores = [NORMAL.inv_cdf(challenge * (1 - share + share * m)) for m in PATTERN]

    found = {}
    for option, troops in OPTIONS.items():
        wins = fight(rival, troops, shares)
        tripwire = intervening(PACT + TRIPWIRE * (troops > 0)) - intervening(PACT)
        by_treaty = []
        for lasts in (1, 0):
            tied = lasts * pact + tripwire
            helper = constant + HELPER_STAKE * (wins[0] - wins[1]) + tied
            g = game(noise, wins, helper, home["resist"])
            odds = {
                "fatal": (1 - g["p4"]) * FATAL_UNANSWERED + g["p4"] * FATAL_ANSWERED,
                "war": war * g["p4"] * war_weight(g, in_time),
                "grab": grab * grab_weight(g, wins),
            }
            score = (g["expects"] - home["expects"]) / g["spread"]
            by_treaty.append((score, home["spread"] / g["spread"], odds))
        disputes, events = years(scores, treaty_end, by_treaty)
        found[f"disputes_{option}"] = disputes
        found |= {f"{event}_{option}": odds for event, odds in events.items()}
    return found
