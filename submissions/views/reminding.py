"""«Remind now», for one unit or for all that lag below it, and the log of what was told."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import signed_in
from core.lists import ListPage
from core.numbers import format_number
from core.verdicts import require
from jobs.actions import ask
from jobs.models import Job
from submissions.choices import REMIND
from submissions.models import Notice, ReportingPeriod
from submissions.permissions import follows_at, may_follow
from submissions.queries.completeness import followed
from submissions.queries.reminding import recipients, to_remind
from submissions.standing_filters import NoticeFilter
from submissions.standing_tables import NoticeTable
from submissions.views.base import Page
from units.models import Unit


@signed_in
class Remind(Page):
    """Says whom it will tell, then asks for the work."""

    title = gettext_lazy("Remind now")
    submit_label = gettext_lazy("Remind now")

    def load(self) -> None:
        periods = followed(self.today).filter(pk__in=ReportingPeriod.objects.visible_to(self.person))
        self.period: ReportingPeriod = get_object_or_404(periods, pk=self.kwargs["period"])
        self.unit: Unit = get_object_or_404(Unit.objects.visible_to(self.person), pk=self.kwargs["unit"])
        require(may_follow(self.person, self.unit))

    def perform(self, form: Any) -> Job:
        return ask(kind=REMIND, arguments={"unit": self.unit.pk, "period": self.period.pk}, by=self.person)

    def success_url(self, result: Job | None) -> str:
        if result is not None:
            return reverse("jobs:detail", kwargs={"pk": result.pk})
        place = {"unit": self.unit.pk, "form": self.period.form_id, "period": self.period.pk}
        return f"{reverse('submissions:lagging')}?{urlencode(place)}"

    def context(self) -> dict[str, Any]:
        lagging = to_remind(self.unit, self.period, self.today)
        people = recipients(lagging)
        words = {
            "units": format_number(len(lagging)),
            "people": format_number(sum(len(of_unit) for of_unit in people.values())),
            "without": format_number(sum(1 for of_unit in people.values() if not of_unit)),
        }
        return {
            "kicker": f"{self.unit.name} · {self.period.form.name}, {self.period.label}",
            "note": _(
                "%(units)s units have not sent this report. %(people)s people will see a notice in the portal at once "
                "and get an e-mail as often as they chose, between 7:00 and 20:00. %(without)s units have nobody with "
                "an account. Who was reminded today already is not told again."
            )
            % words,
        }


@signed_in
class NoticeLog(ListPage):
    """Who was told what about which unit, when, by which way, and what became of it."""

    table_class = NoticeTable
    filterset_class = NoticeFilter
    title = gettext_lazy("Log of reminders")
    empty_text = gettext_lazy("Nobody has been reminded yet")
    export_name = "nhat-ky-nhac"

    def get_queryset(self) -> QuerySet[Any]:
        told = Notice.objects.visible_to(self.request.user).filter(unit__in=follows_at(self.request.user))
        return told.select_related("person", "unit", "period__form", "mail")
