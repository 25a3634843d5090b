"""`python -m bench`: what can be measured, and how."""

import importlib
import pkgutil
from pathlib import Path


def main() -> None:
    """Print one line a benchmark: its command and the first line of its docstring."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("_"):
            continue
        docstring = importlib.import_module(f"bench.{module.name}").__doc__ or ""
        if docstring.startswith("`python -m bench."):
            print(docstring.splitlines()[0])


if __name__ == "__main__":
    main()
