"""Trying the rules of a form: with what a unit has reported, or with values typed for the trial. Nothing is stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import needs
from core.keys import key_of
from core.verdicts import require
from submissions.models import Form, FormVersion, ReportingPeriod
from submissions.permissions import may_keep
from submissions.queries import Sheet
from submissions.rules import trials
from submissions.specimens import sheet_of, specimen, tried, with_values
from submissions.trial_forms import TrialForm
from submissions.views.keeping import LONGEST_SEARCH, way_to
from units.models import Unit

HITS = 12


@needs("right.keep_forms")
@require_safe
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Every rule of a version with what it says about the values in the address (`n-` this period, `b-` before)."""
    seen = FormVersion.objects.filter(form__in=Form.objects.visible_to(request.user))
    version = get_object_or_404(seen.select_related("form__programme__owner"), pk=pk)
    require(may_keep(request.user, version.form))
    sheet = _sheet(request, version)
    measures = tried(sheet)
    form = TrialForm(request.GET if "tried" in request.GET else None, sheet=sheet, measures=measures)
    words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    units = Unit.objects.visible_to(request.user).filter(kind__in=version.form.kinds)
    now, before = form.values()
    context = {
        "version": version,
        "form": form,
        "unit": sheet.unit if sheet.unit.pk else None,
        "period": sheet.period if sheet.period.pk else None,
        "periods": version.form.periods.select_related("form").order_by("-month"),
        "words": words,
        "hits": units.active(timezone.localdate()).matching(words).in_order()[:HITS] if words else [],
        "trials": trials(with_values(sheet, now, before)),
        "title": _("Try the rules"),
        "breadcrumbs": way_to(version.form, (_("Try the rules"), "")),
    }
    return render(request, "submissions/forms/trial.html", context)


def _sheet(request: HttpRequest, version: FormVersion) -> Sheet:
    """That of the unit and period in the address, else of an imagined unit."""
    unit_key, period_key = key_of(request.GET.get("unit", "")), key_of(request.GET.get("period", ""))
    if unit_key is None:
        return specimen(version, version.form.kinds[0], timezone.localdate())
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_key)
    periods: Any = ReportingPeriod.objects.filter(form=version.form).select_related("form")
    period = periods.filter(pk=period_key).first() if period_key else periods.order_by("-month").first()
    if period is None:
        return specimen(version, unit.kind, timezone.localdate())
    return sheet_of(version, unit, period)
