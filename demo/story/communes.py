"""What lies with the communes: people to call, with numbers that nobody answers, and targets of their own."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from demo.story.figures import NEW, new_samples
from demo.story.keepers import NEW_ORDER, Keepers, communes, province
from demo.story.latent import month_values
from programmes.actions.targets import hand_down_target
from programmes.models import Indicator, Programme, Target
from units.actions import ContactLine, set_contacts
from units.models import Unit

WITHOUT = 9  # every ninth commune has nobody in the list, as lists are
HANDED_DOWN = ("SOC-01", "SOC-05", "SOC-06")
BEFORE_REFORM = 18  # months after the start of the sample: 05/2025, the last one with sizes before 01/07/2025
FAMILY, MIDDLE = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đỗ", "Bùi"), ("Thị", "Thị Thu", "Thị Kim", "Ngọc")
GIVEN = ("Hoa", "Lan", "Mai", "Hương", "Hạnh", "Thảo", "Yến", "Nga", "Liên", "Phượng", "Dung", "Xuân")


def contacts(people: Keepers) -> None:
    """An invented chair for most communes of the sample, marked as such in name and number.

    No numbers are set aside for stories in Việt Nam. Area code 4 was Hà Nội's until 17/06/2017 and belongs to nobody
    since; no number behind it ever began with 0. So 0400 000 001 rings nowhere.
    """
    number = 0
    for code in NEW:
        for place, unit in enumerate(communes(province(code, NEW_ORDER), NEW_ORDER)):
            if place % WITHOUT == WITHOUT - 1:
                continue
            number += 1
            line = ContactLine(_name(unit), "Chủ tịch Hội LHPN (số liệu mẫu)", f"0400 000 {number:03}")
            set_contacts(unit=unit, contacts=[line], by=people.national)


def _name(unit: Unit) -> str:
    draw = random.Random(f"contact {unit.code}")  # noqa: S311 - sample data, not a secret
    return " ".join(draw.choice(words) for words in (FAMILY, MIDDLE, GIVEN))


def targets(people: Keepers, programme: Programme) -> None:
    """The province hands three of its targets down to its communes, each from where it stood on 01/07/2025."""
    home = province("19", NEW_ORDER)
    units = {unit.pk: unit for unit in communes(home, NEW_ORDER)}
    stood = {pk: dict(month_values(sample, BEFORE_REFORM)) for pk, sample in new_samples("19").items()}
    shares_of = Indicator.objects.filter(code__in=HANDED_DOWN, denominator__isnull=False)
    for indicator in shares_of.select_related("numerator", "denominator"):
        target = Target.objects.get(programme=programme, indicator=indicator, unit=home, due=date(2027, 12, 31))
        part, whole = _codes(indicator)
        shares = {pk: _share(known[part], known[whole]) for pk, known in stood.items() if known.get(whole)}
        values = {units[pk]: (target.value, share) for pk, share in shares.items() if share < target.value}
        made = hand_down_target(target=target, values=values, by=people.officer)
        Target.objects.filter(pk__in=[one.pk for one in made]).update(sample=True)


def _codes(indicator: Indicator) -> tuple[str, str]:
    assert indicator.denominator is not None  # noqa: S101 - only shares are handed down
    return indicator.numerator.code, indicator.denominator.code


def _share(part: int, whole: int) -> Decimal:
    return round(Decimal(part) * 100 / whole, 1)
