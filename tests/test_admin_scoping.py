"""Everything in the admin is scoped to the municipalities of the visitor: walked for every model there is."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse

from accounts.actors import staff
from accounts.admin_lists import OwnRelatedFilter
from accounts.models import Municipality, StaffRole, User
from accounts.scoping import ScopedAdmin, ScopedInline
from accounts.tenancy import ALL_ROLES, municipalities_of
from moderation.models import Decision, Report
from notifications.models import Channel, Message, State
from requests_app import moderating
from requests_app.models import Event, HelpRequest, Policy, PolicyTrial, RequestAddress, StaysBehind
from samsam.admin_site import SamsamAdminSite
from tests import make, team
from tests.make import NOW
from villages.models import ContactPerson, Group, Host, Member, Place, PostcodeArea, Residency, Village
from volunteers.models import Ask, Volunteer

MARK = "Verweg"  # in every name of the other municipality
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
LABELS = [model._meta.label_lower for model in REGISTERED]
# How a list is asked for every row, where it does not show them by itself.
ALL: dict[type[Model], dict[str, str]] = {Message: {"state": "all"}}

pytestmark = pytest.mark.django_db


def world(name: str) -> dict[type[Model], Model]:
    """One row of everything, in a municipality of its own."""
    place = make.municipality(f"{name} gemeente")
    village = make.village(f"{name} dorp", of=place)
    village.contact_person.name = f"{name} gezicht"
    village.contact_person.save()
    help_request = make.help_request(village, author=make.neighbour(village, f"{name}vrager"), title=f"{name} vraag")
    make.report(help_request, text=f"{name} verteld", reporter=make.neighbour(village, f"{name}melder"))
    moderating.hide(help_request.pk, reason=f"{name} reden", actor=staff(village.contact_person.user), now=NOW)
    waiting = make.resident(village, f"{name}nieuw")
    area = PostcodeArea.objects.create(municipality=place, pc4="2317", place=f"{name} plaats", lat=52, lon=4)
    message = Message.objects.create(
        municipality=place, kind=f"{name}.kind", channel=Channel.MAIL, key=name, user=waiting, state=State.FAILED
    )
    rows: list[Model] = [place, village, help_request, area, message, waiting, make.volunteer(village, f"{name}vrij")]
    rows += [
        village.contact_person,
        make.spare_offer(village, author=make.neighbour(village, f"{name}ganger"), title=f"{name} winkel"),
        _stays_behind(village, name),
        Residency.objects.get(user=waiting),
        Event.objects.filter(help_request=help_request).latest("pk"),
        Decision.objects.get(subject=help_request.pk),
        Report.objects.get(subject=help_request.pk),
        Policy.objects.get(municipality=place),
        PolicyTrial.objects.create(
            municipality=place, seed=1, world={"years": 1, "villages": []}, policies=[{"": {}}]
        ),
        StaffRole.objects.get(municipality=place),
    ]
    people = make.neighbour(village, f"{name}gastvrouw"), make.neighbour(village, f"{name}lid")
    group = make.group(village, f"{name} plek", host=people[0], members=people[1:])
    rows += [group, group.place, group.hosts.get(), group.members.get()]
    return {type(row): row for row in rows}


def _stays_behind(village, name: str) -> StaysBehind:
    left = make.help_request(village, author=make.neighbour(village, f"{name}wachter"), title=f"{name} ligt")
    HelpRequest.objects.filter(pk=left.pk).update(rung="volunteers")
    return StaysBehind.objects.get(pk=left.pk)


@pytest.fixture
def here():
    return world("Hier")


@pytest.fixture
def there():
    return world(MARK)


@pytest.fixture
def client(here):
    """Somebody with every role in the municipality of here."""
    user = team.colleague(here[Municipality])
    for kind in (StaffRole.Kind.COORDINATOR, StaffRole.Kind.CONTACT_PERSON):
        StaffRole.objects.create(user=user, municipality=here[Municipality], kind=kind)
    return team.at_work(user)


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_every_registered_admin_is_scoped():
    unscoped = [str(it) for it in admin.site._registry.values() if not isinstance(it, ScopedAdmin)]
    inlines = [inline for it in admin.site._registry.values() for inline in it.inlines]

    assert unscoped == []
    assert [inline for inline in inlines if not issubclass(inline, ScopedInline)] == []
    assert isinstance(admin.site, SamsamAdminSite) or admin.site.__class__.__name__ == "DefaultAdminSite"


def test_site_refuses_an_admin_that_is_not_scoped():
    site = SamsamAdminSite("another")

    with pytest.raises(ImproperlyConfigured, match="ScopedAdmin"):
        site.register(Tally_of_nobody, type("Open", (admin.ModelAdmin,), {"__module__": "villages.admin"}))
    with pytest.raises(ImproperlyConfigured, match="ScopedAdmin"):
        site.register(Tally_of_nobody)


Tally_of_nobody = Residency  # any model of ours


def test_choices_of_a_model_without_an_admin_of_its_own_are_refused():
    asking = admin.site.get_model_admin(HelpRequest)

    with pytest.raises(ImproperlyConfigured, match="an admin of its own"):
        asking.rows_to_choose(RequestAddress, RequestFactory().get("/"))


def test_what_other_packages_offer_stays_out():
    assert {app for app, _name in (label.split(".") for label in LABELS)} <= {
        *("accounts", "moderation", "notifications", "requests_app", "villages", "volunteers")
    }


def test_walk_knows_a_row_of_every_registered_model(there):
    assert set(there) == set(REGISTERED)


def test_lists_show_own_rows_only(client, here, there):
    for model in REGISTERED:
        url = page(model, "changelist")

        own = client.get(url)
        popup = client.get(url, {"_popup": "1", "_to_field": "id"})
        everything = client.get(url, {"all": "", **ALL.get(model, {})})

        for answer in (own, popup, everything):
            assert MARK not in answer.content.decode(), model
            assert there[model] not in answer.context["cl"].result_list
        assert here[model] in own.context["cl"].result_list


def test_lists_can_not_be_filtered_into_another_municipality(client, here, there):
    request = RequestFactory().get("/")
    request.user = team.superuser()
    tried = set()

    for model in REGISTERED:
        for item in admin.site.get_model_admin(model).get_list_filter(request):
            if isinstance(item, tuple) and item[1] is OwnRelatedFilter:
                row = there[model._meta.get_field(item[0]).remote_field.model]
                answer = client.get(page(model, "changelist"), {f"{item[0]}__id__exact": row.pk})
                tried.add(type(row))

                assert MARK not in answer.content.decode(), (model, item)
                assert there[model] not in answer.context["cl"].result_list

    assert tried == {Municipality, Village}


@pytest.mark.parametrize("name", ["change", "history", "delete"])
def test_page_of_a_row_elsewhere_is_the_same_as_of_one_that_does_not_exist(name, client, there):
    for model in REGISTERED:
        nowhere = client.get(page(model, name, 99_999_999))

        looked = client.get(page(model, name, there[model].pk))
        posted = client.post(page(model, name, there[model].pk), {"post": "yes", "_popup": "1"})

        assert looked.status_code == nowhere.status_code, model
        assert looked.status_code in {404, 403}
        assert posted.status_code in {404, 403}
        assert model.objects.filter(pk=there[model].pk).exists()
        assert MARK not in looked.content.decode()


def test_page_of_an_own_row_opens(client, here, there):
    for model in REGISTERED:
        looked = client.get(page(model, "change", here[model].pk))
        history = client.get(page(model, "history", here[model].pk))

        assert (looked.status_code, history.status_code) == (200, 200), model
        assert MARK not in looked.content.decode()


def test_permission_on_a_row_depends_on_the_row(client, here, there):
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=client.session["_auth_user_id"])

    for model in REGISTERED:
        own = admin.site.get_model_admin(model)
        for asks in (own.has_view_permission, own.has_change_permission, own.has_delete_permission):
            assert not asks(request, there[model]), model
        assert own.has_view_permission(request, here[model]), model


def test_rows_beside_an_own_row_are_own_rows_too(client, here, there):
    own = make.ask(here[Volunteer])
    elsewhere = make.ask(here[Volunteer])
    Ask.objects.filter(pk=elsewhere.pk).update(municipality=there[Municipality])

    answer = client.get(page(Volunteer, "change", here[Volunteer].pk))

    shown = [form.instance for form in answer.context["inline_admin_formsets"][0].formset.forms]
    assert shown == [own]


def test_history_of_a_row_elsewhere_stays_closed(client, there):
    for model in REGISTERED:
        LogEntry.objects.create(
            user=there[ContactPerson].user,
            content_type=ContentType.objects.get_for_model(model),
            object_id=str(there[model].pk),
            object_repr=MARK,
            action_flag=CHANGE,
            change_message=MARK,
        )

        answer = client.get(page(model, "history", there[model].pk), follow=True)

        assert MARK not in answer.content.decode(), model


def test_autocomplete_of_every_relation_finds_own_rows_only(client, there):
    answered = set()

    for model in REGISTERED:
        names = [field.name for field in model._meta.get_fields() if field.is_relation]
        query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
        for name in [*names, "nonsense", "\0"]:
            for term in ("", MARK, "\0"):
                answer = client.get(reverse("admin:autocomplete"), {**query, "field_name": name, "term": term})
                answered |= {(model, name)} if answer.status_code == 200 else set()

                assert answer.status_code in {200, 400, 403}, (model, name)
                assert MARK not in answer.content.decode()

    of_a_municipality = {(model, "municipality") for model in (ContactPerson, Policy, PolicyTrial, Village)}
    of_groups = {(Place, "municipality"), (Place, "village"), (Group, "place")}
    of_groups |= {(model, name) for model in (Host, Member) for name in ("group", "user")}
    assert answered == {(ContactPerson, "user"), *of_a_municipality, *of_groups}


def test_autocomplete_finds_somebody_of_here(client, here, there):
    query = {"app_label": "villages", "model_name": "contactperson", "field_name": "user"}

    by_name = client.get(reverse("admin:autocomplete"), {**query, "term": "Hiernieuw"}).json()["results"]
    by_mail = client.get(reverse("admin:autocomplete"), {**query, "term": here[User].email.upper()}).json()["results"]
    elsewhere = client.get(reverse("admin:autocomplete"), {**query, "term": there[User].email}).json()["results"]

    assert [row["id"] for row in by_name] == [str(here[User].pk)]
    assert [row["id"] for row in by_mail] == [str(here[User].pk)]
    assert elsewhere == []


def test_actions_do_not_touch_rows_elsewhere(client, here, there):
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=client.session["_auth_user_id"])
    before = {model: list(model.objects.filter(pk=there[model].pk).values()) for model in REGISTERED}
    events = Event.objects.filter(municipality=there[Municipality]).count()
    actions = [
        (model, name) for model in REGISTERED for name in admin.site.get_model_admin(model).get_actions(request)
    ]

    for model, name in actions:
        chosen = {"action": name, "_selected_action": [there[model].pk], "reason": "Waarom", "select_across": "1"}
        answer = client.post(page(model, "changelist"), chosen, follow=True)

        assert answer.status_code == 200
        assert MARK not in answer.content.decode(), (model, name)

    assert len(actions) > 8
    assert {model: list(model.objects.filter(pk=there[model].pk).values()) for model in REGISTERED} == before
    assert Event.objects.filter(municipality=there[Municipality]).count() == events


def test_forms_to_add_offer_nothing_from_elsewhere(client, there):
    answers = {model: client.get(page(model, "add")) for model in REGISTERED}

    assert {model for model, answer in answers.items() if answer.status_code == 200} == {
        Village,
        ContactPerson,
        Policy,
        PolicyTrial,
        *(Place, Group, Host, Member),
    }
    assert [model for model, answer in answers.items() if MARK in answer.content.decode()] == []


def test_form_refuses_a_choice_from_elsewhere(client, here, there):
    data = {"name": "Marieke", "phone": "0612345678", "hours": "Altijd", "hours_en": ""}

    for municipality, user in ((there, here), (here, there)):
        ids = {"municipality": municipality[Municipality].pk, "user": user[User].pk}
        answer = client.post(page(ContactPerson, "add"), {**data, **ids})
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors

    assert ContactPerson.objects.count() == 2


def test_village_can_not_get_a_face_from_elsewhere(client, here, there):
    data = {"contact_person": there[ContactPerson].pk, "quiet_from": "22:00", "quiet_until": "07:00"}

    answer = client.post(page(Village, "change", here[Village].pk), data)

    assert "contact_person" in answer.context["adminform"].form.errors


def test_staff_of_two_municipalities_give_a_village_a_face_of_its_own(here, there):
    client = team.at_work(team.colleague(here[Municipality], there[Municipality]))
    data = {"contact_person": there[ContactPerson].pk, "quiet_from": "22:00", "quiet_until": "07:00"}

    answer = client.post(page(Village, "change", here[Village].pk), data)

    assert "contact_person" in answer.context["adminform"].form.errors


def test_who_coordinates_here_and_only_helps_there_sees_policies_of_here(here, there):
    user = team.colleague(here[Municipality], kind=StaffRole.Kind.COORDINATOR)
    StaffRole.objects.create(user=user, municipality=there[Municipality], kind=StaffRole.Kind.SOCIAL_TEAM)
    client = team.at_work(user)
    numbers = {
        "circle": "0.25",
        "first_wave": "0.25",
        "group": "0.12",
        "first_wave_within_a_day": "0.1",
        "between_waves": "0.12",
        "contact": "0.7",
    }
    more = {"goals": "0.6,0.8", "caps": "12,24", "widen_share": "0.5", "office_hours": "4", "category": ""}
    more["circle"] = "0.25"

    seen = client.get(page(Policy, "changelist")).context["cl"].result_list
    refused = client.post(page(Policy, "add"), {**numbers, **more, "municipality": there[Municipality].pk})
    made = team.save_policy(client, {**numbers, **more, "municipality": here[Municipality].pk})

    assert list(seen) == [here[Policy]]
    assert "municipality" in refused.context["adminform"].form.errors
    assert made.status_code == 302


@pytest.mark.parametrize("model", [Policy, PolicyTrial, StaffRole])
def test_numbers_and_roles_are_for_coordinators(model, here):
    client = team.at_work(team.colleague(here[Municipality]))

    assert client.get(page(model, "changelist")).status_code == 403


def test_staff_without_a_role_see_nothing(here):
    client = team.at_work(team.colleague())

    assert client.get(reverse("admin:index")).status_code == 200
    assert {client.get(page(model, "changelist")).status_code for model in REGISTERED} == {403}


def test_superuser_sees_every_municipality(here, there):
    client = team.at_work(team.superuser())

    for model in REGISTERED:
        found = client.get(page(model, "changelist"), ALL.get(model, {}))
        assert {here[model], there[model]} <= set(found.context["cl"].result_list)


def test_messages_of_no_municipality_are_for_superusers(client, here):
    login_code = Message.objects.create(
        kind="login.code", channel=Channel.MAIL, key="x", address="a@samsam.example", params={"code": "K7M2PQ"}
    )
    url = page(Message, "changelist") + "?state=all"

    seen = client.get(url)
    by_superuser = team.at_work(team.superuser()).get(url)

    assert login_code not in seen.context["cl"].result_list
    assert login_code in by_superuser.context["cl"].result_list
    assert client.get(page(Message, "change", login_code.pk)).status_code == 404


def test_params_of_a_message_are_never_shown_nor_guessed(here):
    client = team.at_work(team.superuser())
    login_code = Message.objects.create(
        kind="login.code", channel=Channel.MAIL, key="x", address="a@samsam.example", params={"code": "K7M2PQ"}
    )

    looked = client.get(page(Message, "change", login_code.pk))
    guessed = client.get(page(Message, "changelist"), {"state": "all", "params__code__startswith": "K"})

    assert looked.status_code == 200
    assert "K7M2PQ" not in looked.content.decode()
    assert guessed.status_code == 400


def test_drafts_are_nobodys_but_the_askers(client, here):
    draft = make.draft(here[Village], author=make.neighbour(here[Village]))

    assert client.get(page(HelpRequest, "change", draft.pk)).status_code == 404


def test_who_moved_away_is_not_seen_any_more(client, here, there):
    Residency.objects.filter(user=here[User]).update(ended_at=NOW)
    Residency.objects.create(user=here[User], village=there[Village], municipality=there[Municipality])

    assert client.get(page(User, "change", here[User].pk)).status_code == 404


def test_rights_are_given_by_superusers_only(client, here):
    boss = team.at_work(team.superuser())
    data = {"first_name": "Ans", "phone": "", "language": "nl", "email": "new@samsam.example", "is_superuser": "on"}

    client.post(page(User, "change", here[User].pk), data)
    after_staff = User.objects.get(pk=here[User].pk)
    boss.post(page(User, "change", here[User].pk), {**data, "is_active": "on"})
    after_boss = User.objects.get(pk=here[User].pk)

    assert (after_staff.first_name, after_staff.is_superuser) == ("Ans", False)
    assert after_boss.is_superuser
    assert {after_staff.email, after_boss.email} == {here[User].email}


def test_staff_do_not_change_other_staff(client, here):
    colleague = here[ContactPerson].user

    client.post(page(User, "change", colleague.pk), {"first_name": "Iemand", "phone": "", "language": "en"})

    assert User.objects.get(pk=colleague.pk).first_name == colleague.first_name


def test_scope_is_that_of_the_account(here, there):
    request = RequestFactory().get("/")
    for user in (team.colleague(here[Municipality]), team.colleague(), make.user()):
        request = RequestFactory().get("/")
        request.user = user

        assert municipalities_of(request, ALL_ROLES) == set(user.municipalities().values_list("pk", flat=True))


def test_only_a_role_can_be_deleted_and_only_by_a_superuser(client, here):
    boss = team.at_work(team.superuser())
    answers = {model: boss.get(page(model, "delete", here[model].pk)).status_code for model in REGISTERED}

    assert {model for model, status in answers.items() if status == 200} == {StaffRole}
    assert {client.get(page(model, "delete", here[model].pk)).status_code for model in REGISTERED} == {403}
    assert isinstance(here[Volunteer], Volunteer)
