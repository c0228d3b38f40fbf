"""`manage.py open_periods`: what the beat does every day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from submissions.actions import open_periods


class Command(BaseCommand):
    help = "Opens the reporting periods that have begun. Safe to run at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        opened = open_periods(today=timezone.localdate())
        for period in opened:
            self.stdout.write(str(period))
        self.stdout.write(f"periods +{len(opened)}")
