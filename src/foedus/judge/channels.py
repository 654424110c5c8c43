"""Through which channel does a base act on a claim: denial, tripwire, provocation, or its host?

Each channel's part is its Shapley value over the sixteen variants in which channels are switched
off (Shapley 1953; for models Owen 2014, doi:10.1137/130936233): the mean of what it adds, over
all orders in which the four can be switched on. In every world the parts add up to what the base
does; what an option changes besides its base is a part of its own.
"""

from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import polars as pl

from foedus.case.schema import Case, Check, Claim, Comparison, Interaction
from foedus.judge.assumptions import options_of
from foedus.judge.claims import held_by, measure
from foedus.judge.quantities import change, label
from foedus.judge.screens import keeping
from foedus.table import Run

CHANNELS = {
    "denial": "troops in place make an attack less likely to succeed",
    "tripwire": "troops at risk make the helper more likely to come",
    "provocation": "foreign troops alarm the challenger",
    "host": "the host does less for its defence, or acts more boldly",
}
REST = "besides"
NOISE = 1e-6  # outcomes are kept with seven digits


@dataclass(frozen=True)
class Channel:
    """One channel's part in what a test measures, over the worlds of the design."""

    test: str
    channel: str
    words: str
    effect: float  # mean over worlds, in the outcome's unit
    low: float  # 5 and 95 % of worlds
    high: float
    share: float  # of the sum of the mean sizes of all parts
    largest: float  # share of worlds in which this part is the largest in size
    holds_without: float | None  # share in which the test holds with this channel switched off
    holds_with: float | None  # ... and with all of them on, in the same worlds
    worlds: int


def has_base(case: Case, option: str) -> bool:
    """Whether an option has a base, or changes one."""
    today = case.assumptions.get("base.troops")
    everywhere = today is not None and any(value != 0 for value in today.values())
    return everywhere or any(name.startswith("base.") for name in case.options[option].sets)


def based(case: Case, claim: Claim) -> list[str]:
    """The options of a claim's tests that have a base, or change one."""
    return [option for option in options_of(claim) if has_base(case, option)]


def channels(run: Run, claim: str) -> tuple[list[Channel], str]:
    """Each channel's part in each test of a claim, and a sentence where there is none.

    They are read from the designs `channels-<option>` of the run.
    """
    told = run.case.claims[claim]
    options = based(run.case, told)
    if not options:
        return [], "No option of this claim has a base, so there are no channels to tell apart."
    missing = [o for o in options if run.design(f"channels-{o}") is None]
    if missing:
        said = ", ".join(f"“{label(o)}”" for o in missing)
        return [], f"The channels of {said} were not played: “foedus explain RUN {claim}” does."
    return [row for test, check in told.tests.items() for row in _of_test(run, test, check)], ""


def _of_test(run: Run, test: str, check: Check) -> list[Channel]:
    signs = {o: s for o, s in _signs(check).items() if has_base(run.case, o)}
    if not signs:
        return []
    parts: dict[str, np.ndarray] = {}
    dropped: dict[str, np.ndarray] = {}
    worlds, value, size = _measured(run, check, list(signs))
    for option, sign in signs.items():
        outcomes = _variants(run, option, check.form.outcome, worlds)
        for name, part in shapley(outcomes).items():
            parts[name] = parts.get(name, 0.0) + sign * part
            lost = outcomes[frozenset(CHANNELS)] - outcomes[frozenset(CHANNELS) - {name}]
            dropped[name] = dropped.get(name, 0.0) + sign * lost
    rest = value - sum(parts.values())
    if np.abs(rest).mean() > NOISE * np.abs(value).mean():
        parts[REST] = rest
    sizes = {name: float(np.abs(part).mean()) for name, part in parts.items()}
    whole = sum(sizes.values()) or 1.0
    largest = np.argmax([np.abs(part) for part in parts.values()], axis=0)
    unit = run.manifest["outcomes"][check.form.outcome]["unit"]
    holds = float(held_by(value, size, check)[0].mean())
    rows = []
    for i, (name, part) in enumerate(parts.items()):
        low, high = (float(x) for x in np.quantile(part, (0.05, 0.95)))
        without = None if name == REST else held_by(value - dropped[name], size, check)[0].mean()
        rows.append(
            Channel(
                test, name, _words(name, float(part.mean()), unit), float(part.mean()), low, high,
                sizes[name] / whole, float(np.mean(largest == i)),
                None if without is None else float(without), holds, worlds.len(),
            )
        )  # fmt: skip
    return rows


def _signs(check: Check) -> dict[str, float]:
    """How often each option's outcome counts in what a test measures."""
    form = check.form
    if isinstance(form, Interaction):
        terms = [(form.first.option, 1.0), (form.first.than, -1.0)]
        terms += [(form.second.option, -1.0), (form.second.than, 1.0)]
    elif isinstance(form, Comparison):
        terms = [(form.option, 1.0), (form.than, -1.0)]
    else:
        terms = [(form.option, 1.0)]
    found: dict[str, float] = {}
    for option, sign in terms:
        found[option] = found.get(option, 0.0) + sign
    return found


def _measured(
    run: Run, check: Check, options: list[str]
) -> tuple[pl.Series, np.ndarray, np.ndarray]:
    """What the test measures, in the worlds that the run and all the designs share."""
    kept = keeping(run)
    value, size = measure(kept, check)
    frame = kept.sound.select("world").with_columns(value=pl.Series(value), size=pl.Series(size))
    for option in options:
        design = run.design(f"channels-{option}")
        assert design is not None
        frame = frame.join(design.sound.select("world"), on="world", how="semi")
    return frame["world"], frame["value"].to_numpy(), frame["size"].to_numpy()


def _variants(
    run: Run, option: str, outcome: str, worlds: pl.Series
) -> dict[frozenset[str], np.ndarray]:
    """The outcome of every variant, by the channels that are on."""
    design = run.design(f"channels-{option}")
    assert design is not None
    without = design.manifest["design"]["without"]
    frame = worlds.to_frame().join(
        design.kept(outcome, list(without)), on="world", how="left", maintain_order="left"
    )
    return {
        frozenset(CHANNELS) - set(off): frame[name].to_numpy().astype(np.float64)
        for name, off in without.items()
    }


def shapley(outcomes: dict[frozenset[str], np.ndarray]) -> dict[str, np.ndarray]:
    """Each part's Shapley value, world by world.

    Args:
        outcomes: for every set of the parts that are on, the outcome; (worlds,).

    Returns:
        part -> (worlds,); they add up to the outcome with all parts on less that with none.
    """
    parts = max(outcomes, key=len)
    n = len(parts)
    found = {}
    for part in sorted(parts, key=list(CHANNELS).index if parts <= set(CHANNELS) else None):
        others = sorted(parts - {part})
        found[part] = sum(
            factorial(k) * factorial(n - k - 1) / factorial(n)
            * (outcomes[frozenset({*on, part})] - outcomes[frozenset(on)])
            for k in range(n)
            for on in combinations(others, k)
        )  # fmt: skip
    return found


def _words(channel: str, effect: float, unit: str) -> str:
    what = CHANNELS.get(channel, "what the options change besides their base")
    return f"{label(channel).capitalize()} ({what}): {change(effect, unit)} on average"
