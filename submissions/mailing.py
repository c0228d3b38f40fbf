"""How an e-mail about reports reads: what is to be done, until when, where. No figures, and nobody else's units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.numbers import format_number
from submissions.choices import Occasion
from submissions.models import Mail, Notice, ReportingPeriod
from submissions.queries.completeness import Tally, first_due
from submissions.queries.periods import due_dates
from submissions.queries.reminding import lags_of
from submissions.wording import due_words

if TYPE_CHECKING:
    from accounts.models import User

SALT = "submissions.mail"
LINK_HOLDS = 180 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Item:
    """One line: which report, what is wanted of whom, until when, why, and where."""

    title: str
    unit: str
    due: str
    reason: str
    url: str
    about_others: bool


def message_of(mail: Mail) -> EmailMultiAlternatives:
    """The e-mail as text and as HTML, in Vietnamese."""
    with translation.override("vi"):
        items = _items(mail, timezone.localdate())
        context = {
            "person": mail.person,
            "items": items,
            "home_url": absolute(reverse("home")),
            "choice_url": absolute(choice_link(mail.person)),
        }
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        message = EmailMultiAlternatives(
            subject=_subject(items),
            body=render_to_string("submissions/mail.txt", context),
            to=[mail.address],
            headers={
                "Message-ID": f"<report-notice-{mail.pk}@{domain}>",
                "List-Unsubscribe": f"<{context['choice_url']}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_to_string("submissions/mail.html", context), "text/html")
        return message


def _items(mail: Mail, today: date) -> list[Item]:
    notices = Notice.objects.filter(mail=mail).select_related("unit", "period__form")
    rows = list(notices.prefetch_related("period__dues").order_by("period__month", "unit__sort_key", "pk"))
    dues, lags = due_dates({notice.period for notice in rows}), lags_of(rows)
    told: dict[tuple[int, int, bool], Item] = {}
    for notice in rows:  # of several notices about one report the last one stands, a return above all
        about = (notice.unit_id, notice.period_id, notice.is_about_others)
        if about in told and told[about].reason and not notice.reason:
            continue
        told[about] = Item(
            title=title_of(notice, lags.get(notice.pk)),
            unit=notice.unit.name,
            due=due_words(due_of(notice, dues), today),
            reason=notice.reason,
            url=absolute(path_of(notice)),
            about_others=notice.is_about_others,
        )
    return list(told.values())


def due_of(notice: Notice, dues: dict[tuple[int, str], date]) -> date | None:
    """When the unit reports; of units that lag, when the first of them had to."""
    return first_due(notice.period) if notice.is_about_others else dues.get((notice.period_id, notice.unit.kind))


def path_of(notice: Notice) -> str:
    """Where the person does what is asked: the report, or the list of those that lag."""
    if notice.is_about_others:
        return lagging_url(notice.unit_id, notice.period)
    return reverse("submissions:grid", kwargs={"period": notice.period_id, "unit": notice.unit_id})


def title_of(notice: Notice, lag: Tally | None = None) -> str:
    """What is to be done, with the report's name: for e-mails and for the list in the portal. `lag`: see `lags_of`."""
    if lag is not None:
        return lag_words(notice.period, lag)
    words = {"form": notice.period.form.name, "period": notice.period.label}
    if notice.occasion == Occasion.RETURNED:
        return _("Returned: %(form)s, %(period)s") % words
    return _("To be sent: %(form)s, %(period)s") % words


def lag_words(period: ReportingPeriod, tally: Tally) -> str:
    """«12/92 đơn vị chưa gửi: …», or that all have sent meanwhile."""
    words = {
        "missing": format_number(tally.unsent),
        "all": format_number(tally.expected),
        "form": period.form.name,
        "period": period.label,
    }
    if not tally.unsent:
        return _("All units have sent: %(form)s, %(period)s") % words
    return _("%(missing)s of %(all)s units have not sent: %(form)s, %(period)s") % words


def lagging_url(unit_id: int, period: ReportingPeriod) -> str:
    """The list of those below the unit that lag with the period, with whom to call."""
    place = {"unit": unit_id, "form": period.form_id, "period": period.pk}
    return f"{reverse('submissions:lagging')}?{urlencode(place)}"


def _subject(items: list[Item]) -> str:
    if len(items) == 1:
        return " – ".join([items[0].title, items[0].unit])
    count = {"count": format_number(len(items))}
    if any(item.about_others for item in items):
        return _("%(count)s things to do about reports") % count
    return _("%(count)s reports to send or to mend") % count


def absolute(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"


def choice_link(person: User) -> str:
    """The page on which the person chooses how often to get e-mail, without signing in."""
    return reverse("submissions:mail_link", kwargs={"token": signing.dumps(person.pk, salt=SALT)})


def person_of_link(token: str) -> int | None:
    """The key of the person to whom the link was sent; None for one that was tampered with or is too old."""
    try:
        key = signing.loads(token, salt=SALT, max_age=LINK_HOLDS)
    except signing.BadSignature:
        return None
    return key if isinstance(key, int) else None
