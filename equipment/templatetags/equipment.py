"""Badges of this room: each state with its mark, word and colour."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.db.models import TextChoices
from django.utils.safestring import SafeString

from core.templatetags.portal import status_badge
from equipment.choices import AllotmentState, ComputerState, Condition, GiftState, HandoverState, Standing
from equipment.tables import CONDITION_TONES, GIFT_TONES, HANDOVER_TONES, STATE_TONES

register = template.Library()

ALLOTMENT_TONES: dict[str, str] = {
    AllotmentState.OPEN: "info",
    AllotmentState.PREPARED: "info",
    AllotmentState.HANDED: "warn",
    AllotmentState.RECEIVED: "good",
    AllotmentState.CANCELLED: "plain",
}
STANDING_TONES: dict[str, str] = {
    Standing.FIT: "good",
    Standing.SHARED: "info",
    Standing.WEAK: "warn",
    Standing.BROKEN: "bad",
    Standing.GONE: "plain",
}
_KINDS: dict[str, tuple[Mapping[str, str], type[TextChoices]]] = {
    "computer": (STATE_TONES, ComputerState),
    "condition": (CONDITION_TONES, Condition),
    "gift": (GIFT_TONES, GiftState),
    "allotment": (ALLOTMENT_TONES, AllotmentState),
    "handover": (HANDOVER_TONES, HandoverState),
}


@register.simple_tag
def badge(kind: str, state: str) -> SafeString:
    """`{% badge "handover" handover.state %}`; kinds: computer, condition, gift, allotment, handover."""
    tones, choices = _KINDS[kind]
    return status_badge(tones[state], choices(state).label)


@register.simple_tag
def standing_badge(standing: str) -> SafeString:
    """What one machine is worth to its unit."""
    return status_badge(STANDING_TONES[standing], Standing(standing).label)


@register.filter
def get(mapping: Mapping[object, object], key: object) -> object:
    """The value of a key that stands in a variable; None where it is missing."""
    return mapping.get(key)
