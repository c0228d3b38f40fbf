"""Single cells: they save by themselves, and each tells its story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from core.access import signed_in
from core.charts import sparkline
from core.dates import format_moment
from core.numbers import format_plain
from core.verdicts import Denied, require
from submissions.actions import Kept, Outcome, keep_cells
from submissions.forms import typed_cells
from submissions.models import ReportingPeriod
from submissions.permissions import may_type
from submissions.queries import load_sheet
from submissions.queries.cells import cell_history, last_values
from submissions.views.base import PageOfPeriod
from submissions.wording import show
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

PANEL = "submissions/cell_panel.html"


@signed_in
class Cells(View):
    """Saves cells of one unit, or of units below it, each for itself; the answer says what became of each.

    Asked with GET it tells who is signed in and gives a fresh CSRF token: a page that was left open goes on with it.
    """

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, period: int, unit: int) -> HttpResponse:
        self._fetch_unit(period, unit)
        return JsonResponse({"person": request.user.pk, "token": get_token(request)})

    def post(self, request: HttpRequest, period: int, unit: int) -> HttpResponse:
        person = cast("User", request.user)
        try:
            typed = typed_cells(request.body)
            kept = keep_cells(typed=typed, by=person, today=timezone.localdate())
        except (ValidationError, Denied) as refusal:
            require(may_type(person, self._fetch_unit(period, unit)))
            if isinstance(refusal, Denied):  # a cell of a unit that the page cannot have shown for typing
                raise Http404 from refusal
            return JsonResponse({"message": refusal.messages[0]}, status=400)
        return JsonResponse(_answer(kept))

    def _fetch_unit(self, period: int, unit: int) -> Unit:
        """What the person may not see does not exist."""
        get_object_or_404(ReportingPeriod.objects.visible_to(self.request.user), pk=period)
        found: Unit = get_object_or_404(Unit.objects.visible_to(self.request.user), pk=unit)
        return found


def _answer(kept: Kept) -> dict[str, Any]:
    times = [one.saved_at for one in kept.saved if one.saved_at]
    return {
        "cells": {str(key): _told(outcome) for key, outcome in kept.outcomes.items()},
        "saved_at": format_moment(max(times)) if times else "",
    }


def _told(outcome: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {"state": outcome.state.value, "version": outcome.version}
    if outcome.message:
        told["message"] = outcome.message
    if outcome.stored is not None:
        told |= {"stored": format_plain(outcome.stored.value), "note": outcome.stored.note}
    return told


@signed_in
class CellStory(PageOfPeriod):
    """The panel of one cell: the last values, limits, help, note and history; a page of its own without a script."""

    http_method_names = ["get", "head", "options"]
    template_name = "submissions/cell.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        sheet = load_sheet(self.unit, self.period)
        line = sheet.lines.get(kwargs["measure"])
        if line is None:
            raise Http404
        values = last_values(sheet, line.measure)
        context = {
            "title": line.measure.name,
            "unit": self.unit,
            "period": self.period,
            "line": line,
            "value": show(line.measure, sheet.value(line.measure.pk)),
            "note": sheet.note(line.measure.pk),
            "trend": sparkline([known.value for known in values]) if len(values) > 1 else None,
            "values": [(known.month, show(line.measure, known.value)) for known in reversed(values)],
            "events": [
                (event, show(line.measure, event.before), show(line.measure, event.after))
                for event in cell_history(sheet, line.measure)
            ],
            "breadcrumbs": self.breadcrumbs((line.measure.name, "")),
        }
        is_panel = request.headers.get("HX-Request") == "true"
        return TemplateResponse(request, PANEL if is_panel else self.template_name, context).render()
