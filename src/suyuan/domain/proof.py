"""Proof that an answer reached whoever asked, without saying who that was."""

from collections.abc import Mapping

from .vocabulary import Role

SHOWS = frozenset({Role.AUDIT, Role.LEADER})
"""Who may show the proof: those who see a case that is kept from everybody else."""
HIDDEN = ("customer", "phone", "account", "address", "text", "channel")
"""What a paper says of a case and the proof does not: it would tell, or help to tell, who asked."""


def gives(verb: str, detail: Mapping[str, object], answer: str) -> bool:
    """Return whether an event after the answer shows that it was given to whoever asked.

    A call that reached nobody gave nothing; the answer read with a code must be this very one.
    """
    if verb == "read_answer":
        return detail.get("answer") == answer
    form = detail.get("form")
    reached = isinstance(form, Mapping) and form.get("reached") is True
    return verb == "close_in_call" or (verb == "call_back" and reached)
