"""Forms that keep units, the people at them and reorganisations. They check; `units.actions` does."""

from units.forms.keeping import AddUnitForm, CloseForm, ContactFormSet, ProfileForm, RenameForm, kinds_below
from units.forms.reorganise import REORGANISATION_FORMS, AreaForm, ReorganisationForm
from units.forms.roles import EndGrantForm, GrantForm, InviteForm, ReasonForm, roles_to_give

__all__ = [
    "REORGANISATION_FORMS",
    "AddUnitForm",
    "AreaForm",
    "CloseForm",
    "ContactFormSet",
    "EndGrantForm",
    "GrantForm",
    "InviteForm",
    "ProfileForm",
    "ReasonForm",
    "RenameForm",
    "ReorganisationForm",
    "kinds_below",
    "roles_to_give",
]
