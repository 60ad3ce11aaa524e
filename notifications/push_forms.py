"""What a browser hands over when its owner says yes to push messages."""

from __future__ import annotations

import json
from typing import Any, Self

from django import forms

from notifications import push_crypto, push_service


class SubscriptionForm(forms.Form):
    """The browser's own words, looked at: keys that are keys, and an address that a push service can have."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)

    @classmethod
    def of(cls, body: bytes) -> Self:
        """From the JSON of ``PushSubscription.toJSON()``; whatever else it is makes an empty form."""
        try:
            said = json.loads(body)
            data: dict[str, Any] = {"endpoint": said["endpoint"], **said["keys"]}
        except (ValueError, TypeError, KeyError):
            data = {}
        return cls({name: value for name, value in data.items() if isinstance(value, str)})

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"]
        try:
            push_service.place_of(endpoint)
        except (push_service.NotAPushService, OSError, UnicodeError):
            raise forms.ValidationError("not a push service") from None
        return endpoint

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        try:
            push_crypto.check(facts.get("p256dh", ""), facts.get("auth", ""))
        except ValueError:
            raise forms.ValidationError("not the keys of a browser") from None
        return facts
