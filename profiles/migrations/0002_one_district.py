from django.db import migrations, models


class Migration(migrations.Migration):
    """One district is one database; a sign-in name is never somebody's e-mail."""

    dependencies = [
        ('profiles', '0001_people_and_history'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='org',
            constraint=models.UniqueConstraint(condition=models.Q(('org_kind', 'district')), fields=('org_kind',), name='one_district'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('sign_in_name__contains', '@'), _negated=True), name='person_sign_in_name_no_email'),
        ),
        migrations.AlterField(
            model_name='staffteam',
            name='meeting_kind',
            field=models.CharField(choices=[('grade_team', 'Grade-level team'), ('content_team', 'Content area'), ('leadership', 'Leadership team'), ('staff', 'Staff meeting'), ('other', 'Other')], max_length=16, verbose_name='kind of meeting'),
        ),
    ]
