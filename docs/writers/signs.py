"""docs/signs.md: in what share of the worlds each effect has which sign, by one run of a case.

    python docs/writers/signs.py [CASE [WORLDS [SEED]]]

The case is played, so this takes a minute. Options and outcomes are those of the case.
"""

import sys
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import numpy as np
from ruamel.yaml import YAML

import foedus
from foedus.case.schema import Case, Comparison
from foedus.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from writers.markdown import code, page, table

SAME = 1e-6  # relative: outcomes are kept as 32-bit numbers
ONE_SIGN = 0.95
DEFAULT = ("south-caucasus", 8_192, 0)


class Signs(NamedTuple):
    """Shares of the worlds in which an effect has each sign; they add up to 1."""

    lower: float
    same: float
    higher: float

    @property
    def one(self) -> str:
        """The sign, lower or higher, of nearly all worlds with an effect; or empty."""
        if self.same > ONE_SIGN:
            return ""
        bar = ONE_SIGN * (self.lower + self.higher)
        return next((s for s in ("lower", "higher") if getattr(self, s) > bar), "")

    def __str__(self) -> str:
        """The three shares as whole percentages, or a dot where nothing happens."""
        return "·" if self.same > ONE_SIGN else " / ".join(f"{100 * share:.0f}" for share in self)


class Certainty(NamedTuple):
    """Why an effect may have one sign in nearly all worlds."""

    options: list[str]
    outcomes: list[str]
    sign: str
    because: str
    source: str = "by definition"

    def explains(self, option: str, outcome: str, sign: str) -> bool:
        """Whether it speaks of this effect, and says this sign. A threat's outcome goes along."""
        return (
            sign == self.sign
            and any(fnmatch(option, each) for each in self.options)
            and any(
                fnmatch(said, each)
                for each in self.outcomes
                for said in (outcome, outcome.split(".")[0])
            )
        )


def signs(option: np.ndarray, than: np.ndarray) -> Signs:
    """The shares of worlds in which `option` is lower than, the same as, higher than `than`.

    >>> signs(np.array([1.0, 2.0, 2.0, 4.0]), np.array([2.0, 2.0, 2.0 + 1e-7, 2.0]))
    Signs(lower=0.25, same=0.5, higher=0.25)
    """
    close = SAME * np.maximum(np.abs(option), np.abs(than))
    lower, higher = option < than - close, option > than + close
    same = 1.0 - lower.mean() - higher.mean()
    return Signs(float(lower.mean()), float(same), float(higher.mean()))


def effects(run: Table) -> dict[tuple[str, str], Signs]:
    """The signs of every option beside the reference, by (option, outcome)."""
    options, home = run.manifest["options"], run.manifest["reference"]
    found = {}
    for outcome in run.manifest["outcomes"]:
        frame = run.kept(outcome, options)
        numbers = {each: frame[each].to_numpy().astype(float) for each in options}
        for each in options:
            if each != home:
                found[each, outcome] = signs(numbers[each], numbers[home])
    return found


def text(run: Table, certainties: list[Certainty]) -> str:
    """The whole page."""
    found = effects(run)
    said = run.manifest
    size = (
        f"Case `{Path(said['case_name']).stem}`, {said['worlds']:,} worlds, seed {said['seed']}, "
        f"{len(run.sound):,} of them kept. Written by `make docs`."
    )
    used = [each for each in certainties if any(_explained(found, each))]
    return page(
        "signs",
        size=[size],
        tables=_tables(found, used),
        certainties=[_listed(used)],
        faults=[_faults(found, used)],
        claims=[_claims(run)],
    )


def _explained(found: dict[tuple[str, str], Signs], certainty: Certainty) -> Iterator[bool]:
    return (certainty.explains(*effect, each.one) for effect, each in found.items())


def _tables(found: dict[tuple[str, str], Signs], used: list[Certainty]) -> Iterator[str]:
    """One table for the case as a whole, and one for each threat."""
    options = list(dict.fromkeys(option for option, _ in found))
    outcomes = list(dict.fromkeys(outcome for _, outcome in found))
    for part in dict.fromkeys(outcome.partition(".")[2] for outcome in outcomes):
        rows = [
            (code(outcome), *(_cell(found, each, outcome, used) for each in options))
            for outcome in outcomes
            if outcome.partition(".")[2] == part
        ]
        yield f"## {part or 'The case as a whole'}"
        yield table(("outcome", *options), rows)


def _cell(
    found: dict[tuple[str, str], Signs], option: str, outcome: str, used: list[Certainty]
) -> str:
    here = found[option, outcome]
    if not here.one:
        return str(here)
    why = [i for i, each in enumerate(used, 1) if each.explains(option, outcome, here.one)]
    return f"{here} ({why[0]})" if why else f"{here} **!**"


def _listed(used: list[Certainty]) -> str:
    lines = [f"{i}. {each.because} ({each.source})." for i, each in enumerate(used, 1)]
    return "\n".join(lines) or "None."


def _faults(found: dict[tuple[str, str], Signs], used: list[Certainty]) -> str:
    """Effects that nothing explains, those of the same options in one line."""
    by_outcome: dict[tuple[str, str], list[str]] = {}
    for (option, outcome), here in found.items():
        if here.one and not any(each.explains(option, outcome, here.one) for each in used):
            by_outcome.setdefault((outcome, here.one), []).append(option)
    by_options: dict[tuple[str, str], list[str]] = {}
    for (outcome, sign), options in by_outcome.items():
        by_options.setdefault((", ".join(options), sign), []).append(code(outcome))
    lines = [
        f"- {options}: {sign} wherever it changes, or nearly so: {', '.join(outcomes)}"
        for (options, sign), outcomes in by_options.items()
    ]
    return "\n".join(lines) or "None: every effect with one sign is a certainty that is cited."


def _claims(run: Table) -> str:
    rows = []
    for name, test, form in _comparisons(run.case):
        frame = run.kept(form.outcome, [form.option, form.than])
        here = signs(*(frame[each].to_numpy().astype(float) for each in (form.option, form.than)))
        asks = f"`{form.outcome}`: {form.option} against {form.than}"
        rows.append((f"{name} ({test})", asks, str(here)))
    return table(("claim (test)", "difference", "lower / same / higher, % of worlds"), rows)


def _comparisons(case: Case) -> Iterator[tuple[str, str, Comparison]]:
    for name, claim in case.claims.items():
        for test, check in claim.tests.items():
            if isinstance(check.form, Comparison) and check.form.option != check.form.than:
                yield name, test, check.form


def read_certainties() -> list[Certainty]:
    """What the page may call a certainty."""
    written = Path(__file__).with_name("certainties.yaml").read_text(encoding="utf-8")
    return [Certainty(**each) for each in YAML(typ="safe").load(written)]


def main(case: str, worlds: int, seed: int) -> Path:
    """Play the case and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        run = foedus.simulate(foedus.read(case), worlds, seed=seed, out=folder)
        made = text(run, read_certainties())
    path = Path(__file__).parents[1] / "signs.md"
    path.write_text(made, encoding="utf-8")
    return path


if __name__ == "__main__":
    given = sys.argv[1:]
    print(
        main(*(type(d)(g) for d, g in zip(DEFAULT, (*given, *DEFAULT[len(given) :]), strict=True)))
    )
