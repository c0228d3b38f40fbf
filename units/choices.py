"""Kinds of unit, of reorganisation, of roles and rights: the fixed words of the room."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.remarks import remarks_of


class UnitKind(TextChoices):
    """Where a unit stands in the Union. `attached` units (police, army) are peers of communes."""

    CENTRE = "centre", _("Centre")
    PROVINCE = "province", _("Province level")
    DISTRICT = "district", _("District level (until 30/06/2025)")
    COMMUNE = "commune", _("Commune level")
    ATTACHED = "attached", _("Attached unit")
    BRANCH = "branch", _("Branch")


class Designation(TextChoices):
    """The administrative word in front of a unit's name."""

    TINH = "tinh", _("Province")
    THANH_PHO = "thanh_pho", _("City")
    QUAN = "quan", _("Urban district")
    HUYEN = "huyen", _("Rural district")
    THI_XA = "thi_xa", _("Town")
    XA = "xa", _("Commune")
    PHUONG = "phuong", _("Ward")
    THI_TRAN = "thi_tran", _("Township")
    DAC_KHU = "dac_khu", _("Special zone")
    NONE = "", pgettext_lazy("designation", "None")


class ReorganisationKind(TextChoices):
    OPEN = "open", _("Opening")
    RENAME = "rename", _("Renaming")
    MOVE = "move", _("Move to another parent")
    MERGE = "merge", _("Merger")
    SPLIT = "split", _("Division")
    CLOSE = "close", _("Closing")
    REFORM = "reform", _("General reorganisation")


class ReorganisationState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Undone")


class Share(TextChoices):
    """How much of the old unit went to the new one."""

    WHOLE = "whole", _("Whole")
    MAIN = "main", _("The larger part")
    PART = "part", _("A smaller part")


class Right(TextChoices):
    """What can be done. Roles are lists of these; every route and action names the one it needs."""

    VIEW = "view", _("See units, figures, equipment and trainings")
    ENTER = "enter", _("Enter figures, trainings and equipment of the unit")
    SIGN = "sign", _("Sign the unit's report")
    RECEIVE = "receive", _("Confirm the receipt of equipment")
    ACCEPT = "accept", _("Accept or return the figures of the units below")
    GIVE = "give", _("Record gifts, allot and hand over equipment")
    PLAN = "plan", _("Keep programmes, tasks and targets")
    ISSUE = "issue", _("Draft and issue reports")
    MANAGE_UNITS = "manage_units", _("Keep units")
    KEEP_CONTACTS = "keep_contacts", _("Keep the contacts of units")
    MANAGE_USERS = "manage_users", _("Keep accounts and grants")
    MANAGE_SPONSORS = "manage_sponsors", _("Keep sponsors")
    KEEP_FORMS = "keep_forms", _("Keep forms, their periods and late permits")
    MANAGE_CATALOGUE = "manage_catalogue", _("Keep measures, indicators and minimum specifications")
    REORGANISE = "reorganise", _("Apply reorganisations of units")
    AUDIT = "audit", _("Read the audit trail")


class Role(TextChoices):
    VIEWER = "viewer", _("Leader (viewing)")
    ENTERER = "enterer", _("Data enterer")
    SIGNER = "signer", _("Leader of the unit (signing)")
    OFFICER = "officer", _("Officer in charge")
    ADMINISTRATOR = "administrator", _("Administrator")
    NATIONAL = "national", _("National administrator")


ROLE_RIGHTS: dict[str, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.VIEW}),
    Role.ENTERER: frozenset({Right.VIEW, Right.ENTER, Right.RECEIVE}),
    Role.SIGNER: frozenset({Right.VIEW, Right.SIGN, Right.RECEIVE}),
    Role.OFFICER: frozenset(
        {
            Right.VIEW,
            Right.ENTER,
            Right.ACCEPT,
            Right.GIVE,
            Right.PLAN,
            Right.ISSUE,
            Right.RECEIVE,
            Right.KEEP_CONTACTS,
            Right.MANAGE_SPONSORS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.VIEW,
            Right.PLAN,
            Right.ISSUE,
            Right.KEEP_FORMS,
            Right.KEEP_CONTACTS,
            Right.MANAGE_UNITS,
            Right.MANAGE_USERS,
            Right.MANAGE_SPONSORS,
            Right.AUDIT,
        }
    ),
    Role.NATIONAL: frozenset(set(Right) - {Right.ENTER, Right.SIGN, Right.ACCEPT, Right.RECEIVE}),
}


@remarks_of("units")
class Remark(TextChoices):
    """What the portal notes by itself: stored as a code, see `core.remarks`."""

    PASSED_ON = "passed_on", _("passed on from %(about)s")
