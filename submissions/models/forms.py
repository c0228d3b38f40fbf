"""Forms as data: what is asked, of whom, how often, until when, and what the answers must satisfy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.periods import Calendar
from core.text import fold, nfc
from programmes.models import Measure, Programme
from submissions.choices import DayShift, Frequency, Relation, RuleKind, Severity, Side
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def default_kinds() -> list[str]:
    return [UnitKind.COMMUNE.value, UnitKind.ATTACHED.value]


class FormQuerySet(models.QuerySet["Form"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The forms of programmes that the person may see."""
        return self.filter(programme__in=Programme.objects.visible_to(user).values("pk"))

    def in_use(self) -> Self:
        return self.filter(active=True)


class Form(models.Model):
    """A report that units owe again and again. What it asks stands in its versions.

    Owed by the units of these kinds that the programme binds; `roots` narrow that to some units and what is below
    them. `lock_after` days after the last due day a period closes by itself; empty means that it stays open.
    """

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="forms"
    )
    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=160)
    frequency = models.CharField(_("frequency"), max_length=7, choices=Frequency.choices, default=Frequency.MONTH)
    calendar = models.CharField(_("calendar"), max_length=5, choices=Calendar.choices, default=Calendar.CIVIL)
    kinds = models.JSONField(_("owed by kinds of unit"), default=default_kinds)
    roots = models.ManyToManyField(
        Unit, verbose_name=_("only these units and those below"), blank=True, related_name="+"
    )
    first_month = models.PositiveIntegerField(_("first month"))
    signed = models.BooleanField(_("signed by the unit's leader"), default=False)
    shift = models.CharField(
        _("due day on a weekend or holiday"), max_length=6, choices=DayShift.choices, default=DayShift.NEXT
    )
    lock_after = models.PositiveSmallIntegerField(
        _("locked so many days after the last due day"), null=True, blank=True, validators=[MaxValueValidator(366)]
    )
    active = models.BooleanField(_("in use"), default=True)
    search = models.CharField(max_length=250, editable=False, default="")

    objects = FormQuerySet.as_manager()

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = nfc(self.name)
        self.search = fold(f"{self.code} {self.name}")[:250]
        super().save(*args, **kwargs)

    @property
    def is_adhoc(self) -> bool:
        return self.frequency == Frequency.ADHOC


class DueRule(models.Model):
    """By when units of one kind report: a day of the month, so many months after the month in which the period ends."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="due_rules")
    kind = models.CharField(_("kind of unit"), max_length=8, choices=UnitKind.choices)
    months_after = models.PositiveSmallIntegerField(_("months later"), default=0, validators=[MaxValueValidator(12)])
    day = models.PositiveSmallIntegerField(_("day"), validators=[MinValueValidator(1), MaxValueValidator(31)])

    class Meta:
        verbose_name = _("due day")
        verbose_name_plural = _("due days")
        ordering = ["form", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["form", "kind"], name="due_rule_once"),
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=31), name="due_rule_day"),
        ]

    def __str__(self) -> str:
        return f"{self.form} · {self.get_kind_display()}"


class FormVersion(models.Model):
    """What a form asks at one time. A published version never changes: periods keep the one they were opened with."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        ordering = ["form", "number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_once"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(published_at__isnull=True), name="form_version_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class FormSection(models.Model):
    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(_("title"), max_length=120)
    help_text = models.CharField(_("help"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("section of a form")
        verbose_name_plural = _("sections of forms")
        ordering = ["version", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "title"], name="form_section_once")]

    def __str__(self) -> str:
        return self.title


class FormLine(models.Model):
    """One measure on a form. Its limits can only be narrower than those of the measure; its help adds to it."""

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="lines")
    section = models.ForeignKey(FormSection, on_delete=models.CASCADE, related_name="lines")
    measure = models.ForeignKey(Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="form_lines")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    required = models.BooleanField(_("must be answered"), default=False)
    minimum = models.DecimalField(_("least value"), max_digits=16, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(_("greatest value"), max_digits=16, decimal_places=2, null=True, blank=True)
    help_text = models.CharField(_("help"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of a form")
        verbose_name_plural = _("lines of forms")
        ordering = ["version", "section__order", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "measure"], name="form_line_once"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")),
                name="form_line_limits",
            ),
        ]

    def __str__(self) -> str:
        return str(self.measure)


class CheckRule(models.Model):
    """What the answers of a form must satisfy, beside limits and parts below their wholes, which always hold.

    compare: Σ left · relation · Σ right; `percent` is the tolerance, in per cent of the right side.
    change: the one measure of the left side moves by more than `percent` of its previous value and by `least` or more.
    """

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="rules")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=7, choices=RuleKind.choices, default=RuleKind.COMPARE)
    severity = models.CharField(_("severity"), max_length=7, choices=Severity.choices, default=Severity.ERROR)
    relation = models.CharField(_("relation"), max_length=2, choices=Relation.choices, default=Relation.AT_MOST)
    percent = models.DecimalField(_("per cent"), max_digits=6, decimal_places=2, default=0)
    least = models.DecimalField(_("least difference"), max_digits=16, decimal_places=2, default=0)
    message = models.CharField(
        _("message"), max_length=300, blank=True, help_text=_("Shown beside the numbers; empty for the usual words.")
    )

    class Meta:
        verbose_name = _("rule of a form")
        verbose_name_plural = _("rules of forms")
        ordering = ["version", "order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0, least__gte=0), name="check_rule_not_below_zero"),
        ]

    def __str__(self) -> str:
        return self.message or f"{self.get_kind_display()} {self.pk}"


class RuleTerm(models.Model):
    """One measure in a rule. Computed measures stand for the register: their recorded value is compared."""

    rule = models.ForeignKey(CheckRule, on_delete=models.CASCADE, related_name="terms")
    side = models.CharField(_("side"), max_length=5, choices=Side.choices, default=Side.LEFT)
    measure = models.ForeignKey(Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("term of a rule")
        verbose_name_plural = _("terms of rules")
        ordering = ["rule", "side", "pk"]
        constraints = [models.UniqueConstraint(fields=["rule", "side", "measure"], name="rule_term_once")]

    def __str__(self) -> str:
        return str(self.measure)
