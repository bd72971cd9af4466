"""The shapes of what the commands on personal data print."""

from .shapes import COUNT, FLAG, MOMENT, PERHAPS_MOMENT, TEXT, by_name, many, thing

SEAL_LIST = thing(
    keys=many(thing(number=COUNT, newest=FLAG, since=PERHAPS_MOMENT, values=COUNT)),
)
SEAL_ROTATE = thing(key=COUNT)
SEAL_RESEAL = thing(values=COUNT)
SEAL_RETIRE = thing(key=COUNT)
TEXT_REMASK = thing(version=COUNT, texts=COUNT, changed=COUNT, older=COUNT)
TEXT_MASK = thing(text=TEXT, found=by_name(COUNT))
SHRED = thing(
    state={"enum": ["dry_run", "asked", "done"]},
    asked_by=TEXT,
    carried_out_by=TEXT,
    reached=by_name(COUNT),
    named=many(thing(kind=TEXT, name=TEXT)),
    periods=many(
        thing(
            place=TEXT,
            figure=TEXT,
            period=TEXT,
            certainty=TEXT,
            confirmed=FLAG,
            before=PERHAPS_MOMENT,
            found=COUNT,
            held=COUNT,
        )
    ),
)
PERSON_EXPORT = thing(file=TEXT, reached=by_name(COUNT))
AUDIT_EXPORT = thing(code=TEXT, at=MOMENT, actor=TEXT, verb=TEXT, purpose=TEXT, masked=FLAG, count=COUNT)
