"""The pieces that a page is played in: all worlds once, and the first ones shared by all cores."""

from itertools import pairwise

import pytest

from foedus.engine.many import BLOCK
from foedus.live.played import EDGES, pieces_of
from foedus.live.server import CLOSER, MOST, PREVIEW, USUAL


@pytest.mark.parametrize("worlds", [EDGES[1], PREVIEW, *CLOSER, USUAL, MOST])
def test_pieces_hold_every_world_once_in_order(worlds: int) -> None:
    pieces = pieces_of(worlds)
    assert [k for first, last in pieces for k in range(first, last)] == list(range(worlds))
    assert all(last - first <= BLOCK for first, last in pieces)


def test_what_was_played_for_fewer_worlds_is_part_of_more() -> None:
    for fewer, more in pairwise((PREVIEW, *CLOSER, USUAL, MOST)):
        assert set(pieces_of(fewer)) <= set(pieces_of(more))
    assert len(pieces_of(PREVIEW)) > 1  # so that a second core has something to do
