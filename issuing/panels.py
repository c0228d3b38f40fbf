"""What the page of a figure shows of this room: the issued reports that quote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from issuing.queries.quoted import quoting
from reports.panels import Panel

if TYPE_CHECKING:
    from django.http import HttpRequest

    from reports.queries.figure import FigurePage
    from reports.queries.scope import Scope


def _quoted(request: HttpRequest, scope: Scope, page: FigurePage) -> dict[str, Any]:
    return {"reports": quoting(request.user, scope.unit, page.measure, page.period)}


QUOTED = Panel(key="bao-cao", order=10, template="issuing/quoted.html", context=_quoted)
