"""How somebody likes the console: light, dark, or as the machine has it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from suyuan.actions import preferences


def back(request: HttpRequest, otherwise: str = "home") -> HttpResponse:
    """Return to the page a form stood on, if that is one of ours."""
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return redirect(there if ours else otherwise)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice and go back to where it was made."""
    chosen = request.POST.get("theme", "")
    preferences.theme(person=request.user, name=chosen, now=timezone.now())
    return back(request)


urls = [path("theme/", theme, name="theme")]
