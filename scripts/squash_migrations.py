"""Write one migration that makes the tables of a fresh database at once, in place of all that are there.

    scripts/squash_migrations.py

It is written from what the single migrations lead to, so that columns come in the order they have where the
single ones ran. What they do to rows that are there is left out: a fresh database has none. What one of them
makes by SQL of its own stands in ``HEAD``. When to run it: docs/decisions/0073.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState
from django.db.migrations.writer import OperationWriter

APP = "store"
FOLDER = Path(__file__).parents[1] / "src/suyuan/store/migrations"

HEAD = '''\
"""The tables of a fresh database at once, as the migrations replaced here leave them.

Written by scripts/squash_migrations.py (docs/decisions/0073), never by hand. A database that has run any of
the migrations replaced goes on with them.
"""

{imports}


class CreateAll(Operation):
    """Create all tables at once: an operation for each would render what it has to do with each time."""

    reversible = False

    def __init__(self, tables):
        self.tables = tables

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # rendered once, when all of them are known
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)
        for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
            schema_editor.execute(statement)

    def describe(self):
        return "Create all tables and the search index"


SQLITE = (
    "CREATE VIRTUAL TABLE store_search USING fts5("
    "body, content='', detail='none', tokenize='unicode61')",
)
POSTGRES = (
    "CREATE TABLE store_search (case_id bigint PRIMARY KEY, body tsvector NOT NULL)",
    "CREATE INDEX store_search_body ON store_search USING gin (body)",
)

TABLES = [
'''

TAIL = """\
]


class Migration(migrations.Migration):
    initial = True
    replaces = [
{replaced}
    ]
    dependencies = []
    operations = [CreateAll(TABLES)]
"""


def singles() -> list[str]:
    """Return the names of the single migrations, oldest first."""
    return sorted(path.stem for path in FOLDER.glob("0*.py") if "_squashed_" not in path.stem)


def tables(last: str) -> Iterator[ModelState]:
    """Yield the tables that the single migrations lead to, ``last`` the newest."""
    loader = MigrationLoader(None, replace_migrations=False)
    state = loader.project_state((APP, last))
    return (table for (app, _), table in state.models.items() if app == APP)


def written(names: list[str]) -> str:
    """Return the text of the squashed migration."""
    imports = {"from django.db.migrations.operations.base import Operation"}
    body = []
    for table in tables(names[-1]):
        options = {key: value for key, value in table.options.items() if value}
        create = CreateModel(table.name, list(table.fields.items()), options, table.bases, table.managers)
        text, needed = OperationWriter(create, indentation=1).serialize()
        body.append(text)
        imports |= needed
    imports = imports - {"from django.db import migrations", "from django.db import models"}
    imports.add("from django.db import migrations, models")
    ordered = sorted(imports, key=lambda line: (line.split()[0] != "import", line))
    replaced = "\n".join(f'        ("{APP}", "{name}"),' for name in names)
    head = HEAD.replace("{imports}", "\n".join(ordered))
    return head + "\n".join(body) + "\n" + TAIL.replace("{replaced}", replaced)


def main() -> None:
    """Write the migration, and take away the one that was squashed before."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(SUYUAN_HOME=home, DJANGO_SETTINGS_MODULE="suyuan.config.settings")
        django.setup()
        names = singles()
        text = written(names)
    for before in FOLDER.glob("0001_squashed_*.py"):
        before.unlink()
    path = FOLDER / f"0001_squashed_{names[-1]}.py"
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
