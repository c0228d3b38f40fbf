"""The way of a file: the start page with the form, the preview, the confirmation, the undoing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.forms import Form
from core.keys import key_of
from core.lists import ListPage
from core.numbers import format_number
from core.pages import FormPage
from core.verdicts import require
from imports import actions, blank_forms
from imports.choices import ImportState, RowState
from imports.desk import Desk
from imports.forms import AnswerForm, ConfirmForm, UploadForm
from imports.models import Import
from imports.permissions import may_confirm, may_undo, scopes
from imports.registry import Importer, importer, importers
from imports.safety import FileError
from imports.tables import STATE_TONES, ImportTable
from jobs.models import JobState
from units.permissions import may_anywhere

ROWS_PER_PAGE = 50
MOST_FILE_PROBLEMS = 50
CHANGES, ERRORS, ALL = "thay-doi", "loi", "tat-ca"
SHOWN: dict[str, tuple[RowState, ...]] = {
    CHANGES: (RowState.NEW, RowState.CHANGED),
    ERRORS: (RowState.ERROR,),
    ALL: tuple(RowState),
}


@signed_in
class ImportList(ListPage):
    title = gettext_lazy("Imports from Excel")
    table_class = ImportTable
    empty_text = gettext_lazy("Nothing has been imported yet. Start from the list that you want to fill.")

    def get_queryset(self) -> QuerySet[Any]:
        return Import.objects.visible_to(self.request.user).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        allowed = [one for one in importers() if not one.own_start and may_anywhere(self.request.user, one.right)]
        words = _("Import: %(what)s")
        links = [(words % {"what": one.title}, reverse("imports:start", args=[one.kind]), "upload") for one in allowed]
        return {**kwargs, "actions": links}


@signed_in
class Start(FormPage):
    """What can be imported here, its form to fill in, and the field for the file."""

    template_name = "imports/start.html"
    form_class = UploadForm
    submit_label = gettext_lazy("Check the file")

    def load(self) -> None:
        self.importer = _importer_for(self.request, self.kwargs["kind"])

    def get_title(self) -> str:
        return _("Import from Excel: %(what)s") % {"what": self.importer.title}

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by, "importer": self.importer}

    def perform(self, form: UploadForm) -> Import:
        values = form.cleaned_data
        try:
            return actions.take_in(kind=self.importer.kind, scope=values["scope"], file=values["file"], by=self.by)
        except FileError as refusal:
            raise ValidationError({"file": str(refusal)}) from refusal

    def success_url(self, result: Import) -> str:
        return reverse("imports:detail", args=[result.pk])

    def cancel_url(self) -> str:
        return reverse(self.importer.list_route)

    def context(self) -> dict[str, Any]:
        blank = reverse("imports:blank", args=[self.importer.kind])
        way = [(_("Imports from Excel"), reverse("imports:list")), (str(self.importer.title), "")]
        return {"importer": self.importer, "blank": blank, "lead": self.importer.lead, "breadcrumbs": way}


@signed_in
@require_safe
def blank(request: HttpRequest, kind: str) -> FileResponse:
    """The Excel form for a unit of the person (`?don-vi=`); with `?du-lieu=1` filled with what is stored."""
    found = _importer_for(request, kind)
    offered = scopes(request.user, found)
    wanted = request.GET.get("don-vi", "")
    scope = get_object_or_404(offered, pk=key_of(wanted)) if wanted else offered.first()
    if scope is None:
        raise Http404
    desk = Desk(request.user, scope, timezone.localdate(), found.right)  # type: ignore[arg-type]  # signed in
    file = blank_forms.build(found, desk, filled=request.GET.get("du-lieu") == "1")
    name = f"{kind}-{slugify(scope.short_name)}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=blank_forms.XLSX_TYPE)


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its progress, then every change or every error, then what can be done."""
    upload = _visible(request, pk)
    if getattr(request, "htmx", False) and request.htmx.target == "import-progress":  # type: ignore[attr-defined]
        return _progress(request, upload)
    return render(request, "imports/detail.html", _detail_context(request, upload))


@signed_in
@require_safe
def download(request: HttpRequest, pk: int, which: str) -> FileResponse:
    """The file as it was sent, or with its errors marked."""
    upload = _visible(request, pk)
    file = upload.marked if which == "loi" else upload.file
    if not file.name or not file.storage.exists(file.name):
        raise Http404
    name = f"{_('with-errors')}-{upload.file_name}" if which == "loi" else upload.file_name
    return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=blank_forms.XLSX_TYPE)


class _OfImport(FormPage):
    """A step of one import, asked for by a button of its page."""

    upload: Import
    importer: Importer

    def load(self) -> None:
        visible = Import.objects.visible_to(self.by).select_related("scope")
        self.upload = self.fetch(visible, pk=self.kwargs["pk"])
        self.importer = _known(self.upload)
        require(self.verdict())

    def verdict(self) -> Any:
        return may_confirm(self.by, self.upload, self.importer)

    def success_url(self, result: Any) -> str:
        return reverse("imports:detail", args=[self.upload.pk])

    def context(self) -> dict[str, Any]:
        here = (self.upload.file_name, reverse("imports:detail", args=[self.upload.pk]))
        return {"breadcrumbs": [(_("Imports from Excel"), reverse("imports:list")), here, (self.get_title(), "")]}


@signed_in
class Answer(_OfImport):
    form_class = AnswerForm
    title = gettext_lazy("Which units are meant")
    lead = gettext_lazy("These names fit several units. Choose one for each; the file is then checked again.")
    submit_label = gettext_lazy("Save and check again")

    def form_arguments(self) -> dict[str, Any]:
        return {"upload": self.upload}

    def perform(self, form: AnswerForm) -> Import:
        return actions.answer(upload=self.upload, answers=form.answers(), by=self.by)


@signed_in
class Confirm(_OfImport):
    form_class = ConfirmForm
    title = gettext_lazy("Confirm the import")
    submit_label = gettext_lazy("Confirm")

    def form_arguments(self) -> dict[str, Any]:
        return {"upload": self.upload}

    def perform(self, form: ConfirmForm) -> Import:
        return actions.confirm(upload=self.upload, by=self.by, note=form.cleaned_data.get("note", ""))

    def context(self) -> dict[str, Any]:
        return {**super().context(), "changes": _summary(self.upload)}

    def success_message(self, result: Import) -> str:
        return _("The file has been imported.") if result.state == ImportState.CONFIRMED else ""


@signed_in
class Undo(_OfImport):
    form_class = Form
    title = gettext_lazy("Undo the import")
    lead = gettext_lazy("All that this file wrote is taken back: new records go, changed ones get their old values.")
    submit_label = gettext_lazy("Undo the import")
    danger = True

    def verdict(self) -> Any:
        return may_undo(self.by, self.upload, self.importer)

    def perform(self, form: Form) -> Import:
        return actions.undo(upload=self.upload, by=self.by)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "changes": _taken_back(self.upload)}

    def success_message(self, result: Import) -> str:
        return _("The import has been undone.") if result.state == ImportState.UNDONE else ""


def _importer_for(request: HttpRequest, kind: str) -> Importer:
    found = importer(kind)
    if found is None or found.own_start:
        raise Http404
    require(may_anywhere(request.user, found.right))
    return found


def _visible(request: HttpRequest, pk: int) -> Import:
    visible = Import.objects.visible_to(request.user).select_related("scope", "asked_by", "job", "undone_by")
    return get_object_or_404(visible, pk=pk)


def _known(upload: Import) -> Importer:
    found = importer(upload.kind)
    if found is None:
        raise Http404
    return found


def _progress(request: HttpRequest, upload: Import) -> HttpResponse:
    """The moving part; once the work is over, the browser loads the page with its result."""
    response = render(request, "imports/progress.html", {"upload": upload, "stuck": _is_stuck(upload)})
    if not upload.at_work:
        response["HX-Refresh"] = "true"
    return response


def _is_stuck(upload: Import) -> bool:
    return upload.at_work and upload.job is not None and upload.job.state == JobState.PARKED


def _detail_context(request: HttpRequest, upload: Import) -> dict[str, Any]:
    source = _known(upload)
    tab = request.GET.get("xem", "")
    shown = tab if tab in SHOWN else ERRORS if upload.errors else CHANGES
    rows = upload.rows.filter(state__in=SHOWN[shown])
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    may_write = bool(may_confirm(request.user, upload, source))
    ready = upload.state == ImportState.PREVIEW and may_write
    return {
        "upload": upload,
        "importer": source,
        "subject": source.subject(upload.options),
        "start_url": source.start_url(upload.options),
        "result_url": source.result_url(upload.options) if upload.state == ImportState.CONFIRMED else "",
        "stuck": _is_stuck(upload),
        "tone": STATE_TONES[upload.state],
        "tabs": _tabs(upload, shown),
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "file_problems": upload.problems[:MOST_FILE_PROBLEMS],
        "answer_form": AnswerForm(upload=upload) if ready and upload.questions else None,
        "confirm_form": ConfirmForm(upload=upload) if ready and upload.writes and not upload.questions else None,
        "nothing_new": upload.state == ImportState.PREVIEW and not upload.writes,
        "may_undo": upload.state == ImportState.CONFIRMED and bool(may_undo(request.user, upload, source)),
        "breadcrumbs": [(_("Imports from Excel"), reverse("imports:list")), (upload.file_name, "")],
    }


def _tabs(upload: Import, shown: str) -> list[dict[str, Any]]:
    counted = upload.rows.filter(state=RowState.ERROR).count() if upload.errors else 0
    total = upload.new + upload.changed + upload.same + counted
    tabs = [
        (CHANGES, _("Changes"), upload.writes),
        (ERRORS, _("Rows with errors"), counted),
        (ALL, _("All rows"), total),
    ]
    return [
        {"label": words, "href": f"?xem={key}", "active": key == shown, "count": count} for key, words, count in tabs
    ]


def _summary(upload: Import) -> list[str]:
    return _counted(
        (upload.new, _("%(count)s new records")),
        (upload.changed, _("%(count)s records change")),
        (upload.same, _("%(count)s rows stay as they are")),
    )


def _taken_back(upload: Import) -> list[str]:
    return _counted(
        (upload.new, _("%(count)s new records are taken back")),
        (upload.changed, _("%(count)s records get their old values")),
    )


def _counted(*lines: tuple[int, str]) -> list[str]:
    return [words % {"count": format_number(count)} for count, words in lines if count]
