"""``python -m bench.careless_take``: the web server of production with one fault: a verb looks, and then saves.

To show that ``bench.races`` sees it. Nothing outside this process and the children it forks changes.
"""

from __future__ import annotations

import django

from samsam.web import web


def main() -> None:
    django.setup()
    from requests_app import transitions  # noqa: PLC0415 (needs Django)
    from requests_app.models import HelpRequest  # noqa: PLC0415 (the same)

    def look(pk: int) -> HelpRequest:
        """As ``transitions.lock``, but that the row is not held."""
        rows = HelpRequest.objects.select_related("author", "municipality", "policy", "village__contact_person__user")
        return rows.get(pk=pk)

    transitions.lock = look
    web()


if __name__ == "__main__":
    main()
