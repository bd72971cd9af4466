"""The nodes of the processes, as the rulebook has them: who answers for each, what else it is called."""

from suyuan.domain.liability import Node

from . import rules

LIST = "liability_node"


def nodes() -> tuple[Node, ...]:
    """Return the nodes in the order of the rulebook."""
    return tuple(Node(one.code, one.group, one.synonyms) for one in rules.rulebook().reasons[LIST])


def weights() -> dict[str, int]:
    """Return what each kind of sign weighs when shares are proposed."""
    return {
        name: int(value) for name, value in rules.rulebook().figures["liability.weights"][-1].terms.items()
    }


def title(code: str, lang: str | None = None) -> str:
    """Return a node in words: its process, then its step."""
    step = rules.label(f"reason.{LIST}", code, lang)
    return f"{rules.label('process', code.split('.')[0], lang)} · {step}" if code else ""
