"""What a person says of a trace: it is right, its source is another step or unit, or it explains nothing."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from .fields import LIABILITY_NODE, NOTE, UNIT, Field, Type
from .vocabulary import Role

VERB = "judge_trace"


class Verdict(StrEnum):
    """What a person says of a trace."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    """The source is another one: which step of which unit."""
    REJECTED = "rejected"


VERDICT = Field("trace_verdict", Type.CHOICE, choices=tuple(Verdict))
FORM = (VERDICT, LIABILITY_NODE.optional, UNIT.optional, NOTE)
SOURCE = (LIABILITY_NODE.name, UNIT.name)


def may_judge(roles: Collection[Role], *, restricted: bool) -> bool:
    """Tell whether roles over a case let somebody judge its trace: of a restricted one the audit desk."""
    allowed = {Role.AUDIT} if restricted else {Role.OFFICE, Role.MARKETING, Role.OPERATIONS}
    return not allowed.isdisjoint(roles)


def problems(form: Mapping[str, object], *, silent: bool = False) -> dict[str, str]:
    """Return what is wrong with a form, by field: a source is named where it is another one, only there.

    Of a trace that says nothing (``silent``) only what its source is can be said: it missed it.
    """
    corrected = form.get(VERDICT.name) == Verdict.CORRECTED
    if silent and not corrected:
        return {VERDICT.name: "nothing_to_judge"}
    wrong = "required" if corrected else "only_when_corrected"
    return {name: wrong for name in SOURCE if bool(form.get(name)) is not corrected}
