"""STATE: what a reader changed, as the query of an address. The server keeps none of it.

v=1                                  the version of this format
case=1a2b3c4d                        which case file it changes, by the start of its SHA-256
a:rates.war=0.02~0.04~0.08           an assumption: three points, `low~high`, or one value
a:prices.discount=0.02,0.05          an assumption with choices: those that are left
t:pact=structural,spiral             the theories of a question that worlds may believe
o:light_base:base.troops=800         a lever of an option, like an assumption; empty: not set
w:light_base=denial,host             the effects of a base that an option leaves out
m:C03:war=5 %                        the margin, or the level, of a test of a claim
vs=a%3Arates.war%3D0.02              another state to compare with, written the same way
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from foedus.errors import FoedusError

VERSION = "1"
MOST_EDITS = 300
LONGEST = 16_000  # characters of a whole state
LONGEST_VALUE = 400

_KEY = re.compile(r"a:[\w.-]+|t:\w+|o:[\w-]+:[\w.-]+|w:[\w-]+|m:[\w-]+:[\w-]+", re.ASCII)
_VALUE = re.compile(r"[\w.,~%+ -]*", re.ASCII)


class StateError(FoedusError):
    """An address does not say how to change a case."""


@dataclass(frozen=True)
class State:
    """What differs from the case file, and from what it is told apart."""

    edits: tuple[tuple[str, str], ...] = ()  # by key, in the order of keys
    case: str = ""  # the fingerprint of the case it was made with; "" if it does not say
    against: "State | None" = None

    def query(self) -> str:
        """The state as the query of an address; nothing if nothing was changed."""
        parts = list(self.edits)
        if self.against is not None:
            parts.append(("vs", self.against.query()))
        if not parts:
            return ""
        head = [("v", VERSION)] + [("case", self.case)] * bool(self.case)
        return "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in [*head, *parts])


def read(query: str) -> State:
    """A state from the query of an address.

    Raises:
        StateError: if it is too long, of another version, or says a thing twice or none at all.
    """
    if len(query) > LONGEST:
        raise StateError(f"The address is too long: {len(query):,} characters of {LONGEST:,}.")
    if re.search(r"%(?![0-9A-Fa-f]{2})", query):
        raise StateError("The address is damaged: a % without two digits after it.")
    return _read(query, nested=False)


def _read(query: str, *, nested: bool) -> State:
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, strict_parsing=bool(query), errors="strict",
            max_num_fields=MOST_EDITS + 4,
        )  # fmt: skip
    except ValueError:
        raise StateError("The address is damaged, or changes too many things at once.") from None
    found = dict(pairs)
    if len(found) < len(pairs):
        raise StateError("The address says the same thing twice.")
    version = found.pop("v", VERSION)
    if version != VERSION:
        raise StateError(f"This address was made by another version of foedus (v={version[:9]}).")
    case, against = found.pop("case", ""), found.pop("vs", None)
    if not re.fullmatch(r"[0-9a-f]{0,64}", case):
        raise StateError("The address is damaged: `case` is no fingerprint of a case file.")
    if against is not None and nested:
        raise StateError("The address compares more than two states.")
    for key, value in found.items():
        if not _KEY.fullmatch(key):
            raise StateError(
                f"The address says '{key[:60]}', which is nothing that can be changed."
            )
        if len(value) > LONGEST_VALUE or not _VALUE.fullmatch(value):
            raise StateError(f"The address gives '{key[:60]}' a value that nothing can have.")
    other = None if against is None else _read(against, nested=True)
    return State(tuple(sorted(found.items())), case, other)


def _quoted(text: str) -> str:
    return quote(text, safe=":~,")


__all__ = ["LONGEST", "MOST_EDITS", "State", "StateError", "read"]
