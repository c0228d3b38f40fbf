"""`manage.py rebuild_lineage`: for which units each unit counts, worked out anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from units.lineage import rebuild_lineage


class Command(BaseCommand):
    help = "Work out the lineage of every unit anew and mend what differs; totals follow."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = rebuild_lineage()
        self.stdout.write(_("Lineage: %(count)s units mended.") % {"count": len(changed)})
