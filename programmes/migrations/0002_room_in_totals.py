"""Leaves room in the pages of totals: their rows are updated in place, again and again."""

from django.db import migrations


def leave_room(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE programmes_total SET (fillfactor = 70)")


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [migrations.RunPython(leave_room, migrations.RunPython.noop)]
