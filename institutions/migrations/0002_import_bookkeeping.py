from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='importissue',
            name='contact_number',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='importrun',
            name='reason_details',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='importseries',
            name='last_counts',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='registerrun',
            name='issues',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='reason',
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AlterField(
            model_name='importseries',
            name='last_sha256',
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='registerrun',
            name='register',
            field=models.CharField(choices=[('institutionsregister', 'Institution register'), ('dagtilbudsregister', 'Day-care register')], max_length=24),
        ),
        migrations.AddIndex(
            model_name='importrun',
            index=models.Index(fields=['institution_number', '-started_at'], name='runs_of_an_institution'),
        ),
    ]
