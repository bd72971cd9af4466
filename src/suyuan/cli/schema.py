"""``suyuan schema``: the JSON Schema of what each command prints with --json."""

import importlib
import json

import click

from suyuan.domain.errors import BadInput

SCHEMAS = {
    "duties": "duties:SCHEMA",
    "appeal show": "appeal:SHOW",
    "appeal check": "appeal:CHECK",
    "appeal list": "appeal:LIST",
    "protection list": "protection:LIST",
    "protection record": "protection:RECORD",
    "campaign list": "campaign:LIST",
    "campaign show": "campaign:SHOW",
    "campaign open": "campaign:DONE",
    "campaign add": "campaign:DONE",
    "campaign close": "campaign:DONE",
    "liability show": "liability:SHOW",
    "liability object": "liability:DONE",
    "improvement list": "improvement:LIST",
    "improvement register": "improvement:REGISTER",
    "due": "due:SCHEMA",
    "damage": "damage:SCHEMA",
    "simulate": "simulate:SCHEMA",
    "import": "shapes:IMPORT",
    "export": "shapes:EXPORT",
    "board": "shapes:BOARD",
    "shirking": "shirking:SCHEMA",
    "filing list": "filing:LIST",
    "filing told": "filing:TOLD",
    "filing register": "filing:FILED",
    "answers": "final_answer:SCHEMA",
    "themes": "evaluation:THEMES",
    "hotspots": "hotspots:SCHEMA",
    "weak-links": "weak_links:SCHEMA",
    "assess open": "evaluation:OPENED",
    "assess list": "evaluation:LIST",
    "ladder show": "ladder:SHOW",
    "ladder list": "ladder:LIST",
    "returns list": "returns:LIST",
    "returns file": "returns:FILE",
    "returns publish": "returns:PUBLISH",
    "commitment list": "commitment:LIST",
    "repeat find": "repeat:FIND",
    "repeat list": "repeat:LIST",
    "ledger": "ledger:SCHEMA",
    "ledger list": "ledger:LIST",
    "ledger propose": "ledger:DONE",
    "ledger propose-period": "ledger:PERIOD",
    "veto list": "veto:LIST",
    "veto eligible": "veto:ELIGIBLE",
    "blame": "blame:SCHEMA",
    "ledger sign": "ledger:DONE",
    "ledger sign-many": "ledger:MANY",
    "ledger refuse": "ledger:DONE",
    "ledger reverse": "ledger:DONE",
    "reconcile": "reconcile:SCHEMA",
    "case list": "shapes:CASE_LIST",
    "case show": "case_shapes:CASE_SHOW",
    "case do": "shapes:CASE_DO",
    "case code": "shapes:CASE_CODE",
    "case interactions": "case_shapes:INTERACTIONS",
    "case proof": "case_shapes:PROOF",
    "worksheet export": "shapes:WORKSHEET_EXPORT",
    "worksheet apply": "shapes:WORKSHEET_APPLY",
    "paper": "shapes:PAPER",
    "papers verify": "shapes:PAPERS_VERIFY",
    "papers check": "shapes:PAPERS_CHECK",
    "reply check": "reply:SCHEMA",
    "procedure show": "shapes:PROCEDURE_SHOW",
    "procedures migrate": "shapes:PROCEDURES_MIGRATE",
    "audit verify": "shapes:AUDIT_VERIFY",
    "audit sample": "shapes:AUDIT_SAMPLE",
    "audit export": "privacy_shapes:AUDIT_EXPORT",
    "audit anchor": "shapes:AUDIT_ANCHOR",
    "evidence add": "shapes:EVIDENCE_ADD",
    "evidence export": "shapes:EVIDENCE_EXPORT",
    "evidence verify": "shapes:EVIDENCE_VERIFY",
    "doctor": "shapes:DOCTOR",
    "schedule list": "work_shapes:SCHEDULE_LIST",
    "schedule set": "work_shapes:SCHEDULE",
    "schedule pause": "work_shapes:SCHEDULE",
    "shred": "privacy_shapes:SHRED",
    "person-data export": "privacy_shapes:PERSON_EXPORT",
    "text mask": "privacy_shapes:TEXT_MASK",
    "text remask": "privacy_shapes:TEXT_REMASK",
    "seal list": "privacy_shapes:SEAL_LIST",
    "seal rotate": "privacy_shapes:SEAL_ROTATE",
    "seal reseal": "privacy_shapes:SEAL_RESEAL",
    "seal retire": "privacy_shapes:SEAL_RETIRE",
    "backup": "shapes:BACKUP",
    "restore": "shapes:RESTORE",
    "people import": "shapes:PEOPLE_IMPORT",
    "people confirm-password": "shapes:PEOPLE_CONFIRM_PASSWORD",
    "people confirm-role": "shapes:PEOPLE_CONFIRM_ROLE",
    "people first-password": "shapes:PEOPLE_FIRST_PASSWORD",
    "people first-passwords": "shapes:PEOPLE_FIRST_PASSWORDS",
    "people unlock": "shapes:PEOPLE_UNLOCK",
    "rules clauses": "shapes:RULES_CLAUSES",
    "rules playbooks": "playbooks:PLAYBOOKS",
    "rules emergencies": "playbooks:EMERGENCIES",
    "rules export": "shapes:RULES_EXPORT",
    "rules retarget": "shapes:RULES_RETARGET",
    "customer import": "customer:SCHEMA",
    "calls import": "calls:SCHEMA",
    "log info": "log:INFO",
    "log convert": "log:CONVERT",
    "trace log": "tracing:TRACE",
    "handover": "tracing:HANDOVER",
    "scan": "scan:SCHEMA",
    "detect": "detect:SCHEMA",
    "detect list": "detect:LIST",
    "trace judge": "trace_judging:JUDGED",
    "trace scorecard": "trace_judging:SCORECARD",
    "trace take": "trace:TAKEN",
    "trace sources": "trace_kept:SOURCES",
    "trace orders": "trace_kept:ORDERS",
    "trace forget-source": "trace_kept:FORGOTTEN",
    "org load": "shapes:ORG_LOAD",
    "org list": "shapes:ORG_LIST",
    "outbox list": "shapes:OUTBOX_LIST",
    "outbox retry": "shapes:OUTBOX_RETRY",
    "key make": "shapes:KEY_MADE",
    "key list": "shapes:KEY_LIST",
    "key revoke": "shapes:KEY",
}
"""Command → module and name of its schema."""


def of(command: str) -> dict[str, object]:
    """Return the schema of a command; raise BadInput naming those that have one."""
    if command not in SCHEMAS:
        raise BadInput("unknown_command", command=command, known=sorted(SCHEMAS))
    module, name = SCHEMAS[command].split(":")
    found: dict[str, object] = getattr(importlib.import_module(f"suyuan.cli.{module}"), name)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"suyuan {command}"} | found


@click.command("schema")
@click.argument("command", nargs=-1)
def schema(*, command: tuple[str, ...]) -> None:
    """Print the JSON Schema of a command's answer, or of all."""
    shown = of(" ".join(command)) if command else {name: of(name) for name in SCHEMAS}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
