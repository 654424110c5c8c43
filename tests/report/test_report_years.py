"""Outcomes year by year: counted over the worlds of a design, drawn an option a panel."""

import shutil

import polars as pl
from small_report import MakeRun, write_years

from foedus.judge.paths import paths
from foedus.judge.screens import keeping
from foedus.report.page import html


def test_a_path_is_the_spread_over_the_sound_worlds_after_each_year(make_run: MakeRun) -> None:
    run = make_run()
    write_years(run, refused=9)
    found = paths(run)
    assert found is not None
    assert len(found) == 3 * 10
    heavy = (pl.col("option") == "heavy_base") & (pl.col("year") == 2030)
    row = found.row(by_predicate=heavy)
    # Worlds 0 to 100 grow by 2 to 102 a year under the third option, for four years.
    assert row == ("disputes", "heavy_base", 2030, 28.0, 108.0, 208.0, 308.0, 388.0)


def test_the_page_says_how_an_outcome_went_and_against_what(make_run: MakeRun) -> None:
    run = make_run()
    write_years(run)
    page = html(run)
    assert (
        "Under “status quo” it stands at 50 disputes after 2027 and at 500 disputes after 2036 in "
        "the middle world (50 disputes to 950 disputes in nine worlds of ten); the middle ends "
        "lowest under “status quo” (500 disputes) and highest under “heavy base” (520 disputes)."
    ) in page
    assert "The years were not played" not in page


def test_a_run_whose_years_were_not_played_says_how_to_play_them(make_run: MakeRun) -> None:
    run = make_run()
    assert paths(run) is None
    assert "The years were not played for this run" in html(run)


def test_years_in_which_nothing_changes_were_played_all_the_same(make_run: MakeRun) -> None:
    run = make_run()
    write_years(run, grows=False)
    page = html(run)
    assert "No outcome of those above changes from one year to the next." in page
    assert "The years were not played" not in page


def test_years_of_which_no_world_is_left_were_played_all_the_same(make_run: MakeRun) -> None:
    run = make_run()
    write_years(run, refused=9, sound=0)
    page = html(run)
    assert "Of the worlds whose years were played none is left" in page
    assert "The years were not played" not in page


def test_what_was_read_of_a_design_is_kept_until_it_is_played_anew(make_run: MakeRun) -> None:
    run = make_run()
    assert run.design("years") is None
    write_years(run)
    first = run.design("years")
    assert first is not None
    assert run.design("years") is first
    assert keeping(first) is keeping(first)
    shutil.rmtree(first.folder)
    assert run.design("years") is None
    write_years(run, refused=9)
    again = run.design("years")
    assert again is not None
    assert (first.refused, again.refused) == (0, 9)
