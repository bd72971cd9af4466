"""An empty database brought to a migration by the single ones, as it was done before they were squashed.

python -m tests.single_steps MIGRATION SQL
"""

import os
import subprocess
import sys
from pathlib import Path

import django
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).parents[1]


class Singles(MigrationLoader):
    """The migrations without those that replace others."""

    def load_disk(self) -> None:
        super().load_disk()
        found = self.disk_migrations
        self.disk_migrations = {key: found[key] for key in found if not found[key].replaces}


def brought_to(name: str, sql: str, **place: str) -> None:
    """Bring the empty database of a home to a migration and run SQL there, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUYUAN", "DJANGO"))}
    command = [sys.executable, "-m", "tests.single_steps", name, sql]
    subprocess.run(command, env=kept | place, check=True, capture_output=True, cwd=ROOT)


def main() -> None:
    """Migrate the default database and run SQL there."""
    from django.db import connection

    executor = MigrationExecutor(connection)
    executor.loader = Singles(connection)
    leaves = {app: (app, name) for app, name in executor.loader.graph.leaf_nodes()}
    executor.migrate(list((leaves | {"store": ("store", sys.argv[1])}).values()))
    with connection.cursor() as cursor:
        cursor.execute(sys.argv[2])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "suyuan.config.settings"
    django.setup()
    main()
