"""One contact with the company while it is being simulated: what it is about, and later what became of it."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Contact:
    """One contact and, after the flow ran, the order it became."""

    at: int
    kind: str
    customer: int
    topic: str = ""
    """Complaint key, or what an enquiry or application is about."""
    category: str = ""
    unit: str = ""
    specialty: str = ""
    outage: str = ""
    parent: "Contact | None" = None
    child: bool = False
    story: str = ""
    """The planted story this contact belongs to; empty for the rest."""
    channel: str = "95598"
    secrecy: str = ""
    level: str = ""
    times: int = 1
    """Which call on the same matter this is."""
    number: str = ""
    moments: dict[str, int] = field(default_factory=dict)
    finding: str = ""
    satisfaction: str = ""
    state: str = ""
    late: bool = False
    text: str = ""
    handling: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    """Words the text must say because a story fixes them."""
