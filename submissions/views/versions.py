"""Versions of a form: as a unit will see one, what a new one changes, and its publication."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs
from core.verdicts import require
from submissions import actions, drawing
from submissions.content import Content, content_of, differences
from submissions.forms import CellsForm
from submissions.frame_forms import PublishForm
from submissions.models import Form, FormVersion
from submissions.permissions import may_keep
from submissions.queries.keeping import measure_names, published
from submissions.specimens import specimen
from submissions.views.forms import kind_tabs, owing_rows
from submissions.views.keeping import OfDraft, way_to


@needs("right.view")
@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as a unit of the chosen kind will see it. Drafts are shown to who keeps the form."""
    seen = FormVersion.objects.filter(form__in=Form.objects.visible_to(request.user))
    found = get_object_or_404(seen.select_related("form__programme__owner", "published_by"), pk=pk)
    if found.is_draft:
        require(may_keep(request.user, found.form))
    kinds = found.form.kinds
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else kinds[0]
    sheet = specimen(found, kind, timezone.localdate())
    form = CellsForm(sheets={(0, 0): sheet}, measures=sheet.typed.values(), notes=True)
    context = {
        "version": found,
        "may_keep": may_keep(request.user, found.form),
        "blocks": drawing.blocks(sheet, form),
        "unit": sheet.unit,
        "period": sheet.period,
        "tabs": kind_tabs(kinds, kind),
        "title": _("%(form)s, version %(number)s") % {"form": found.form.name, "number": found.number},
        "breadcrumbs": way_to(found.form, (_("Version %(number)s") % {"number": found.number}, "")),
    }
    return render(request, "submissions/forms/version.html", context)


@needs("right.keep_forms")
class Publish(OfDraft):
    """What the draft changes, for whom, from when; then it is in force."""

    template_name = "submissions/forms/publish.html"
    form_class = PublishForm
    title = gettext_lazy("Publish the form")
    submit_label = gettext_lazy("Publish")
    message = gettext_lazy("The form has been published. Periods that open from now on use it.")

    def load(self) -> None:
        super().load()
        self.last = published(self.form_at_hand)

    def form_arguments(self) -> dict[str, Any]:
        return {"first": self.last is None}

    def perform(self, form: PublishForm) -> FormVersion:
        note = form.cleaned_data["note"]
        return actions.publish(form=self.form_at_hand, note=note, by=self.person, today=self.today)

    def context(self) -> dict[str, Any]:
        old = content_of(self.last) if self.last else Content()
        new = content_of(self.draft)
        return {
            **super().context(),
            "last": self.last,
            "draft": self.draft,
            "differences": differences(old, new, measure_names(old, new)) if self.last else [],
            "lines": len(new.measure_ids),
            "rules": len(new.rules),
            "owing": owing_rows(self.form_at_hand, self.today),
            "open_periods": self.form_at_hand.periods.unlocked(self.today).count(),
        }
