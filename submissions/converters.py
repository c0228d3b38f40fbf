"""A month in an address: 2026-10."""

from __future__ import annotations

from core.periods import month_in_year, parse_month, year_of


class MonthConverter:
    """`<month:month>` in a route is a month number of `core.periods`; what is no month is no such page."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> int:
        return parse_month(value)  # its ValueError makes the route not match

    def to_url(self, value: int) -> str:
        return f"{year_of(value):04d}-{month_in_year(value):02d}"
