"""The shapes of what the commands print, as JSON Schema; tests hold every documented example to them."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
PERHAPS_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
PERHAPS_NUMBER: Schema = {"type": ["number", "null"]}
TEXTS: Schema = {"type": "array", "items": TEXT}


def thing(**properties: Schema) -> Schema:
    """Return the schema of an object that has exactly these properties."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def many(item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def by_name(value: Schema) -> Schema:
    """Return the schema of an object with any names and values of one kind."""
    return {"type": "object", "additionalProperties": value}


PEOPLE_IMPORT = thing(
    dry_run=FLAG,
    quarantine_files=TEXTS,
    lists=many(
        thing(
            list=TEXT,
            sheet=TEXT,
            read=COUNT,
            new=COUNT,
            changed=COUNT,
            same=COUNT,
            quarantined=COUNT,
            waiting=COUNT,
            footers=many(COUNT),
            unknown_posts=by_name(COUNT),
            recalled_posts=by_name(TEXT),
            same_names=by_name(TEXTS),
            faults=many(thing(row=COUNT, column=TEXT, value=TEXT, rule=TEXT)),
        )
    ),
)
PEOPLE_CONFIRM_PASSWORD = thing(person=TEXT, confirmed_by=TEXT)
PEOPLE_CONFIRM_ROLE = thing(
    person=TEXT,
    outcome={"enum": ["confirmed", "declined"]},
    by=TEXT,
    roles=many(thing(role=TEXT, unit=TEXT)),
    password_ended=FLAG,
)
PEOPLE_FIRST_PASSWORD = thing(person=TEXT, password=TEXT)
PEOPLE_FIRST_PASSWORDS = thing(
    file=TEXT, made=COUNT, waiting=COUNT, code=TEXT, refused=many(thing(person=TEXT, code=TEXT))
)
PEOPLE_UNLOCK = thing(person=TEXT, unlocked_by=TEXT)
IMPORT = thing(
    read=COUNT,
    accepted=COUNT,
    duplicate=COUNT,
    quarantined=COUNT,
    quarantine_file={"type": ["string", "null"]},
    seconds={"type": "number", "minimum": 0},
    layout=TEXT,
    notes=by_name(COUNT),
)
EXPORT = thing(file=TEXT, orders=COUNT, masked=FLAG, code=TEXT)
BOARD = thing(
    period=TEXT,
    measures=many(
        thing(
            id=TEXT,
            value=PERHAPS_NUMBER,
            n={"type": "number"},
            of=PERHAPS_NUMBER,
            low=PERHAPS_NUMBER,
            high=PERHAPS_NUMBER,
            previous=PERHAPS_NUMBER,
            last_year=PERHAPS_NUMBER,
            excluded=by_name({"type": "number"}),
        )
    ),
)
CASE_LIST = thing(
    page=COUNT,
    has_next=FLAG,
    cut=FLAG,
    cases=many(
        thing(
            number=TEXT,
            procedure=TEXT,
            business_type=TEXT,
            state=TEXT,
            unit=TEXT,
            accepted=MOMENT,
            due=PERHAPS_MOMENT,
            light=TEXT,
            brief=TEXT,
        )
    ),
)
CASE_CODE = thing(number=TEXT, code=TEXT)
CASE_DO = thing(number=TEXT, verb=TEXT, state=TEXT, event=COUNT, undo_until=PERHAPS_MOMENT)
PROCEDURE_SHOW = thing(
    procedure=TEXT,
    version=COUNT,
    states=TEXTS,
    steps=many(
        thing(
            verb=TEXT,
            source=TEXTS,
            target=TEXT,
            roles=TEXTS,
            guards=TEXTS,
            when_restricted=TEXTS,
            form=many(thing(name=TEXT, type=TEXT, required=FLAG, choices=TEXTS)),
            marks=TEXTS,
            starts=TEXTS,
            stops=TEXTS,
        )
    ),
)
PROCEDURES_MIGRATE = thing(
    procedures=many(
        {
            "type": "object",
            "required": ["procedure", "from", "to", "moved", "stays", "stay_numbers", "dry_run"],
            "additionalProperties": False,
            "properties": {
                "procedure": TEXT,
                "from": COUNT,
                "to": COUNT,
                "moved": COUNT,
                "stays": COUNT,
                "stay_numbers": TEXTS,
                "dry_run": FLAG,
            },
        }
    )
)
AUDIT_VERIFY = thing(streams=COUNT, events=COUNT, anchors=COUNT, ok=FLAG)
AUDIT_ANCHOR = thing(on={"type": "string", "format": "date"}, streams=COUNT, digest=TEXT)
AUDIT_SAMPLE = thing(
    period=TEXT, seed=TEXT, n=COUNT, of=COUNT, cases=many(thing(number=TEXT, part=TEXT, signs=TEXTS))
)
DOCTOR = thing(
    ok=FLAG, findings=many(thing(level={"enum": ["error", "warning"]}, code=TEXT, text=TEXT, fix=TEXT))
)
RULES_CLAUSES = thing(
    clauses=many(
        thing(
            code=TEXT,
            document=TEXT,
            document_title=thing(zh=TEXT, en=TEXT),
            number=TEXT,
            title=thing(zh=TEXT, en=TEXT),
            procedures=TEXTS,
            categories=TEXTS,
            basis=TEXT,
            certainty=TEXT,
            note=TEXT,
            confirmed_by=TEXT,
            in_force_from={"type": ["string", "null"]},
            in_force_until={"type": ["string", "null"]},
        )
    )
)
RULES_EXPORT = thing(files=TEXTS, entries=COUNT, edition=TEXT)
RULES_RETARGET = thing(
    limit=TEXT, waiting=COUNT, later=COUNT, earlier=COUNT, overdue=COUNT, moved=COUNT, left=COUNT
)
ORG_LOAD = thing(units=COUNT, people=COUNT, same_names=by_name(TEXTS))
ORG_LIST = thing(units=many(thing(code=TEXT, name=TEXT, path=TEXT, provisional=FLAG)))
_KEY = {
    "prefix": TEXT,
    "name": TEXT,
    "owner": TEXT,
    "scopes": TEXTS,
    "unit": TEXT,
    "state": TEXT,
    "made": MOMENT,
    "expires": MOMENT,
    "last_used": {"type": ["string", "null"], "format": "date"},
}
KEY = thing(**_KEY)
KEY_MADE = thing(**_KEY, secret=TEXT)
KEY_LIST = thing(keys=many(KEY))
BACKUP = thing(
    file=TEXT, keys=TEXT, bytes=COUNT, sha256=TEXT, files=COUNT, cases=COUNT, events=COUNT, people=COUNT
)
RESTORE = thing(
    cases=COUNT,
    events=COUNT,
    people=COUNT,
    chains=COUNT,
    anchors=COUNT,
    made_at=MOMENT,
    listed=FLAG,
    shredded_again=by_name(COUNT),
    ok=FLAG,
)
OUTBOX_LIST = thing(
    messages=many(
        thing(
            id=COUNT,
            key=TEXT,
            channel=TEXT,
            template=TEXT,
            recipient=TEXT,
            case=TEXT,
            state=TEXT,
            attempts=COUNT,
            queued=MOMENT,
            next=PERHAPS_MOMENT,
            problem=TEXT,
        )
    )
)
OUTBOX_RETRY = thing(retried=many(COUNT), refused=many(thing(id=COUNT, reason=TEXT)))
WORKSHEET_EXPORT = thing(file=TEXT, cases=COUNT)
WORKSHEET_APPLY = thing(
    applied=COUNT,
    already=COUNT,
    refused=COUNT,
    skipped=COUNT,
    file=TEXT,
    rows=many(
        thing(
            row=COUNT,
            number=TEXT,
            verb=TEXT,
            outcome={"enum": ["applied", "already", "refused"]},
            code=TEXT,
            facts={"type": "object"},
            cells=by_name(TEXT),
            state=TEXT,
            event=COUNT,
        )
    ),
)
PAPER = thing(file=TEXT, code=TEXT, sha256=TEXT, event=COUNT)
PAPERS_VERIFY = thing(
    number=TEXT, paper=TEXT, purpose=TEXT, code=TEXT, at=MOMENT, by=TEXT, sha256=TEXT, event=COUNT
)
PAPERS_CHECK = thing(ok=FLAG, file=TEXT, paper=TEXT)
EVIDENCE_ADD = thing(number=TEXT, sha256=TEXT)
EVIDENCE_EXPORT = thing(file=TEXT, code=TEXT, cases=COUNT, files=COUNT, bytes=COUNT)
EVIDENCE_VERIFY = thing(ok=FLAG, code=TEXT, files=COUNT, events=COUNT, by=TEXT, at=TEXT, purpose=TEXT)
