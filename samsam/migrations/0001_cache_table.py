"""The table of Django's database cache, as ``createcachetable`` makes it: one command less for the operator."""

from django.db import migrations

MAKE = """
CREATE TABLE samsam_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX samsam_cache_expires ON samsam_cache (expires);
"""


class Migration(migrations.Migration):
    operations = [migrations.RunSQL(MAKE, "DROP TABLE samsam_cache;")]
