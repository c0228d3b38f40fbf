"""Who may come in at each address: declared at the view, enforced by one middleware, checked when the portal starts.

A marker only declares. `AccessMiddleware` acts on it before the view runs, so the order of decorators never matters,
and `check_routes` refuses to start with a route that declares nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.checks import CheckMessage, Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core.verdicts import Denied

View = TypeVar("View", bound=Callable[..., Any])
MIDDLEWARE = "core.access.AccessMiddleware"


@dataclass(frozen=True)
class Access:
    """What a view asks of the person: nothing (public), to be signed in, or also to hold a right somewhere."""

    public: bool = False
    permission: str | None = None


@dataclass(frozen=True)
class Route:
    """One address of the portal: its pattern, full name, view, and its access or the reason for having none."""

    pattern: str
    name: str
    view: Callable[..., Any]
    access: Access | None
    declared_elsewhere: str


def public(view: View) -> View:
    """Marks a view (function or class) that everybody may open without signing in."""
    return _mark(view, Access(public=True))


def signed_in(view: View) -> View:
    """Marks a view that every signed-in person may open; what it shows is limited by `visible_to`."""
    return _mark(view, Access())


def needs(permission: str) -> Callable[[View], View]:
    """Marks a view for those who hold this right on at least one unit (`user.has_perm(permission)`).

    Whether they hold it on the unit at hand is asked by the action.
    """

    def declare(view: View) -> View:
        return _mark(view, Access(permission=permission))

    return declare


def access_of(view: Callable[..., Any]) -> Access | None:
    """The declared access of a view function or of the class behind it."""
    declared = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    return declared if isinstance(declared, Access) else None


def all_routes(urlconf: str | None = None) -> Iterator[Route]:
    """Every route of the URLconf, for the start-up check and for tests that enumerate."""
    yield from _walk(get_resolver(urlconf).url_patterns, "", "")


def check_routes(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """System check: every route declares its access, every right exists, the middleware that acts on it is there."""
    problems: list[CheckMessage] = []
    rights = _known_rights()
    for route in all_routes():
        if route.access is None and not route.declared_elsewhere:
            problems.append(Error(f"The route {route.pattern!r} declares no access.", obj=route.name, id="core.E001"))
        wanted = route.access.permission if route.access else None
        if wanted is not None and rights is not None and wanted not in rights:
            problems.append(
                Error(f"The route {route.pattern!r} asks for {wanted!r}, which is no right.", id="core.E002")
            )
    if MIDDLEWARE not in settings.MIDDLEWARE:
        problems.append(Error(f"{MIDDLEWARE} is missing: declared access would not be enforced.", id="core.E003"))
    return problems


class AccessMiddleware:
    """Sends strangers to the sign-in page and refuses people without the right, before the view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        access = access_of(view)
        if access is None or access.public:
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if access.permission and not request.user.has_perm(access.permission):
            raise Denied(_("Your role does not include this page. Ask your administrator if you need it."))
        return None


def _mark(view: View, access: Access) -> View:
    if "access" in vars(view):
        raise TypeError(f"{view} declares its access twice")
    view.access = access  # type: ignore[attr-defined]  # read back by access_of
    return view


def _walk(patterns: Iterable[URLPattern | URLResolver], prefix: str, namespace: str) -> Iterator[Route]:
    for entry in patterns:
        pattern = prefix + str(entry.pattern).lstrip("^")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, pattern, inner)
        else:
            name = namespace + (entry.name or "")
            yield Route(pattern, name, entry.callback, access_of(entry.callback), _declared_elsewhere(pattern))


def _declared_elsewhere(pattern: str) -> str:
    """Why the routes of a mounted package carry no marker: settings.ACCESS_DECLARED_ELSEWHERE = {prefix: reason}."""
    table: dict[str, str] = getattr(settings, "ACCESS_DECLARED_ELSEWHERE", {})
    return next((reason for prefix, reason in table.items() if pattern.startswith(prefix)), "")


def _known_rights() -> set[str] | None:
    """The names in settings.ACCESS_RIGHTS (dotted path of an iterable); None where the setting is absent."""
    path = getattr(settings, "ACCESS_RIGHTS", None)
    return {str(right) for right in import_string(path)} if path else None


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back; a partial request gets the whole page sent there instead of a form in a corner."""
    back = request.get_full_path() if request.method == "GET" else resolve_url(settings.LOGIN_REDIRECT_URL)
    if request.headers.get("HX-Request") == "true":
        current = request.headers.get("HX-Current-URL", back)
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = redirect_to_login(_path_of(current)).url
        return answer
    return redirect_to_login(back)


def _path_of(address: str) -> str:
    """The path and query of an absolute address."""
    return "/" + address.split("://", 1)[-1].partition("/")[2]
