"""What the counts of a run say of its claims: for runs too long to keep row by row.

Shares, their intervals, shares by theory and how many worlds are close are exact, as from rows.
Quantiles, and shares at margins that were not asked for, are within the width of a bin.
"""

from functools import cached_property

import numpy as np

from foedus.case.schema import Level
from foedus.judge.histogram import Histogram
from foedus.judge.measures import compares, curve_points
from foedus.judge.screens import refuse_few
from foedus.judge.shares import Share, share_of_counts
from foedus.judge.tallies import ALL, EVERY_WORLD, KINDS, Tallies, is_relative
from foedus.table import Run

_BEYOND = 1e17  # a share of nothing: no percentage reaches it


class Tallied:
    """The counts of a run, added up."""

    def __init__(self, run: Run) -> None:
        """Of a run that keeps counts.

        Raises:
            CaseError: if the screens keep too few worlds to judge by.
        """
        self.run = run
        refuse_few(run.case, self.worlds, self.explored)

    @property
    def worlds(self) -> int:
        """How many worlds could be computed and meet every screen: what is judged by."""
        return int(self._members("", ALL, "scramble")[:, 0].sum())

    @property
    def explored(self) -> int:
        """How many worlds could be computed."""
        return int(self._members("", ALL, EVERY_WORLD)[:, 0].sum())

    def share(self, claim: str, test: str = ALL) -> Share:
        """The share of worlds in which a test is met, or all of a claim."""
        return share_of_counts(*self._members(claim, test, "scramble").T)

    def unscreened(self, claim: str, test: str = ALL) -> Share | None:
        """The same of all worlds; None if there is no screen."""
        if not self.run.case.screens:
            return None
        return share_of_counts(*self._members(claim, test, EVERY_WORLD).T)

    def by_theory(self, claim: str, test: str = ALL) -> dict[str, dict[str, float]]:
        """The share of worlds among those that believe each theory of each question."""
        found = {}
        for name in self.run.manifest["columns"]:
            if name.startswith("theory."):
                members = self._whole.held[claim, test, name]
                found[name.removeprefix("theory.")] = {
                    member: float(right / worlds)
                    for member, (worlds, right) in members.items()
                    if worlds
                }
        return found

    def close(self, claim: str, test: str) -> float:
        """The share of worlds in which the options differ by no more than the margin."""
        ((worlds, close),) = self._members(claim, test, "close")
        return float(close / worlds)

    def histogram(self, what: str, name: str, option: str) -> Histogram:
        """Where the worlds lie.

        Args:
            what: `level` or `difference` (from the reference) of an outcome under an option;
                `value` or `ratio` of a test of a claim.
            name: of the outcome, or of the claim.
            option: or the test.
        """
        return self._whole.where[what, name, option]

    def curve(self, claim: str, test: str) -> tuple[tuple[float, float], ...]:
        """The share of worlds against the margin, or against the level asked for."""
        check = self.run.case.claims[claim].tests[test]
        where = self.histogram("ratio" if is_relative(check) else "value", claim, test)
        middles = where.middles
        if isinstance(check.form, Level):
            at = curve_points(check, middles[0], middles[-1])
            above = check.form.is_ == "at_least"
            shares = [where.share(middles >= x if above else middles <= x) for x in at]
        else:
            at = curve_points(check, 0.0, _usual(where))
            shares = [where.share(compares(check.form.is_, middles, x)) for x in at]
        return tuple((float(x), share) for x, share in zip(at, shares, strict=True))

    def _members(self, claim: str, test: str, group: str) -> np.ndarray:
        """(worlds, worlds in which it is so) of each member: shape (members, 2)."""
        members = self._whole.held[claim, test, group]
        return np.array(list(members.values()), np.int64).reshape(-1, 2)

    @cached_property
    def _whole(self) -> Tallies:
        """The counts of all parts added up, a part at a time."""
        whole = Tallies()
        for block in sorted(self.run.blocks):
            whole.add_frames({kind: self.run.part(kind, block) for kind in KINDS})
        return whole


def _usual(where: Histogram) -> float:
    """Nine in ten of the worlds in which there is something to be a share of differ by less."""
    size = np.abs(where.middles)
    order = np.argsort(size)
    order = order[size[order] < _BEYOND]
    reached = np.cumsum(where.worlds[order])
    if not len(reached) or not reached[-1]:
        return 0.0
    return float(size[order][np.searchsorted(reached, 0.9 * reached[-1])])
