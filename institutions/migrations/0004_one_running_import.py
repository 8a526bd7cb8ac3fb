from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0003_membership_index'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='importrun',
            name='one_running_import_a_series',
        ),
        migrations.AddConstraint(
            model_name='importrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('institution_number', 'source'), name='one_running_import_a_series'),
        ),
    ]
