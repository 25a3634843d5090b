"""Run as a script: writes 0001_initial.<dialect>.sql from the models, for as long as nothing is released."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

from hub.db.schema import create_statements  # noqa: E402 (found by the line above)

for dialect in ("sqlite", "postgresql"):
    target = Path(__file__).parent / "versions" / f"0001_initial.{dialect}.sql"
    target.write_text("\n-- next\n".join(f"{s};" for s in create_statements(dialect)) + "\n", encoding="utf-8")
    print(target)  # noqa: T201 (a tool)
