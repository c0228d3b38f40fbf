"""Reports that leave the portal: their text, numbered snapshots of their figures, their files, and the templates."""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.text import fold
from issuing.choices import FileKind, ReportKind, ReportState, Signer
from issuing.periods import ReportPeriod
from jobs.models import Job
from programmes.choices import Basis, Status
from programmes.models import Indicator, Programme
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

_VALUE: dict[str, Any] = {"max_digits": 24, "decimal_places": 6, "null": True, "blank": True}


def template_path(_row: object, _name: str) -> str:
    """What a person calls a file never becomes a path."""
    return f"issuing/templates/{secrets.token_hex(16)}.docx"


def file_path(row: ReportFile, _name: str) -> str:
    return f"issuing/reports/{secrets.token_hex(16)}.{row.kind}"


class ReportTemplateQuerySet(models.QuerySet["ReportTemplate"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Templates of the units that the person may see."""
        return self.filter(unit__in=Unit.objects.visible_to(user).values("pk"))


class ReportTemplate(models.Model):
    """A Word template of a unit. Versions are kept; the newest that was not retired is in use, there and below."""

    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="report_templates")
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to=template_path)
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64, editable=False)
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    retired = models.BooleanField(_("no longer used"), default=False)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReportTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("report template")
        verbose_name_plural = _("report templates")
        ordering = ["unit", "-number"]
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="report_template_version_once")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.number}"


class IssuedReportQuerySet(models.QuerySet["IssuedReport"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Reports of the units that the person may see, drafts too: the leader reads before signing."""
        return self.filter(unit__in=Unit.objects.visible_to(user).values("pk"))

    def issued(self) -> Self:
        return self.filter(state=ReportState.ISSUED)


class IssuedReport(models.Model):
    """A periodic report of a unit on a programme. Figures are those of its newest snapshot; the text is edited here.

    `month` is the last month of the period. Number, mark and day are typed in once the office has given them (Nghị
    định 30/2020/NĐ-CP article 15). `changed` counts quoted numbers that differ by now, as of `compared_at`.
    """

    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="issued_reports")
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="issued_reports"
    )
    kind = models.CharField(_("kind of period"), max_length=7, choices=ReportKind.choices)
    month = models.PositiveIntegerField(_("last month of the period"))
    basis = models.CharField(_("reading"), max_length=10, choices=Basis.choices, default=Basis.TODAY)
    state = models.CharField(_("state"), max_length=9, choices=ReportState.choices, default=ReportState.DRAFT)
    subject = models.CharField(_("subject line"), max_length=300)
    addressees = models.TextField(_("addressees"), blank=True)
    assessment = models.TextField(_("assessment"), blank=True)
    difficulties = models.TextField(_("difficulties"), blank=True)
    proposals = models.TextField(_("proposals"), blank=True)
    tasks = models.TextField(_("tasks ahead"), blank=True)
    recipients = models.TextField(_("recipients"), blank=True)
    place = models.CharField(_("place"), max_length=120)
    signs_for = models.CharField(_("signed on behalf of"), max_length=120, blank=True)
    signer = models.CharField(_("signer"), max_length=5, choices=Signer.choices, default=Signer.CHAIR)
    signer_name = models.CharField(_("full name of the signer"), max_length=120, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    mark = models.CharField(_("mark after the number"), max_length=40)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawal_reason = models.TextField(_("reason of the withdrawal"), blank=True)
    replaces = models.ForeignKey(
        "self", verbose_name=_("replaces"), null=True, blank=True, on_delete=models.PROTECT, related_name="replacements"
    )
    changed = models.PositiveIntegerField(_("figures that changed"), default=0)
    compared_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    edited_at = models.DateTimeField(_("text edited at"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    search = models.CharField(max_length=500, editable=False, default="")

    objects = IssuedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued report")
        verbose_name_plural = _("issued reports")
        ordering = ["-month", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True, issued_on__isnull=True)
                | Q(state__in=["issued", "withdrawn"], number__isnull=False, issued_on__isnull=False),
                name="issued_report_has_number_and_day",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_on__isnull=False)
                | Q(state__in=["draft", "issued"], withdrawn_on__isnull=True),
                name="withdrawn_report_has_day",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="issued_report_replaces_another"
            ),
            models.UniqueConstraint(
                "unit", "mark", "number", models.functions.ExtractYear("issued_on"), name="issued_report_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.short_name} · {self.period.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = fold(f"{self.subject} {self.unit.name} {self.programme.short_name} {self.code}")[:500]
        super().save(*args, **kwargs)

    @property
    def period(self) -> ReportPeriod:
        return ReportPeriod(ReportKind(self.kind), self.month)

    @property
    def code(self) -> str:
        """«05/BC-BTV»; empty before a number is given. Below ten with a zero in front (Nghị định 30/2020, annex I)."""
        return "" if self.number is None else f"{self.number:02d}/{self.mark}"

    @property
    def is_draft(self) -> bool:
        return self.state == ReportState.DRAFT

    @property
    def is_issued(self) -> bool:
        return self.state == ReportState.ISSUED

    @property
    def at_work(self) -> bool:
        """Whether its figures are being frozen or its files made."""
        return self.job is not None and not self.job.is_over

    @cached_property
    def snapshot(self) -> Snapshot | None:
        """The newest; drafts may take several, an issued report keeps its last."""
        return self.snapshots.order_by("-number").first()

    @property
    def replacement(self) -> IssuedReport | None:
        """The issued report that stands in its place."""
        return self.replacements.filter(state=ReportState.ISSUED).order_by("-pk").first()


class Snapshot(models.Model):
    """The figures of a report as they stood at one moment, numbered within the report; never changed."""

    report = models.ForeignKey(IssuedReport, on_delete=models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField(_("number"))
    taken_at = models.DateTimeField(_("taken at"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    month = models.PositiveIntegerField(_("month of the figures"))
    as_of = models.DateField(_("figures as of"))
    basis = models.CharField(_("reading"), max_length=10, choices=Basis.choices)
    tasks_done = models.PositiveIntegerField(default=0)
    tasks_total = models.PositiveIntegerField(default=0)
    tasks_late = models.PositiveIntegerField(default=0)
    units: Any = models.JSONField(default=list)  # names of the units below, in the order of the rows' `below`

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="snapshot_number_once")]

    def __str__(self) -> str:
        return f"{self.report} · {self.number}"


class SnapshotRow(models.Model):
    """One indicator of a snapshot: its value with its parts, the year before, the plan, and how far it can be trusted.

    `first`: the first month that a summed value counts; `in_period`: what a flow added within the report's period.
    `below`: for each unit of the snapshot [value, numerator, denominator, reported], numbers as text, None for none.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="rows")
    place = models.PositiveIntegerField(_("order"))
    pillar = models.CharField(_("pillar"), max_length=160, blank=True)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("indicator"), max_length=200)
    unit_label = models.CharField(_("unit of measure"), max_length=30)
    decimals = models.PositiveSmallIntegerField(default=0)
    is_ratio = models.BooleanField(default=False)
    first = models.PositiveIntegerField()
    value: Any = models.DecimalField(_("value"), **_VALUE)
    numerator: Any = models.DecimalField(_("numerator"), **_VALUE)
    denominator: Any = models.DecimalField(_("denominator"), **_VALUE)
    in_period: Any = models.DecimalField(_("in the period"), **_VALUE)
    before: Any = models.DecimalField(_("same period last year"), **_VALUE)
    target: Any = models.DecimalField(_("target"), **_VALUE)
    target_due = models.DateField(null=True)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.NONE)
    expected = models.PositiveIntegerField(default=0)
    reported = models.PositiveIntegerField(default=0)
    carried = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    computed = models.BooleanField(default=False)
    estimated = models.BooleanField(default=False)
    below: Any = models.JSONField(default=list)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "place"], name="snapshot_row_once")]

    def __str__(self) -> str:
        return self.name


class ReportFile(models.Model):
    """A file made of a snapshot and of the text at one moment. The newest of each kind counts; older ones are kept."""

    report = models.ForeignKey(IssuedReport, on_delete=models.CASCADE, related_name="files")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.RESTRICT, related_name="+")
    template = models.ForeignKey(ReportTemplate, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=4, choices=FileKind.choices)
    file = models.FileField(upload_to=file_path)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, editable=False)
    numbered = models.BooleanField(_("with number and day"), default=False)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.report} · {self.kind}"

    @property
    def download_name(self) -> str:
        report = self.report
        kinds = {"month": "thang", "quarter": "quy", "half": "6-thang", "nine": "9-thang", "year": "nam"}
        year, place = divmod(report.month, 12)
        number = f"-so-{report.number:02d}" if self.numbered and report.number else ""
        return f"bao-cao-{kinds[report.kind]}-{place + 1:02d}-{year}{number}.{self.kind}"
