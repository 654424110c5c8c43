"""The base rates that our figures rest on, counted again from the public data sets.

Undirected pairs of states and years; a dispute counts in the year it starts, between originators.
Force is a hostility of 4 or more of either side, fatal a death on either side, war a hostility of
5 on both. Two figures that went round as .0242 and .0111, rounded twice, are .0241 and .0110.
"Contiguous" takes every spell of the direct contiguity data, code 0 included, as the printed
figures do; without code 0 (see the last test) rivals have a dispute in .200 of the years.
"""

from functools import cache

import numpy as np
import polars as pl
import pytest

from foedus.mechanisms import memory

SOURCE = "Gibler, Miller & Little 2.2.1; Thompson, Sakuwa & Suhas; COW contiguity 3.2"
PAIR = ["ccode1", "ccode2"]
RATES = ("disputes", "force", "fatal", "war")

RECORD = {  # population: pair-years, and share of them with a dispute, force, deaths, war
    "contiguous 1946-2010": (26_509, (0.0433, 0.0312, 0.0134, 0.0013)),
    "land contiguous 1946-2010": (14_410, (0.0630, 0.0469, 0.0225, 0.0023)),
    "contiguous rivals 1946-2010": (2_987, (0.194, 0.146, 0.077, 0.0107)),
    "contiguous spatial rivals 1946-2010": (2_055, (0.207, 0.157, 0.087, 0.0151)),
    "contiguous rivals 1990-2010": (970, (0.193, 0.124, 0.064, 0.0062)),
    "contiguous non-rivals 1946-2010": (23_522, (0.0241, 0.0166, 0.0052, 0.00013)),
    "contiguous rivals 1816-2010": (5_793, (0.142, 0.102, 0.053, 0.0110)),
}
COUNTRIES = {  # years with a dispute of any kind, years
    "ARM-AZE": (371, 373, 7, 20),
    "GRC-TUR": (350, 640, 22, 65),
    "IND-PAK": (750, 770, 32, 64),
    "PRK-ROK": (731, 732, 26, 62),
    "RUS-GEO": (365, 372, 8, 20),
    "ARM-TUR": (371, 640, 3, 20),
    "AZE-IRN": (373, 630, 3, 20),
}


def _years(data: pl.DataFrame, first: str, last: str) -> pl.DataFrame:
    return data.with_columns(year=pl.int_ranges(first, pl.col(last) + 1)).explode("year")


@cache
def neighbours(contiguity: str, states: str, from_code: int = 0) -> pl.DataFrame:
    members = _years(pl.read_csv(states), "styear", "endyear").select("ccode", "year").unique()
    spells = pl.read_csv(contiguity).filter(pl.col("conttype") >= from_code)
    for end in ("stdate", "enddate"):
        spells = spells.with_columns(pl.col(end).str.slice(0, 4).cast(int))
    found = _years(spells, "stdate", "enddate").filter(pl.col("ccode1") < pl.col("ccode2"))
    found = found.group_by(*PAIR, "year").agg(pl.col("conttype").min())
    for each in PAIR:
        found = found.join(members, left_on=[each, "year"], right_on=["ccode", "year"], how="semi")
    return found


@cache
def rivalries(path: str) -> pl.DataFrame:
    spells = pl.read_csv(path, infer_schema_length=None)
    return _years(spells, "start", "end").group_by(*PAIR, "year").agg(pl.col("spatial").max())


@cache
def onsets(path: str) -> pl.DataFrame:
    """Directed pairs in the year in which a dispute between them starts."""
    return pl.read_csv(path, infer_schema_length=None).filter(pl.col("midonset") == 1)


def undirected(starts: pl.DataFrame) -> pl.DataFrame:
    both = starts.filter(
        (pl.col("ccode1") < pl.col("ccode2")) & (pl.col("orig1") == 1) & (pl.col("orig2") == 1)
    )
    lowest, highest = (
        each("hostlev1", "hostlev2") for each in (pl.min_horizontal, pl.max_horizontal)
    )
    deaths = pl.max_horizontal("fatality1", "fatality2")
    return both.group_by(*PAIR, "year").agg(
        disputes=pl.len() > 0,
        force=(highest >= 4).any(),
        fatal=(deaths > 0).any(),
        war=(lowest == 5).any(),
    )


@pytest.fixture
def record(research_data):
    def file(name: str) -> str:
        return str(research_data(name))

    near = neighbours(file("cow_contiguity.csv"), file("cow_states.csv"))
    rival = rivalries(file("tss_rivalries.csv"))
    return near, rival, onsets(file("gml_dirdisp.csv"))


def population(name: str, near: pl.DataFrame, rival: pl.DataFrame) -> pl.DataFrame:
    first, last = map(int, name.split()[-1].split("-"))
    found = near.filter(pl.col("year").is_between(first, last))
    if "land" in name:
        return found.filter(pl.col("conttype") == 1)
    if "rivals" not in name:
        return found
    if "non-rivals" in name:
        return found.join(rival, on=[*PAIR, "year"], how="anti")
    found = found.join(rival, on=[*PAIR, "year"])
    return found.filter(pl.col("spatial") == 1) if "spatial" in name else found


@pytest.mark.parametrize("name", RECORD)
def test_disputes_were_as_frequent_as_our_figures_say(published, record, name):
    near, rival, starts = record
    pairs = population(name, near, rival)
    years, rates = RECORD[name]
    published(f"pair-years: {name}", SOURCE, published=years, ours=pairs.height, tolerance=0)
    found = pairs.join(undirected(starts), on=[*PAIR, "year"], how="left")
    for what, known in zip(RATES, rates, strict=True):
        digits = len(f"{known}".partition(".")[2])
        digits = max(digits, 3 if known > 0.05 else 4)
        ours = float(found[what].fill_null(False).mean())
        close = 0.5 * 10**-digits
        published(f"{what} a year: {name}", SOURCE, published=known, ours=ours, tolerance=close)


@pytest.mark.parametrize("pair", COUNTRIES)
def test_pairs_of_the_region_and_others_had_as_many_years_of_dispute(published, record, pair):
    near, _, starts = record
    one, other, known, years = COUNTRIES[pair]
    mine = (pl.col("ccode1") == one) & (pl.col("ccode2") == other)
    span = near.filter(mine & pl.col("year").is_between(1946, 2010))
    ours = span.join(starts.filter(mine), on="year", how="semi").height
    published(f"years: {pair}, 1946-2010", SOURCE, published=years, ours=span.height, tolerance=0)
    what = f"years with a dispute: {pair}, 1946-2010"
    published(what, SOURCE, published=known, ours=ours, tolerance=0)


def test_rivals_started_disputes_as_often_as_our_figures_say(published, record):
    near, rival, starts = record
    pairs = population("contiguous rivals 1946-2010", near, rival).select(*PAIR, "year")
    turned = pairs.select(
        pl.col("ccode2").alias("ccode1"), pl.col("ccode1").alias("ccode2"), "year"
    )
    both = pl.concat([pairs, turned])
    first = starts.filter((pl.col("orig1") == 1) & (pl.col("orig2") == 1) & (pl.col("sidea1") == 1))
    begun = both.join(first, on=[*PAIR, "year"], how="semi").height
    what = "directed pair-years of contiguous rivals 1946-2010"
    published(what, SOURCE, published=5_974, ours=both.height, tolerance=0)
    published(f"disputes started: {what}", SOURCE, published=612, ours=begun, tolerance=0)


@pytest.mark.parametrize(
    ("name", "fit", "close"),
    [
        ("contiguous rivals 1946-2010", memory.rivals, 0.03),
        ("contiguous non-rivals 1946-2010", memory.others, 0.016),
    ],
)
def test_the_pattern_of_memory_is_near_the_years_counted_again(record, name, fit, close):
    """The clock runs from the pair's last dispute of any kind since 1816.

    Our count of the bands differs from the printed one by up to .0015 among rivals and .009 among
    others (.186 .157 .133 .071 .032 .024): the printed clock could not be found out.
    """
    near, rival, starts = record
    last = starts.select(*PAIR, pl.col("year").alias("last")).unique().sort("last")
    pairs = population(name, near, rival).with_columns(before=pl.col("year") - 1).sort("before")
    timed = pairs.join_asof(
        last,
        left_on="before",
        right_on="last",
        by=PAIR,
        strategy="backward",
        check_sortedness=False,
    )
    timed = timed.join(undirected(starts), on=[*PAIR, "year"], how="left")
    since = timed["before"] - timed["last"]
    for low, high in ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20)):
        inside = timed.filter(since.is_between(low, high).fill_null(False))
        seen = float(inside["disputes"].fill_null(False).mean())
        assert float(fit(np.arange(low, high + 1)).mean()) == pytest.approx(seen, abs=close)


def test_pairs_that_are_coded_as_not_contiguous_move_the_rate_of_rivals_little(
    record, research_data
):
    _, rival, starts = record
    paths = [str(research_data(name)) for name in ("cow_contiguity.csv", "cow_states.csv")]
    pairs = population("contiguous rivals 1946-2010", neighbours(*paths, 1), rival)
    found = pairs.join(undirected(starts), on=[*PAIR, "year"], how="left")
    assert pairs.height == 2_881
    rates = [float(found[what].fill_null(False).mean()) for what in RATES]
    assert rates == pytest.approx([0.200, 0.150, 0.0795, 0.0111], abs=5e-4)
