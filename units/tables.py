"""The lists of units, of people and of reorganisations."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import A

from core.dates import format_date
from core.tables import Column, DateColumn, MomentColumn, StatusColumn, Table
from core.templatetags.portal import status_badge
from units.models import RECORDS_BEGIN, Reorganisation, Unit


class UnitTable(Table):
    """Needs the annotations of `units.queries.with_places`: `above`, `higher`, `heir`."""

    name = Column(verbose_name=gettext_lazy("Unit"), order_by="sort_key", linkify=("units:detail", {"pk": A("pk")}))
    kind = Column(verbose_name=gettext_lazy("Level"))
    place = Column(verbose_name=gettext_lazy("Belongs to"), accessor="above", orderable=False, empty_values=())
    code = Column(verbose_name=gettext_lazy("Code"), attrs={"td": {"class": "code"}})
    priority = Column(verbose_name=gettext_lazy("Priority"), accessor="pk", orderable=False)
    life = Column(verbose_name=gettext_lazy("Life"), accessor="pk", order_by="valid_from", exclude_from_export=True)
    valid_from = DateColumn(verbose_name=gettext_lazy("Since"), visible=False)
    valid_to = DateColumn(verbose_name=gettext_lazy("Until"), visible=False)
    heir = Column(verbose_name=gettext_lazy("Today"), orderable=False, visible=False)

    class Meta:
        model = Unit
        fields = ("name", "kind", "place", "code", "priority", "life", "valid_from", "valid_to", "heir")

    def render_place(self, record: Any) -> str:
        return ", ".join(filter(None, (record.above, record.higher))) or "–"

    def value_place(self, record: Any) -> str:
        return ", ".join(filter(None, (record.above, record.higher)))

    def render_priority(self, record: Unit) -> str:
        return self.value_priority(record) or "–"

    def value_priority(self, record: Unit) -> str:
        names = ("upland", "ethnic_minority", "remote")
        return ", ".join(str(Unit._meta.get_field(name).verbose_name) for name in names if getattr(record, name))

    def render_life(self, record: Any) -> str:
        """Since when; of a closed unit until when, and what it is today."""
        if record.valid_to is None:
            since = record.valid_from
            return "–" if since <= RECORDS_BEGIN else _("since %(day)s") % {"day": format_date(since)}
        ended = _("until %(day)s") % {"day": format_date(record.valid_to)}
        return f"{ended}, {_('today:')} {record.heir}" if record.heir else ended

    def value_valid_from(self, value: Any) -> Any:
        return None if value <= RECORDS_BEGIN else value


class PeopleTable(Table):
    """Needs `grants` prefetched to `seen_grants`, limited to what the reader may see."""

    full_name = Column(
        verbose_name=gettext_lazy("Full name"), order_by="sort_key", linkify=("units:person", {"pk": A("pk")})
    )
    position = Column(verbose_name=gettext_lazy("Position"), orderable=False)
    roles = Column(verbose_name=gettext_lazy("Roles"), accessor="seen_grants", orderable=False, empty_values=())
    username = Column(verbose_name=gettext_lazy("Name to sign in with"))
    last_login = MomentColumn(verbose_name=gettext_lazy("Last signed in"))
    state = Column(verbose_name=gettext_lazy("Account"), accessor="is_active")

    class Meta:
        fields = ("full_name", "position", "roles", "username", "last_login", "state")

    def render_roles(self, value: Any) -> SafeString | str:
        lines = [(grant.get_role_display(), grant.unit) for grant in value]
        return format_html_join("", "<div>{} · {}</div>", lines) if lines else "–"

    def value_roles(self, value: Any) -> str:
        return "; ".join(f"{grant.get_role_display()} · {grant.unit}" for grant in value)

    def render_state(self, record: Any) -> SafeString:
        tone = "bad" if not record.is_active else "good" if record.has_usable_password() else "warn"
        return status_badge(tone, account_state(record))

    def value_state(self, record: Any) -> str:
        return account_state(record)


class ReorganisationTable(Table):
    title = Column(verbose_name=gettext_lazy("Reorganisation"), linkify=("units:reorganisation", {"pk": A("pk")}))
    kind = Column(verbose_name=gettext_lazy("Kind"))
    on = DateColumn(verbose_name=gettext_lazy("In force on"))
    legal_basis = Column(verbose_name=gettext_lazy("Legal basis"), orderable=False)
    state = StatusColumn(
        verbose_name=gettext_lazy("State"), tones={"proposed": "warn", "applied": "good", "undone": "plain"}
    )

    class Meta:
        model = Reorganisation
        fields = ("title", "kind", "on", "legal_basis", "state")


def account_state(person: Any) -> str:
    """Open, closed, or still waiting for the first password."""
    if not person.is_active:
        return _("Locked")
    return _("Open") if person.has_usable_password() else _("Invited, no password yet")
