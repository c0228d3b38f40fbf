from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.loading import load


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Loads the sample data; what is there already is not loaded twice."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1: the sample opens accounts with public passwords.")
        self.stdout.write("Dữ liệu mẫu…")
        if not load(timezone.localdate(), self.stdout.write):
            self.stdout.write("  đã có sẵn")
