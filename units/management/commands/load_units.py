"""`manage.py load_units`: the official units of the country."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from units.loading import load_units


class Command(BaseCommand):
    help = "Load the official units with their successions; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_units()
        if loaded.anything:
            self.stdout.write(
                _("Loaded: %(units)s units, %(links)s links, %(reorganisations)s reorganisations.")
                % {"units": loaded.units, "links": loaded.links, "reorganisations": loaded.reorganisations}
            )
        else:
            self.stdout.write(_("The units are complete: nothing to load."))
