"""References and notes that the portal wrote by itself become codes, which every reader sees in the own language."""

from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Concat, Left, Substr

OPENINGS = {
    "Biên bản ": "~equipment.minutes:",
    "Minutes ": "~equipment.minutes:",
    "Thiết bị ": "~equipment.item:",
    "Machine ": "~equipment.item:",
}


def to_codes(apps, schema_editor):
    figures = apps.get_model("programmes", "Figure").objects.filter(provenance="register")
    changes = apps.get_model("programmes", "FigureChange").objects.all()
    receipts = apps.get_model("equipment", "ItemEvent").objects.filter(
        kind="received", item__handover_line__isnull=False
    )
    for words, code in OPENINGS.items():
        for rows, column, length in ((figures, "reference", 60), (changes, "reference", 60), (receipts, "note", 300)):
            told = Left(Concat(Value(code), Substr(column, len(words) + 1)), length)
            rows.filter(**{f"{column}__startswith": words}).update(**{column: told})


class Migration(migrations.Migration):
    dependencies = [("equipment", "0001_initial"), ("programmes", "0002_room_in_totals")]
    operations = [migrations.RunPython(to_codes, migrations.RunPython.noop)]
