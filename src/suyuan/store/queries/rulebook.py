"""The rule library as it is read: found by its words, with who approved what and what runs under it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from suyuan.domain import wording
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.rulebook import Notice, Rulebook, Title, edits, entries
from suyuan.domain.rulebook.notices import notice
from suyuan.domain.rulebook.office import Document
from suyuan.domain.rulebook.records import plain
from suyuan.domain.rulebook.tables import TABLES
from suyuan.store import locker, rules
from suyuan.store.models import Clock, Person, RuleDraft, RuleFile, RuleReading

PAGE = 50
SAID_FIRST = ("text", "basis", "note", "synonyms")
SAID_LAST = ("certainty", "confirmed_by", "in_force_from", "in_force_until")
"""What of a record is shown first and last where a search found it; between them stand its codes."""


@dataclass(frozen=True, slots=True)
class Found:
    """One record of the library, by its newest edition."""

    kind: str
    key: str
    title: Title
    basis: str
    certainty: str
    text: str
    """What it says beside its title, in the order it is shown: the basis, its own texts, the codes."""

    @property
    def every(self) -> str:
        """Return everything that can be searched."""
        return f"{self.key} {self.title.zh} {self.title.en} {self.text}"


class _Library:
    """The texts of one book with their terms, cut once for each book."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.rows = [(one, frozenset(wording.terms(one.every))) for one in _every(book)]


_LIBRARY: list[_Library] = []


def library() -> list[tuple[Found, frozenset[str]]]:
    """Return every record of the book in force with its search terms."""
    book = rules.rulebook()
    if not _LIBRARY or _LIBRARY[0].book is not book:
        _LIBRARY[:] = [_Library(book)]
    return _LIBRARY[0].rows


def found(query: str, certainty: str = "", kind: str = "") -> list[Found]:
    """Return the records that hold every word of a query, those with it in the title first."""
    asked = wording.wanted(query)
    rows = [
        one
        for one, terms in library()
        if (not certainty or one.certainty == certainty)
        and (not kind or one.kind == kind)
        and _holds(terms, asked)
    ]
    named = query.strip().casefold()
    return sorted(rows, key=lambda one: named not in f"{one.title.zh} {one.title.en} {one.key}".casefold())


def _holds(terms: frozenset[str], wanted: list[str]) -> bool:
    return all(
        term in terms or (len(term) == 1 and any(one.startswith(term) for one in terms)) for term in wanted
    )


def _every(book: Rulebook) -> Iterator[Found]:
    names = dict(RuleFile.objects.values_list("sha256", "name"))
    for kind in TABLES:
        for key, editions in book.editions(kind).items():
            newest = editions[-1]
            said = plain(newest)
            first = {name: said.pop(name, "") for name in SAID_FIRST}
            last = {name: said.pop(name) for name in SAID_LAST}
            del said["title"]
            if "file" in said:
                said["file"] = names.get(said["file"], "")
            text = " · ".join(dict.fromkeys(_words([*first.values(), said, *last.values()])))
            yield Found(kind, key, newest.title, newest.basis, newest.certainty.value, text)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif value not in ("", None, True, False):
        yield str(value)


def counts() -> dict[str, int]:
    """Return how many records of each kind there are."""
    book = rules.rulebook()
    return {kind: len(book.editions(kind)) for kind in TABLES}


def proposal(pk: int) -> RuleDraft:
    """Return a proposal; raise Refused if there is none."""
    row = RuleDraft.objects.filter(pk=pk).first()
    if row is None:
        raise Refused("not_found", draft=pk)
    return row


def file(sha256: str) -> RuleFile | None:
    """Return a file of the rulebook, None where there is none."""
    return RuleFile.objects.filter(sha256=sha256).first() if sha256 else None


def file_key(found: RuleFile) -> bytes:
    """Return the key a file of the rulebook is sealed with."""
    return locker.unwrap(found.sealed_key)


def proposals(state: str, page: int) -> tuple[list[RuleDraft], bool]:
    """Return one page of the proposals in a state, newest first, and whether there are more."""
    rows: QuerySet[RuleDraft] = RuleDraft.objects.order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    start = (page - 1) * PAGE
    got = list(rows[start : start + PAGE + 1])
    return got[:PAGE], len(got) > PAGE


def waiting() -> int:
    """Return how many proposals wait for approval."""
    return RuleDraft.objects.filter(state="submitted").count()


def to_decide(actor: Actor) -> int:
    """Return how many proposals wait that somebody may decide; asks nothing for whoever decides none."""
    if not any(edits.may_decide(kind, actor) for kind in entries.KINDS):
        return 0
    rows = RuleDraft.objects.filter(state=edits.DraftState.SUBMITTED).values_list("kind", "author")
    open_ones = [edits.Proposal(kind, edits.DraftState.SUBMITTED, author) for kind, author in rows]
    return sum(edits.refusal(one, "approve", actor) is None for one in open_ones)


def decided(kind: str, key: str) -> dict[str, RuleDraft]:
    """Return the entries in force about one record, by their mark."""
    start = f"{kind}:{key}:"
    rows = RuleDraft.objects.filter(state="approved")
    own = rows.filter(mark__startswith=start) | rows.filter(mark__startswith=f"sure:{start}")
    return {row.mark: row for row in own}


def approved() -> list[tuple[str, dict[str, Any]]]:
    """Return every entry in force with its kind, in the order they were approved."""
    rows = RuleDraft.objects.filter(state="approved").order_by("landed")
    return list(rows.values_list("kind", "entry"))


def running_under(limit: str) -> dict[str, int]:
    """Return how many running clocks of open cases stand under each edition of a limit."""
    rows = Clock.objects.filter(limit=limit, state__in=("running", "paused"), case__is_open=True)
    counted = rows.values_list("limit_from").annotate(n=Count("pk")).order_by()
    return {"" if since is None else since.isoformat(): n for since, n in counted}


def readers(number: str, version: str) -> list[RuleReading]:
    """Return who has read a version of a document, in the order they did."""
    return list(
        RuleReading.objects.filter(number=number, version=version).select_related("person").order_by("at")
    )


def owing(document: Document, now: datetime) -> list[Person]:
    """Return who holds one of the posts that must read a document's version and has not said so."""
    held = Q(grants__role__in=document.posts) & (Q(grants__expires_at=None) | Q(grants__expires_at__gt=now))
    read = RuleReading.objects.filter(number=document.number, version=document.version)
    rows = Person.objects.filter(held, is_active=True).exclude(pk__in=read.values("person"))
    return list(rows.select_related("unit").distinct().order_by("unit__code", "username"))


def notice_of(draft: RuleDraft) -> Notice:
    """Return the holiday notice a proposal holds."""
    return notice("entry", draft.entry, rules.rulebook().calendar.fixed_statutory)


def standing(mark: str) -> dict[str, Any] | None:
    """Return the record a mark speaks of as the book has it, or the edition before it; None for neither."""
    kind, _, rest = mark.removeprefix("sure:").partition(":")
    key, _, since = rest.rpartition(":")
    editions = rules.rulebook().editions(kind).get(key, ()) if kind in TABLES else ()
    earlier = [
        one for one in editions if (one.in_force_from.isoformat() if one.in_force_from else "") <= since
    ]
    return plain(earlier[-1]) if earlier else None
