"""What is done to sponsors: taken up and kept by a unit that deals with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts import audit
from core.verdicts import require
from sponsors.models import Sponsor
from units.choices import Right
from units.models import Unit
from units.permissions import may

if TYPE_CHECKING:
    from accounts.models import User


class SponsorValues(TypedDict, total=False):
    """What is known of a sponsor; only the name must be."""

    name: str
    kind: str
    tax_code: str
    contact_name: str
    contact_position: str
    phone: str
    email: str
    address: str
    note: str
    sample: bool


@transaction.atomic
def add_sponsor(*, kept_by: Unit, by: User, **values: Unpack[SponsorValues]) -> Sponsor:
    """Takes up a sponsor. Raises Denied, and ValidationError by field (a name twice at one unit, a missing name)."""
    require(may(by, Right.MANAGE_SPONSORS, kept_by))
    sponsor = Sponsor(kept_by=kept_by, **values)
    sponsor.full_clean(exclude=["search", "sort_key"])
    sponsor.save()
    audit.record(by=by, action="sponsors.add", obj=sponsor, unit_id=kept_by.pk, after=dict(values))
    return sponsor


@transaction.atomic
def edit_sponsor(
    *, sponsor: Sponsor, by: User, kept_by: Unit | None = None, reason: str = "", **values: Unpack[SponsorValues]
) -> Sponsor:
    """Changes what differs; handing the sponsor to another unit needs the right at both."""
    require(may(by, Right.MANAGE_SPONSORS, sponsor.kept_by))
    if kept_by is not None:
        require(may(by, Right.MANAGE_SPONSORS, kept_by))
    wanted = dict(values) if kept_by is None else {**values, "kept_by": kept_by}
    before, after = audit.changes(sponsor, wanted)
    if not after:
        return sponsor
    for name, value in after.items():
        setattr(sponsor, name, value)
    sponsor.full_clean(exclude=["search", "sort_key"])
    sponsor.save(update_fields=[*after, "search", "sort_key"])
    audit.record(
        by=by,
        action="sponsors.edit",
        obj=sponsor,
        unit_id=sponsor.kept_by_id,
        reason=reason,
        before=before,
        after=after,
    )
    return sponsor


@transaction.atomic
def take_back_sponsor(*, sponsor: Sponsor, by: User, reason: str) -> None:
    """Removes a sponsor that was taken up by mistake, while no gift and no training names it."""
    require(may(by, Right.MANAGE_SPONSORS, sponsor.kept_by))
    before = {name: getattr(sponsor, name) for name in SponsorValues.__annotations__}
    audit.record(
        by=by, action="sponsors.take_back", obj=sponsor, unit_id=sponsor.kept_by_id, reason=reason, before=before
    )
    try:
        with transaction.atomic():
            sponsor.delete()
    except ProtectedError as use:
        raise ValidationError(
            _("“%(sponsor)s” is named by gifts or trainings and stays.") % {"sponsor": sponsor.name}
        ) from use
