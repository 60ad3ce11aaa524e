"""A mail as it is sent: plain text, one link, the village's signature, the same Message-ID on a repeat."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from accounts import saying
from notifications.kinds import Signature, Words, signature_for
from notifications.models import Message


def letter(message: Message, words: Words) -> EmailMessage:
    """In the language that is active now."""
    parts = [words.body]
    if words.url:
        parts.append(f"{words.button}: {site_link(words.url)}" if words.button else site_link(words.url))
    parts.append(signed(words.signature or signature_for(message)))
    return EmailMessage(
        words.subject,
        "\n\n".join(parts) + "\n",
        to=[message.user.email or "" if message.user else message.address],
        headers={
            "Message-ID": f"<{message.message_id}@{settings.MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",  # no answers from those who are on holiday
        },
    )


def site_link(path: str) -> str:
    """A whole address, for outside the site."""
    return f"{settings.SITE_URL}{path}"


def signed(signature: Signature | None) -> str:
    """The village and its phone; without a village the phone of this site, if it has one."""
    if signature:
        lines = [_("Best wishes, SamSam %(village)s.") % {"village": signature.village}]
    else:
        lines = [_("Best wishes, SamSam.")]
    phone = signature.phone if signature else site_phone()
    if phone:
        lines.append(_("Rather call? %(phone)s") % {"phone": phone})
    return "\n".join(lines)


def site_phone() -> str:
    """The number to call where no village is known, as people write it; empty when there is none."""
    if not settings.PHONE:
        return ""
    return saying.phone_in_words(PhoneNumber.from_string(settings.PHONE, region="NL").as_national)
