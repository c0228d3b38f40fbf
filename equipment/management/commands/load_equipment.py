"""`manage.py load_equipment`: the kinds of things and the first minimum specification of a new portal."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from equipment import starter


class Command(BaseCommand):
    help = "Creates the kinds of things and the first minimum specification; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{starter.load()} rows created")
