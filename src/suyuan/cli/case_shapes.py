"""The shape of a case, as ``suyuan case show`` prints it."""

from .shapes import COUNT, FLAG, MOMENT, PERHAPS_MOMENT, TEXT, TEXTS, by_name, many, thing

RECTIFICATION = thing(
    due_on=TEXT,
    round=COUNT,
    nodes=many(
        thing(
            node=TEXT,
            quorum=TEXT,
            in_order=FLAG,
            on_reject=TEXT,
            state=TEXT,
            places=many(
                thing(
                    place=TEXT,
                    act=TEXT,
                    by=TEXT,
                    on_behalf_of=TEXT,
                    at=PERHAPS_MOMENT,
                    delegate=TEXT,
                    awaited_since=PERHAPS_MOMENT,
                )
            ),
        )
    ),
)
CASE_SHOW = thing(
    number=TEXT,
    procedure=TEXT,
    version=COUNT,
    state=TEXT,
    unit=TEXT,
    roles=by_name(TEXT),
    parts=many(thing(part=TEXT, unit=TEXT, people=TEXTS, more=COUNT, owes=TEXTS)),
    clocks=many(
        thing(
            limit=TEXT,
            start=MOMENT,
            due=MOMENT,
            stopped=PERHAPS_MOMENT,
            state=TEXT,
            provisional=FLAG,
            certainty=TEXT,
            suspensions=many(many(PERHAPS_MOMENT)),
        )
    ),
    finding=TEXT,
    items=many(
        thing(
            item=COUNT,
            category=TEXT,
            statement=TEXT,
            finding=TEXT,
            stands=FLAG,
            clause=TEXT,
            clause_words=TEXT,
            evidence=TEXT,
            decided_by=TEXT,
            decided_at=PERHAPS_MOMENT,
        )
    ),
    sheets=thing(required=TEXTS, advised=TEXTS, standing=TEXTS, missing=TEXTS),
    doubts=TEXTS,
    open_verbs=many(
        thing(
            verb=TEXT,
            refusal={"type": ["string", "null"]},
            form=many(
                thing(name=TEXT, title=TEXT, type=TEXT, required=FLAG, choices=TEXTS, reasons=TEXT),
            ),
            begins_with=by_name(TEXT),
        )
    ),
    undo_until=PERHAPS_MOMENT,
    rectification={"anyOf": [{"type": "null"}, RECTIFICATION]},
    events=many(thing(seq=COUNT, at=MOMENT, actor=TEXT, verb=TEXT, objects=many(TEXTS), digest=TEXT)),
)

INTERACTIONS = thing(
    number=TEXT,
    interactions=many(
        thing(
            at=MOMENT,
            number=TEXT,
            kind=TEXT,
            verb=TEXT,
            door=TEXT,
            who=TEXT,
            text=TEXT,
            form=by_name(TEXT),
            mark=TEXT,
        )
    ),
)
PROOF = thing(
    number=TEXT,
    verified=COUNT,
    received=MOMENT,
    answered=MOMENT,
    statement=TEXT,
    sha256=TEXT,
    event=COUNT,
    digest=TEXT,
    given=many(thing(at=MOMENT, way=TEXT, event=COUNT, digest=TEXT)),
)
