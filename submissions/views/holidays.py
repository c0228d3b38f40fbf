"""The days on which offices are closed: due days move off them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import needs
from core.dates import format_date
from core.lists import ListPage
from core.numbers import format_number
from core.verdicts import require
from programmes.permissions import may_keep_catalogue
from submissions.actions.holidays import add_holiday, remove_holiday
from submissions.frame_forms import HolidayForm
from submissions.keeping_filters import HolidayFilter
from submissions.keeping_tables import HolidayTable
from submissions.models import Holiday
from submissions.views.base import Page
from submissions.views.keeping import HOLIDAYS, tabs


@needs("right.view")
class HolidayList(ListPage):
    template_name = "programmes/list.html"
    table_class = HolidayTable
    filterset_class = HolidayFilter
    title = HOLIDAYS
    lead = gettext_lazy("Due days that fall on these days move as their form says. Add the days off of each year.")
    empty_text = gettext_lazy("No holiday is recorded: due days move off weekends only")
    export_name = "ngay-nghi"

    def get_queryset(self) -> QuerySet[Any]:
        return Holiday.objects.order_by("-day")

    def count_text(self, count: int) -> str:
        return _("%(count)s days") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_keep_catalogue(self.request.user):
            return None
        return reverse("submissions:holiday-add"), _("Add a holiday")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not may_keep_catalogue(self.request.user):
            self.table.columns.hide("remove")
        return {**kwargs, "tabs": tabs("submissions:holidays")}


class _Keeping(Page):
    def load(self) -> None:
        require(may_keep_catalogue(self.person))

    def success_url(self, result: Any) -> str:
        return reverse("submissions:holidays")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": [(HOLIDAYS, reverse("submissions:holidays")), (self.get_title(), "")]}


@needs("right.manage_catalogue")
class HolidayAdd(_Keeping):
    form_class = HolidayForm
    title = gettext_lazy("Add a holiday")
    lead = gettext_lazy("Periods that are open already keep their due days.")
    message = gettext_lazy("The holiday has been added.")

    def perform(self, form: HolidayForm) -> Holiday:
        return add_holiday(day=form.cleaned_data["day"], name=form.cleaned_data["name"], by=self.person)


@needs("right.manage_catalogue")
class HolidayRemove(_Keeping):
    title = gettext_lazy("Remove the holiday")
    submit_label = gettext_lazy("Remove")
    message = gettext_lazy("The holiday has been removed.")
    danger = True

    def load(self) -> None:
        super().load()
        self.holiday: Holiday = self.fetch(Holiday.objects.all(), pk=self.kwargs["pk"])

    def perform(self, form: Any) -> None:
        remove_holiday(holiday=self.holiday, by=self.person)

    def context(self) -> dict[str, Any]:
        change = f"{format_date(self.holiday.day)}: {self.holiday.name}"
        return {**super().context(), "changes": [change]}
