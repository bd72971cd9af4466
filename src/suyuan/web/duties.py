"""Who does, who answers for, who is asked and who is told at each step, by post."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.domain.procedures import CURRENT
from suyuan.domain.rulebook.duties import Letter
from suyuan.domain.rulebook.posts import roles_of
from suyuan.store import rules
from suyuan.store.queries import duties

from . import register
from .answering import posts_in_words
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import joined, lang


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the steps of the procedures with what each post owes there."""
    query = register.only(request.GET, {"procedure", "post"})
    procedure, post = query.get("procedure", ""), query.get("post", "")
    found = duties.listed(timezone.now(), procedure, post)
    mine = duties.own_posts(request.viewer)  # type: ignore[attr-defined]
    names = [(name, rules.label("procedure", name, lang())) for name in CURRENT]
    posts = [(code, rules.label("post", code, lang())) for code in roles_of()]
    return register.listed(
        request,
        Listed(
            title=gettext("岗位责任表"),
            intro=gettext(
                "每个流程每一步：谁负责办、谁批准（只有一个岗位）、先征询谁、办完知会谁。标出的是您的岗位。"
            ),
            heads=(
                Head(gettext("步骤"), wide=True),
                *(Head(rules.label("duty", letter.value, lang())) for letter in Letter),
                Head(gettext("依据")),
            ),
            rows=[_row(said, mine) for said in found],
            filters=(
                Filter("procedure", gettext("流程"), procedure, names),
                Filter("post", gettext("岗位"), post, posts),
            ),
            buttons=(
                Button(gettext("分类归口"), reverse("specialties"), "list"),
                Button(gettext("规则库"), reverse("rules_kind", args=("duty",)), "book"),
            ),
            empty=Empty(
                gettext("没有这样的步骤"),
                gettext("这个岗位在这个流程里没有责任。换一个流程或岗位看看。"),
                "users",
                calm=True,
            ),
        ),
    )


def _row(said: duties.Said, mine: frozenset[str]) -> Row:
    duty = said.duty
    letters = duty.letters(mine)
    own = [gettext("我") + rules.label("duty", letter.value, lang()) for letter in letters]
    verbs = joined(rules.label("verb", verb, lang()) for verb in duty.verbs)
    small = f"{rules.label('procedure', said.procedure, lang())} · {verbs}"
    sure = rules.label("certainty", duty.certainty, lang())
    unsure = "" if duty.certainty.assessable else "!"
    return Row(
        (
            Cell(getattr(duty.title, lang()), small=small, marks=own),
            *(Cell(posts_in_words(posts)) for posts in duty.posts.values()),
            Cell(marks=[f"{unsure}{sure}"], small=duty.basis),
        ),
        fresh=bool({Letter.R, Letter.A} & set(letters)),
    )


urls = [path("duties/", page, name="duties")]
