"""foedus tests arguments about alliances and foreign bases in many plausible worlds.

>>> import foedus
>>> case = foedus.read("south-caucasus")
>>> run = foedus.simulate(case, 4096)  # doctest: +SKIP
>>> verdicts = foedus.judge(run)  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foedus.case.show import show
    from foedus.engine.reading import check, read
    from foedus.judge.claims import judge
    from foedus.judge.conditions import discover
    from foedus.judge.deciding import sensitivity
    from foedus.judge.explain import explain
    from foedus.judge.options import robustness
    from foedus.keep import simulate
    from foedus.report.page import report
    from foedus.table import open_run

__version__ = "0.1.0"

# Each verb is loaded when it is first used: jax alone takes over a second.
_VERBS = {
    "check": "foedus.engine.reading",
    "discover": "foedus.judge.conditions",
    "explain": "foedus.judge.explain",
    "judge": "foedus.judge.claims",
    "open_run": "foedus.table",
    "read": "foedus.engine.reading",
    "report": "foedus.report.page",
    "robustness": "foedus.judge.options",
    "sensitivity": "foedus.judge.deciding",
    "show": "foedus.case.show",
    "simulate": "foedus.keep",
}

__all__ = [
    "check",
    "discover",
    "explain",
    "judge",
    "open_run",
    "read",
    "report",
    "robustness",
    "sensitivity",
    "show",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name not in _VERBS:
        raise AttributeError(f"module 'foedus' has no attribute '{name}'")
    return getattr(import_module(_VERBS[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
