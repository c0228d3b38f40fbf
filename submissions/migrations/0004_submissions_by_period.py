import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_monthly_form")]

    operations = [
        migrations.AlterModelOptions(
            name="submission",
            options={
                "ordering": ["-period__month", "unit"],
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
            },
        ),
        migrations.AlterField(
            model_name="submission",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="submissions",
                to="submissions.reportingperiod",
                verbose_name="reporting period",
            ),
        ),
        migrations.RemoveField(model_name="submission", name="month"),
        migrations.AddIndex(
            model_name="submission", index=models.Index(fields=["state", "period"], name="submissions_by_state")
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("unit", "period"), name="submission_once_a_period"),
        ),
    ]
