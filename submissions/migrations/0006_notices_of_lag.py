"""Notices may also be about units that lag, for who looks after them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("submissions", "0005_notices")]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="occasion",
            field=models.CharField(
                choices=[
                    ("week", "7 days before the due date"),
                    ("days", "2 days before the due date"),
                    ("due", "On the due date"),
                    ("overdue", "After the due date"),
                    ("asked", "Reminded by an officer"),
                    ("returned", "Returned"),
                    ("lagging", "Units below lag"),
                ],
                max_length=8,
                verbose_name="occasion",
            ),
        ),
    ]
