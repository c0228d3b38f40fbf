"""What the pages of those who keep forms share: their tabs, and the form or draft of the address."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.verdicts import require
from submissions.keeping_tables import form_url
from submissions.models import Form, FormVersion
from submissions.permissions import may_keep
from submissions.queries.keeping import draft
from submissions.views.base import Page

FORMS, PERIODS, PERMITS, HOLIDAYS = _("Forms"), _("Reporting periods"), _("Late permits"), _("Holidays")
LISTS = (
    (FORMS, "submissions:forms"),
    (PERIODS, "submissions:periods"),
    (PERMITS, "submissions:permits"),
    (HOLIDAYS, "submissions:holidays"),
)
LONGEST_SEARCH = 100


def tabs(here: str) -> list[dict[str, Any]]:
    """The lists of this side of the room beside each other."""
    return [{"label": label, "href": reverse(name), "active": name == here} for label, name in LISTS]


def way_to(form: Form, *last: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Breadcrumbs of a page below a form."""
    return [(FORMS, reverse("submissions:forms")), (form.name, form_url(form)), *last]


def draft_url(form: Form) -> str:
    return reverse("submissions:draft", args=[form.pk])


class OfForm(Page):
    """A page about one form, for who keeps it."""

    form_at_hand: Form

    def load(self) -> None:
        seen = Form.objects.visible_to(self.person).select_related("programme__owner")
        self.form_at_hand = self.fetch(seen, pk=self.kwargs["pk"])
        self.find()
        require(may_keep(self.person, self.form_at_hand))

    def find(self) -> None:
        """What else the address names. Absent is absent, also for those who may only read the form."""

    def success_url(self, result: Any) -> str:
        return form_url(self.form_at_hand)

    def context(self) -> dict[str, Any]:
        return {"lead": self.form_at_hand.name, "breadcrumbs": way_to(self.form_at_hand, (self.get_title(), ""))}


class OfDraft(OfForm):
    """A step in writing the draft of a form; 404 where none is being written."""

    draft: FormVersion

    def find(self) -> None:
        found = draft(self.form_at_hand)
        if found is None:
            raise Http404
        self.draft = found

    def success_url(self, result: Any) -> str:
        return draft_url(self.form_at_hand)

    def context(self) -> dict[str, Any]:
        crumbs = way_to(self.form_at_hand, (_("Draft"), draft_url(self.form_at_hand)), (self.get_title(), ""))
        return {"lead": self.form_at_hand.name, "breadcrumbs": crumbs}
