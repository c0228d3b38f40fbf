"""What a person was told: the list behind the bell, and how often to get e-mail."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from core.access import public, signed_in
from core.pages import FormPage
from submissions import mailing
from submissions.actions.reminding import choose_pace, read_notices
from submissions.choices import MailPace
from submissions.models import MailChoice, Notice
from submissions.notice_forms import PaceForm
from submissions.queries.periods import due_dates
from submissions.queries.reminding import lags_of
from submissions.views.base import Page
from submissions.wording import due_words

PER_PAGE = 50
TITLE = gettext_lazy("Notices")


@signed_in
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The newest first; what is unread stands out."""
    told = Notice.objects.of(request.user).select_related("unit", "period__form", "by")
    page = Paginator(told.prefetch_related("period__dues"), PER_PAGE).get_page(request.GET.get("page"))
    shown, today = list(page.object_list), timezone.localdate()
    dues, lags = due_dates({notice.period for notice in shown}), lags_of(shown)
    rows = [
        (notice, mailing.title_of(notice, lags.get(notice.pk)), due_words(mailing.due_of(notice, dues), today))
        for notice in shown
    ]
    context = {
        "title": TITLE,
        "rows": rows,
        "unread": Notice.objects.of(request.user).unread().count(),
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "submissions/notices_list.html", context)


@signed_in
class OpenNotice(Page):
    """On to the report, or to the list of those that lag; the notice counts as read.

    A button, for looking at a page changes nothing.
    """

    title = gettext_lazy("Open the report")
    submit_label = gettext_lazy("Open the report")

    def load(self) -> None:
        self.notice: Notice = self.fetch(Notice.objects.of(self.person), pk=self.kwargs["pk"])

    def perform(self, form: Any) -> int:
        return read_notices(notices=[self.notice.pk], by=self.person)

    def success_url(self, result: Any) -> str:
        return mailing.path_of(self.notice) if result is not None else reverse("submissions:notices")


@signed_in
class ReadAll(Page):
    """Marks everything as read."""

    title = gettext_lazy("Mark all as read")
    submit_label = gettext_lazy("Mark all as read")

    def perform(self, form: Any) -> int:
        return read_notices(by=self.person)

    def success_url(self, result: Any) -> str:
        return reverse("submissions:notices")


class _Pace(FormPage):
    """How often to get e-mail."""

    form_class = PaceForm
    title = gettext_lazy("E-mail about reports")
    lead = gettext_lazy("In the portal every notice is shown at once, whatever you choose here.")
    message = gettext_lazy("Your choice has been saved.")
    person: User
    signed_in_as: User | None

    def form_arguments(self) -> dict[str, Any]:
        chosen = MailChoice.objects.filter(person=self.person).values_list("pace", flat=True).first()
        return {"initial": {"pace": chosen or MailPace.EACH}}

    def perform(self, form: PaceForm) -> MailChoice:
        return choose_pace(person=self.person, pace=MailPace(form.cleaned_data["pace"]), by=self.signed_in_as)


@signed_in
class OwnPace(_Pace):
    def load(self) -> None:
        self.person = self.signed_in_as = cast("User", self.request.user)

    def success_url(self, result: Any) -> str:
        return reverse("submissions:mail_pace")

    def cancel_url(self) -> str:
        return reverse("accounts:profile")


@public
@method_decorator(never_cache, name="dispatch")
class PaceByLink(_Pace):
    """Behind the link of an e-mail, for the person to whom it was sent. It names nobody: mail is passed on."""

    signed_in_as = None

    def load(self) -> None:
        key = mailing.person_of_link(self.kwargs["token"])
        if key is None:
            raise Http404
        self.person = self.fetch(User.objects.active(), pk=key)

    def success_url(self, result: Any) -> str:
        return self.request.path
