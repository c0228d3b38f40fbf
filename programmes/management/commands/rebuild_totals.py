"""`manage.py rebuild_totals`: compute totals anew from figures."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from programmes import totals
from programmes.management.commands.verify_totals import chosen_units


class Command(BaseCommand):
    help = "Computes totals anew from figures, of all units or of some. Writers wait meanwhile, readers do not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", action="append", metavar="CODE", help="only units with this code, in any life")

    def handle(self, *args: Any, **options: Any) -> None:
        units = chosen_units(options["unit"]) if options["unit"] else None
        self.stdout.write(f"{totals.rebuild(units)} rows of totals.")
