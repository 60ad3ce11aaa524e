"""Run by the Python of another virtual environment: django-helpdesk escalates tickets on the database of its address.

``python helpdesk_run.py HOST USER NAME`` reads a number a line, makes so many tickets and escalates them; it answers
each with one JSON object: how many that were, and how many CPU seconds the escalating took. No ticket is left behind.
Each ticket has who sent it in and who has it in hand, so two people are told, as two are by one of our escalations.
"""

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings

HOST, USER, NAME = sys.argv[1:4]
APPS = ("auth", "contenttypes", "sessions", "sites", "humanize", "admin", "messages", "staticfiles")
settings.configure(
    SECRET_KEY="only here",  # noqa: S106 (of a measurement)
    INSTALLED_APPS=[*(f"django.contrib.{app}" for app in APPS), "rest_framework", "helpdesk"],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "HOST": HOST, "USER": USER, "NAME": NAME}},
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",  # what a mail server needs is not counted
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    ROOT_URLCONF="__main__",
    LANGUAGE_CODE="en",
    HELPDESK_TEAMS_MODEL="auth.Group",  # without the teams of yet another package
    HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],
    SITE_ID=1,
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402 (needs the settings)
from django.core.management import call_command  # noqa: E402 (the same)
from django.db import connection  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402
from helpdesk.models import FollowUp, Queue, Ticket  # noqa: E402

urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk"))]


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate", verbosity=0)
    queue = Queue.objects.create(title="Hulp", slug="hulp", escalate_days=1, email_address="hulp@samsam.example")
    owner = User.objects.create_user("marieke", "marieke@samsam.example")
    for line in sys.stdin:
        print(json.dumps(escalated(queue, owner, int(line))), flush=True)


def escalated(queue: Queue, owner: User, count: int) -> dict[str, float]:
    Ticket.objects.all().delete()  # with what was noted about them
    Ticket.objects.bulk_create(
        Ticket(title="Boodschappen", queue=queue, submitter_email="riet@samsam.example", assigned_to=owner, priority=3)
        for _ in range(count)
    )
    Ticket.objects.update(created=timezone.now() - timedelta(days=3))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) helpdesk_ticket, helpdesk_followup")
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    before = time.process_time() + _of(backend)
    call_command("escalate_tickets")
    took = time.process_time() + _of(backend) - before
    return {"escalated": FollowUp.objects.count(), "cpu": took}


def _of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


main()
