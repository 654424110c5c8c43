"""A small case for the page: one year, two options, three claims, a comment, an alias."""

from pathlib import Path

BASE = (Path(__file__).parents[1] / "engine" / "break-even.yaml").read_text("utf-8")
CLAIMS = """
claims:
  fewer:
    quote: a base makes war less likely
    offset: 0
    says: A light base lowers disputes.
    kind: counterfactual
    tests:
      any: {says: Fewer disputes., because: &why Any fall counts.,
            compare: {outcome: disputes, option: light, is: lower, than: without}}
  rare:
    quote: war is rare
    offset: 9
    says: War is rare.
    kind: cause
    tests:
      level: {says: War is rare., because: *why,
              level: {outcome: war, option: without, is: at_most, value: 0.004}}
      hardly:
        says: A base hardly changes that.
        because: *why
        compare: {outcome: war, option: light, is: same, than: without, by: 5 %}
  open: {quote: bases are dear, offset: 20, says: Dear., kind: value, untested: needs weights}
"""
_CHANGES = {
    "\noptions:\n": CLAIMS + "options:\n",
    "rates.challenge: {exactly: 0.10,": "rates.challenge: {between: [0.05, 0.2],",
    "tripwire.any_troops.gain: {exactly: 0.03,": "tripwire.any_troops.gain: {between: [0, 0.1],",
    "  troops.cross_step.step: {exactly: 0, unit: log-odds, source: made}\n": (
        "  # What a base provokes is what the literature is least sure of.\n"
        "  troops.cross_step.step:\n    low: -0.1\n    central: 0.05\n    high: 0.3\n"
        "    scale: linear\n    unit: log-odds\n    source: made\n  # Effort.\n"
        '  effort.shirks.loss: {between: [0, 0.15], unit: "1", source: made}\n'
    ),
    "effort: [steady]": "effort: [steady, shirks]",
    "source: made}}}\nsources": (
        "source: made}}}\n  sent: {says: More., sets: {base.troops: &troops {low: 500, central: "
        "1000, high: 2000, unit: persons, source: made}}}\n  more: {says: The same., sets: "
        "{base.troops: *troops}}\nsources"
    ),
}


def text() -> str:
    """The case file."""
    found = BASE
    for old, new in _CHANGES.items():
        assert found.count(old) == 1, old
        found = found.replace(old, new)
    return found
