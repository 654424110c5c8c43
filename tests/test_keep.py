"""Runs too long to keep: the same verdicts from counts, and a fair sample of rows."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import foedus
from foedus import keep
from foedus.case.read import read_text
from foedus.case.schema import Case
from foedus.engine import run as engine
from foedus.engine.run import carry_out, in_threads
from foedus.errors import RunError
from foedus.judge.claims import verdicts
from foedus.judge.screens import screened
from foedus.judge.tallied import Tallied
from foedus.table import Run
from foedus.worlds.sample import highest_kept, tickets

TEXT = (Path(__file__).parent / "engine" / "break-even.yaml").read_text()
EDITS = [
    ("rates.challenge: {exactly: 0.10,", "rates.challenge: {between: [0.05, 0.2],"),
    ("knowledge: [private]", "knowledge: [private, agent_error, logit]"),
    ("forces.Rival: {exactly: 1,", "forces.Rival: {between: [0.5, 2],"),
    ("rates.fatal_answered: {exactly: 0.46,", "rates.fatal_answered: {between: [0.05, 0.46],"),
    ("rates.fatal_unanswered: {exactly: 0.05,", "rates.fatal_unanswered: {exactly: 0.0,"),
]
CLAIMS = """
screens:
  small_step:
    says: A light base lowers disputes by no more than 3.5 %.
    source: made
    change: {outcome: disputes, option: light, than: without, percent: [-3.5, 4]}
claims:
  FEWER:
    quote: fewer
    offset: 1
    says: A light base lowers disputes.
    kind: cause
    tests:
      much:
        says: By a hundredth of a dispute.
        because: Made for this test.
        compare: {outcome: disputes, option: light, is: lower, than: without, by: 0.005}
      share:
        says: By three percent.
        because: Made for this test.
        compare: {outcome: disputes, option: light, is: lower, than: without, by: 3 %}
  RARE:
    quote: rare
    offset: 2
    says: War is rare.
    kind: cause
    tests:
      rare:
        says: War is rare.
        because: Made for this test.
        level: {outcome: war.T, option: without, is: at_most, value: 0.004}
  WORTH:
    quote: worth
    offset: 3
    says: It is worth its money.
    kind: value
    weigh:
      says: A light base is better.
      because: Made for this test.
      option: light
      better_than: without
      outcomes: {disputes: {better: lower, swing: 0.003}, cost: {better: lower, swing: 3000}}
  NONE: {quote: none, offset: 3, says: It is good., kind: value, untested: needs weights}
"""
WORLDS = 1_000


def case() -> Case:
    text = TEXT
    for old, new in EDITS:
        assert old in text, old
        text = text.replace(old, new)
    return read_text(text + CLAIMS, "made.yaml")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BLOCK", 64)


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    def made(name: str, kept: keep.Keep, worlds: int = WORLDS) -> Run:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine, "BLOCK", 64)
            folder = tmp_path_factory.mktemp(name) / "run"
            return foedus.simulate(case(), worlds, out=folder, keep=kept)

    return made


@pytest.fixture(scope="module")
def rows(make: Callable[..., Run]) -> Run:
    return make("all", "all")


@pytest.fixture(scope="module")
def summary(make: Callable[..., Run]) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keep, "PARTS", 5)
        return make("summary", 100)


def test_verdicts_from_counts_are_those_from_rows(rows: Run, summary: Run) -> None:
    assert 0 < rows.refused < WORLDS / 2  # worlds that are refused are counted nowhere
    assert 0 < verdicts(rows)[0].set_aside < WORLDS / 2
    for one, other in zip(verdicts(rows), verdicts(summary), strict=True):
        if one.weighed is not None:
            continue  # counts say nothing of weights
        exact = ("claim", "verdict", "share", "unscreened", "by_theory", "worlds", "set_aside",
                 "kept", "refused", "missing", "record")  # fmt: skip
        for same in exact:
            assert getattr(one, same) == getattr(other, same), (one.claim, same)
        for a, b in zip(one.tests, other.tests, strict=True):
            assert (a.share, a.verdict, a.close, a.by_theory, a.unscreened) == (
                b.share, b.verdict, b.close, b.by_theory, b.unscreened)  # fmt: skip
            np.testing.assert_allclose(a.quantiles, b.quantiles, rtol=0.01, atol=1e-9)
            grid, other_grid = np.array(a.curve), np.array(b.curve)
            np.testing.assert_allclose(grid[:, 0], other_grid[:, 0], rtol=0.01, atol=1e-9)
            assert np.abs(grid[:, 1] - other_grid[:, 1]).max() < 0.03


def test_a_value_claim_is_weighed_in_the_rows_that_are_kept(rows: Run, summary: Run) -> None:
    whole, sample = (next(v for v in verdicts(r) if v.weighed) for r in (rows, summary))
    assert sample.worlds == len(screened(summary).sound) < whole.worlds
    assert 0.05 < whole.share.share < 0.95
    assert sample.share.low <= whole.share.share <= sample.share.high


def test_counts_are_whole_whatever_the_parts(summary: Run, make: Callable[..., Run]) -> None:
    other = make("finer", 100)  # in as many parts as there are blocks
    assert len(other.blocks) > 2 * len(summary.blocks)
    assert verdicts(other) == verdicts(summary)
    assert other.sound.equals(summary.sound)
    for outcome in summary.manifest["outcomes"]:
        for option in summary.manifest["options"]:
            a, b = (Tallied(r).histogram("level", outcome, option) for r in (summary, other))
            assert (a.first, a.worlds.tolist()) == (b.first, b.worlds.tolist())


def test_the_rows_that_are_kept_are_those_of_the_whole_run(rows: Run, summary: Run) -> None:
    kept = summary.frame("worlds").collect()
    assert len(kept) == 100
    every = rows.frame("worlds").collect()
    assert kept.equals(every.filter(every["world"].is_in(kept["world"].to_list())))
    options = summary.manifest["options"]
    mine, whole = summary.kept("disputes", options), rows.kept("disputes", options)
    assert mine.equals(whole.filter(whole["world"].is_in(mine["world"].to_list())))


def test_quantiles_of_outcomes_are_those_of_the_rows(rows: Run, summary: Run) -> None:
    from foedus.terminal import spread

    names, text = ["disputes", "war", "cost"], pl.col("option").cast(pl.String)
    by = ["option", "outcome"]
    one, other = (spread(screened(r), names).with_columns(text).sort(by) for r in (rows, summary))
    assert one.select(by).equals(other.select(by))
    for column in ("low", "median", "high"):
        np.testing.assert_allclose(one[column], other[column], rtol=0.01, atol=1e-9)


def test_a_summary_that_was_stopped_ends_the_same(summary: Run, tmp_path: Path) -> None:
    class Stopped(BaseException):
        pass

    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keep, "PARTS", 5)
        job = keep.planned(case(), WORLDS, 0, tmp_path / "run", 100)
    with pytest.raises(Stopped):
        carry_out(job, in_threads, stop)
    assert 0 < len(Run(tmp_path / "run").blocks) < job.plan["blocks"]
    again = carry_out(job, in_threads)
    assert again.blocks == summary.blocks


def test_keeping_other_rows_is_another_run(summary: Run, tmp_path: Path) -> None:
    foedus.simulate(case(), 64, out=tmp_path / "run", keep=32)
    with pytest.raises(RunError, match="rows"):
        foedus.simulate(case(), 64, out=tmp_path / "run", keep=48)
    with pytest.raises(RunError, match="16 worlds or more"):
        foedus.simulate(case(), 64, out=tmp_path / "other", keep=3)


def test_a_ticket_depends_on_seed_and_world_alone() -> None:
    whole = tickets(0, 1_000, 7)
    for first, last in [(0, 1), (1, 2), (3, 10), (17, 530), (998, 1_000)]:
        assert (tickets(first, last, 7) == whole[first:last]).all()
    assert not (tickets(0, 1_000, 8) == whole).any()


@pytest.mark.parametrize("keep_rows", [16, 500, 4_999, 5_000, 9_000])
def test_the_sample_has_the_size_asked_for_and_a_larger_one_contains_it(keep_rows: int) -> None:
    drawn = tickets(0, 5_000, 1) <= highest_kept(keep_rows, 5_000, 1)
    assert drawn.sum() == min(keep_rows, 5_000)
    more = tickets(0, 5_000, 1) <= highest_kept(keep_rows + 1, 5_000, 1)
    assert more[drawn].all()


def test_every_world_is_as_likely_to_be_kept() -> None:
    times = np.zeros(64)
    for seed in range(2_000):
        times += tickets(0, 64, seed) <= highest_kept(16, 64, seed)
    assert np.abs(times / 2_000 - 0.25).max() < 5 * np.sqrt(0.25 * 0.75 / 2_000)
