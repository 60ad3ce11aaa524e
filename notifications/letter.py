"""A mail as it is sent: text and HTML with the same words, one link, the village's signature, a way to stop it."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from accounts import saying
from notifications import stopping
from notifications.kinds import Signature, Words, signature_for
from notifications.models import Group, Message


def letter(message: Message, words: Words, group: Group | None) -> EmailMultiAlternatives:
    """In the language that is active now. With a ``group`` its reader can stop such mails in one step (RFC 8058).

    The Message-ID is the same on a repeat.
    """
    stop_path = stopping.path(message.user_id, group) if group and message.user_id else words.stop
    stop = site_link(stop_path) if stop_path else ""
    facts = {
        "words": words,
        "link": site_link(words.url) if words.url else "",
        "signature": signed(words.signature or signature_for(message)),
        "stop": stop,
        "site": settings.SITE_URL,
        "language": get_language(),
    }
    mail = EmailMultiAlternatives(
        words.subject,
        _text(words, str(facts["link"]), str(facts["signature"]), stop),
        to=[message.user.email or "" if message.user else message.address],
        headers={
            "Message-ID": f"<{message.message_id}@{settings.MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",  # no answers from those who are on holiday
            "Content-Language": str(facts["language"]),
            **_ways_to_stop(stop),
        },
    )
    mail.attach_alternative(render_to_string("mail/letter.html", facts), "text/html")
    return mail


def _text(words: Words, link: str, signature: str, stop: str) -> str:
    parts = [words.body]
    if words.lines:
        parts.append("\n".join(f"- {line}" for line in words.lines))
    if link:
        parts.append(f"{words.button}: {link}" if words.button else link)
    parts.append(signature)
    if stop:
        parts.append(f"{_('No more messages like this')}: {stop}")
    return "\n\n".join(parts) + "\n"


def _ways_to_stop(link: str) -> dict[str, str]:
    """For the button that mail programs show themselves; they post to it, which asks for https."""
    if not link:
        return {}
    one_step = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if link.startswith("https:") else {}
    return {"List-Unsubscribe": f"<{link}>", **one_step}


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
