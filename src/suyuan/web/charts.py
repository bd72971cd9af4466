"""ECharts options: what a chart draws, as data. Every chart stands beside its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.analytics import intervals

CLEAR = {"color": "transparent"}
BLUE, BAND, GREY = "#206bc4", "#a5c8ee", "#98a6b8"
GRID = {"left": 8, "right": 24, "top": 32, "bottom": 8, "containLabel": True}

Option = dict[str, object]


@dataclass(frozen=True, slots=True)
class Dot:
    """One value with its interval and the address behind it."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    url: str = ""


def wilson(n: int, of: int) -> tuple[float | None, float | None]:
    """Return the interval of a share, or two Nones."""
    return intervals.wilson(n, of) or (None, None)


def _scaled(number: float | None, factor: float) -> float | None:
    return None if number is None else round(number * factor, 4)


def _band(dots: Sequence[Dot], factor: float, kind: str, name: str) -> list[Option]:
    """Return the interval as two stacked series: an invisible foot and the band on it."""
    foot = [_scaled(dot.low, factor) for dot in dots]
    rise = [
        None if dot.low is None or dot.high is None else round((dot.high - dot.low) * factor, 4)
        for dot in dots
    ]
    plain: Option = {"type": kind, "stack": "band", "silent": True, "tooltip": {"show": False}}
    if kind == "line":
        line = {"lineStyle": {"width": 0}, "symbol": "none"}
        return [
            {**plain, **line, "data": foot, "name": " "},
            {**plain, **line, "data": rise, "name": name, "areaStyle": {"color": BAND, "opacity": 0.5}},
        ]
    return [
        {**plain, "data": foot, "itemStyle": CLEAR, "name": " ", "barWidth": 10},
        {
            **plain,
            "data": rise,
            "itemStyle": {"color": BAND, "borderRadius": 3},
            "name": name,
            "barWidth": 10,
        },
    ]


def run(dots: Sequence[Dot], names: tuple[str, str], percent: bool) -> Option:
    """Return a line over periods with its interval as a band; ``names`` of the value and the interval."""
    factor = 100 if percent else 1
    points = [{"value": _scaled(dot.value, factor), "url": dot.url} for dot in dots]
    return {
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "legend": {"data": list(names), "top": 0},
        "xAxis": {"type": "category", "data": [dot.name for dot in dots]},
        "yAxis": {
            "type": "value",
            "axisLabel": {"formatter": "{value} %" if percent else "{value}"},
            "scale": True,
        },
        "series": [
            *_band(dots, factor, "line", names[1]),
            {"type": "line", "name": names[0], "data": points, "itemStyle": {"color": BLUE}, "symbolSize": 8},
        ],
    }


def against(dots: Sequence[Dot], names: tuple[str, str], percent: bool) -> Option:
    """Return one point a unit with its interval as a bar, in the order given."""
    factor = 100 if percent else 1
    points = [{"value": _scaled(dot.value, factor), "url": dot.url} for dot in dots]
    return {
        "grid": GRID,
        "tooltip": {"trigger": "item"},
        "legend": {"data": list(names), "top": 0},
        "xAxis": {
            "type": "value",
            "axisLabel": {"formatter": "{value} %" if percent else "{value}"},
            "scale": percent,
        },
        "yAxis": {"type": "category", "inverse": True, "data": [dot.name for dot in dots]},
        "series": [
            *_band(dots, factor, "bar", names[1]),
            {
                "type": "scatter",
                "name": names[0],
                "data": points,
                "itemStyle": {"color": BLUE},
                "symbolSize": 10,
                "z": 5,
            },
        ],
    }


def bars(dots: Sequence[Dot], name: str, *, lying: bool = False) -> Option:
    """Return plain counts as bars, lying where the names are long."""
    names = {"type": "category", "data": [dot.name for dot in dots], "inverse": lying}
    numbers = {"type": "value", "minInterval": 1}
    return {
        "grid": {**GRID, "top": 12},
        "tooltip": {"trigger": "item"},
        "xAxis": numbers if lying else names,
        "yAxis": names if lying else numbers,
        "series": [
            {
                "type": "bar",
                "name": name,
                "itemStyle": {"color": BLUE, "borderRadius": 2},
                "barMaxWidth": 22,
                "data": [{"value": dot.value, "url": dot.url} for dot in dots],
            }
        ],
    }


def stacked(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> Option:
    """Return counts by column, each row a layer."""
    return {
        "grid": {**GRID, "top": 56},
        "tooltip": {"trigger": "axis"},
        "legend": {"type": "scroll", "top": 0},
        "xAxis": {"type": "category", "data": list(columns)},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"type": "bar", "stack": "all", "name": name, "data": list(counts), "barMaxWidth": 44}
            for name, counts in rows
        ],
    }


def track(
    names: Sequence[str], counts: Sequence[int], usual: float | Sequence[float], said: tuple[str, str]
) -> Option:
    """Return counts by day as bars and what was usual as a line; ``said`` is what each is called."""
    level = [usual] * len(names) if isinstance(usual, int | float) else usual
    line = {"lineStyle": {"type": "dashed"}, "symbol": "none", "itemStyle": {"color": GREY}}
    return {
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "legend": {"type": "scroll", "data": list(said), "top": 0},
        "xAxis": {"type": "category", "data": list(names)},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"type": "bar", "name": said[0], "data": list(counts), "itemStyle": {"color": BLUE}},
            {"type": "line", "name": said[1], "data": [round(each, 2) for each in level], **line},
        ],
    }


def reliability(points: Sequence[tuple[float, float]], names: tuple[str, str]) -> Option:
    """Return what was said against what came, as shares, beside the line on which both are the same."""
    most = max([0.01, *(each for point in points for each in point)])
    top = min(100.0, round(110 * most, 1))
    axis = {"type": "value", "min": 0, "max": top, "axisLabel": {"formatter": "{value} %"}}
    drawn = [[round(100 * said, 2), round(100 * came, 2)] for said, came in points]
    level = {"lineStyle": {"type": "dashed"}, "symbol": "none", "itemStyle": {"color": GREY}}
    return {
        "grid": GRID,
        "tooltip": {"trigger": "item"},
        "legend": {"data": list(names), "top": 0},
        "xAxis": axis,
        "yAxis": axis,
        "series": [
            {"type": "line", "name": names[0], "data": drawn, "symbolSize": 8, "itemStyle": {"color": BLUE}},
            {"type": "line", "name": names[1], "data": [[0, 0], [top, top]], **level},
        ],
    }


def lines(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]]) -> Option:
    """Return values by column, each row a line with marks of its own."""
    marks = ("circle", "rect", "triangle", "diamond")
    colours = (BLUE, "#a85b00", "#2b8a3e", GREY)
    return {
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0},
        "xAxis": {"type": "category", "data": list(columns)},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "type": "line",
                "name": name,
                "data": list(values),
                "symbol": marks[at % len(marks)],
                "symbolSize": 8,
                "itemStyle": {"color": colours[at % len(colours)]},
            }
            for at, (name, values) in enumerate(rows)
        ],
    }


def beside(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Dot]]]) -> Option:
    """Return shares in percent by column, each row points with marks of its own and their intervals as bars.

    The bars of a column stand side by side, so that no interval hides behind another; no line joins the
    points, for what a few people did in one column goes on into no other.
    """
    marks, colours, bands = ("circle", "diamond"), (BLUE, "#a85b00"), (BAND, "#e8c79a")
    series: list[Option] = []
    for at, (name, dots) in enumerate(rows):
        foot, rise = _band(dots, 100, "bar", " ")
        own: Option = {"stack": f"band{at}", "xAxisIndex": 0, "barGap": "60%"}
        series += [{**foot, **own}, {**rise, **own, "itemStyle": {"color": bands[at], "borderRadius": 3}}]
        series.append(
            {
                "type": "line",
                "name": name,
                "data": [_scaled(dot.value, 100) for dot in dots],
                "symbol": marks[at],
                "symbolSize": 9,
                "lineStyle": {"width": 0},
                "itemStyle": {"color": colours[at]},
                "z": 5,
            }
        )
    return {
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "legend": {"data": [name for name, _ in rows], "top": 0},
        "xAxis": {"type": "category", "data": list(columns)},
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "{value} %"}},
        "series": series,
    }
