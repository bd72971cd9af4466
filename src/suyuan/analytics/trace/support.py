"""How much oftener do people complain where something deviates? Learned from the log, no cause being told.

What deviates before complaints is held against what deviates at the same times around customers who did not
complain (controls). A deviation adds to the rate at which people complain; what it adds is estimated by
expectation and maximisation over all complaints at once, so that one which only stands beside another adds
nothing. Where complaints say what they are about, each kind of deviation has its own mix of that.

No complaint is evidence of its own cause: held against it is what the others say. What is seldom is drawn to
what its kind adds, that to what its mode does, and that to ``PRIOR``.

The part that one deviation has in a complaint is what it adds, over all that is added there and the base
rate: the attributable fraction of epidemiology (Greenland & Robins 1988), for causes that add up.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

Feature = tuple[Hashable, int]
"""A kind of deviation, and its size."""
Parts = Mapping[Feature | None, float]
"""What part of a complaint comes from each deviation, and from nothing that was found (None)."""
Case = tuple[int, frozenset[Feature], str]
"""A complaint, what deviates before it, what it is about."""

ROUNDS = 30
PRIOR = 4.0
"""What a deviation adds, in rates of all complaints, before anything is known of any of its mode."""
DRAWN_TO = 0.5
"""So many complaints' worth of what it is drawn to is added at each level."""
BASE = 0.5
"""So many complaints that come from nothing found are added to those seen."""
MIXED = 1.0
"""So many complaints' worth of the mix over all complaints is added to each kind's own."""
MIXED_BASE = 0.3
"""The same for what nothing explains, as a part of all complaints: it may not make a kind its own."""
UNKNOWN = 0.25
"""So far what was hardly met anywhere is believed at least."""
MISNAMED = 0.05
"""Such a part of complaints says that it is about something else than it is."""
DRAWN = 5.0
"""So many complaints about anything are added to those about the same."""
UNSEEN = 0.5
"""Controls that are added to those seen with a deviation: what none of them had is rare, not impossible."""


def levels(feature: Feature) -> tuple[Feature, Hashable, Hashable]:
    """Return what a deviation is counted by: itself, its kind, its mode (the last of what makes a kind)."""
    kind = feature[0]
    return feature, kind, kind[-1] if isinstance(kind, tuple) and kind else kind


Sums = tuple[Mapping[Hashable, float], ...]
NONE: Sums = ({}, {}, {})


def summed(rows: Iterable[tuple[Feature, float]], common: Mapping[Hashable, float]) -> Sums:
    """Return sums over each level; to its mode no kind adds more than one that is seldom.

    ``common`` says how often each kind is to be expected: what is everywhere says nothing of what is rare.
    """
    found: tuple[dict[Hashable, float], ...] = ({}, {}, {})
    for feature, value in rows:
        itself, kind, mode = levels(feature)
        weight = min(1.0, DRAWN_TO / common[kind]) if common.get(kind) else 1.0
        for level, key, part in zip(found, (itself, kind, mode), (value, value, value * weight), strict=True):
            level[key] = level.get(key, 0.0) + part
    return found


def by_kind(rows: Mapping[Feature, float]) -> dict[Hashable, float]:
    """Return the sum over each kind."""
    found: dict[Hashable, float] = {}
    for feature, value in rows.items():
        found[feature[0]] = found.get(feature[0], 0.0) + value
    return found


def drawn(feature: Feature, counted: Sums, left: Sums, expected: Sums) -> float:
    """Return how many there are over how many would be anyway, each level drawn to the next."""
    value = PRIOR
    for n, key in reversed(list(enumerate(levels(feature)))):
        seen = max(counted[n].get(key, 0.0) - left[n].get(key, 0.0), 0.0)
        value = (seen + DRAWN_TO * value) / (expected[n].get(key, 0.0) + DRAWN_TO)
    return value


@dataclass(frozen=True)
class Support:
    """What each deviation adds to the base rate of complaints, as all complaints but one (``left``) say."""

    complaints: int
    controls: int
    seen: Mapping[Feature, tuple[int, int]]
    """Of each feature, how many complaints and how many controls had it."""
    of_about: Mapping[str, int]
    """How many complaints are about each."""
    seen_about: Mapping[tuple[Feature, str], int]
    """How many of those about something had a feature."""
    mixes: Mapping[Hashable, Mapping[str, float]]
    """Of each kind, and of what nothing explains (None), how many complaints about each come from it."""
    own: Mapping[int, Parts]
    """Of each complaint that was learned from, what part of it comes from what."""
    had: Sums = NONE
    expected: Sums = NONE
    """How many complaints had each, and would have anyway, by feature, kind and mode."""
    parts: Sums = NONE
    """How many complaints come from each."""
    left: Parts = field(default_factory=dict)
    left_about: str = ""
    left_parts: Sums = NONE
    left_had: Sums = NONE
    """What the complaint that is left out has of ``parts`` and ``had``."""

    def without(self, complaint: int, about: str) -> "Support":
        """Return what the other complaints say."""
        left = self.own.get(complaint, {})
        parts, common = [(f, part) for f, part in left.items() if f is not None], self.expected[1]
        had = summed(((f, 1.0) for f, _ in parts), common)
        return replace(self, left=left, left_about=about, left_parts=summed(parts, common), left_had=had)

    def of(self, feature: Feature, about: str) -> float:
        """Return what a deviation adds to complaints about something."""
        return drawn(feature, self.parts, self.left_parts, self.expected) * self._mix(feature[0], about)

    def unexplained(self, about: str) -> float:
        """Return the base rate of complaints about something."""
        count = sum(self.mixes.get(None, {}).values()) - self.left.get(None, 0.0)
        return (count + BASE) / max(self.complaints, 1) * self._mix(None, about)

    def fraction(self, feature: Feature, about: str) -> float:
        """Return how far a deviation is believed by its lift alone: 1 − 1 / lift², nothing without one.

        What it adds is estimated over all complaints at once; what is hardly oftener there than elsewhere may
        stand in for the base rate there, and is held back here. The lift is that among complaints about the
        same, drawn to that among all where they are few.
        """
        lift = drawn(feature, self.had, self.left_had, self.expected) * self._own_about(feature, about)
        unknown = DRAWN_TO / (self.expected[0].get(feature, 0.0) + DRAWN_TO)
        return max(UNKNOWN * unknown, 1 - 1 / lift**2 if lift else 0.0)

    def _own_about(self, feature: Feature, about: str) -> float:
        """Return how much oftener complaints with a feature are about something than others are."""
        usual = self.of_about.get(about, 0) / max(self.complaints, 1)
        if not usual:
            return 1.0
        self_has = float(feature in self.left)
        had, whole = self.seen_about.get((feature, about), 0), self.seen.get(feature, (0, 0))[0]
        here = max(had - self_has * (about == self.left_about), 0.0)
        share = (here + DRAWN * usual) / (max(whole - self_has, 0.0) + DRAWN)
        return (1 - MISNAMED) * share / usual + MISNAMED

    def _mix(self, kind: Hashable, about: str) -> float:
        """Return which part of what comes from a kind is about something; all, where none ever was."""
        if about not in self.of_about:
            return 1.0
        usual = self.of_about[about] / max(self.complaints, 1)
        counted = self.mixes.get(kind, {})
        own = self.left.get(None, 0.0) if kind is None else self.left_parts[1].get(kind, 0.0)
        added = MIXED if kind is not None else MIXED_BASE * max(self.complaints, 1)
        here = max(counted.get(about, 0.0) - own * (about == self.left_about), 0.0)
        whole = max(sum(counted.values()) - own, 0.0)
        return (1 - MISNAMED) * (here + added * usual) / (whole + added) + MISNAMED * usual

    def lift(self, feature: Feature) -> float:
        """Return how much oftener complaints have a deviation than controls."""
        of_complaints, of_controls = self.seen.get(feature, (0, 0))
        rate = of_complaints / max(self.complaints, 1)
        return rate / ((of_controls + UNSEEN) / max(self.controls, 1))


def learn(cases: Sequence[Case], controls: Sequence[frozenset[Feature]]) -> Support:
    """Return what deviations add, from those before complaints (with what each is about) and controls."""
    # Sets of texts come in another order in every process, and sums would differ in their last digits.
    complaints = [(one, tuple(sorted(features, key=repr)), about) for one, features, about in cases]
    had = Counter(feature for _, features, _ in complaints for feature in features)
    usual = Counter(feature for features in controls for feature in sorted(features, key=repr))
    every = len(complaints)
    rate = {f: (usual[f] + UNSEEN) / max(len(controls), 1) for f in (had if every else ())}
    rate |= {f: usual[f] / len(controls) for f in usual if f not in rate}
    expected = {f: every * value for f, value in rate.items()}
    common = by_kind(expected)
    of_about = Counter(about for _, _, about in complaints)
    state = Support(
        every,
        len(controls),
        {feature: (had[feature], usual[feature]) for feature in had},
        of_about,
        Counter((feature, about) for _, features, about in complaints for feature in features),
        {},
        {},
        summed(had.items(), common),
        summed(expected.items(), common),
    )
    start = {f: max(0.01, had[f] / every / rate[f] - 1) for f in had}
    own: dict[int, Parts] = {
        one: _shared({f: start[f] for f in features}, 1.0) for one, features, _ in complaints
    }
    for _ in range(ROUNDS if every else 0):
        state = _counted(state, complaints, own)
        own = {one: _parts(state.without(one, about), features, about) for one, features, about in complaints}
    return _counted(state, complaints, own)


def _counted(
    state: Support, complaints: Sequence[tuple[int, tuple[Feature, ...], str]], own: Mapping[int, Parts]
) -> Support:
    """Return what is known once every complaint is shared out."""
    mixes: dict[Hashable, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    parts: dict[Feature, float] = defaultdict(float)
    for one, _, about in complaints:
        for feature, part in own[one].items():
            mixes[None if feature is None else feature[0]][about] += part
            if feature is not None:
                parts[feature] += part
    plain = {kind: dict(counted) for kind, counted in mixes.items()}
    return replace(state, parts=summed(parts.items(), state.expected[1]), mixes=plain, own=own)


def _parts(others: Support, features: Sequence[Feature], about: str) -> Parts:
    """Share a complaint out by what adds to it, as the others say: what is held back is left unexplained."""
    scores, nothing = {}, others.unexplained(about)
    for feature in features:
        adds, part = others.of(feature, about), others.fraction(feature, about)
        scores[feature] = adds * part
        nothing += adds * (1 - part)
    return _shared(scores, nothing)


def _shared(scores: Mapping[Feature, float], nothing: float) -> Parts:
    whole = nothing + sum(scores.values())
    return {None: nothing / whole, **{feature: score / whole for feature, score in scores.items()}}
