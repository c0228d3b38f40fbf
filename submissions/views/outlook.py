"""What the pages about who has reported read from their address, and how they lead to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.keys import key_of
from submissions.models import Form
from submissions.queries.outlook import Outlook, outlook_of
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


def read_outlook(request: HttpRequest) -> Outlook | None:
    """What the address asks for. Http404 for a unit that the person may not see."""
    person, query = cast("User", request.user), request.GET
    scope = None
    if wanted := query.get("unit", ""):
        scope = get_object_or_404(Unit.objects.visible_to(person), pk=key_of(wanted))
    form, period = key_of(query.get("form", "")), key_of(query.get("period", ""))
    return outlook_of(person, timezone.localdate(), scope=scope, form=form, period=period)


def address(
    outlook: Outlook, route: str, *, scope: Unit | None = None, form: Form | None = None, **more: object
) -> str:
    """Another page with the same outlook, but for what is named. Another form brings its own last period."""
    query: dict[str, object] = {"unit": (scope or outlook.scope).pk, "form": (form or outlook.form).pk}
    if form is None:
        query["period"] = outlook.period.pk
    return f"{reverse(f'submissions:{route}')}?{urlencode({**query, **more})}"


def tabs_of(outlook: Outlook, route: str) -> dict[str, list[dict[str, Any]]]:
    """The other units to look down from, and the other forms; empty where there is nothing to choose."""
    scopes = [(unit.name, address(outlook, route, scope=unit), unit == outlook.scope) for unit in outlook.scopes]
    forms = [(form.name, address(outlook, route, form=form), form == outlook.form) for form in outlook.forms]
    return {"scope_tabs": _tabs(scopes), "form_tabs": _tabs(forms)}


def _tabs(rows: list[tuple[str, str, bool]]) -> list[dict[str, Any]]:
    if len(rows) < 2:
        return []
    return [{"label": label, "href": href, "active": active} for label, href, active in rows]
