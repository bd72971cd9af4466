"""One way to ask for what a verb of the register needs: show the form, do the verb, say what was wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import Field

from . import errors, forms, handed_once, register
from .forms import Choices, Entry

Do = Callable[[dict[str, str]], object]
"""Does the verb with what was typed."""


@dataclass(frozen=True, slots=True)
class Done:
    """What is said when a verb has been done, and where it leads, where the form could not know before."""

    said: str
    to: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A form and where it leads."""

    title: str
    fields: Sequence[Field]
    submit: str
    back: str
    done: str
    """Said when the verb has been done."""
    to: str = ""
    """Where it leads then; back, if nothing is said."""
    intro: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)
    suggest: Mapping[str, Choices] = field(default_factory=dict)
    """What a text box offers, for the fields where that helps."""
    danger: bool = False
    more: Sequence[register.Button] = ()
    """Links beside the heading."""
    secret: frozenset[str] = frozenset()
    """Fields that are never shown again."""
    autocomplete: Mapping[str, str] = field(default_factory=dict)
    """What a browser may fill in or keep, for the fields where that helps."""
    makes: bool = False
    """Whether it makes something: the page bears a mark, so that handed in twice it makes one."""


def answer(request: HttpRequest, ask: Ask, do: Do) -> HttpResponse:
    """Show the form, or do the verb; a refusal keeps what was typed and stands above it."""
    if request.method != "POST":
        return _page(request, ask, Entry(ask.values, {}, ask.suggest, ask.choices))
    typed = forms.read(ask.fields, request.POST)
    try:
        done = do(dict(typed))
    except BadInput as bad:
        typed = {name: value for name, value in typed.items() if name not in ask.secret}
        entry = Entry(typed, errors.field_problems(bad), ask.suggest, ask.choices)
        said = "" if entry.errors else errors.words_for(bad.code) + errors.aside(bad.facts)
        return _page(request, ask, entry, said, errors.status(bad))
    except Refused as no:
        if errors.status(no) == 404:
            raise
        typed = {name: value for name, value in typed.items() if name not in ask.secret}
        said = errors.sentence(no) or errors.words_for(no.code) + errors.aside(no.facts)
        fresh = no.code == "asked_otherwise"
        return _page(
            request, ask, Entry(typed, {}, ask.suggest, ask.choices), said, errors.status(no), fresh=fresh
        )
    said, to = (done.said, done.to) if isinstance(done, Done) else (ask.done, ask.to or ask.back)
    messages.success(request, said)
    return redirect(to)


def _page(
    request: HttpRequest,
    ask: Ask,
    entry: Entry,
    problem: str = "",
    status: int = 200,
    *,
    fresh: bool = False,
) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    asked = register.Asked(
        title=ask.title,
        boxes=[
            replace(box, autocomplete=ask.autocomplete.get(box.name, "off"))
            for box in forms.boxes(viewer, ask.fields, entry, "r")
        ],
        submit=ask.submit,
        back=ask.back,
        intro=ask.intro,
        problem=problem,
        danger=ask.danger,
        hidden=[(handed_once.MARK, handed_once.mark(request, fresh=fresh))] if ask.makes else [],
        more=ask.more,
    )
    return register.asked(request, asked, status)
