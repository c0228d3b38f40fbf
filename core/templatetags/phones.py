"""Links that dial."""

from __future__ import annotations

from django import template

from core.phones import dialled

register = template.Library()


@register.filter
def tel(phone: str) -> str:
    """`<a href="{{ contact.phone|tel }}">`: the address of a call, empty for no number."""
    return f"tel:{dialled(phone)}" if phone else ""
