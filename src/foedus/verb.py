"""A package that is a verb as well: `foedus.judge(run)` beside `foedus.judge.claims`.

Python binds a package to its parent under its own name, over whatever stands there; so the package
itself is made callable.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Verb(ModuleType):
    """A module that passes a call on to the function that its `_VERB` names."""

    _VERB: tuple[str, str]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        module, function = self._VERB
        return getattr(import_module(module), function)(*args, **kwargs)


def make_verb(package: str, module: str, function: str) -> None:
    """Let a call of `package` call `function` of `module`, which is loaded only then."""
    found = sys.modules[package]
    found.__class__ = _Verb
    found.__dict__["_VERB"] = (module, function)
