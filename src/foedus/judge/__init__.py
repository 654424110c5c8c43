"""A run -> what it says: verdicts, conditions, sensitivities. No jax, no engine.

`foedus.judge(run)` judges every claim of a run: see `foedus.judge.claims.judge`.
"""

from foedus.verb import make_verb

make_verb(__name__, "foedus.judge.claims", "judge")
