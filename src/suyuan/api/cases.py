"""Cases for programs: list, show, do a verb, by the reads and the one door of all verbs that pages use."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from suyuan.actions import undo
from suyuan.actions.perform import buttons
from suyuan.actions.privacy import find as finding
from suyuan.domain.errors import BadInput
from suyuan.store.queries import cases, listing, told
from suyuan.store.queries import interactions as contacts

from .askings import MARKED, answered
from .keys import KeyFor
from .me import NOES
from .shapes import Case, Cases, Done, Find, Form, Interactions, Narrow, Which

router = Router(tags=["cases"])


@router.get("/cases", auth=KeyFor("read"), response={200: Cases, **NOES}, summary="List cases")
def list_cases(request: HttpRequest, narrow: Query[Narrow]) -> told.Told:
    """Return one page of the cases in reach, the most urgent first."""
    _refuse_unknown(request, set(Narrow.model_fields))
    return _page(request, narrow)


def _refuse_unknown(request: HttpRequest, known: set[str]) -> None:
    if unknown := set(request.GET) - known:
        raise BadInput("unknown_option", option=", ".join(sorted(unknown)))


@router.post("/cases/find", auth=KeyFor("read"), response={200: Cases, **NOES}, summary="Find cases")
def find_cases(request: HttpRequest, find: Find) -> told.Told:
    """Return one page of the cases in reach that hold the words, or are of exactly what is given."""
    viewer = request.auth  # type: ignore[attr-defined]
    finding.search(viewer=viewer, text=find.q, place="api", now=timezone.now())
    return _page(request, find, exact=True)


def _page(request: HttpRequest, narrow: Narrow, exact: bool = False) -> told.Told:
    asked = narrow.model_dump()
    page = asked.pop("page")
    viewer = request.auth  # type: ignore[attr-defined]
    return told.page(
        listing.listing(viewer, listing.Filters(**asked, exact=exact), now=timezone.now(), page=page)
    )


@router.get("/cases/{number}", auth=KeyFor("read"), response={200: Case, **NOES}, summary="Show a case")
def show(request: HttpRequest, number: str) -> told.Told:
    """Return one case: clocks, open verbs, events."""
    viewer = request.auth  # type: ignore[attr-defined]
    found = cases.get(viewer, number)
    now = timezone.now()
    verbs = [told.Verb(one.verb, one.refusal, one.form) for one in buttons(viewer, found, now)]
    return told.case(found, verbs, now, undo.until(number, viewer.actor, now))


@router.get(
    "/cases/{number}/interactions",
    auth=KeyFor("read"),
    response={200: Interactions, **NOES},
    summary="List the contacts with a customer",
)
def list_interactions(request: HttpRequest, number: str, which: Query[Which]) -> told.Told:
    """Return what passed between the customer of a case and the house; a verb on the case adds to it."""
    viewer = request.auth  # type: ignore[attr-defined]
    _refuse_unknown(request, set(Which.model_fields))
    found = contacts.of(viewer, cases.get(viewer, number), account=which.account, kind=which.kind)
    return {"number": number, "interactions": [told.interaction(line) for line in found]}


@router.post(
    "/cases/{number}/{verb}",
    auth=KeyFor("work"),
    response={200: Done, **NOES},
    summary="Do a verb",
    openapi_extra=MARKED,
)
def act(request: HttpRequest, number: str, verb: str, filled: Form) -> dict[str, object]:
    """Do a verb on a case with the form it asks for; the verb ``undo`` takes the last step back."""
    viewer = request.auth  # type: ignore[attr-defined]
    cases.get(viewer, number)

    def work() -> dict[str, object]:
        now = timezone.now()
        done = undo.perform_or_undo(number=number, verb=verb, actor=viewer.actor, now=now, form=filled.form)
        return told.done(done, undo.until(number, viewer.actor, now))

    return answered(request, {"number": number, "verb": verb, "form": filled.form}, work)
