from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_service_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='master_source',
            field=models.CharField(blank=True, max_length=100),
        ),
    ]
