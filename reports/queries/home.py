"""The home page: what the person has to do, and where the person is at home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from units.choices import Right
from units.duties import Duty, duties_of
from units.models import Unit
from units.permissions import grants_now, rights_now

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Home:
    """Duties by urgency, the person's units, and whether the person only looks at figures."""

    late: tuple[Duty, ...]
    soon: tuple[Duty, ...]
    later: tuple[Duty, ...]
    units: tuple[Unit, ...]
    roles: tuple[str, ...]
    only_looks: bool

    @property
    def count(self) -> int:
        return len(self.late) + len(self.soon) + len(self.later)


def home_of(user: User | AnonymousUser, today: date) -> Home:
    grants = grants_now(user)
    duties = duties_of(user) if grants and user.is_authenticated else []
    late = [duty for duty in duties if duty.due is not None and duty.due < today]
    soon = [duty for duty in duties if duty.due is not None and today <= duty.due <= today + SOON]
    taken = {id(duty) for duty in (*late, *soon)}
    return Home(
        late=tuple(late),
        soon=tuple(soon),
        later=tuple(duty for duty in duties if id(duty) not in taken),
        units=tuple({grant.unit_id: grant.unit for grant in grants}.values()),
        roles=tuple(dict.fromkeys(str(grant.get_role_display()) for grant in grants)),
        only_looks=rights_now(user) <= {Right.VIEW},
    )
