"""The Excel form of a report, or of the reports of the units below: downloaded, filled in, sent back."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from core.access import signed_in
from core.export import XLSX_TYPE
from core.verdicts import require
from imports.actions import take_in
from imports.desk import Desk
from imports.forms import FileForm
from imports.models import Import
from imports.safety import FileError
from submissions.importing import ProvinceReportImporter, UnitReportImporter, blanks, options_of
from submissions.importing.base import ReportImporter
from submissions.models import ReportingPeriod
from submissions.permissions import may_type
from submissions.queries import load_sheet, province
from submissions.queries.overview import units_below
from submissions.views.base import PageOfPeriod, grid_url
from units.choices import Right
from units.models import Unit

LAST_FILES = 5


class _Excel(PageOfPeriod):
    """Where a file starts: the form to download, and the field for the file."""

    template_name = "submissions/excel.html"
    form_class = FileForm
    submit_label = gettext_lazy("Check the file")
    importer: ClassVar[ReportImporter]
    form_route: ClassVar[str]
    page: ClassVar[str]

    def load(self) -> None:
        super().load()
        if not self.concerns():
            raise Http404
        require(may_type(self.person, self.unit))
        self.opened_with = options_of(self.period.pk, self.unit.pk)

    def concerns(self) -> bool:
        """Whether the unit has anything to do with the form at all."""
        raise NotImplementedError

    def perform(self, form: FileForm) -> Import:
        file, kind = form.cleaned_data["file"], self.importer.kind
        try:
            return take_in(kind=kind, scope=self.unit, file=file, by=self.person, options=self.opened_with)
        except FileError as refusal:
            raise ValidationError({"file": str(refusal)}) from refusal

    def success_url(self, result: Any) -> str:
        return reverse("imports:detail", args=[result.pk])

    def cancel_url(self) -> str:
        return grid_url(self.page, self.unit.pk, self.period.pk)

    def context(self) -> dict[str, Any]:
        mine = Import.objects.visible_to(self.person).filter(
            kind=self.importer.kind, scope=self.unit, options__period=self.opened_with["period"]
        )
        return {
            "lead": self.get_lead(),
            "form_url": grid_url(self.form_route, self.unit.pk, self.period.pk),
            "about": self.importer.lead,
            "files": mine.order_by("-pk")[:LAST_FILES],
            "breadcrumbs": self.breadcrumbs((self.get_title(), "")),
        }


@signed_in
class UnitExcel(_Excel):
    title = gettext_lazy("Report by Excel")
    importer = UnitReportImporter()
    form_route, page = "excel_form", "grid"

    def concerns(self) -> bool:
        return _asks(self.unit, self.period)


@signed_in
class ProvinceExcel(_Excel):
    title = gettext_lazy("Reports of many units by Excel")
    importer = ProvinceReportImporter()
    form_route, page = "province_excel_form", "province"

    def concerns(self) -> bool:
        return _asks_below(self.unit, self.period)


@signed_in
@require_safe
def unit_form(request: HttpRequest, period: int, unit: int) -> FileResponse:
    """The form of one unit with what is stored."""
    desk, found = _desk(request, period, unit)
    if not _asks(desk.scope, found):
        raise Http404
    require(may_type(request.user, desk.scope))
    return _response(blanks.unit_form(desk), desk, found)


@signed_in
@require_safe
def province_form(request: HttpRequest, period: int, unit: int) -> FileResponse:
    """The form of the units below with what is stored: those for which the person may type."""
    desk, found = _desk(request, period, unit)
    if not _asks_below(desk.scope, found):
        raise Http404
    require(may_type(request.user, desk.scope))
    return _response(blanks.province_form(desk), desk, found)


def _desk(request: HttpRequest, period: int, unit: int) -> tuple[Desk, ReportingPeriod]:
    person = cast(User, request.user)
    periods = ReportingPeriod.objects.visible_to(person).select_related("form")
    found = get_object_or_404(periods, pk=period)
    scope = get_object_or_404(Unit.objects.visible_to(person), pk=unit)
    return Desk(person, scope, timezone.localdate(), Right.ENTER, options_of(period, unit)), found


def _asks(unit: Unit, period: ReportingPeriod) -> bool:
    """Districts, branches and the centre type nothing."""
    return bool(load_sheet(unit, period).typed)


def _asks_below(unit: Unit, period: ReportingPeriod) -> bool:
    kinds = set(units_below(unit, period).order_by().values_list("kind", flat=True).distinct())
    return province.layout(kinds, period, section="", measure_id=None) is not None


def _response(file: Any, desk: Desk, period: ReportingPeriod) -> FileResponse:
    name = slugify(_("report %(unit)s %(period)s") % {"unit": desk.scope.short_name, "period": period.label})
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)
