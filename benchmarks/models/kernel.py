"""The same core as one hand-written numba kernel: what this machine can do, near enough.

No cleverness of foedus is in it but the order of the loops: one world after the other, all its
numbers in registers and small arrays.
"""

import math

import numpy as np
from numba import njit, prange

from models import plain

YEARS = plain.YEARS
NODES, WEIGHTS = np.array(plain.NODES), np.array(plain.WEIGHTS)
PATTERN, TROOPS = np.array(plain.PATTERN), np.array(list(plain.OPTIONS.values()))


@njit(inline="always")
def cdf(x):
    return 0.5 * math.erfc(-x * 0.7071067811865476)


@njit
def quantile(p):
    """A rational start (Abramowitz & Stegun 26.2.23), then two steps of Halley's method."""
    q = min(p, 1.0 - p)
    t = math.sqrt(-2.0 * math.log(q))
    x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (
        1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    )
    x = x if p > 0.5 else -x
    for _ in range(2):
        error = (cdf(x) - p) * 2.5066282746310002 * math.exp(0.5 * x * x)
        x -= error / (1.0 + 0.5 * x * error)
    return x


@njit
def fight(rival, troops, shares):
    based = troops * 0.5 / 3000.0
    helped = 0.0
    for i in range(8):
        met = plain_host + based + plain_helper * shares[i]
        helped += WEIGHTS[i] * rival / (rival + met)
    return rival / (rival + plain_host + plain_base_alone * based), helped


plain_host, plain_helper, plain_base_alone = plain.HOST, plain.HELPER, plain.BASE_ALONE
cost_c, cost_t, cost_more = plain.COST_CHALLENGER, plain.COST_TARGET, plain.COST_MORE


@njit
def game(noise, alone, helped, p6, resist):
    p5 = 1.0 - p6
    fights = p5 * (-alone - cost_t) + p6 * (-helped - cost_t)
    p4 = cdf((fights - resist) / (noise * math.sqrt(1.0 + p5 * p5 + p6 * p6)))
    gain = p5 * (alone - cost_c) + p6 * (helped - cost_c * (1.0 + cost_more))
    p3 = 1.0 - p4
    spread = noise * math.sqrt(1.0 + p3 * p3 + p4 * p4 * (p5 * p5 + p6 * p6))
    return p4, p5, p3 * plain_unanswered + p4 * gain, spread


plain_unanswered, stake, surge = plain.UNANSWERED, plain.HELPER_STAKE, plain.SURGE
response, war_rate, grab_rate = plain.RESPONSE, plain.WAR, plain.GRAB
fatal0, fatal1, since = plain.FATAL_UNANSWERED, plain.FATAL_ANSWERED, plain.SINCE
decided, decided_spread = plain.DECIDED, plain.DECIDED_SPREAD
travel, travel_spread = plain.TRAVEL, plain.TRAVEL_SPREAD
pact_odds, no_pact, trip = plain.PACT, plain.NO_PACT, plain.TRIPWIRE


@njit(parallel=True)
def kernel(x, out):
    """x: (worlds, 5) as `plain.world` takes them; out: (worlds, options, 4)."""
    for k in prange(len(x)):
        challenge, share, end, rival, noise = x[k]
        shares, scores = np.empty(8), np.empty(16)
        for i in range(8):
            day = math.log(decided) + decided_spread * NODES[i]
            shares[i] = cdf((day - math.log(travel)) / travel_spread)
        race = math.sqrt(decided_spread**2 + travel_spread**2)
        in_time = cdf((math.log(decided) - math.log(travel)) / race)
        wide = noise * math.sqrt(2.0)
        z = quantile(pact_odds)
        pact = wide * (z - quantile(no_pact))
        alone, helped = fight(rival, 0.0, shares)
        p5, p6 = 1.0 - pact_odds, pact_odds
        fights = p5 * (-alone - cost_t) + p6 * (-helped - cost_t)
        price = fights - noise * math.sqrt(1.0 + p5 * p5 + p6 * p6) * quantile(response)
        h4, h5, expects, spread = game(noise, alone, helped, pact_odds, price)
        constant = wide * z - pact - stake * (alone - helped)
        war = war_rate / (response * (h5 + (1.0 - h5) * (1.0 - in_time * (1.0 - surge))))
        grab = grab_rate / (1.0 - h4 + h4 * (h5 * alone + (1.0 - h5) * helped))
        for i in range(16):
            scores[i] = quantile(challenge * (1.0 - share + share * PATTERN[i]))
        score, slope, odds = np.empty(2), np.empty(2), np.empty((2, 3))
        mass, p = np.empty((4, YEARS + 1, 2)), np.empty((YEARS + 1, 2))
        for o in range(len(TROOPS)):
            alone, helped = fight(rival, TROOPS[o], shares)
            gain = trip if TROOPS[o] > 0.0 else 0.0
            tripwire = wide * (quantile(pact_odds + gain) - z) if gain > 0.0 else 0.0
            for ended in range(2):
                worth = constant + stake * (alone - helped) + pact * (1 - ended) + tripwire
                p4, p5, now, width = game(noise, alone, helped, cdf(worth / wide), price)
                p6 = 1.0 - p5
                odds[ended, 0] = (1.0 - p4) * fatal0 + p4 * fatal1
                odds[ended, 1] = war * p4 * (p5 + p6 * (1.0 - in_time * (1.0 - surge)))
                odds[ended, 2] = grab * (1.0 - p4 + p4 * (p5 * alone + p6 * helped))
                score[ended], slope[ended] = (now - expects) / width, spread / width
            mass[:] = 0.0
            mass[:, 0, 0] = 1.0
            disputes = 0.0
            for year in range(YEARS):
                for place in range(year + 1):
                    age = min(since + year if place == 0 else year - place, 15)
                    for t in range(2):
                        p[place, t] = cdf(score[t] + slope[t] * scores[age])
                        disputes += mass[0, place, t] * p[place, t]
                for e in range(4):
                    for t in range(2):
                        again, keep = 0.0, 1.0 - (odds[t, e - 1] if e else 0.0)
                        for place in range(year + 1):
                            again += mass[e, place, t] * p[place, t] * keep
                            mass[e, place, t] *= 1.0 - p[place, t]
                        mass[e, year + 1, t] += again
                    for place in range(year + 2):
                        moved = mass[e, place, 0] * end
                        mass[e, place, 0] -= moved
                        mass[e, place, 1] += moved
            out[k, o, 0] = disputes
            for e in range(3):
                out[k, o, e + 1] = 1.0 - mass[e + 1].sum()
