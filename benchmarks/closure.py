"""Closure against other people's solvers on the same networks, and a million worlds.

    python benchmarks/closure.py [WORLDS]

OR-tools and HiGHS cannot be imported together, so OR-tools runs in a process of its own, with
this interpreter or the one in FOEDUS_ORTOOLS_PYTHON; without it that column says so.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import jax
import jax.numpy as jnp
import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from foedus.closure.network import Demand, Leg, Mode, Network, Origin
from foedus.closure.paths import shortest_paths
from foedus.closure.plan import plan
from foedus.engine import arriving
from foedus.engine.movements import moved, planned
from foedus.engine.reading import bound, read
from foedus.mechanisms import arrival
from foedus.worlds.points import unit_rows, values
from foedus.worlds.world import world

CASE = "south-caucasus"
DAYS = 90
Arcs = list[tuple[int, int, int, int]]  # start, end, days, tonnes a day

ORTOOLS = """
import json, sys, time
from ortools.graph.python import max_flow
arcs, places, days = json.load(sys.stdin)
began = time.perf_counter()
flow = max_flow.SimpleMaxFlow()
node = lambda place, day: day * places + place
big = sum(a[3] for a in arcs) * days
for u, v, late, rate in arcs:
    for day in range(days - late):
        flow.add_arc_with_capacity(node(u, day), node(v, day + late), rate)
for day in range(days - 1):
    for place in (0, places - 1):
        flow.add_arc_with_capacity(node(place, day), node(place, day + 1), big)
flow.solve(node(0, 0), node(places - 1, days - 1))
print(json.dumps([flow.optimal_flow(), time.perf_counter() - began]))
"""


def layered(layers: int, width: int, rng: np.random.Generator) -> tuple[Arcs, int]:
    """A meshed network of layers with some legs across, whole days and tonnes."""
    rows = [[0], *[[1 + i * width + j for j in range(width)] for i in range(layers)]]
    last = 1 + layers * width
    arcs = [(u, v) for a, b in pairwise([*rows, [last]]) for u in a for v in b
            if len(a) == 1 or len(b) == 1 or rng.random() < 0.6]  # fmt: skip
    arcs += [(a, b) for row in rows[1:] for a, b in pairwise(row)]
    return [(u, v, int(rng.integers(1, 6)), int(rng.integers(20, 400))) for u, v in arcs], last + 1


def network(arcs: Arcs, places: int) -> Network:
    legs = tuple(
        Leg(f"{i}", str(u), str(v), Mode.ROAD, 24.0 * late, float(rate))
        for i, (u, v, late, rate) in enumerate(arcs)
    )
    return Network((Origin("0"),), legs, (Demand(str(places - 1), 1e9),))


def ours(arcs: Arcs, places: int) -> float:
    net = network(arcs, places)
    paths, _ = shortest_paths(net, net.origins, DAYS)
    return sum(p.rate * max(DAYS - p.latency, 0) for p in paths)


def planner(arcs: Arcs, places: int) -> float:
    best = plan(network(arcs, places), DAYS, seconds=300, warning=False)
    return float(best.closed(str(places - 1))[-1])


def expanded(arcs: Arcs, places: int) -> list[tuple[int, int, int]]:
    big = sum(a[3] for a in arcs) * DAYS
    table = [
        (day * places + u, (day + late) * places + v, rate)
        for u, v, late, rate in arcs
        for day in range(DAYS - late)
    ]
    ends = (0, places - 1)
    table += [(d * places + p, (d + 1) * places + p, big) for d in range(DAYS - 1) for p in ends]
    return table


def with_scipy(arcs: Arcs, places: int) -> float:
    u, v, room = np.array(expanded(arcs, places), dtype=np.int32).T
    size = DAYS * places
    return float(maximum_flow(csr_array((room, (u, v)), (size, size)), 0, size - 1).flow_value)


def with_networkx(arcs: Arcs, places: int) -> float:
    graph = nx.DiGraph()
    for u, v, room in expanded(arcs, places):
        before = graph.edges[u, v]["capacity"] if graph.has_edge(u, v) else 0
        graph.add_edge(u, v, capacity=room + before)
    return float(nx.maximum_flow_value(graph, 0, DAYS * places - 1))


def with_ortools(arcs: Arcs, places: int) -> tuple[float, float] | None:
    python = os.environ.get("FOEDUS_ORTOOLS_PYTHON", sys.executable)
    job = json.dumps([arcs, places, DAYS])
    done = subprocess.run([python, "-c", ORTOOLS], input=job, capture_output=True, text=True)
    if done.returncode:
        return None
    value, seconds = json.loads(done.stdout)
    return float(value), float(seconds)


def timed(solve: Callable[[Arcs, int], float], arcs: Arcs, places: int) -> tuple[float, float]:
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        value = solve(arcs, places)
        best = min(best, time.perf_counter() - began)
        if best > 1:
            break
    return value, best


def side_by_side() -> bool:
    """Print the tables; whether all numbers agree."""
    agree = True
    print(f"One network, {DAYS} days. Ours gives the whole curve, a max-flow one horizon.")
    for layers, width in ((3, 3), (8, 6), (20, 10)):
        arcs, places = layered(layers, width, np.random.default_rng(places_seed := layers))
        print(f"\n{places} places, {len(arcs)} legs (seed {places_seed})")
        tonnes, base = timed(ours, arcs, places)
        print(f"  {'foedus, shortest paths':<34}{base:9.4f} s     1 x   {tonnes:,.0f} t")
        others: list[tuple[str, tuple[float, float] | None]] = [
            ("scipy maximum_flow, one horizon", timed(with_scipy, arcs, places)),
            ("OR-tools SimpleMaxFlow, one horizon", with_ortools(arcs, places)),
        ]
        if places < 100:
            others.append(("networkx, one horizon", timed(with_networkx, arcs, places)))
            others.append(("foedus planner (HiGHS), whole curve", timed(planner, arcs, places)))
        for name, found in others:
            if found is None:
                print(f"  {name:<34} skipped: OR-tools is not installed for that interpreter")
                continue
            value, seconds = found
            equal = abs(value - tonnes) < 1e-6 * tonnes
            agree &= equal
            said = "same" if equal else f"DIFFERS: {value:,.1f}"
            print(f"  {name:<36}{seconds:7.4f} s {seconds / base:5.0f} x   {said}")
    return agree


def a_million(total: int, chunk: int = 2048) -> None:
    """The corridor of a shipped case: every world's curve and its share on the deciding days."""
    case = read(CASE)
    model = bound(case)
    which = next(i for i, threat in enumerate(model.threats) if threat.guarded)

    def one(row: jax.Array) -> jax.Array:
        w = world(model, row, jnp.ones(4))
        here = jax.tree.map(lambda leaf: leaf[which], w.local)
        there = arriving.opened(model, w.common, here, jnp.asarray(0.0))
        curve = arriving.closing(model, here, there)
        return arrival.closed_by(curve, arrival.deciding_days(here.timing))

    rows = values(case, model, unit_rows(len(model.columns), 0, chunk, 0))[model.reference]
    drawn = jnp.asarray(rows.T)  # worlds are the last axis, as in the engine
    run = jax.jit(jax.vmap(one, in_axes=-1, out_axes=-1))
    began = time.perf_counter()
    run(drawn).block_until_ready()
    compiled = time.perf_counter() - began
    blocks = -(-total // chunk)
    began, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda _: run(drawn).block_until_ready(), range(blocks)))
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    stages = len(model.routes.corridor.stages)
    print(
        f"  {blocks * chunk:,} worlds of {CASE}, {len(arrival.DAYS)} days, {stages} stages: "
        f"{seconds:.1f} s, {busy:.1f} s of processor time (first call {compiled:.1f} s)"
    )


def exact_plan() -> None:
    """One world's plan, libraries loaded."""
    case = read(CASE)
    what = moved(case, case.reference, 6)
    planned(what, warning=False)
    for warning in (False, True):
        began, busy = time.perf_counter(), time.process_time()
        planned(what, warning=warning)
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        said = "with one more day of warning" if warning else "one plan"
        print(f"  exact plan of one world, {said}: {seconds:.2f} s, {busy:.2f} s of processor time")


def main() -> None:
    jax.config.update("jax_enable_x64", True)
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    agree = side_by_side()
    print("\nThe corridor of a shipped case, with denial windows")
    a_million(total)
    exact_plan()
    if not agree:
        sys.exit("The solvers disagree.")


if __name__ == "__main__":
    main()
