"""Paper templates: what was handed in, and what became of it."""

from suyuan.domain.errors import Refused
from suyuan.store.models import PaperTemplate

from .viewer import Viewer


def templates(viewer: Viewer) -> list[PaperTemplate]:  # noqa: ARG001 a template holds nothing of a unit's
    """Return every template handed in, the newest first."""
    return list(PaperTemplate.objects.order_by("kind", "-version"))


def template(viewer: Viewer, template_id: int) -> PaperTemplate:  # noqa: ARG001 same
    """Return one template; raise Refused if there is none."""
    found = PaperTemplate.objects.filter(pk=template_id).first()
    if found is None:
        raise Refused("not_found", template=template_id)
    return found
