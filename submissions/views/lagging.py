"""Those that lag: whom to call, what they were told, and «remind now»."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import signed_in
from core.numbers import format_number
from submissions.permissions import may_follow
from submissions.queries.lagging import Calls, calls_of, contact_lines
from submissions.standing_tables import LaggingTable
from submissions.views.completeness import OutlookList


@signed_in
class Lagging(OutlookList):
    """Units that have not sent the report of the period, the most overdue first, with telephone numbers to copy."""

    template_name = "submissions/lagging.html"
    table_class = LaggingTable
    title = gettext_lazy("Who has not sent")
    empty_text = gettext_lazy("All units have sent this report")
    export_name = "chua-gui-bao-cao"
    route = "lagging"

    def get_queryset(self) -> QuerySet[Any]:
        return self.outlook.lagging()

    @cached_property
    def calls(self) -> Calls:
        return calls_of([unit.pk for unit in self.filterset.qs], self.outlook.period)

    @cached_property
    def table(self) -> LaggingTable:
        return LaggingTable(
            self.filterset.qs,
            period=self.outlook.period,
            calls=self.calls,
            today=self.outlook.today,
            may_remind=bool(may_follow(self.request.user, self.outlook.scope)),
        )

    def count_text(self, count: int) -> str:
        return _("%(count)s units have not sent %(period)s") % {
            "count": format_number(count),
            "period": self.outlook.period.label,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nobody = _("nobody is written down")
        people = ((unit.name, contact_lines(self.calls.people(unit))) for unit in self.filterset.qs)
        lines = [f"{name}: {'; '.join(found) or nobody}" for name, found in people]
        return super().get_context_data(**kwargs, copied="\n".join(lines), rows=min(len(lines), 8))
