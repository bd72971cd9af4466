"""A model as plain JSON values and back: loading one runs nothing that stands in it, and checks all of it."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suyuan.domain.errors import BadInput

from .calibrated import Calibrated
from .doubt import Support
from .features import WINDOWS
from .forest import Forest
from .judging import Bin, Figure, Judged, Rule
from .learned import Card, Model
from .linear import Linear
from .question import question
from .recipe import Recipe

FORMAT = 1
"""Goes up when features or fields change: an older model has to be learned anew."""
DEPTH = 64


def plain(value: Any) -> Any:
    """Return dataclasses and arrays as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def saved(model: Model, card: Card) -> dict[str, Any]:
    """Return a model and its card as JSON values."""
    return {"format": FORMAT, "windows": list(WINDOWS), "model": plain(model), "card": plain(card)}


def loaded(content: Any) -> tuple[Model, Card]:
    """Return the model and the card of JSON values; raise BadInput where they are none of ours."""
    try:
        if content["format"] != FORMAT or content["windows"] != list(WINDOWS):
            raise ValueError(content["format"])
        return _model(content["model"]), _card(content["card"])
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError, BadInput) as error:
        raise BadInput("risk_model_broken", problem=type(error).__name__) from None


def _model(given: Mapping[str, Any]) -> Model:
    terms = {key: value for key, value in given["question"].items() if key != "name"}
    names = _texts(given["features"])
    recipe = given["recipe"]
    return Model(
        question(str(given["question"]["name"]), terms),
        names,
        Recipe(
            _texts(recipe["activities"]),
            _texts(recipe["above"]),
            {str(name): _number(wait) for name, wait in recipe["waits"].items()},
            _texts(recipe["traits"]),
            bool(recipe["limited"]),
            _number(recipe["prior"]),
        ),
        str(given["kind"]),
        _scorer(given["scorer"], len(names)),
        _curve(given["curve"]),
        _support(given["support"], len(names)),
        _number(given["cut"]),
    )


def _texts(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise ValueError(given)
    return tuple(given)


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not math.isfinite(given):
        raise ValueError(given)
    return float(given)


def _floats(given: Any, size: int | None = None) -> NDArray[np.float64]:
    found = np.array([_number(one) for one in given], np.float64)
    if size is not None and len(found) != size:
        raise ValueError(size)
    return found


def _whole(given: Any, low: int, high: int, size: int | None = None) -> NDArray[np.int32]:
    found = _floats(given, size)
    if ((found != np.floor(found)) | (found < low) | (found >= high)).any():
        raise ValueError(low)
    return found.astype(np.int32)


def _scorer(given: Mapping[str, Any], features: int) -> Forest | Linear:
    if "root" not in given:
        scale = _floats(given["scale"], features)
        if (scale <= 0).any():
            raise ValueError("scale")
        weight = _floats(given["weight"], features)
        return Linear(_number(given["base"]), _floats(given["mean"], features), scale, weight)
    size, trees = len(given["value"]), len(given["root"])
    return Forest(
        _number(given["base"]),
        _whole(given["root"], 0, size, trees),
        _whole(given["feature"], 0, features, size),
        _floats(given["border"], size),
        _whole(given["left"], 0, size, size),
        _whole(given["right"], 0, size, size),
        _floats(given["value"], size),
        _whole(given["depth"], 0, DEPTH, trees),
    )


def _curve(given: Mapping[str, Any]) -> Calibrated:
    score, edges = _floats(given["score"]), _floats(given["edges"])
    if not len(score) or (np.diff(score) < 0).any() or (np.diff(edges) < 0).any():
        raise ValueError("score")
    many = _whole(given["many"], 0, 2**31, len(edges) + 1).astype(np.int64)
    hits = _whole(given["hits"], 0, 2**31, len(edges) + 1).astype(np.int64)
    if (hits > many).any():
        raise ValueError("hits")
    return Calibrated(str(given["kind"]), score, _floats(given["chance"], len(score)), edges, many, hits)


def _support(given: Mapping[str, Any], size: int) -> Support:
    return Support(
        _floats(given["low"], size),
        _floats(given["high"], size),
        int(given["outside"]),
        int(given["events"]),
        _number(given["wide"]),
    )


def _card(given: Mapping[str, Any]) -> Card:
    worth = dict(given["judged"])
    for name in ("precision_recall", "recall", "precision", "found", "error"):
        worth[name] = _figure(worth[name])
    worth["bins"] = tuple(
        Bin(int(one["many"]), _number(one["said"]), _number(one["came"])) for one in worth["bins"]
    )
    worth["lead_hours"] = tuple(_floats(worth["lead_hours"], 3).tolist()) if worth["lead_hours"] else None
    worth["rules"] = {
        str(name): Rule(_number(one["precision_recall"]), _number(one["recall"]), _figure(one["above"]))
        for name, one in worth["rules"].items()
    }
    for name in ("prevalence", "workload", "brier", "silent"):
        worth[name] = _number(worth[name])
    borders = tuple(int(one) for one in _floats(given["borders"], 4))
    rows, hits = (tuple(int(one) for one in _floats(given[name], 3)) for name in ("rows", "hits"))
    return Card(borders, rows, hits, int(given["seed"]), Judged(**worth))  # type: ignore[arg-type]


def _figure(given: Mapping[str, Any]) -> Figure:
    return Figure(_number(given["value"]), _number(given["low"]), _number(given["high"]))
