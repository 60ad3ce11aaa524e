"""What a newcomer reads: who to be."""

from django.conf import settings

from accounts.models import User
from samsam.demo.people import LETTER_CODES

WHO = [
    ("riet", "lives in Beesd and asks"),
    ("joris", "lives in Beesd and helps, a neighbour and a volunteer"),
    ("samira", "a volunteer who is asked something"),
    ("gerrit", "host of the group of the Klokhuis in Beesd"),
    ("noor", f"just came to live in Beesd; the code on the letter is {LETTER_CODES['beesd']}"),
    ("marieke", "contact person of Beesd, with a second factor"),
    ("beheer", "administrator of everything, with a second factor"),
]


def demo_logins() -> str:
    """Who can log in to the demo and how; empty where there is no demo."""
    if not settings.DEBUG or not User.objects.filter(email="riet@samsam.example").exists():
        return ""
    lines = [f"  {name + '@samsam.example':24} {who}" for name, who in WHO]
    post = f"{settings.SITE_URL}/dev/post/"
    return "\n".join(
        ["Log in with one of these addresses; codes and second factors stand on", f"  {post}", *lines, ""]
    )
