"""Functions that numba turns into machine code, kept between runs where that can be."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
T = TypeVar("T")

MADE_OF = ("annealer", "chains", "chance", "compiled", "moves", "problem", "proposals", "state", "tables")

OPTIONS: dict[str, Any] = {
    "nogil": True,
    # Without numba's own runtime: nothing here makes arrays, and counting references to those handed in took three
    # quarters of the search's time.
    "_nrt": False,
}


def compiled(function: Callable[P, T]) -> Callable[P, T]:
    """Compiled at its first call; runs without the interpreter's lock. The machine code is kept beside the module, or
    in the user's cache when that can't be written; when neither can be, each process compiles anew.
    """
    try:
        dispatcher = numba.njit(**OPTIONS, cache=True)(function)
    except RuntimeError:  # numba's "no locator available": nowhere to keep it
        dispatcher = numba.njit(**OPTIONS)(function)
    else:
        # numba looks for changes in the function's own module alone; inlined functions and constants come from others.
        dispatcher._cache._cache_file._source_stamp = _sources()  # noqa: SLF001 (there is no other way)
    return cast("Callable[P, T]", dispatcher)


def inlined(function: Callable[P, T]) -> Callable[P, T]:
    """Part of the compiled functions that use it: a call that hands over the tables would cost more than the work."""
    return cast("Callable[P, T]", numba.njit(**OPTIONS, forceinline=True)(function))


@cache
def _sources() -> str:
    """A digest of the modules that compiled functions are made of."""
    digest = hashlib.sha256()
    for module in MADE_OF:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    return digest.hexdigest()
