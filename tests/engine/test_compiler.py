"""A compiler that lacks an option is not asked for it; the options that it has are kept."""

import jax
import pytest

from foedus.engine import compiler

OURS = "xla_cpu_enable_fast_math"  # every version has it


def test_an_option_that_this_compiler_lacks_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "WANTED", {"xla_cpu_of_another_version": True, OURS: False})
    found = compiler.options.__wrapped__()
    assert found == {OURS: False}
    assert jax.jit(lambda x: x + 1, compiler_options=found)(1) == 2


def test_a_value_that_no_option_can_have_is_an_error_not_left_out() -> None:
    with pytest.raises(jax.errors.JaxRuntimeError):
        compiler.known(OURS, 7)
