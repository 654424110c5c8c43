"""What the compiler is asked for, as far as the one that is installed knows it."""

import ctypes
import gc
from contextlib import suppress
from functools import cache

import jax

# The older emitters compile in two thirds of the time and half of the memory, to code that takes
# a fifth longer; later versions of the compiler have none. Wide vectors are worth a quarter where
# the processor has them.
WANTED: dict[str, bool | int] = {
    "xla_cpu_use_fusion_emitters": False,
    "xla_cpu_prefer_vector_width": 512,
}


@cache
def options() -> dict[str, bool | int]:
    """Those of the options wanted that this compiler does not refuse."""
    return {name: value for name, value in WANTED.items() if known(name, value)}


def known(name: str, value: bool | int) -> bool:
    """Whether this compiler has an option: a program of no work tells."""
    try:
        jax.jit(lambda: 0, compiler_options={name: value}).lower().compile()
    except jax.errors.JaxRuntimeError as error:
        if "No such compile option" in str(error):
            return False
        raise
    return True


def forget() -> None:
    """Give the memory of compiled programs back: some .7 GB, once all worlds are played.

    Whatever is played after that is compiled again.
    """
    jax.clear_caches()  # type: ignore[no-untyped-call]
    tidy()


def tidy() -> None:
    """Give memory back that nothing holds: what compiling a program took, up to 1.4 GB."""
    gc.collect()
    with suppress(OSError, AttributeError):  # a C library that gives back by itself
        ctypes.CDLL(None).malloc_trim(0)
