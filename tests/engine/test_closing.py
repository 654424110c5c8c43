"""Closure curves over worlds: those of each world, counted, and of options that move them."""

import json
from pathlib import Path

import numpy as np
import pytest
from test_arriving import CLOSURE, WITH_STORES, case

from foedus.engine.closing import DAYS, closing, keep
from foedus.engine.designs import years
from foedus.engine.movements import moved
from foedus.engine.run import carry_out, in_threads, simulate
from foedus.explaining import follow_help
from foedus.keep import planned
from foedus.mechanisms import arrival

WORLDS = np.arange(40)


def test_a_plain_road_closes_a_tenth_a_day_in_every_world_and_no_option_moves_it() -> None:
    found = closing(case(*CLOSURE), WORLDS, 0)
    assert found is not None
    assert (found.worlds, found.decided[1]) == (40, 4)
    (curves,) = found.curves.values()
    assert [curve[:6] for curve in curves] == [pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])] * 3


def test_curves_are_quantiles_of_those_of_single_worlds_in_the_last_year() -> None:
    spread = ("timing.warning: {exactly: 0,", "timing.warning: {between: [0, 6],")
    three = ("years: [2030, 2030]", "years: [2030, 2032]")  # the base opens in the third
    one = case(*CLOSURE, spread, three, WITH_STORES)
    found = closing(one, WORLDS[3:20], 0)
    assert found is not None
    here = [arrival.DAYS.index(day) for day in DAYS]
    for option, curves in found.curves.items():
        each = [moved(one, option, int(k), year=one.years[1]).curve[here] for k in WORLDS[3:20]]
        assert np.allclose(curves, np.quantile(each, (0.1, 0.5, 0.9), axis=0))
    assert set(found.curves) == set(one.options)  # the base holds stores


def test_only_worlds_that_believe_in_routes_are_counted(tmp_path: Path) -> None:
    half = case(*CLOSURE, ("arrival: [closure]", "arrival: [lognormal, closure]"))
    found = closing(half, WORLDS, 0)
    assert found is not None
    assert found.worlds == sum(moved(half, half.reference, int(k)).believes for k in WORLDS)
    assert 0 < found.worlds < 40
    assert json.loads(keep(found, tmp_path).read_text())["worlds"] == found.worlds


def test_a_case_without_routes_has_none() -> None:
    assert closing(case(), WORLDS, 0) is None
    assert closing(case(*CLOSURE), WORLDS[:0], 0) is None


def test_a_run_that_keeps_few_rows_is_told_of_its_first_worlds_all_the_same(
    tmp_path: Path,
) -> None:
    one, folder = case(*CLOSURE), tmp_path / "run"
    run = carry_out(planned(one, 64, 0, folder, 16), in_threads)
    follow_help(run, lambda *_: None)
    assert not (folder / "closing.json").exists()  # before its years are played
    simulate(one, 64, out=folder, design=years(["war"]))
    follow_help(run, lambda *_: None)
    assert json.loads((folder / "closing.json").read_text())["worlds"] == 64
