"""`manage.py load_catalogue`: the starter set of measures and indicators."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from programmes import starter


class Command(BaseCommand):
    help = "Creates the measures and indicators of the starter catalogue that are missing; edits are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--refresh", action="store_true", help="also set edited rows back to what is shipped")

    def handle(self, *args: Any, **options: Any) -> None:
        done = starter.load(refresh=options["refresh"])
        self.stdout.write(f"measures +{done.measures}, indicators +{done.indicators}, refreshed {done.refreshed}")
