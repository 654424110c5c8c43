"""Given-data indices against SALib's delta on the same rows: processor time and error.

    python benchmarks/sensitivity.py [ROWS]

SALib's ``delta`` gives a first-order index and Borgonovo's delta from given data, as foedus does.
The truth: analytic first-order indices of Sobol's G function; deltas of a sum of normals.
"""

import sys
import time

import numpy as np
import polars as pl
from SALib.analyze import delta as salib_delta

from foedus.judge.sensitivity import given_data

A = np.array([0, 0.5, 1, 2, 4.5, 9, 20, 50, 99, 99])


def g_function(u):
    return np.prod((np.abs(4 * u - 2) + A) / (1 + A), axis=1)


def timed(run):
    start = time.process_time()
    found = run()
    return found, time.process_time() - start


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    u = np.random.default_rng(0).random((rows, A.size))
    y = g_function(u)
    parts = 1 / (3 * (1 + A) ** 2)
    truth = parts / (np.prod(1 + parts) - 1)
    names = [f"x{j}" for j in range(A.size)]
    ours, our_s = timed(lambda: given_data(pl.DataFrame(u, schema=names), y))
    problem = {"num_vars": A.size, "names": names, "bounds": [[0, 1]] * A.size}
    theirs, their_s = timed(lambda: salib_delta.analyze(problem, u, y, num_resamples=10, seed=0))
    for name, first, seconds in (
        ("foedus", ours["first_order"].to_numpy(), our_s),
        ("SALib", theirs["S1"], their_s),
    ):
        error = np.abs(first - truth).max()
        print(f"{name:7} {rows:,} x {A.size}: {seconds:7.2f} s cpu, largest error {error:.4f}")
    print(f"SALib takes {their_s / our_s:.0f} times the processor time")


if __name__ == "__main__":
    main()
