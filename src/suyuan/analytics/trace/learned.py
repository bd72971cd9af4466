"""What was learned of a log, as JSON and back: the same to the last bit, in the same order."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .bounces import Returns
from .causality import Mode, Rules
from .courses import Courses, Wait
from .support import Feature, Sums, Support, by_kind, summed


def with_complaints(rules: Rules, complaints: Sequence[str]) -> Rules:
    """Return rules with other types as complaints."""
    return replace(rules, roles=replace(rules.roles, complaints=tuple(complaints)))


def of_courses(one: Courses) -> dict[str, Any]:
    """Return how processes usually go, as JSON."""
    return {
        "waits": [[*key, wait.middle, wait.spread, wait.seen] for key, wait in one.waits.items()],
        "after": [[*key, wait.middle, wait.spread, wait.seen] for key, wait in one.after.items()],
        "next": [[*key, after] for key, after in one.next.items()],
        "last": [[*key, times] for key, times in one.last.items()],
        "is_sign": one.is_sign.tolist(),
        "sign_of": one.sign_of.tolist(),
        "is_done": one.is_done.tolist(),
        "share_repeated": [[*key, share] for key, share in one.share_repeated.items()],
        "before": [[*key, times] for key, times in one.before.items()],
        "returns": [[*key, share] for key, share in one.returns.share.items()],
        "tail": [[*key, share] for key, share in one.returns.tail.items()],
    }


def courses(said: Mapping[str, Any]) -> Courses:
    """Return how processes usually go, of JSON."""
    return Courses(
        waits={(kind, step): Wait(*wait) for kind, step, *wait in said["waits"]},
        after={(kind, before, step): Wait(*wait) for kind, before, step, *wait in said["after"]},
        next={(kind, step): tuple((n, times) for n, times in after) for kind, step, after in said["next"]},
        last={(kind, step): times for kind, step, times in said["last"]},
        is_sign=np.array(said["is_sign"], bool),
        sign_of=np.array(said["sign_of"], np.int32),
        is_done=np.array(said["is_done"], bool),
        share_repeated={(kind, step): share for kind, step, share in said["share_repeated"]},
        before={(kind, one, other): times for kind, one, other, times in said["before"]},
        returns=Returns(
            {(kind, step): share for kind, step, share in said["returns"]},
            {(kind, times): share for kind, times, share in said["tail"]},
        ),
    )


def of_support(one: Support) -> dict[str, Any]:
    """Return what deviations add, as JSON; each kind of deviation stands once and is named by its number."""
    kinds: dict[Hashable, int] = {}

    def feature(of: Feature) -> tuple[int, int]:
        return kinds.setdefault(of[0], len(kinds)), of[1]

    def rows(sums: Sums) -> list[Any]:
        return [[*feature(of), value] for of, value in sums[0].items()]  # type: ignore[arg-type]

    said = {
        "complaints": one.complaints,
        "controls": one.controls,
        "seen": [[*feature(of), *counts] for of, counts in one.seen.items()],
        "expected": rows(one.expected),
        "parts": rows(one.parts),
        "mixes": [
            [kinds.setdefault(kind, len(kinds)), list(mix), list(mix.values())]
            for kind, mix in one.mixes.items()
        ],
        "own": [
            [complaint, parts.get(None, 0.0), [[*feature(of), part] for of, part in parts.items() if of]]
            for complaint, parts in one.own.items()
        ],
        "of_about": dict(one.of_about),
        "seen_about": [[*feature(of), about, times] for (of, about), times in one.seen_about.items()],
    }
    return said | {"kinds": list(kinds)}


def support(said: Mapping[str, Any]) -> Support:
    """Return what deviations add, of JSON."""
    kinds: list[Hashable] = [
        None if kind is None else (kind[0], kind[1], Mode(kind[2])) for kind in said["kinds"]
    ]
    expected = {(kinds[kind], size): value for kind, size, value in said["expected"]}
    seen = {(kinds[kind], size): (of, usual) for kind, size, of, usual in said["seen"]}
    common = by_kind(expected)
    return Support(
        said["complaints"],
        said["controls"],
        seen,
        said["of_about"],
        {((kinds[kind], size), about): times for kind, size, about, times in said["seen_about"]},
        {kinds[kind]: dict(zip(about, parts, strict=True)) for kind, about, parts in said["mixes"]},
        {
            complaint: {None: nothing} | {(kinds[kind], size): part for kind, size, part in parts}
            for complaint, nothing, parts in said["own"]
        },
        summed([(of, had) for of, (had, _) in seen.items()], common),
        summed(expected.items(), common),
        summed([((kinds[kind], size), part) for kind, size, part in said["parts"]], common),
    )
