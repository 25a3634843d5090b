"""The first schema: 0001_initial.<dialect>.sql, word for word what the models of the first release create.

Written by `python hub/migrations/write_initial.py`; once released it never changes again.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    script = (Path(__file__).with_name(f"0001_initial.{dialect}.sql")).read_text(encoding="utf-8")
    for statement in script.split("\n-- next\n"):
        op.get_bind().exec_driver_sql(statement.strip().removesuffix(";"))


def downgrade() -> None:
    raise RuntimeError("there is nothing before the first schema: restore a backup")
