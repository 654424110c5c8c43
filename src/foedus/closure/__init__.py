"""How much help has arrived by day t.

`curve` holds the algebra of cumulative closure curves (JAX, one world), `corridor` applies it to
the corridor of a case, `factors` turns published planning factors into rates and times, `network`
and `paths` answer for whole networks, and `plan` is the exact planner.
"""
