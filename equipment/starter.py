"""What a new portal starts with: kinds of things and a first minimum specification. Administrators change both."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from equipment.models import ItemKind, MinimumSpecification

# code, name, counted in, computer, kept as single items
KINDS = (
    ("PC", "Máy tính để bàn", "bộ", True, True),
    ("LAPTOP", "Máy tính xách tay", "chiếc", True, True),
    ("TABLET", "Máy tính bảng", "chiếc", False, True),
    ("PRINTER", "Máy in", "chiếc", False, True),
    ("PROJECTOR", "Máy chiếu", "chiếc", False, True),
    ("TEST-KIT", "Bộ kít xét nghiệm", "bộ", False, False),
    ("HOUSE", "Mái ấm tình thương", "nhà", False, False),
)
FIRST_MINIMUM = {"min_ram_gb": 4, "min_storage_gb": 120, "max_age_years": 10}


@transaction.atomic
def load() -> int:
    """Create what is missing and leave alone what is there. Returns the number of rows created."""
    created = 0
    for code, name, counted_in, is_computer, registered in KINDS:
        values = {"name": name, "counted_in": counted_in, "is_computer": is_computer, "registered": registered}
        created += ItemKind.objects.get_or_create(code=code, defaults=values)[1]
    if not MinimumSpecification.objects.exists():
        MinimumSpecification.objects.create(valid_from=date(2020, 1, 1), note="Cấu hình khởi đầu", **FIRST_MINIMUM)
        created += 1
    return created
