"""Compiled programs are kept between commands: only a first run waits for the compiler."""

import hashlib
import os
import platform
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

from platformdirs import user_cache_path

MOST = 256 * 2**20  # bytes; a case takes about 5 MB, and what was not used for longest goes first


def keep_compiled() -> None:
    """Tell JAX to keep what it compiles in the user's cache folder.

    Whoever has told JAX where to keep it is heeded; where nothing can be written, nothing is kept.
    Set JAX_ENABLE_COMPILATION_CACHE=false to keep nothing.
    """
    if "JAX_COMPILATION_CACHE_DIR" in os.environ:
        return
    folder = user_cache_path("foedus") / f"compiled-{_processor()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        os.environ["JAX_COMPILATION_CACHE_DIR"] = str(folder)
        os.environ.setdefault("JAX_COMPILATION_CACHE_MAX_SIZE", str(MOST))


def _processor() -> str:
    """What code is compiled for: a program for one processor may not run on another."""
    known = []
    with suppress(OSError), Path("/proc/cpuinfo").open(encoding="utf-8") as file:  # not on Linux
        first = takewhile(str.strip, file)  # of many, which are alike
        known = [line for line in first if line.startswith(("model name", "flags", "Features"))]
    features = "".join([*known, platform.machine(), platform.processor()])
    return hashlib.sha256(features.encode()).hexdigest()[:12]
