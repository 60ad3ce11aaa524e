"""The frame around every page, the page for letters and language, and the pages for what cannot be shown."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Municipality, User
from notifications.models import Message
from samsam import context, environment
from samsam.pages.errors import AnswerInWords
from samsam.templatetags import ui
from villages.models import ContactPerson, Residency, Village
from volunteers.models import Volunteer


@pytest.fixture
def village(db):
    municipality = Municipality.objects.create(code="GM0236", name="West Betuwe", province="Gelderland")
    contact_person = ContactPerson.objects.create(
        municipality=municipality,
        user=User.objects.create_user("marieke@example.nl"),
        name="Marieke",
        phone="+31612345678",
        hours="Maandag tot en met vrijdag",
        hours_en="Monday to Friday",
    )
    return Village.objects.create(
        municipality=municipality,
        name="Beesd",
        slug="beesd",
        contact_person=contact_person,
        switched_on_at=timezone.now(),
    )


@pytest.fixture
def neighbour(village):
    user = User.objects.create_user("riet@example.nl", first_name="Riet")
    Residency.objects.create(municipality=village.municipality, village=village, user=user)
    return user


@pytest.fixture
def letters():
    return reverse("letters")


def frame(user, **cookies):
    """What the frame knows on a page of this user."""
    request = RequestFactory().get("/")
    request.user = user
    request.COOKIES |= cookies
    return context.page(request)


def page_of(client, **cookies):
    """A page without anything of its own, as this client gets it."""
    client.cookies.load(cookies)
    return client.get(reverse("letters")).content.decode()


def test_frame_names_the_contact_person_of_the_village(client, neighbour):
    client.force_login(neighbour)

    page = page_of(client)

    assert "Mijn dorp<strong>Beesd</strong>" in page
    assert page.count('href="tel:+31-6-12345678"') == 2
    assert "06 - 12 34 56 78" in page
    assert "Maandag tot en met vrijdag" in page


def test_frame_speaks_the_language_of_the_reader(client, neighbour):
    client.force_login(neighbour)

    page = page_of(client, django_language="en")

    assert '<html lang="en"' in page
    assert "Monday to Friday" in page


def test_frame_remembers_the_village_a_visitor_looked_at(client, village):
    assert "Marieke" in page_of(client, village="beesd")


@pytest.mark.parametrize("slug", ["elsewhere", "x" * 101, "nul\0"])
def test_frame_of_a_village_that_is_not_there_has_none(db, village, slug):
    assert frame(AnonymousUser(), village=slug)["village"]() is None


def test_frame_of_a_village_that_is_switched_off_has_none(village):
    Village.objects.update(switched_on_at=None)

    assert frame(AnonymousUser(), village="beesd")["village"]() is None


def test_frame_of_a_visitor_asks_the_database_nothing(client):
    page = page_of(client)  # no database is allowed in this test

    assert "Inloggen" in page
    assert "112" in page


def test_frame_without_a_village_has_the_number_of_the_site(client, settings):
    settings.PHONE = "0301234567"

    page = page_of(client)

    assert 'href="tel:+31-30-123-4567"' in page
    assert "030 123 4567" in page


@pytest.mark.parametrize("number", ["", "030 123 45 67", "+31 (0)30-1234567"])
def test_number_of_the_site_is_taken_as_people_write_it(monkeypatch, settings, number):
    monkeypatch.setenv("SAMSAM_PHONE", number)

    settings.PHONE = environment.phone("SAMSAM_PHONE")

    phone = ui.site_phone()
    assert (phone.as_e164 if phone else "") == ("+31301234567" if number else "")


@pytest.mark.parametrize("number", ["112", "call me", "030 123 45 67 ext"])
def test_number_of_the_site_that_cannot_be_called_is_refused_at_the_start(monkeypatch, number):
    monkeypatch.setenv("SAMSAM_PHONE", number)

    with pytest.raises(environment.WrongEnvironment, match="SAMSAM_PHONE is"):
        environment.phone("SAMSAM_PHONE")


def test_frame_counts_what_is_new_for_this_person_only(neighbour, village, django_assert_num_queries):
    other = User.objects.create_user("joop@example.nl")
    for key, user, channel in [("1", neighbour, "in_app"), ("2", neighbour, "mail"), ("3", other, "in_app")]:
        Message.objects.create(key=key, user=user, channel=channel, kind="x")
    Message.objects.create(key="4", user=neighbour, channel="in_app", kind="x", read_at=timezone.now())
    Volunteer.objects.create(municipality=village.municipality, village=village, user=neighbour)

    known = frame(neighbour)

    with django_assert_num_queries(2):
        assert known["village"]() == village
        assert known["village"]().contact_person.name == "Marieke"
        assert known["unread"]() == 1
        assert known["is_volunteer"]() is True


def test_frame_of_someone_without_messages_counts_none(neighbour):
    known = frame(neighbour)

    assert known["unread"]() == 0
    assert known["is_volunteer"]() is False


def test_frame_before_the_login_is_read_is_that_of_a_visitor():
    request = RequestFactory().get("/")

    known = context.page(request)

    assert known["village"]() is None
    assert known["unread"]() == 0


def test_letters_are_kept_in_cookies_and_shown_at_once(client, letters):
    response = client.post(letters, {"text": "large", "theme": "dark", "language": "en"}, follow=True)

    page = response.content.decode()
    assert '<html lang="en" data-theme="dark" data-text="large">' in page
    assert '<h2 class="big">Saved</h2><p>This is how SamSam looks from now on.' in page
    assert 'value="large" id="id_text_1" checked' in page


def test_letters_can_be_as_they_were(client, letters):
    client.post(letters, {"text": "large", "theme": "dark", "language": "nl"})

    client.post(letters, {"text": "", "theme": "", "language": "nl"})

    assert '<html lang="nl">' in page_of(client)


def test_letters_in_a_cookie_that_is_not_ours_change_nothing(client):
    assert '<html lang="nl">' in page_of(client, text='"><script>', theme="pink")


def test_letters_of_somebody_who_is_signed_in_set_the_language_of_messages(client, neighbour, letters):
    client.force_login(neighbour)

    client.post(letters, {"language": "en"})

    neighbour.refresh_from_db()
    assert neighbour.language == "en"


def test_letters_that_are_not_offered_are_refused_in_words(client, letters):
    response = client.post(letters, {"text": "huge", "language": "nl"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Fout: " in page
    assert 'href="#id_text_0"' in page


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "405", "409", "429", "500"])
def test_page_for_what_cannot_be_shown_needs_nothing_and_has_a_way_on(name, language, settings):
    settings.PHONE = "0301234567"

    with translation.override(language):
        page = render_to_string(f"{name}.html", {"title": "Late", "text": "Too late", "url": "/"})  # no database

    assert page.count("<h1>") == 1
    assert '<a class="btn" href="/' in page
    assert "030 123 4567" in page


def test_page_that_is_not_there_says_so(client):
    response = client.get("/nergens/")

    assert response.status_code == 404
    assert "Deze pagina is er niet (meer)" in response.content.decode()


def test_page_that_is_not_there_looks_the_same_while_developing(client, settings):
    settings.DEBUG = True

    response = client.get("/nergens/")

    assert response.status_code == 404
    assert "Deze pagina is er niet (meer)" in response.content.decode()


def test_form_without_its_token_can_be_sent_again(letters):
    response = Client(enforce_csrf_checks=True).post(letters, {"language": "nl"})

    assert response.status_code == 403
    assert "Verstuur het nog een keer" in response.content.decode()


def test_button_address_opened_by_itself_says_what_to_do(client, letters):
    response = client.put(letters)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert "Er is niets verstuurd" in response.content.decode()


def test_answer_in_words_leaves_other_answers_alone(rf):
    refusals = [HttpResponseNotAllowed(["POST"], content="Use POST"), HttpResponse("fine")]

    for answer in refusals:
        assert AnswerInWords(lambda _request, answer=answer: answer)(rf.get("/")) is answer


def test_page_that_a_view_does_not_find_is_the_same_page(rf):
    request = rf.get("/")

    middleware = AnswerInWords(lambda _request: HttpResponse())

    assert middleware.process_exception(request, Http404()).status_code == 404
    assert middleware.process_exception(request, ValueError()) is None


@pytest.mark.django_db
def test_endless_question_is_a_page_that_says_so_while_developing_too(client, settings):
    settings.DEBUG = True
    client.force_login(User.objects.create_user("x@samsam.example"))

    response = client.get("/prikbord/?" + "&".join(f"a{number}=1" for number in range(300)))

    assert response.status_code == 400
    assert "<h1>We konden dit niet lezen" in response.content.decode()
