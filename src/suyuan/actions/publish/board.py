"""The workbook of the control board: every measure, the five rates of the units, how it was made."""

from collections.abc import Iterator

from suyuan import __version__
from suyuan.analytics import board as method
from suyuan.analytics import display, weak_links
from suyuan.analytics import period as periods
from suyuan.analytics.board import Row
from suyuan.analytics.measures import find, five_rates
from suyuan.analytics.register import code_of
from suyuan.analytics.scan import ROOT
from suyuan.gateways.engine import open_duckdb
from suyuan.gateways.workbook import Table
from suyuan.store import lake, rules
from suyuan.store.models import Publication
from suyuan.store.queries import weak_links as rulebook

FIVE = tuple(measure.id for measure in five_rates.MEASURES)


def sheets(row: Publication, input_digest: str) -> list[tuple[str, Table]]:
    """Return the sheets of a board, drawn for the moment the row names."""
    path, period = path_of(row), periods.parse(row.period)
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        rows = method.board(tables, period, path, as_of=row.as_of)
        units = method.by_unit(tables, period, FIVE, as_of=row.as_of)
        weak = weak_links.find(tables, period, rulebook.looked_at(), as_of=row.as_of)
    say, seen = _words(row.language), [each for each in weak if each.unit.startswith(path)]
    return [
        (say("measures"), Table(_heads(row, "measure"), [_line(each, row.language) for each in rows])),
        (say("units"), Table(_heads(row, "code", "name", "measure"), list(_below(units, path, row)))),
        (say("weak_links"), Table(_weak_heads(row), [_weak(each, row) for each in seen])),
        (say("made"), Table((say("fact"), say("value")), list(made(row, input_digest)))),
    ]


def file_name(row: Publication) -> str:
    """Return what the file is called when it is handed out."""
    title = rules.label("document", row.document, row.language)
    unit = row.unit.name if row.unit else _words(row.language)("everything")
    return f"{title} {row.period} {unit}.xlsx".replace("/", "-")[:120]


def path_of(row: Publication) -> str:
    """Return the path of the units a document is about."""
    return row.unit.path if row.unit else ROOT


def _words(language: str):  # type: ignore[no-untyped-def]
    return lambda code: rules.label("workbook", code, language)


WEAK = ("code", "measure", "n", "of", "value", "others", "shrunk", "low", "high", "q", "rule")


def _weak_heads(row: Publication) -> list[str]:
    return [rules.label("workbook", code, row.language) for code in WEAK]


def _weak(one: weak_links.Looked, row: Publication) -> list[object]:
    """Return a weak link as people read it; the name of its unit is on the sheet of units."""
    title = rulebook.title(one.measure, row.language)
    figures = (one.n, one.of, one.value, one.others, one.shrunk, one.low, one.high, one.q)
    return [code_of(one.unit), title, *figures, one.measure]


COLUMNS = ("shown", "value", "n", "of", "low", "high", "previous", "last_year", "left_out", "rule")


def _heads(row: Publication, *first: str) -> list[str]:
    return [rules.label("workbook", code, row.language) for code in (*first, *COLUMNS)]


def _line(row: Row, language: str) -> list[object]:
    """Return a measure as people read it, and unrounded beside it."""
    measure, member = find(row.id)
    title = measure.title.en if language.startswith("en") else measure.title.zh
    shelf = "limit" if measure.table == "clocks" else measure.family
    own = f" · {rules.label(shelf, member, language)}" if member else ""
    left_out = "; ".join(
        f"{rules.label('exclusion', code, language)} {display.count(number)}"
        for code, number in row.excluded.items()
    )
    values = [row.value, row.n, row.of, row.low, row.high, row.previous, row.last_year]
    return [f"{title}{own}", _shown(row, measure.scale), *values, left_out, row.id]


def _shown(row: Row, scale: float) -> str:
    if row.of is None:
        return display.NOTHING if row.value is None else display.count(row.value)
    if row.value is None:
        return f"{display.NOTHING} ({display.count(row.n)}/{display.count(row.of)})"
    value = f"{display.rounded(row.value * 100)} %" if scale == 1 else display.rounded(row.value)
    return f"{value} ({display.count(row.n)}/{display.count(row.of)})"


def _below(units: list[method.UnitRows], path: str, row: Publication) -> Iterator[list[object]]:
    for unit in units:
        if unit.path.startswith(path) and unit.path != ROOT:
            for each in unit.rows:
                if each.n or each.of:
                    yield [unit.code, unit.name, *_line(each, row.language)]


def made(row: Publication, input_digest: str) -> Iterator[tuple[str, str]]:
    """Yield what is needed to make the same workbook again."""
    zone = rules.rulebook().calendar.zone
    say = _words(row.language)
    unit = f"{row.unit.code} {row.unit.name}" if row.unit else say("everything")
    facts = {
        "document": rules.label("document", row.document, row.language),
        "period": row.period,
        "unit": unit,
        "as_of": row.as_of.astimezone(zone).isoformat(),
        "code_version": __version__,
        "edition": rules.rulebook().edition,
        "input_digest": input_digest,
        "rounding": display.RULE["en" if row.language.startswith("en") else "zh"],
    }
    for code, value in facts.items():
        yield say(code), value
