"""The lists of who has reported, of those that lag, and of what people were told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from core.dates import format_date
from core.tables import NOTHING, Column, MomentColumn, Table
from core.templatetags.portal import status_badge
from submissions.choices import MAIL_TONES, STANDING_TONES, STANDING_WORDS, UNSENT, Standing
from submissions.models import Notice, ReportingPeriod
from submissions.queries.completeness import period_key
from submissions.queries.lagging import Calls, contact_lines
from submissions.wording import due_words
from units.models import Unit

RANK = "rank"  # annotation: who is worst in the chosen period comes first


def standing_badge(value: str, *, overdue: bool) -> SafeString:
    """Mark and word; what is not sent is bad only after its due date."""
    tone = STANDING_TONES[value]
    if value in UNSENT and value != Standing.RETURNED:
        tone = "bad" if overdue else "plain"
    return status_badge(tone, STANDING_WORDS[value])


class StandingColumn(Column):
    """How far each unit is with one period, as a link to the report."""

    def __init__(self, period: ReportingPeriod, overdue: Sequence[str], *, chosen: bool) -> None:
        super().__init__(
            verbose_name=period.label, accessor=period_key(period), orderable=chosen, order_by=(RANK, "sort_key")
        )
        self.period, self.overdue = period, overdue

    def render(self, value: str, record: Unit) -> str:
        if value == Standing.ABSENT:
            return NOTHING
        address = reverse("submissions:grid", kwargs={"period": self.period.pk, "unit": record.pk})
        badge = standing_badge(value, overdue=record.kind in self.overdue)
        spoken = f"{record.name}, {self.period.label}: {STANDING_WORDS[value]}"
        return format_html('<a href="{}" aria-label="{}">{}</a>', address, spoken, badge)

    def value(self, value: str) -> str:
        return str(Standing(value).label)


class StandingTable(Table):
    """Units by period; the columns of the periods are given as `extra_columns`."""

    name = Column(verbose_name=_("Unit"), order_by="sort_key", linkify=("units:detail", {"pk": A("pk")}))

    class Meta:
        model = Unit
        fields = ("name",)
        attrs = {"class": "table table-hover table-cards states"}


class LaggingTable(Table):
    """Units that have not sent, with whom to call. Needs the annotations `standing` and `due_on`."""

    name = Column(verbose_name=_("Unit"), order_by="sort_key", linkify=("units:detail", {"pk": A("pk")}))
    standing = Column(verbose_name=_("State"), orderable=False)
    due_on = Column(verbose_name=_("Due"), orderable=False)
    contacts = Column(verbose_name=_("Whom to call"), accessor="pk", orderable=False)
    reminders = Column(verbose_name=_("Reminders"), accessor="pk", orderable=False)
    remind = Column(verbose_name=_("Remind now"), accessor="pk", orderable=False, exclude_from_export=True)

    class Meta:
        model = Unit
        fields = ("name", "standing", "due_on", "contacts", "reminders", "remind")

    def __init__(
        self, data: Any, *, period: ReportingPeriod, calls: Calls, today: date, may_remind: bool, **kwargs: Any
    ) -> None:
        self.period, self.calls, self.today = period, calls, today
        super().__init__(data, exclude=() if may_remind else ("remind",), **kwargs)

    def render_standing(self, value: str, record: Any) -> str:
        return standing_badge(value, overdue=record.due_on is not None and record.due_on < self.today)

    def value_standing(self, value: str) -> str:
        return str(Standing(value).label)

    def render_due_on(self, value: date) -> str:
        return due_words(value, self.today)

    def value_due_on(self, value: date) -> date:
        return value

    def render_contacts(self, record: Unit) -> str:
        return render_to_string("submissions/contacts.html", {"people": self.calls.people(record)})

    def value_contacts(self, record: Unit) -> str:
        return "; ".join(contact_lines(self.calls.people(record)))

    def render_reminders(self, record: Unit) -> str:
        return render_to_string("submissions/told.html", {"told": self.calls.told(record), "unit": record})

    def value_reminders(self, record: Unit) -> str:
        told = self.calls.told(record)
        return "; ".join(f"{format_date(notice.created_at)} {notice.get_occasion_display()}" for notice in told)

    def render_remind(self, record: Unit) -> str:
        address = reverse("submissions:remind", kwargs={"period": self.period.pk, "unit": record.pk})
        return format_html('<a class="btn btn-sm btn-secondary text-nowrap" href="{}">{}</a>', address, _("Remind now"))


class NoticeTable(Table):
    """The log of reminders: who was told what, when, by which way, and what became of it."""

    created_at = MomentColumn(verbose_name=_("Time"))
    person = Column(verbose_name=_("Person"), accessor="person__full_name", order_by="person__sort_key")
    unit = Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key",
                  linkify=("units:detail", {"pk": A("unit_id")}))  # fmt: skip
    period = Column(verbose_name=_("Report"), orderable=False)
    occasion = Column(verbose_name=_("Occasion"))
    read_at = MomentColumn(verbose_name=_("Read in the portal"))
    mail = Column(verbose_name=_("E-mail"), accessor="mail_words", orderable=False)
    sent_at = MomentColumn(verbose_name=_("E-mail sent at"), accessor="mail__sent_at")

    class Meta:
        model = Notice
        fields = ("created_at", "person", "unit", "period", "occasion", "read_at", "mail", "sent_at")

    def render_mail(self, value: str, record: Notice) -> str:
        return status_badge(MAIL_TONES[record.mail.state], value) if record.mail else value

    def value_mail(self, value: str) -> str:
        return value
