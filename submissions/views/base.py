"""What the pages of the room share: the unit and period of the address, and who is at work."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.pages import FormPage
from submissions.models import ReportingPeriod, Submission
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

ROOM = _("Enter figures")


def grid_url(name: str, unit_id: int, period_id: int) -> str:
    return reverse(f"submissions:{name}", kwargs={"period": period_id, "unit": unit_id})


def draft_name(person: User, period: ReportingPeriod, unit: Unit) -> str:
    """Under which the browser keeps what was typed and is not saved yet; signing out removes all that begin so."""
    return f"draft:{person.pk}:{period.pk}:{unit.pk}"


class Page(FormPage):
    @property
    def person(self) -> User:
        """Who is at work; the access of the page lets nobody in without signing in."""
        return cast("User", self.request.user)

    @cached_property
    def today(self) -> date:
        return timezone.localdate()


class PageOfPeriod(Page):
    """A page about one unit and one reporting period, both as the person may see them."""

    def load(self) -> None:
        periods = ReportingPeriod.objects.visible_to(self.person).select_related("form__programme__owner")
        self.period: ReportingPeriod = get_object_or_404(periods, pk=self.kwargs["period"])
        self.unit: Unit = get_object_or_404(Unit.objects.visible_to(self.person), pk=self.kwargs["unit"])
        if self.request.method == "POST":  # what a form compares with stays as stored until the end
            list(Submission.objects.select_for_update().filter(unit=self.unit, period=self.period).values_list("pk"))

    def success_url(self, result: Any) -> str:
        return grid_url("grid", self.unit.pk, self.period.pk)

    def get_lead(self) -> str:
        return f"{self.unit.name} · {self.period.form.name} · {self.period.label}"

    def breadcrumbs(self, *last: tuple[Any, str]) -> list[tuple[Any, str]]:
        return [(ROOM, reverse("submissions:home")), (f"{self.unit.name} · {self.period.label}", ""), *last]

    def neighbours(self) -> dict[str, ReportingPeriod | None]:
        """The periods of the same form before and after this one."""
        others = ReportingPeriod.objects.filter(form=self.period.form_id).select_related("form")
        return {
            "earlier": others.filter(month__lt=self.period.month).order_by("-month").first(),
            "later": others.filter(month__gt=self.period.month, starts_on__lte=self.today).order_by("month").first(),
        }


class PageOfReport(PageOfPeriod):
    """A page about the report of the unit, which has been begun."""

    def load(self) -> None:
        super().load()
        self.submission: Submission = self.fetch(
            Submission.objects.visible_to(self.person).select_related("unit", "period__form"),
            unit=self.unit,
            period=self.period,
        )

    def context(self) -> dict[str, Any]:
        return {"lead": self.get_lead(), "breadcrumbs": self.breadcrumbs((self.title, ""))}
