"""Finding Chinese words of two characters and more, without another server.

Both databases index character bigrams cut in Python, over masked text: SQLite in an FTS5 table without
content, PostgreSQL in a ``tsvector`` of lexemes. ``trigram`` and pg_trgm find nothing for two-character
words.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection

from suyuan.domain.wording import terms, wanted, ways, words

from . import rules

NEWEST = 10_000
"""Matches that are sorted at most: a word of every second order must not have them all sorted.

SQLite looks at the newest; PostgreSQL walks the list and asks each case for the word.
"""


def add(rows: Iterable[tuple[int, str]]) -> None:
    """Index the masked texts of cases not indexed before."""
    if connection.vendor == "sqlite":
        add_prepared((pk, " ".join(terms(text))) for pk, text in rows)
    else:
        add_prepared((pk, sorted(set(terms(text)))) for pk, text in rows)


def add_prepared(rows: Iterable[tuple[int, object]]) -> None:
    """Index texts whose terms are cut already: one string on SQLite, a sorted list on PostgreSQL."""
    if connection.vendor == "sqlite":
        statement = "INSERT INTO store_search(rowid, body) VALUES (%s, %s)"
    else:
        statement = "INSERT INTO store_search(case_id, body) VALUES (%s, array_to_tsvector(%s))"
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def replace(pk: int, old: str, new: str) -> None:
    """Index ``new`` for a case in place of ``old``, which a table without content must be told to forget."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO store_search(store_search, rowid, body) VALUES ('delete', %s, %s)",
                (pk, " ".join(terms(old))),
            )
        else:
            cursor.execute("DELETE FROM store_search WHERE case_id = %s", (pk,))
    add([(pk, new)])


def alternatives(query: str) -> list[list[str]]:
    """Return each word of a query with the other ways of saying it that the rulebook knows."""
    groups = rules.rulebook().figures["search.synonyms"][-1].terms.values()
    return [ways(word, groups) for word in words(query)]


def condition(query: str) -> tuple[str, Sequence[object]] | None:
    """Return SQL for the ids of the cases with every word of ``query``; None without words."""
    asked = alternatives(query)
    if not asked:
        return None
    if connection.vendor == "sqlite":
        return (
            "SELECT rowid FROM store_search WHERE store_search MATCH %s ORDER BY rowid DESC LIMIT %s",
            (_expression(asked, _sqlite_term, " AND ", " OR "), NEWEST),
        )
    wanted_of = (_expression(asked, _postgresql_term, " & ", " | "),)
    few = _if_few(wanted_of)
    if few is not None:
        return "SELECT unnest(%s::bigint[])", (few,)
    # No limit: the cases are walked in the order of the list until a page is full.
    return _POSTGRESQL, wanted_of


_POSTGRESQL = "SELECT case_id FROM store_search WHERE body @@ %s::tsquery"


def _if_few(wanted_of: Sequence[object]) -> list[int] | None:
    """Return every match where there are few: PostgreSQL cannot guess that two common words never meet."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_POSTGRESQL} LIMIT {NEWEST + 1}", wanted_of)
        found = [row[0] for row in cursor.fetchall()]
    return found if len(found) <= NEWEST else None


def _sqlite_term(term: str) -> str:
    return f'"{term}"' + ("*" if len(term) == 1 and term >= "一" else "")


def _postgresql_term(term: str) -> str:
    return f"'{term}'" + (":*" if len(term) == 1 and term >= "一" else "")


def _expression(asked: list[list[str]], term: Callable[[str], str], both: str, either: str) -> str:
    """Return the question in a database's own words: every word, each said in one of its ways."""
    groups = ([both.join(map(term, wanted(way))) for way in said if wanted(way)] for said in asked)
    return both.join("(" + either.join(f"({way})" for way in group) + ")" for group in groups)
