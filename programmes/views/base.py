"""What the form pages of this room share: the person who acts, and the programme that the form is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.pages import FormPage
from core.verdicts import require
from programmes.models import Programme
from programmes.permissions import may_plan
from programmes.tables import programme_url
from programmes.tabs import added_tabs

if TYPE_CHECKING:
    from accounts.models import User

TITLE = gettext_lazy("Programmes")
TASKS = gettext_lazy("Tasks")
INDICATORS = gettext_lazy("Indicators")
MEASURES = gettext_lazy("Measures")
LISTS = (
    (TITLE, "programmes:list"),
    (TASKS, "programmes:tasks"),
    (INDICATORS, "programmes:indicators"),
    (MEASURES, "programmes:measures"),
)


class PersonForm(FormPage):
    """A form page behind `needs`, which lets nobody in who is not signed in."""

    @property
    def person(self) -> User:
        return cast("User", self.request.user)


class OfProgramme(PersonForm):
    """A form about one programme that the person may see and has to be allowed to plan."""

    programme: Programme

    def load(self) -> None:
        visible = Programme.objects.visible_to(self.request.user).select_related("owner")
        self.programme = self.fetch(visible, pk=self.kwargs["pk"])
        require(may_plan(self.request.user, self.programme.owner))

    def success_url(self, result: Any) -> str:
        return programme_url(self.programme)

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": way_to(self.programme, self.get_title()), "lead": self.programme.name}


def way_to(programme: Programme, title: str) -> list[tuple[Any, str]]:
    """Breadcrumbs of a page below a programme."""
    return [(TITLE, reverse("programmes:list")), (programme.short_name, programme_url(programme)), (title, "")]


def tabs(here: str) -> list[dict[str, Any]]:
    """The lists of this room beside each other, and those that other rooms put there."""
    return [{"label": label, "href": reverse(name), "active": name == here} for label, name in (*LISTS, *added_tabs())]
