"""What does the control board say: every measure, for a unit or for all, with what to compare it to?"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from suyuan.analytics import register, scan
from suyuan.analytics.measures import BOARD, find
from suyuan.analytics.measures.measure import Figure, Measure
from suyuan.analytics.period import Period, run_up
from suyuan.analytics.register import Input, Register
from suyuan.analytics.scan import ROOT, Sums
from suyuan.analytics.source import Tables


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one unit in one period; ``value`` is None when nothing qualifies."""

    id: str
    value: float | None
    n: float
    of: float | None
    low: float | None
    high: float | None
    previous: float | None
    last_year: float | None
    excluded: Mapping[str, float] = field(default_factory=dict)
    deducted: float = 0.0
    compared: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    """n and of behind ``previous`` and ``last_year``, for those that are shown beside them."""

    def as_json(self) -> dict[str, object]:
        """Return the row as the board command prints it."""
        return {
            "id": self.id,
            "value": self.value,
            "n": self.n,
            "of": self.of,
            "low": self.low,
            "high": self.high,
            "previous": self.previous,
            "last_year": self.last_year,
            "excluded": dict(self.excluded),
        }


@dataclass(frozen=True, slots=True)
class UnitRows:
    """The board of one unit."""

    path: str
    code: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One measure of one unit in one period of a run of periods."""

    period: Period
    figure: Figure


def board(
    tables: Tables,
    period: Period,
    unit_path: str = ROOT,
    *,
    as_of: datetime,
    inputs: Iterable[Input] = (),
) -> list[Row]:
    """Return every measure of the board for a unit, its sub-units included (``/`` is everything)."""
    drawn = _Drawn.of(tables, BOARD, _compared(period), _Scope(as_of, unit_path, tuple(inputs)))
    return list(drawn.rows(unit_path, BOARD, period))


def by_unit(
    tables: Tables,
    period: Period,
    measure_ids: Sequence[str],
    *,
    as_of: datetime,
    inputs: Iterable[Input] = (),
) -> list[UnitRows]:
    """Return these measures for every unit of the register and every unit met, ancestors included."""
    wanted = [find(measure_id) for measure_id in measure_ids]
    measures = tuple(dict.fromkeys(measure for measure, _ in wanted))
    members = {measure_id for measure_id, (_, member) in zip(measure_ids, wanted, strict=True) if member}
    drawn = _Drawn.of(tables, measures, _compared(period), _Scope(as_of, ROOT, tuple(inputs)))
    asked = members | {measure.id for measure in measures if measure.id in measure_ids}
    return [
        UnitRows(
            path,
            register.code_of(path),
            drawn.name(path),
            tuple(drawn.rows(path, measures, period, asked.__contains__)),
        )
        for path in drawn.paths()
    ]


def trend(
    tables: Tables,
    measure_id: str,
    period: Period,
    unit_path: str = ROOT,
    *,
    as_of: datetime,
    count: int = 13,
) -> list[Point]:
    """Return one measure of a unit over ``count`` periods ending with ``period``, the oldest first."""
    measure, member = find(measure_id)
    periods = run_up(period, count)
    drawn = _Drawn.of(tables, (measure,), periods, _Scope(as_of, unit_path, ()))
    return [Point(each, drawn.figure(measure, unit_path, each, member)) for each in periods]


def runs(
    tables: Tables, measure_ids: Sequence[str], period: Period, *, as_of: datetime, count: int
) -> dict[tuple[str, str], list[Point]]:
    """Return measures of every unit met over ``count`` periods up to ``period``, by measure and path."""
    measures, periods = tuple(find(one)[0] for one in measure_ids), run_up(period, count)
    drawn = _Drawn.of(tables, measures, periods, _Scope(as_of, ROOT, ()))
    return {
        (measure.id, path): [Point(each, drawn.figure(measure, path, each)) for each in periods]
        for measure in measures
        for path in sorted({ROOT, *drawn.met})
    }


def _compared(period: Period) -> tuple[Period, ...]:
    return scan.distinct((period, period.previous, period.last_year))


@dataclass(frozen=True)
class _Scope:
    as_of: datetime
    under: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True)
class _Drawn:
    """Sums and register, ready to give any figure."""

    sums: Mapping[str, Sums]
    register: Register
    met: frozenset[str]

    @classmethod
    def of(
        cls, tables: Tables, measures: Sequence[Measure], periods: Sequence[Period], scope: _Scope
    ) -> "_Drawn":
        counted = scan.sums(tables, measures, periods, as_of=scope.as_of, under=scope.under)
        met = frozenset[str]().union(*(sums.paths for sums in counted.values()))
        return cls(counted, register.read(tables, scope.inputs, met), met)

    def paths(self) -> list[str]:
        return sorted({ROOT, *self.met, *self.register.units})

    def name(self, path: str) -> str:
        unit = self.register.units.get(path)
        return unit.name if unit else register.code_of(path)

    def figure(self, measure: Measure, path: str, period: Period, member: str = "") -> Figure:
        sums = self.sums[measure.table]
        parts = sums.parts(measure, path, period, member)
        return measure.figure(measure, parts, self.register.given(path, period))

    def rows(
        self,
        path: str,
        measures: Sequence[Measure],
        period: Period,
        asked: Callable[[str], bool] | None = None,
    ) -> Iterable[Row]:
        others = {"previous": period.previous, "last_year": period.last_year}
        compared = {name: other for name, other in others.items() if other}
        for measure in measures:
            members = ["", *self.sums[measure.table].members.get(path, [])] if measure.family else [""]
            for member in members:
                row_id = f"{measure.id}.{member}" if member else measure.id
                if asked is None or asked(row_id) or (member and asked(measure.id)):
                    now, then = self._figures(measure, (path, member), period, compared)
                    yield _row(row_id, now, then)

    def _figures(
        self, measure: Measure, at: tuple[str, str], period: Period, compared: Mapping[str, Period]
    ) -> tuple[Figure, dict[str, Figure]]:
        path, member = at
        by_period = {each: self.figure(measure, path, each, member) for each in {period, *compared.values()}}
        return by_period[period], {name: by_period[other] for name, other in compared.items()}


def _row(row_id: str, now: Figure, then: Mapping[str, Figure]) -> Row:
    return Row(
        id=row_id,
        value=now.value,
        n=now.n,
        of=now.of,
        low=now.low,
        high=now.high,
        previous=then["previous"].value if "previous" in then else None,
        last_year=then["last_year"].value if "last_year" in then else None,
        excluded=now.excluded,
        deducted=now.deducted,
        compared={name: (figure.n, figure.of) for name, figure in then.items()},
    )
