"""A day that stands in a text as an example is one to come, so that who types it over is not refused."""

from datetime import timedelta

import pytest
from django import forms
from django.urls import reverse
from django.utils import translation

from requests_app.forms.conversation import TimeForm
from requests_app.forms.going import SpareForm
from requests_app.forms.moment import WRITE_DAY
from requests_app.forms.volunteer import PauseForm
from requests_app.forms.when import WhenForm
from tests import make
from tests.cast import as_reader
from tests.make import NOW

LATER = NOW + timedelta(days=300)  # in another year


@pytest.mark.django_db
def test_example_on_a_page_is_a_day_to_come_and_typed_over_it_is_accepted(client, beesd, riet, clock):
    clock.move_to(LATER)
    as_reader(client, riet)
    draft = make.draft(beesd, author=riet, now=LATER)
    page = reverse("ask_when", args=[draft.pk])
    answers = {"day": "other", "part": "morning", "minutes": "30", "place": "home", "address": "Voorstraat 12"}

    refused = client.post(page, answers | {"date": "ooit"}).content.decode()
    taken = client.post(page, answers | {"date": "6-1-2027"})

    assert "Write the day like this: 6-1-2027" in refused
    assert "For example 6-1-2027" in refused
    assert taken.status_code == 302


@pytest.mark.parametrize("form", [WhenForm, PauseForm, SpareForm, TimeForm])
def test_every_form_that_asks_for_a_day_says_one_to_come_in_the_language_of_the_reader(form, clock):
    clock.move_to(LATER)
    fields = form.base_fields
    field = fields.get("date") or fields.get("until") or fields["day"]

    with translation.override("nl"):
        assert "ijvoorbeeld 6-1-2027" in str(field.help_text)
        assert str(WRITE_DAY) == "Schrijf de dag zo: 6-1-2027"
        with pytest.raises(forms.ValidationError, match="Schrijf de dag zo: 6-1-2027"):
            forms.DateField().clean("ooit")
