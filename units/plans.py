"""What a reorganisation is to do: arrows from units to their successors, and how a proposal keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from units.choices import Share
from units.models import Unit


@dataclass(frozen=True)
class NewUnit:
    """A successor that does not exist yet; equal values mean the same unit. Its legal basis is the reorganisation's."""

    parent: Unit
    kind: str
    name: str  # with its designation: Xã Tân Cương
    short_name: str
    designation: str = ""
    code: str = ""


@dataclass(frozen=True)
class Link:
    """One arrow. No successor means that the unit closes for good. `percent` only where real shares are known."""

    predecessor: Unit
    successor: Unit | NewUnit | None = None
    share: str = Share.WHOLE
    percent: int | None = None
