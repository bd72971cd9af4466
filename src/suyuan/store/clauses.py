"""What a finding can say was breached: a document of the rulebook, or one of its limits."""

from . import rules


def offered(lang: str | None = None) -> list[tuple[str, str]]:
    """Return every clause with its words: documents first, then the limits that bind orders."""
    book = rules.rulebook()
    documents = [(number, rules.label("document", number, lang)) for number in book.documents]
    limits = [code for code, editions in book.limits.items() if editions[-1].procedures]
    return [*documents, *((code, rules.label("limit", code, lang)) for code in limits)]


def words(code: str, lang: str | None = None) -> str:
    """Return a clause in words."""
    said = rules.label("document", code, lang)
    return rules.label("limit", code, lang) if said == code else said
