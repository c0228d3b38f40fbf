"""Programmes with their pillars, tasks, chosen indicators and targets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from core.text import fold, nfc
from programmes.choices import TaskState
from programmes.models.catalogue import Indicator
from units.models import Lineage, Unit, UnitQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def _of_concern(user: User, owners: models.QuerySet[Any]) -> UnitQuerySet:
    """Of these units the ones that the person may see, and those that stand above such a unit.

    Asked of the few units that own something and not of all units: a national administrator sees fourteen thousand.
    """
    seen = Unit.objects.visible_to(user)
    below = Lineage.objects.filter(ancestor=OuterRef("pk"), own=True, unit__in=seen.values("pk"))
    itself = seen.filter(pk=OuterRef("pk"))
    return Unit.objects.filter(Exists(itself) | Exists(below), pk__in=owners)  # type: ignore[no-any-return]


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Programmes of units that the person may see, and of the units above (theirs bind those below)."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(owner__in=_of_concern(user, Programme.objects.values("owner")).values("pk"))

    def running(self, on: date) -> Self:
        return self.filter(Q(end__isnull=True) | Q(end__gte=on), start__lte=on)


class Programme(models.Model):
    """A programme, scheme or plan of a unit, binding that unit and those below it."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=250)
    short_name = models.CharField(_("short name"), max_length=80)
    owner = models.ForeignKey(Unit, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="programmes")
    start = models.DateField(_("start"))
    end = models.DateField(_("end"), null=True, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=250, blank=True)
    description = models.TextField(_("description"), blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=400, editable=False, default="")
    indicators = models.ManyToManyField(Indicator, through="ProgrammeIndicator", related_name="programmes")

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-start", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="programme_in_order")
        ]

    def __str__(self) -> str:
        return self.short_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name, self.short_name = nfc(self.name), nfc(self.short_name)
        self.search = fold(f"{self.code} {self.name} {self.short_name}")[:400]
        super().save(*args, **kwargs)

    def units(self) -> UnitQuerySet:
        """The units that it binds: the owner and what is below it; for a closed owner its successors' units too."""
        successors = Lineage.objects.filter(unit=self.owner_id, own=False, counts=True, ancestor__kind=self.owner.kind)
        return Unit.objects.filter(  # type: ignore[no-any-return]  # treebeard ships no types
            Q(pk__in=Lineage.objects.filter(ancestor=self.owner_id).values("unit"))
            | Q(pk__in=Lineage.objects.filter(ancestor__in=successors.values("ancestor")).values("unit"))
        )

    def binds(self, unit: Unit) -> bool:
        return bool(self.units().filter(pk=unit.pk).exists())


class Pillar(models.Model):
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="pillars"
    )
    name = models.CharField(_("name"), max_length=160)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="pillar_once")]

    def __str__(self) -> str:
        return self.name


class ProgrammeIndicator(models.Model):
    """An indicator that a programme follows, under one of its pillars."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="chosen"
    )
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="chosen"
    )
    pillar = models.ForeignKey(
        Pillar, verbose_name=_("pillar"), null=True, blank=True, on_delete=models.SET_NULL, related_name="chosen"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("indicator of a programme")
        verbose_name_plural = _("indicators of programmes")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "indicator"], name="indicator_once_per_programme")]

    def __str__(self) -> str:
        return f"{self.programme}: {self.indicator}"


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Tasks of the units that the person may see, and of the units above; not those of neighbours."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(owner__in=_of_concern(user, Task.objects.values("owner")).values("pk"))

    def open(self) -> Self:
        return self.exclude(state__in=[TaskState.DONE, TaskState.STOPPED])

    def late(self, on: date) -> Self:
        return self.open().filter(due__lt=on)

    def most_pressing_first(self) -> Self:
        """What is still open by its deadline, then what is done or stopped."""
        closed = Case(When(state__in=[TaskState.DONE, TaskState.STOPPED], then=1), default=0)
        return self.order_by(closed, "due", "number")


class Task(models.Model):
    """One task of a programme: who, by when, how far."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="tasks"
    )
    pillar = models.ForeignKey(
        Pillar, verbose_name=_("pillar"), null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("task"), max_length=300)
    owner = models.ForeignKey(Unit, verbose_name=_("responsible unit"), on_delete=models.PROTECT, related_name="tasks")
    owner_name = models.CharField(_("responsible person or body"), max_length=160, blank=True)
    start = models.DateField(_("start"), null=True, blank=True)
    due = models.DateField(_("deadline"))
    state = models.CharField(_("state"), max_length=7, choices=TaskState.choices, default=TaskState.TODO)
    progress = models.PositiveSmallIntegerField(_("progress (%)"), default=0, validators=[MaxValueValidator(100)])
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=500, editable=False, default="")

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="task_number_once"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="task_progress"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(progress=100, done_on__isnull=False), name="task_done_is_whole_and_dated"
            ),
            models.CheckConstraint(condition=Q(start__isnull=True) | Q(due__gte=F("start")), name="task_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = nfc(self.name)
        self.search = fold(f"{self.number} {self.name} {self.owner_name}")[:500]
        super().save(*args, **kwargs)

    def is_late(self, on: date) -> bool:
        return self.due < on and self.state not in {TaskState.DONE, TaskState.STOPPED}


class TaskUpdate(models.Model):
    """A dated statement on a task's progress."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="updates")
    on = models.DateField(_("date"))
    state = models.CharField(_("state"), max_length=7, choices=TaskState.choices)
    progress = models.PositiveSmallIntegerField(_("progress (%)"))
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(progress__lte=100), name="task_update_progress")]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.progress}%"


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(unit__in=Unit.objects.visible_to(user))


class Target(models.Model):
    """The value an indicator shall have at a unit by a day, and the baseline from which the path starts."""

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="targets"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="targets")
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="targets"
    )
    due = models.DateField(_("to be reached by"))
    value = models.DecimalField(_("target"), max_digits=18, decimal_places=2)
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=2)
    baseline_on = models.DateField(_("baseline of"))
    source_text = models.CharField(_("source"), max_length=300, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["due"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit", "programme", "due"], name="target_once"),
            models.CheckConstraint(condition=Q(due__gt=F("baseline_on")), name="target_after_baseline"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit} · {self.due:%d/%m/%Y}"
