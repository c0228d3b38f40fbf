"""What the pages of the room share: the unit and month of the address, and who is at work."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.pages import FormPage
from core.periods import label
from submissions.models import Submission
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

ROOM = _("Enter figures")


def grid_url(name: str, unit_id: int, month: int) -> str:
    return reverse(f"submissions:{name}", kwargs={"unit": unit_id, "month": month})


class Page(FormPage):
    @property
    def person(self) -> User:
        """Who is at work; the access of the page lets nobody in without signing in."""
        return cast("User", self.request.user)

    @cached_property
    def today(self) -> date:
        return timezone.localdate()


class PageOfMonth(Page):
    """A page about one unit (as the person may see it) and one month."""

    def load(self) -> None:
        self.month: int = self.kwargs["month"]
        self.unit: Unit = get_object_or_404(Unit.objects.visible_to(self.person), pk=self.kwargs["unit"])
        if self.request.method == "POST":  # what a form compares with stays as stored until the end
            list(Submission.objects.select_for_update().filter(unit=self.unit, period=self.month).values_list("pk"))

    def breadcrumbs(self, *last: tuple[Any, str]) -> list[tuple[Any, str]]:
        return [(ROOM, reverse("submissions:home")), (f"{self.unit.name} · {label(self.month)}", ""), *last]
