"""Sign-in backend that answers `has_perm("right")` from grants; Django's permission tables are not used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied

from units.choices import Right
from units.models import Unit
from units.permissions import may, rights_now

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class RoleBackend(BaseBackend):
    """Maps «right.<name>» to the grants of the person, on one unit or anywhere.

    A «no» is final (PermissionDenied): the backends behind would look into Django's permission tables.
    """

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Any = None) -> bool:
        label, _, name = perm.partition(".")
        if label != "right" or not user_obj.is_active or name not in Right.values:
            return False
        right = Right(name)
        held = may(user_obj, right, obj) if isinstance(obj, Unit) else right in rights_now(user_obj)
        if not held:
            raise PermissionDenied
        return True
