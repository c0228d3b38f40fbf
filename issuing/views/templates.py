"""Word templates of units: the list, a new version, the standard one, the fields, a trial, putting one out of use."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.lists import SORT, ListPage
from core.numbers import format_number
from core.pages import FormPage
from core.tables import Table
from core.verdicts import Denied, require
from issuing import word
from issuing.actions import templates
from issuing.choices import FileKind
from issuing.fields import FIELDS
from issuing.forms import TemplateForm
from issuing.models import ReportTemplate
from issuing.permissions import may_draft
from issuing.tables import TemplateTable
from issuing.views.steps import DRAFTING
from units.choices import Right
from units.permissions import may_anywhere, units_with

WORD = FileKind.WORD.content_type


@signed_in
class TemplateList(ListPage):
    title = gettext_lazy("Word templates of reports")
    lead = gettext_lazy("Without a template of its own or of a unit above, a unit uses the standard one.")
    table_class = TemplateTable
    export_name = "mau-bao-cao"
    empty_text = gettext_lazy("No unit has a template of its own; all reports use the standard one.")

    def get_queryset(self) -> QuerySet[Any]:
        return ReportTemplate.objects.visible_to(self.request.user).order_by("unit__sort_key", "unit", "-number")

    @cached_property
    def table(self) -> Table:  # with the units at which the person may put a template out of use
        kept = units_with(self.request.user, Right.ISSUE).filter(report_templates__isnull=False)
        table = TemplateTable(self.filterset.qs, kept=frozenset(kept.order_by().values_list("pk", flat=True)))
        if sort := self.request.GET.getlist(SORT):
            table.order_by = sort
        return table

    def count_text(self, count: int) -> str:
        return _("%(count)s templates") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_anywhere(self.request.user, Right.ISSUE):
            return None
        return reverse("issuing:template-add"), _("Send a template")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = [
            (_("Standard template"), reverse("issuing:template-standard"), "download"),
            (_("List of fields"), reverse("issuing:template-fields"), "list"),
        ]
        way = [(_("Issued reports"), reverse("issuing:list")), (self.get_title(), "")]
        return {**kwargs, "actions": links, "breadcrumbs": way}


@needs(DRAFTING)
class TemplateAdd(FormPage):
    template_name = "issuing/template_add.html"
    form_class = TemplateForm
    title = gettext_lazy("Send a Word template")
    lead = gettext_lazy("The file is looked through and filled in with sample values before it is kept.")
    submit_label = gettext_lazy("Check and keep")
    message = gettext_lazy("The template is kept and in use from now on.")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by}

    def perform(self, form: TemplateForm) -> ReportTemplate:
        values = form.cleaned_data
        try:
            return templates.add_template(unit=values["unit"], file=values["file"], note=values["note"], by=self.by)
        except ValidationError as refusal:
            raise ValidationError({"file": refusal.messages}) from refusal

    def success_url(self, result: Any) -> str:
        return reverse("issuing:templates")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": [*_way(), (self.get_title(), "")]}


@needs(DRAFTING)
class TemplateRetire(FormPage):
    title = gettext_lazy("Put the template out of use")
    lead = gettext_lazy("The version before it counts again, or the template of the unit above, or the standard one.")
    submit_label = gettext_lazy("Put out of use")
    message = gettext_lazy("The template is no longer used.")

    def load(self) -> None:
        visible = ReportTemplate.objects.visible_to(self.request.user).select_related("unit")
        self.template: ReportTemplate = self.fetch(visible, pk=self.kwargs["pk"])
        require(may_draft(self.by, self.template.unit))

    def perform(self, form: Any) -> ReportTemplate:
        return templates.retire_template(template=self.template, by=self.by)

    def success_url(self, result: Any) -> str:
        return reverse("issuing:templates")

    def context(self) -> dict[str, Any]:
        return {"kicker": str(self.template), "breadcrumbs": [*_way(), (self.get_title(), "")]}


@signed_in
@require_safe
def stored(request: HttpRequest, pk: int) -> FileResponse:
    """The template as it was sent."""
    template = _visible(request, pk)
    return _word(template.file.open("rb"), template.file_name)


@signed_in
@require_safe
def trial(request: HttpRequest, pk: int) -> FileResponse:
    """The template filled in with sample values."""
    template = _visible(request, pk)
    with template.file.open("rb") as content:
        try:
            made = templates.trial(content.read())
        except ValidationError as refusal:
            raise Denied(" ".join(refusal.messages)) from refusal
    return _word(io.BytesIO(made), f"thu-{template.file_name}")


@signed_in
@require_safe
def standard(request: HttpRequest) -> FileResponse:
    """The standard template, to be changed in Word and sent back."""
    return _word(word.STANDARD.open("rb"), "mau-bao-cao-chuan.docx")


@signed_in
@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """What a template may name."""
    title = _("Fields of report templates")
    context = {"title": title, "fields": FIELDS, "breadcrumbs": [*_way(), (title, "")]}
    return render(request, "issuing/fields.html", context)


def _visible(request: HttpRequest, pk: int) -> ReportTemplate:
    template = get_object_or_404(ReportTemplate.objects.visible_to(request.user), pk=pk)
    if not template.file.name or not template.file.storage.exists(template.file.name):
        raise Http404
    return template


def _way() -> list[tuple[str, str]]:
    return [(_("Issued reports"), reverse("issuing:list")), (_("Word templates"), reverse("issuing:templates"))]


def _word(content: Any, name: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name, content_type=WORD)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
