"""An officer's pages: what waits, one report beside what was known before, accept several, return with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs
from core.forms import Form
from core.numbers import format_number
from core.verdicts import require
from submissions import actions
from submissions.forms import ChosenForm, ReturnForm
from submissions.models import Submission
from submissions.permissions import may_decide, not_own_entry
from submissions.queries import load_sheet
from submissions.queries.history import history
from submissions.queries.review import review_lines, waiting_periods
from submissions.rules import warnings
from submissions.views.base import ROOM, Page, grid_url

if TYPE_CHECKING:
    from accounts.models import User

TITLE = gettext_lazy("Reports to accept")


@needs("right.accept")
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """All waiting reports of the units below, by month: the plain ones, and apart those that need a closer look."""
    context = {
        "title": TITLE,
        "waiting": waiting_periods(cast("User", request.user)),
        "breadcrumbs": [(ROOM, reverse("submissions:home")), (TITLE, "")],
    }
    return render(request, "submissions/review.html", context)


@needs("right.accept")
class Accept(Page):
    """Accepts the ticked reports. Opened by its address, or when something is refused, it leads to the list."""

    form_class = ChosenForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect("submissions:review")

    def perform(self, form: ChosenForm) -> list[Submission]:
        seen = form.versions()
        chosen = list(
            Submission.objects.visible_to(self.person).filter(pk__in=seen).select_related("unit", "period__form")
        )
        if len(chosen) != len(seen):
            raise Http404
        return actions.accept_submissions(submissions=chosen, by=self.person, seen=seen)

    def success_message(self, result: list[Submission]) -> str:
        if len(result) == 1:
            words = {"unit": result[0].unit.name, "period": result[0].period.label}
            return _("Accepted: %(unit)s, %(period)s. The figures count in all totals now.") % words
        return _("%(count)s reports accepted. Their figures count in all totals now.") % {
            "count": format_number(len(result))
        }

    def success_url(self, result: Any) -> str:
        return reverse("submissions:review")

    def show(self, form: Any) -> HttpResponseBase:
        refusals = [_("Tick at least one report.")] if "chosen" in form.errors else form.non_field_errors()
        for text in refusals:
            messages.error(self.request, text)
        return redirect("submissions:review")


class _OfReport(Page):
    """A page about one report that the person sees and may decide on."""

    def load(self) -> None:
        visible = Submission.objects.visible_to(self.person).select_related(
            "unit", "sent_by", "decided_by", "signed_by", "period__form"
        )
        self.submission: Submission = self.fetch(visible, pk=self.kwargs["pk"])
        require(may_decide(self.person, self.submission.unit))

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        here = f"{self.submission.unit.name} · {self.submission.period.label}"
        return [(ROOM, reverse("submissions:home")), (TITLE, reverse("submissions:review")), (here, "")]


@needs("right.accept")
class ReviewOne(_OfReport):
    """One report: every number beside the previous and the accepted one, what changed much, the notes."""

    http_method_names = ["get", "head", "options"]
    template_name = "submissions/review_one.html"
    form_class = Form

    def get_title(self) -> str:
        return self.submission.unit.name

    def success_url(self, result: Any) -> str:
        return reverse("submissions:review")

    def context(self) -> dict[str, Any]:
        sheet = load_sheet(self.submission.unit, self.submission.period)
        return {
            "submission": self.submission,
            "lines": review_lines(sheet),
            "warnings": warnings(sheet),
            "verdict": not_own_entry(self.person, self.submission),
            "grid_url": grid_url("grid", self.submission.unit_id, self.submission.period_id),
            "history": history(self.submission),
            "breadcrumbs": self.breadcrumbs(),
        }


@needs("right.accept")
class Return(_OfReport):
    """Gives a report back; the reason stands on the form and on the home page of its enterer."""

    form_class = ReturnForm
    title = gettext_lazy("Return the report")
    submit_label = gettext_lazy("Return")
    message = gettext_lazy("The report has been returned.")
    danger = True

    def form_arguments(self) -> dict[str, Any]:
        return {"sheet": load_sheet(self.submission.unit, self.submission.period)}

    def perform(self, form: ReturnForm) -> Submission:
        reason = form.cleaned_data["reason"]
        return actions.return_submission(submission=self.submission, reason=reason, cells=form.named(), by=self.person)

    def success_url(self, result: Any) -> str:
        return reverse("submissions:review")

    def cancel_url(self) -> str:
        return reverse("submissions:review_one", args=[self.submission.pk])

    def context(self) -> dict[str, Any]:
        lead = f"{self.submission.unit.name} · {self.submission.period.label}"
        return {"lead": lead, "breadcrumbs": self.breadcrumbs()}
