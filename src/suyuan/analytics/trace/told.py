"""A trace as it is told: names for numbers, and one sentence that a manager can read."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from .causality import Mode
from .chains import Chain, Link, Traced, node
from .deviations import Deviation
from .eventlog import EventLog

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN = 20
"""So many events of one node are told at most: the first ones."""

DEVIATES: Mapping[str, Mapping[Mode, str]] = {
    "zh": {
        Mode.MISSING: "没有办“{activity}”",
        Mode.SKIPPED: "漏了“{activity}”",
        Mode.TURNED: "“{activity}”没有按次序办",
        Mode.LATE: "“{activity}”办得过晚",
        Mode.REPEATED: "“{activity}”反复办了 {times} 次",
        Mode.BOUNCED: "在“{activity}”上来回退转",
        Mode.REFUSED: "“{activity}”",
        Mode.WRONG: "连续 {times} 次“{activity}”",
        Mode.EXPOSED: "{times} 次“{activity}”",
        Mode.CONTACT: "“{activity}”时与客户见面",
    },
    "en": {
        Mode.MISSING: "“{activity}” was not done",
        Mode.SKIPPED: "“{activity}” was left out",
        Mode.TURNED: "“{activity}” was done out of order",
        Mode.LATE: "“{activity}” was done much too late",
        Mode.REPEATED: "“{activity}” was done {times} times over",
        Mode.BOUNCED: "it was sent back and forth at “{activity}”",
        Mode.REFUSED: "“{activity}”",
        Mode.WRONG: "“{activity}” {times} times in a row",
        Mode.EXPOSED: "“{activity}” {times} times",
        Mode.CONTACT: "the customer was met at “{activity}”",
    },
}
SAID: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "source": "源头在{unit}：{type} {object} {deviates}",
        "then": "，致使{type} {object} {deviates}",
        "end": "，客户因此投诉。",
        "front": "这件投诉就出在与客户接触的环节：{unit}在{type} {object} 中{deviates}，"
        "此前没有发现其他环节异常。",
        "spared": "不应只追究{unit}。",
        "nobody": "（未记单位）",
        "thin": "证据太少，不下结论。",
    },
    "en": {
        "source": "The source is {unit}: {type} {object}: {deviates}",
        "then": "; so {type} {object}: {deviates}",
        "end": "; so the customer complained.",
        "front": "This complaint came from where the customer was met: {unit}, {type} {object}: {deviates}; "
        "nothing else deviated before it.",
        "spared": " {unit} alone should not answer for it.",
        "nobody": "(no unit recorded)",
        "thin": "The evidence is too thin to say.",
    },
}


def told(log: EventLog, traced: Traced, language: str = "zh") -> dict[str, object]:
    """Return a trace as one JSON object."""
    return {
        "object": log.objects[traced.complaint],
        "chains": [_chain(log, traced, chain, language) for chain in traced.chains],
        "unexplained": traced.unexplained,
        "abstained": not traced.chains,
        "sentence": sentence(log, traced, language),
    }


def _chain(log: EventLog, traced: Traced, chain: Chain, language: str) -> dict[str, object]:
    nodes = [_node(log, one, traced.shares[node(one)]) for one in chain.nodes]
    last = log.first(traced.complaint)
    names = [
        *(f"{log.objects[one.thing]}#{n}" for n, one in enumerate(chain.nodes)),
        log.objects[traced.complaint],
    ]
    return {
        "nodes": [*nodes, _complaint(log, traced, last)],
        "edges": [_edge(log, link, names[n], names[n + 1]) for n, link in enumerate(chain.links)],
        "confidence": chain.weight,
        "sentence": of_chain(log, chain, language),
    }


def _node(log: EventLog, one: Deviation, share: float) -> dict[str, object]:
    return {
        "object": log.objects[one.thing],
        "type": log.types[int(log.type[one.thing])],
        "activity": log.activities[one.activity],
        "unit": log.objects[one.unit] if one.unit >= 0 else "",
        "deviation": one.mode.value,
        "since": at(one.since),
        "share": share,
        "events": [log.events[event] for event in one.events[:SHOWN]],
    }


def _complaint(log: EventLog, traced: Traced, event: int) -> dict[str, object]:
    """Return the end of every chain: the complaint itself, which has no share."""
    return {
        "object": log.objects[traced.complaint],
        "type": log.types[int(log.type[traced.complaint])],
        "activity": log.activities[int(log.activity[event])],
        "unit": "",
        "deviation": "complaint",
        "since": at(int(log.at[event])),
        "share": 0.0,
        "events": [log.events[event]],
    }


def _edge(log: EventLog, link: Link, source: str, target: str) -> dict[str, object]:
    return {
        "from": source.rpartition("#")[0] or source,
        "to": target.rpartition("#")[0] or target,
        "kind": link.relation.value.replace("_", "-"),
        "because": link.because,
        "events": [log.events[event] for event in link.events[:SHOWN]],
    }


def at(micros: int) -> str:
    """Return a moment in ISO 8601, UTC."""
    return (EPOCH + timedelta(microseconds=micros)).isoformat()


def sentence(log: EventLog, traced: Traced, language: str = "zh") -> str:
    """Return where a complaint came from, in one sentence."""
    return of_chain(log, traced.chains[0], language) if traced.chains else SAID[language]["thin"]


def of_chain(log: EventLog, chain: Chain, language: str = "zh") -> str:
    """Return what one chain says, in one sentence."""
    said, source = SAID[language], chain.nodes[0]
    if chain.nodes == (source,) and source.mode is Mode.CONTACT:
        return said["front"].format(**_words(log, source, language))
    parts = [said["source"].format(**_words(log, source, language))]
    parts += [said["then"].format(**_words(log, one, language)) for one in chain.nodes[1:]]
    spared = chain.nodes[-1].unit
    text = "".join(parts) + said["end"]
    if spared >= 0 and spared != source.unit:
        text += said["spared"].format(unit=log.objects[spared])
    return text


def _words(log: EventLog, one: Deviation, language: str) -> dict[str, str]:
    return {
        "unit": log.objects[one.unit] if one.unit >= 0 else SAID[language]["nobody"],
        "type": log.types[int(log.type[one.thing])],
        "object": log.objects[one.thing],
        "deviates": deviates(log, one, language),
    }


def deviates(log: EventLog, one: Deviation, language: str = "zh") -> str:
    """Return how something deviates, in words."""
    activity = log.activities[one.activity]
    return DEVIATES[language][one.mode].format(activity=activity, times=len(one.events))
