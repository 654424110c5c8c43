"""The crisis game: a batch of games in closed form against Gambit, one by one.

    python benchmarks/crisis.py [GAMES]

The logit variant, whose odds Gambit can find (`pygambit`, McKelvey and Palfrey's correspondence
traced to a precision), in games of drawn payoffs. Gambit runs in a process of its own, with this
interpreter or the one in FOEDUS_GAMBIT_PYTHON. What is compared is processor time a game: of
Gambit, tracing alone, not the reading of the game; of foedus, compiled, all games at once.
All odds must agree within 1e-9, at the precision at which Gambit stopped, or it fails.
"""

import json
import os
import subprocess
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

from foedus.mechanisms import crisis

NAMES = ("u13", "u15", "u16", "u23", "u25", "u26", "u36")
LOW = np.array([0.2, -0.6, -2.0, -2.0, -1.2, -0.8, -0.8])
HIGH = np.array([1.0, 0.6, -0.2, -0.2, -0.2, 0.2, 0.8])
SLOW = 200  # games that Gambit is given
GAMBIT = """
import json, sys, time
from io import BytesIO
import pygambit
from pygambit import qre, read_efg
TREE = '''EFG 2 R "" {{ "challenger" "target" "helper" }}
p "" 1 1 "" {{ "status quo" "challenge" }} 0
t "" 1 "" {{ 0 0 0 }}
p "" 2 1 "" {{ "leave" "resist" }} 0
t "" 2 "" {{ {u13} {u23} 0 }}
p "" 3 1 "" {{ "stay out" "intervene" }} 0
t "" 3 "" {{ {u15} {u25} 0 }}
t "" 4 "" {{ {u16} {u26} {u36} }}
'''
games = [(read_efg(BytesIO(TREE.format(**u).encode())), lam) for u, lam in json.load(sys.stdin)]
began, found = time.process_time(), []
for game, lam in games:
    (at,) = qre.logit_solve_lambda(game, [lam])
    found.append([float(at.lam), *(float(at[move]) for move in (1, 3, 5))])
took = time.process_time() - began
print(json.dumps([pygambit.__version__, took / len(games), found]))
"""


def drawn(games: int) -> tuple[np.ndarray, np.ndarray]:
    """Payoffs, (games, 7), and precisions, (games,): worth the three decimals that a tree holds."""
    dice = np.random.default_rng(0)
    payoffs = LOW + (HIGH - LOW) * dice.random((games, len(NAMES)))
    return payoffs.round(3), dice.uniform(0.5, 5.0, games).round(3)


@jax.jit
def solved(payoffs: jax.Array, precision: jax.Array) -> jax.Array:
    """Odds of challenge, resistance and help, (games, 3)."""
    u = crisis.Payoffs(**dict(zip(NAMES, payoffs.T, strict=True)))
    after = crisis.crisis(crisis.LOGIT, np.pi / (np.sqrt(6) * precision), u)
    challenges = crisis.challenge(crisis.LOGIT, after, jnp.zeros_like(precision))
    return jnp.stack([challenges, after.resists, after.helped], axis=-1)


def by_gambit(payoffs: np.ndarray, precision: np.ndarray) -> tuple[str, float, np.ndarray]:
    """Its version, processor seconds a game, and (precision, three odds) of each game."""
    python = os.environ.get("FOEDUS_GAMBIT_PYTHON", sys.executable)
    rows = zip(payoffs.tolist(), precision.tolist(), strict=True)
    job = json.dumps([[dict(zip(NAMES, row, strict=True)), lam] for row, lam in rows])
    done = subprocess.run([python, "-c", GAMBIT], input=job, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr.strip())
    version, seconds, found = json.loads(done.stdout)
    return version, seconds, np.array(found)


def main() -> None:
    jax.config.update("jax_enable_x64", True)
    games = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    payoffs, precision = drawn(games)
    version, theirs, found = by_gambit(payoffs[:SLOW], precision[:SLOW])
    off = np.abs(np.asarray(solved(payoffs[:SLOW], found[:, 0])) - found[:, 1:]).max()
    assert off < 1e-9, f"the odds differ by {off}"
    moved = np.abs(found[:, 0] - precision[:SLOW]).max()
    assert moved < 1e-6, f"Gambit stopped {moved} from the precision it was asked for"
    solved(payoffs, precision).block_until_ready()  # compiles
    began = time.process_time()
    solved(payoffs, precision).block_until_ready()
    ours = (time.process_time() - began) / games
    print(f"{len(found)} games solved by both: odds agree within {off:.0e}.\n")
    print(f"{'foedus, ' + format(games, ',') + ' games at once':40s}{1e6 * ours:12.3f} µs a game")
    print(f"{'pygambit ' + version + ', one by one':40s}{1e6 * theirs:12.3f} µs a game")
    print(f"\nGambit takes {theirs / ours:,.0f} times the processor time; it solves any game tree,")
    print("foedus this one alone.")


if __name__ == "__main__":
    main()
