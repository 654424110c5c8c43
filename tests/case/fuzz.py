"""Break case files at random, by the hundred thousand: problems with their line, or a sound case.

    python tests/case/fuzz.py [--cases 100000] [--seed 1]

Ends with 1 at the first text that makes the reader fail in any other way, and prints it.
`fuzz_coverage.py` looks for texts that reach new lines of the reader instead.
"""

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "case")]

from test_no_traceback import broken, numbers, places, verdict  # noqa: E402

from foedus.case import tree  # noqa: E402
from foedus.case.read import build, draft_text  # noqa: E402

TEXT = (ROOT / "tests" / "engine" / "break-even.yaml").read_text("utf-8")
MARKS = [*"ab:-[]{}&*!|>'\"#%@`,? \n\t\\<~0.", "1e308", "-1e400", ".nan", "\x00", "é", "\u2028"]


def written_over(dice: random.Random) -> str:
    """The text with a few places cut, doubled, moved or scribbled over."""
    text = TEXT
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(text) + 1)
        cut = dice.choice((0, 1, 3, 40, 400))
        new = dice.choice(
            (
                "".join(dice.choices(MARKS, k=dice.randint(0, 6))),
                text[at : at + cut] * 2,
                text[(start := dice.randrange(len(text) + 1)) : start + dice.choice((5, 60))],
            )
        )
        text = text[:at] + new + text[at + cut :]
    return text


def by_chance(cases: int, seed: int) -> None:
    """Half of them broken as text, half as trees."""
    dice, told = random.Random(seed), Counter[str]()
    root = tree.parse(TEXT, "x.yaml").tree
    paths, where = list(places(root)), numbers(root)
    began = time.monotonic()
    for k in range(cases):
        text = ""
        try:
            if k % 2:
                damaged = broken(root, paths, where, dice)
                problems = verdict(lambda damaged=damaged: build(damaged, "x.yaml"))
            else:
                text = written_over(dice)
                problems = verdict(lambda text=text: draft_text(text, "x.yaml"))
        except Exception:
            print(f"case {k} of seed {seed}:\n{text or damaged}")
            raise
        told["problems" if problems else "sound"] += 1
        if k % 10_000 == 9_999:
            print(f"{k + 1:,} cases, {time.monotonic() - began:.0f} s", flush=True)
    print(
        f"{cases:,} broken cases: {told['problems']:,} told with their line, "
        f"{told['sound']:,} still sound, none failed otherwise"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    by_chance(given.cases, given.seed)
