"""How much oftener do people complain where something deviates? Learned from the log, no cause being told.

What deviates before complaints is held against what deviates at the same times around customers who did not
complain (controls). A deviation adds to the rate at which people complain; what it adds is estimated by
expectation and maximisation over all complaints at once, so that one which only stands beside another adds
nothing. Where complaints say what they are about, each kind of deviation has its own mix of that.

The part that one deviation has in a complaint is what it adds, over all that is added there and the base
rate: the attributable fraction of epidemiology (Greenland & Robins 1988), for causes that add up.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

Feature = tuple[Hashable, int]
"""A kind of deviation, and its size."""

ROUNDS = 40
SHARED = 2.0
"""So many complaints' worth of the mean over all sizes is added to each."""
MIXED = 1.0
"""So many complaints' worth of the mix over all complaints is added to each kind's own."""
MIXED_BASE = 0.3
"""The same for what nothing explains, as a part of all complaints: it may not make a kind its own."""
DRAWN = 5.0
"""So many complaints about anything are added to those about the same."""
UNSEEN = 0.5
"""Controls that are added to those seen with a deviation: what none of them had is rare, not impossible."""


@dataclass(frozen=True)
class Support:
    """What each deviation adds to the base rate of complaints, which is ``base``."""

    base: float
    adds: Mapping[Feature, float]
    mixes: Mapping[Hashable, Mapping[str, float]]
    """Of each kind, and of what nothing explains (None), what complaints are about."""
    complaints: int
    controls: int
    seen: Mapping[Feature, tuple[int, int]]
    """Of each feature, how many complaints and how many controls had it."""
    of_about: Mapping[str, int]
    """How many complaints are about each."""
    seen_about: Mapping[tuple[Feature, str], int]
    """How many of those about something had a feature."""

    def of(self, feature: Feature, about: str) -> float:
        """Return what a deviation adds to complaints about something."""
        kind, _ = feature
        return self.adds.get(feature, self._unknown(kind)) * self._mix(kind, about)

    def fraction(self, feature: Feature, about: str) -> float:
        """Return how far a deviation is believed by its lift alone: 1 − 1 / lift², nothing without one.

        What it adds is estimated over all complaints at once; what is hardly oftener there than elsewhere may
        stand in for the base rate there, and is held back here. The lift is that among complaints about the
        same, drawn to that among all where they are few.
        """
        of_complaints, of_controls = self.seen.get(feature, (0, 0))
        rate = of_complaints / max(self.complaints, 1)
        alike, had = self.of_about.get(about, 0), self.seen_about.get((feature, about), 0)
        own = (had + DRAWN * rate) / (alike + DRAWN)
        usual = (of_controls + UNSEEN) / max(self.controls, 1)
        return max(0.0, 1 - (usual / own) ** 2) if own else 1.0

    def unexplained(self, about: str) -> float:
        """Return the base rate of complaints about something."""
        return self.base * self._mix(None, about)

    def _mix(self, kind: Hashable, about: str) -> float:
        mix = self.mixes.get(kind) or self.mixes.get(None) or {}
        return mix.get(about, 1.0 / max(self.complaints, 1))

    def _unknown(self, kind: Hashable) -> float:
        """Return what a deviation adds that was not met: the mean of its kind, else one in all complaints."""
        return self._means.get(kind, 1.0 / max(self.complaints, 1) / self._rare)

    @cached_property
    def _means(self) -> dict[Hashable, float]:
        """Return the mean of each kind over its sizes."""
        alike: dict[Hashable, list[float]] = defaultdict(list)
        for (kind, _), value in self.adds.items():
            alike[kind].append(value)
        return {kind: sum(values) / len(values) for kind, values in alike.items()}

    @property
    def _rare(self) -> float:
        return UNSEEN / max(self.controls, 1)

    def lift(self, feature: Feature) -> float:
        """Return how much oftener complaints have a deviation than controls."""
        of_complaints, of_controls = self.seen.get(feature, (0, 0))
        rate = of_complaints / max(self.complaints, 1)
        return rate / ((of_controls + UNSEEN) / max(self.controls, 1))


def learn(cases: Sequence[tuple[frozenset[Feature], str]], controls: Sequence[frozenset[Feature]]) -> Support:
    """Return what deviations add, from those before complaints (with what each is about) and controls."""
    # Sets of texts come in another order in every process, and sums would differ in their last digits.
    complaints = [(tuple(sorted(features, key=repr)), about) for features, about in cases]
    had = Counter(feature for features, _ in complaints for feature in features)
    usual = Counter(feature for features in controls for feature in features)
    exposed = {f: (usual[f] + UNSEEN) / max(len(controls), 1) for f in had}
    every = len(complaints)
    mix = {about: n / every for about, n in Counter(about for _, about in complaints).items()}
    state = _State(
        1.0, {f: max(0.01, had[f] / every / exposed[f] - 1) for f in had}, defaultdict(lambda: mix)
    )
    for _ in range(ROUNDS if every else 0):
        state = _round(state, complaints, exposed, mix)
    seen = {feature: (had[feature], usual[feature]) for feature in had}
    return Support(
        state.base,
        state.adds,
        dict(state.mixes),
        every,
        len(controls),
        seen,
        Counter(about for _, about in complaints),
        Counter((feature, about) for features, about in complaints for feature in features),
    )


@dataclass(frozen=True, slots=True)
class _State:
    base: float
    adds: Mapping[Feature, float]
    mixes: Mapping[Hashable, Mapping[str, float]]


def _round(
    state: _State,
    complaints: Sequence[tuple[tuple[Feature, ...], str]],
    exposed: Mapping[Feature, float],
    mix: Mapping[str, float],
) -> _State:
    """Share every complaint out by what adds to it, and estimate anew what each adds."""
    parts: Counter[Feature] = Counter()
    about_of: dict[Hashable, Counter[str]] = defaultdict(Counter)
    base = 0.0
    for features, about in complaints:
        scores = {f: state.adds[f] * state.mixes[f[0]][about] for f in features}
        nothing = state.base * state.mixes[None][about]
        whole = nothing + sum(scores.values())
        base += nothing / whole
        about_of[None][about] += nothing / whole  # type: ignore[assignment]
        for feature, score in scores.items():
            parts[feature] += score / whole  # type: ignore[assignment]
            about_of[feature[0]][about] += score / whole  # type: ignore[assignment]
    every = len(complaints)
    return _State(base / every, _adds(parts, exposed, every), _mixes(about_of, mix, every))


def _adds(
    parts: Mapping[Feature, float], exposed: Mapping[Feature, float], every: int
) -> dict[Feature, float]:
    kinds: Counter[Hashable] = Counter()
    held: Counter[Hashable] = Counter()
    for feature, rate in exposed.items():
        kinds[feature[0]] += parts[feature]  # type: ignore[assignment]
        held[feature[0]] += every * rate  # type: ignore[assignment]
    return {
        f: (parts[f] + SHARED * kinds[f[0]] / held[f[0]]) / (every * rate + SHARED)
        for f, rate in exposed.items()
    }


def _mixes(
    about_of: Mapping[Hashable, Mapping[str, float]], mix: Mapping[str, float], every: int
) -> dict[Hashable, dict[str, float]]:
    found = {}
    for kind, counted in about_of.items():
        added = MIXED if kind is not None else MIXED_BASE * every
        whole = sum(counted.values()) + added
        found[kind] = {about: (counted.get(about, 0.0) + added * part) / whole for about, part in mix.items()}
    return found
