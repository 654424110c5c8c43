"""The address holds the whole state, and says plainly what it cannot hold."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.live.state import LONGEST, State, StateError, read

KEYS = st.sampled_from(["a:rates.war", "t:pact", "o:light:base.troops", "w:light", "m:C03:war"])
VALUES = st.from_regex(re.compile(r"[\w.,~%+ -]{0,40}", re.ASCII), fullmatch=True)
EDITS = st.dictionaries(KEYS, VALUES, max_size=5).map(lambda d: tuple(sorted(d.items())))


@given(edits=EDITS, other=st.none() | EDITS)
def test_an_address_read_back_is_the_same_state(edits, other) -> None:
    against = None if other is None else State(other)
    state = State(edits, "1a2b3c4d" if edits or against else "", against)
    assert read(state.query()) == state


def test_an_address_is_short_enough_to_send_and_plain_enough_to_read() -> None:
    said = State((("a:timing.travel", "1~2~4"), ("m:C17:race", "5 %")), "1a2b3c4d").query()
    assert said == "v=1&case=1a2b3c4d&a:timing.travel=1~2~4&m:C17:race=5%20%25"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("v=2&a:rates.war=1", "another version"),
        ("a:rates.war=1&a:rates.war=2", "twice"),
        ("x:rates.war=1", "nothing that can be changed"),
        ("a:../../etc/passwd=1", "nothing that can be changed"),
        ("a:rates.war=<script>", "nothing can have"),
        ("a:rates.war=%ff", "damaged"),
        ("a:rates.war=%zz", "damaged"),
        ("a:rates.war", "damaged"),
        ("case=../x", "fingerprint"),
        ("vs=" + "vs%3Da%253Ax%253D1", "more than two"),
        ("a:rates.war=" + "1" * LONGEST, "too long"),
        ("a:rates.war=" + "1" * 500, "nothing can have"),
        ("&".join(f"a:x{i}=1" for i in range(400)), "too many"),
    ],
)
def test_what_is_no_state_is_refused_in_words(query: str, why: str) -> None:
    with pytest.raises(StateError, match=why):
        read(query)
