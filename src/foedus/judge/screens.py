"""Which worlds are set aside, because what they imply is not what has been published.

A screen acts on worlds, never on options: it asks what a world implies of a pair of options, all
channels together, and a world that implies what no study found is set aside under every option.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from scipy import special

from foedus.case.schema import Case
from foedus.case.screen import Change, Keep, Screen, Span
from foedus.errors import CaseError, Problem
from foedus.judge.shares import Beliefs, Share, beliefs, share_of
from foedus.table import Run, Table

FEWEST = 0.01  # a screen, or all together, must keep this share of worlds


@dataclass(frozen=True)
class Screening:
    """What one screen does."""

    name: str
    says: str
    meets: Share  # the share of worlds that meet this screen
    implied: tuple[float | None, ...]  # 5, 50, 95 % over worlds before screening; None: infinite
    bounds: tuple[float, float] | None  # what is published; None for an order of two numbers
    unit: str  # of both: "%", "log-odds", or that of the outcome or numbers


@dataclass(frozen=True, eq=False)
class Screened:
    """The worlds of a table that meet every screen of its case: itself a table."""

    every: Table

    @property
    def case(self) -> Case:
        """The case that was played."""
        return self.every.case

    @property
    def manifest(self) -> dict[str, Any]:
        """What was played."""
        return self.every.manifest

    @property
    def complete(self) -> bool:
        """Whether every world that was asked for is there."""
        return self.every.complete

    @property
    def refused(self) -> int:
        """How many worlds could not be computed and are left out."""
        return self.every.refused

    @property
    def set_aside(self) -> int:
        """How many worlds could be computed but do not meet every screen."""
        return int((~self.passes).sum())

    @cached_property
    def implied(self) -> dict[str, np.ndarray]:
        """What each world of `every.sound` implies of what each screen bounds, in its unit."""
        return {name: implied(self.every, each) for name, each in self.case.screens.items()}

    @cached_property
    def passes(self) -> np.ndarray:
        """Which worlds of `every.sound` meet every screen, however few they are."""
        meets = [_meets(self.implied[name], each) for name, each in self.case.screens.items()]
        every = [np.ones(len(self.every.sound), bool), *meets]
        return np.asarray(np.logical_and.reduce(every))

    @cached_property
    def screens(self) -> tuple[Screening, ...]:
        """What each screen does; nothing where no world could be computed."""
        if self.every.sound.is_empty():
            return ()
        return tuple(self._screening(*each) for each in self.case.screens.items())

    def _screening(self, name: str, screen: Screen) -> Screening:
        value = self.implied[name]
        quantiles = np.quantile(value, (0.05, 0.5, 0.95), method="inverted_cdf")
        bounds = None if isinstance(screen.form, Keep) else screen.form.bounds
        shown = tuple(float(x) if np.isfinite(x) else None for x in quantiles)
        meets = share_of(_meets(value, screen), self.every)
        return Screening(name, screen.says, meets, shown, bounds, _unit(self.every, screen))

    @cached_property
    def sound(self) -> pl.DataFrame:
        """The numbers of the worlds that are kept, in order."""
        return self.every.sound.filter(self.passes)

    @cached_property
    def beliefs(self) -> Beliefs:
        """Which theories the worlds of `sound` believe."""
        return beliefs(self.sound)

    def kept(self, outcome: str, options: list[str]) -> pl.DataFrame:
        """World by world, in the order of `sound`: `outcome` under each of `options`."""
        return self.every.kept(outcome, options).filter(self.passes)


def screened(run: Table) -> Screened:
    """The worlds of a table that meet every screen of its case.

    Raises:
        CaseError: if a screen, or all of them together, keeps under 1 % of the worlds.
    """
    if isinstance(run, Screened):
        return run
    kept = keeping(run)
    shares = {each.name: each.meets.share for each in kept.screens}
    problems = [_too_strict(run.case, *each) for each in shares.items() if each[1] < FEWEST]
    if shares and not problems and kept.passes.mean() < FEWEST:
        problems.append(_too_strict(run.case, "", float(kept.passes.mean())))
    if problems:
        raise CaseError(problems)
    return kept


def keeping(run: Table) -> Screened:
    """The worlds of a table that meet every screen of its case, however few they are.

    Of a run they are found once, since each finding holds a copy of the numbers of its worlds.
    """
    if isinstance(run, Screened):
        return run
    kept = Screened(run)
    if isinstance(run, Run):
        kept = run.memo.setdefault("keeping", kept)
    return kept


def refuse_few(case: Case, kept: int, of: int) -> None:
    """Refuse to judge by what the screens keep, if that is too little.

    Raises:
        CaseError: if they keep under 1 % of the worlds.
    """
    if of and kept < FEWEST * of:
        raise CaseError([_too_strict(case, "", kept / of)])


def implied(run: Table, screen: Screen) -> np.ndarray:
    """What each world of `run.sound` implies of what a screen bounds, in its unit."""
    form = screen.form
    if isinstance(form, Keep):
        return np.asarray(_floats(run.sound, form.more) - _floats(run.sound, form.less))
    if isinstance(form, Span):
        return _floats(run.kept(form.outcome, [form.option]), form.option)
    frame = run.kept(form.outcome, [form.option, form.than])
    return _change(_floats(frame, form.option), _floats(frame, form.than), form)


def _floats(frame: pl.DataFrame, option: str) -> np.ndarray:
    return np.asarray(frame[option].to_numpy(), np.float64)


def _change(ours: np.ndarray, theirs: np.ndarray, form: Change) -> np.ndarray:
    """What one option changes against another; from nothing to nothing is no change."""
    if form.difference is not None:
        return np.asarray(ours - theirs)
    with np.errstate(divide="ignore", invalid="ignore"):
        if form.percent is not None:
            change = 100.0 * (ours - theirs) / np.abs(theirs)
        else:
            change = special.logit(ours) - special.logit(theirs)
    return np.asarray(np.where(ours == theirs, 0.0, change))


def _meets(value: np.ndarray, screen: Screen) -> np.ndarray:
    if isinstance(screen.form, Keep):
        return np.asarray(value > 0)
    low, high = screen.form.bounds
    return np.asarray((value >= low) & (value <= high))


def _unit(run: Table, screen: Screen) -> str:
    form = screen.form
    if isinstance(form, Keep):
        return str(run.manifest["columns"][form.more]["unit"])
    if isinstance(form, Change) and form.percent is not None:
        return "%"
    if isinstance(form, Change) and form.log_odds is not None:
        return "log-odds"
    return str(run.manifest["outcomes"][form.outcome]["unit"])


def _too_strict(case: Case, name: str, share: float) -> Problem:
    """One screen, or all together if no name is given."""
    who = "it keeps" if name else "all screens together keep"
    what = f"{who} {share:.2%} of the worlds, under {FEWEST:.0%}"
    hint = "what is left says little: widen its bounds, or the ranges it contradicts"
    return case.problem(("screens", name) if name else ("screens",), what, hint)
