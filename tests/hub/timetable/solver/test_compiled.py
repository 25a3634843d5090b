import ast
from pathlib import Path

from hub.timetable.solver import compiled
from hub.timetable.solver.annealer import anneal

SOLVER = Path(compiled.__file__).parent


def test_machine_code_is_made_anew_when_any_module_that_it_is_made_of_changes() -> None:
    """numba keeps it as long as the function's own module is the same; the kernel is inlined from several."""
    assert anneal._cache._cache_file._source_stamp == compiled._sources()  # type: ignore[attr-defined]


def test_every_module_with_compiled_functions_is_among_those_looked_at() -> None:
    users = {
        path.stem
        for path in SOLVER.glob("*.py")
        if any(
            isinstance(node, ast.ImportFrom) and node.module == "hub.timetable.solver.compiled"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert users <= set(compiled.MADE_OF)
    assert {"annealer", "state"} <= users
