from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0007_runs_by_their_file")]

    operations = [
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["-started_at"], name="runs_by_time"),
        ),
    ]
