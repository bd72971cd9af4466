"""The search index: character bigrams of masked text, in whatever the database is best at."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE store_search USING fts5("
    "body, content='', detail='none', tokenize='unicode61')"
)
POSTGRES = (
    "CREATE TABLE store_search (case_id bigint PRIMARY KEY, body tsvector NOT NULL)",
    "CREATE INDEX store_search_body ON store_search USING gin (body)",
)


def forwards(apps, schema_editor):
    statements = (SQLITE,) if schema_editor.connection.vendor == "sqlite" else POSTGRES
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    schema_editor.execute("DROP TABLE store_search")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
