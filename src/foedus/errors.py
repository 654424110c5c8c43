"""What foedus says when it cannot go on: all of it at once, and where.

FoedusError                 anything a user can mend; the command line exits with 2
├── CaseError               the case file does not say what foedus can simulate
├── RunError                a run folder is missing, damaged, or of another case
└── PlanError               no plan of a deployment satisfies its constraints
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class FoedusError(Exception):
    """Something a user can mend. Its message is all they need to read."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a case file."""

    where: str  # "baltic.yaml:41:15"
    path: str  # "assumptions.contest.decisiveness"
    what: str
    hint: str = ""

    def __str__(self) -> str:
        """The line an editor can click on."""
        hint = f"\n    {self.hint}" if self.hint else ""
        path = f"{self.path}: " if self.path else ""
        return f"{self.where}: {path}{self.what}{hint}"


def _place(problem: Problem) -> tuple[int, ...]:
    return tuple(int(part) for part in problem.where.split(":")[1:] if part.isdecimal())


class CaseError(FoedusError):
    """A case file does not say what foedus can simulate."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of the file, each once; the message lists every one."""
        self.problems = tuple(sorted(dict.fromkeys(problems), key=_place))
        super().__init__("\n".join(map(str, self.problems)))


class RunError(FoedusError):
    """A run folder is missing, damaged, or belongs to another case."""


class PlanError(FoedusError):
    """No plan of a deployment satisfies its constraints."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a misspelt name, also where only capitals differ.

    >>> did_you_mean("relability", ["reliability", "cost"])
    "did you mean 'reliability'?"
    """
    known = sorted(known)
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(word, known, n=1) or get_close_matches(word.casefold(), folded, n=1)
    if close:
        return f"did you mean '{folded.get(close[0], close[0])}'?"
    if not known:
        return "none is given"
    return f"known: {', '.join(known[:12])}{', ...' if len(known) > 12 else ''}"
