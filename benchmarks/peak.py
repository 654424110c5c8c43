"""How many operations the engine asks for, and what share of the machine's peak it reaches.

    python benchmarks/peak.py [--case FILE] [--turns 9]

Operations and bytes are what XLA's cost analysis counts in the compiled program of one tile. It
counts the body of a loop once, so the case has one year, and loops that are left are told. An
exponential, a logarithm or a square root is one operation there; what one costs is measured. The
peak is what a product of large matrices reaches (BLAS), and bandwidth what a sum of long arrays
does, each on one core by processor time: the best of several turns, as for the engine.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from foedus.case.read import read
from foedus.engine import many, outcomes
from foedus.engine.many import BLOCK, TILE, play
from foedus.engine.reading import bound
from foedus.worlds.points import unit_rows, values

CASE = Path(__file__).parents[1] / "tests" / "engine" / "break-even.yaml"


def best(act: Callable[[], Any], turns: int) -> float:
    """The least processor time of several turns, in seconds."""
    act()  # compiles, and touches what it needs
    found = []
    for _ in range(turns):
        began = time.process_time()
        act()
        found.append(time.process_time() - began)
    return min(found)


def of_machine(turns: int) -> tuple[float, float, float]:
    """Operations a second, bytes a second, and operations that one exponential is worth."""
    dice = np.random.default_rng(0)
    a, b = dice.random((2, 1200, 1200))
    peak = 2 * 1200**3 / best(lambda: a @ b, turns)
    x, y, z = dice.random((3, 8_000_000))
    bandwidth = 3 * x.nbytes / best(lambda: np.add(x, y, out=z), turns)
    with jax.enable_x64(True):
        few = jnp.asarray(dice.random(2048))
        exps = jax.jit(lambda v: jax.lax.fori_loop(0, 2_000, lambda _, w: jnp.exp(-w), v))
        once = best(lambda: exps(few).block_until_ready(), turns) / (2048 * 2_000)
    return peak, bandwidth, once * peak


def of_engine(path: str, turns: int) -> tuple[dict[str, float], int, float]:
    """What is counted for a world under an option, loops in the program, and seconds it takes."""
    case = read(path)
    model = bound(case)
    numbers = values(case, model, unit_rows(len(model.columns), 0, BLOCK, 0))
    wanted, order = outcomes.names(model), np.arange(BLOCK)
    tiles, on = many._laid_out(case, model, numbers, order, BLOCK)
    with jax.enable_x64(True), jax.numpy_rank_promotion("allow"):
        asked = (model, jnp.asarray(tiles), jnp.asarray(on), BLOCK // TILE, wanted)
        made = many._block().lower(*asked).compile()
    count = TILE * len(model.options)
    cost = {name: value / count for name, value in made.cost_analysis().items()}
    loops = made.as_text().count(" while(") - 1  # one goes from tile to tile
    seconds = best(lambda: play(case, model, numbers), turns) / (BLOCK * len(model.options))
    return cost, loops, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", default=str(CASE))
    parser.add_argument("--turns", type=int, default=9)
    given = parser.parse_args()
    cost, loops, seconds = of_engine(given.case, given.turns)
    peak, bandwidth, exponential = of_machine(given.turns)
    flops, odd, moved = cost["flops"], cost.get("transcendentals", 0.0), cost["bytes accessed"]
    whole = flops + odd * exponential
    print(
        f"Case {Path(given.case).name}. A core: {peak / 1e9:.1f} Gop/s in a product of matrices, "
        f"{bandwidth / 1e9:.1f} GB/s; an exponential takes as long as {exponential:.0f} "
        "operations at that peak.\n"
    )
    print("| of one world under one option |  |\n|---|---|")
    print(f"| operations | {flops:,.0f} |\n| exponentials and the like | {odd:,.0f} |")
    print(f"| bytes that its steps read and write, mostly in the caches | {moved:,.0f} |")
    print(f"| operations a byte | {flops / moved:.2f} |")
    print(f"| operations a byte at which bandwidth no longer limits | {peak / bandwidth:.1f} |")
    print(f"| time | {1e6 * seconds:.2f} µs |")
    print(f"| share of the peak, operations alone | {flops / seconds / peak:.1%} |")
    print(f"| share of the peak, exponentials at what they cost | {whole / seconds / peak:.1%} |")
    print(f"\nLoops in the program whose body is counted once: {loops}.")


if __name__ == "__main__":
    main()
