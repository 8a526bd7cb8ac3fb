import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0002_import_bookkeeping'),
    ]

    operations = [
        migrations.AlterField(
            model_name='membership',
            name='institution',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='institutions.institution'),
        ),
    ]
