"""What is kept of worlds that are not kept row by row: counts, which add up exactly.

    counts    for each claim and test: in how many worlds of each scramble, and of those that
              believe each theory, it is right; and in how many the options are close.
              Worlds that the screens set aside are counted apart.
    tallies   histograms: of every outcome under every option, of its difference from the
              reference, and of what each test is about

Counts of parts of a run add up to those of the whole, in any order.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from foedus.case.schema import Check, Level
from foedus.judge.histogram import Histogram
from foedus.judge.measures import Bools, held_by, margin, measure
from foedus.judge.screens import Screened
from foedus.table import Table

KINDS = ("counts", "tallies")
ALL = ""  # in place of a test: all tests of a claim together
EVERY_WORLD = (
    "unscreened"  # the scrambles, of all worlds; other counts are of those kept by screens
)
_COUNTS = dict.fromkeys(("claim", "test", "group", "member"), pl.String()) | dict.fromkeys(
    ("worlds", "right"), pl.Int64()
)
_TALLIES = dict.fromkeys(("what", "name", "option"), pl.String()) | {
    "first": pl.Int32(),
    "worlds": pl.List(pl.Int64),
}

Group = tuple[str, list[str], np.ndarray]  # name, members, and which member each world is


class Tallies:
    """Counts over worlds that come in portions."""

    def __init__(self) -> None:
        """Of no worlds.

        `held`: (worlds, worlds where it is right) of a claim, test and group, by member;
        `where`: the histogram of (what, name, option), as `Tallied.histogram` names them.
        """
        self.held: dict[tuple[str, str, str], dict[str, np.ndarray]] = defaultdict(
            lambda: defaultdict(lambda: np.zeros(2, np.int64))
        )
        self.where: dict[tuple[str, str, str], Histogram] = defaultdict(Histogram)

    def add(self, worlds: Table) -> None:
        """Count these worlds; the case and its options must be those of the ones before."""
        if worlds.sound.is_empty():
            return
        kept = Screened(worlds)
        here = kept.passes
        self._add_outcomes(kept)
        groups, scrambles = list(_groups(kept)), _scrambles(EVERY_WORLD, worlds)
        self._count([scrambles], "", ALL, np.ones(len(here), bool))
        self._count(groups[:1], "", ALL, np.ones(int(here.sum()), bool))
        for name, claim in worlds.case.claims.items():
            right = np.ones(len(here), bool)
            for test, check in claim.tests.items():
                value, size = measure(worlds, check)
                held, close = held_by(value, size, check)
                right &= held
                self._count(groups, name, test, held[here])
                self._count([scrambles], name, test, held)
                self.held[name, test, "close"][""] += (int(here.sum()), int(close[here].sum()))
                self.where["value", name, test].add(value[here])
                if is_relative(check):
                    self.where["ratio", name, test].add(ratio(value[here], size[here]))
            if claim.tests:
                self._count(groups, name, ALL, right[here])
                self._count([scrambles], name, ALL, right)

    def _add_outcomes(self, worlds: Table) -> None:
        options, reference = worlds.manifest["options"], worlds.manifest["reference"]
        for outcome in worlds.manifest["outcomes"]:
            frame = worlds.kept(outcome, options)
            usual = frame[reference].to_numpy().astype(np.float64)
            for option in options:
                level = frame[option].to_numpy().astype(np.float64)
                self.where["level", outcome, option].add(level)
                if option != reference:
                    self.where["difference", outcome, option].add(level - usual)

    def _count(self, groups: list[Group], claim: str, test: str, held: Bools) -> None:
        for group, members, codes in groups:
            worlds = np.bincount(codes, minlength=len(members))
            right = np.bincount(codes, weights=held, minlength=len(members)).astype(np.int64)
            for i, member in enumerate(members):
                self.held[claim, test, group][member] += (worlds[i], right[i])

    def add_frames(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Count what another part of the run has counted."""
        for claim, test, group, member, worlds, right in frames["counts"].iter_rows():
            self.held[claim, test, group][member] += (worlds, right)
        rows = frames["tallies"]
        for (what, name, option, first), worlds in zip(
            rows.drop("worlds").iter_rows(), rows["worlds"], strict=True
        ):
            self.where[what, name, option].add_counts(first, worlds.to_numpy())

    def frames(self) -> dict[str, pl.DataFrame]:
        """The counts so far, one table a kind."""
        counts = [
            (*key, member, int(worlds), int(right))
            for key, members in self.held.items()
            for member, (worlds, right) in members.items()
        ]
        where = [(*key, each.first, each.worlds.tolist()) for key, each in self.where.items()]
        return {
            "counts": pl.DataFrame(counts, schema=_COUNTS, orient="row"),
            "tallies": pl.DataFrame(where, schema=_TALLIES, orient="row"),
        }


def ratio(value: np.ndarray, size: np.ndarray) -> np.ndarray:
    """A difference as a share of what it is compared with; 0 of 0 is no difference."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(value == 0, 0.0, value / size)


def is_relative(check: Check) -> bool:
    """Whether a test asks for a difference by a share of what it is compared with."""
    return not isinstance(check.form, Level) and margin(check.form)[1]


def _groups(worlds: Screened) -> Iterator[Group]:
    """How worlds are told apart: by scramble, and by what they believe."""
    yield _scrambles("scramble", worlds)
    for question, (names, codes) in worlds.beliefs.items():
        yield f"theory.{question}", list(names), codes


def _scrambles(name: str, worlds: Table) -> Group:
    members = [str(i) for i in range(worlds.manifest["scrambles"])]
    return name, members, worlds.sound["scramble"].to_numpy().astype(np.int64)
