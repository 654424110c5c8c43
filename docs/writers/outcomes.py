"""docs/outcomes.md: every number a run keeps."""

from foedus.engine.outcomes import OUTCOMES
from writers.markdown import code, page, table


def text() -> str:
    """The whole page."""
    rows = []
    for name, outcome in OUTCOMES.items():
        whole = [] if outcome.total is None else [code(name)]
        each = [] if outcome.by_threat is None else [code(f"{name}.THREAT")]
        rows.append((", ".join(whole + each), outcome.means, outcome.unit, outcome.better))
    return page("outcomes", outcomes=[table(("outcome", "means", "unit", "better"), rows)])
