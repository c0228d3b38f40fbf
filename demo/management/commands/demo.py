"""`manage.py demo`: the portal with sample data in one process, ready for a newcomer."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from demo.accounts import ACCOUNTS, PASSWORD
from demo.server import collect_static, serve


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # `make test` runs them; a second start shall take seconds
    help = "Prepares the database and the sample data if they are not there yet, and serves the portal."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1: the demo opens accounts with public passwords.")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Chuẩn bị cơ sở dữ liệu…")
            call_command("migrate", verbosity=0, interactive=False)
        call_command("load_demo", stdout=self.stdout)
        collect_static(self.stdout.write)
        self.welcome()
        serve()

    def welcome(self) -> None:
        port = os.environ.get("PORT", "8000")
        self.stdout.write(f"\n  Cổng theo dõi chuyển đổi số:  http://127.0.0.1:{port}/\n")
        self.stdout.write("  Tài khoản mẫu (chỉ có trong bản chạy thử này):")
        for account in ACCOUNTS:
            self.stdout.write(f"    {account.username:<22} {PASSWORD:<20} {account.duty}")
        self.stdout.write("  Dừng: Ctrl+C\n")
        self.stdout.flush() if hasattr(self.stdout, "flush") else None
