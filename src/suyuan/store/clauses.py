"""What a finding can say was breached: a clause of a document, a whole document, or one of the limits."""

from collections.abc import Iterable
from datetime import date

from suyuan.domain.rulebook import Rulebook
from suyuan.domain.rulebook.clauses import Clause
from suyuan.domain.rulebook.office import in_force_all

from . import rules

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Choices]]


def grouped(on: date, procedure: str = "", categories: Iterable[str] = (), lang: str | None = None) -> Groups:
    """Return everything that can be chosen, under headings: what fits these matters first, then the rest.

    The rest stands under its document; then come whole documents, the limits that bind orders, and what is
    not in force now, for a matter of the time when it was.
    """
    book, left = rules.rulebook(), _newest()
    found: dict[str, list[str]] = {}
    for category in dict.fromkeys(categories):
        heading = rules.label("clause_group", "fits", lang).format(
            category=rules.label("category", category, lang)
        )
        near = [code for code in fitting(procedure, category, on) if code in left]
        found[heading] = [left.pop(code).code for code in near]
    holding = _holding(on)
    for one in left.values():
        heading = rules.label("document", one.document, lang) if one.code in holding else "ended"
        found.setdefault(heading, []).append(one.code)
    ended = found.pop("ended", [])
    found[rules.label("clause_group", "document", lang)] = list(book.documents)
    found[rules.label("clause_group", "limit", lang)] = _binding(book)
    found[rules.label("clause_group", "ended", lang)] = ended
    return [(name, [(code, words(code, lang)) for code in codes]) for name, codes in found.items() if codes]


def fitting(procedure: str, category: str, on: date) -> list[str]:
    """Return the clauses in force that are for a matter, those that name it most nearly first."""
    near = {code: one.nearness(procedure, category) for code, one in _holding(on).items()}
    return sorted((code for code, how in near.items() if how >= 0), key=lambda code: -near[code])


def codes() -> list[str]:
    """Return the code of everything that can be chosen: clauses, documents, limits."""
    book = rules.rulebook()
    return [*book.clauses, *book.documents, *_binding(book)]


def offered(lang: str | None = None) -> Choices:
    """Return everything that can be chosen with its words, without headings."""
    return [(code, words(code, lang)) for code in codes()]


def words(code: str, lang: str | None = None) -> str:
    """Return a clause in words, as every page and paper says it: where it stands, and what it says."""
    found = _newest().get(code)
    if found is None:
        said = rules.label("document", code, lang)
        return rules.label("limit", code, lang) if said == code else said
    name = "clause" if found.certainty.assessable else "clause_unsure"
    return rules.label("clause_words", name, lang).format(
        document=rules.label("document", found.document, lang),
        number=rules.label("clause_number", code, lang),
        said=rules.label("clause", code, lang),
    )


def _newest() -> dict[str, Clause]:
    return {code: editions[-1] for code, editions in rules.rulebook().clauses.items()}


def _holding(on: date) -> dict[str, Clause]:
    """Return the edition of each clause that is in force on a day."""
    return {one.code: one for one in in_force_all(rules.rulebook().clauses, on)}


def _binding(book: Rulebook) -> list[str]:
    """Return the limits that hold orders."""
    return [code for code, editions in book.limits.items() if editions[-1].procedures]
