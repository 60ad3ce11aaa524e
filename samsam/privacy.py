"""What we keep about people, and for how long: every column of every table is personal, with a period, or plain.

The column that points to a person is personal too. A new column is declared here, or a test fails. These periods are
promises to residents: change one only together with the privacy page. What keeps the promises (the nightly erasure)
reads this declaration.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps
from django.db.models import Model


@dataclass(frozen=True)
class Period:
    """Kept until ``length`` after ``since``; then the value is erased, its row may stay."""

    length: timedelta
    since: str


@dataclass(frozen=True)
class Table:
    """The columns of one table, as words: the personal ones by their period, the plain ones together."""

    personal: dict[Period, str] = field(default_factory=dict)
    plain: str = ""

    def columns(self) -> list[str]:
        """Every declared column; one that is declared twice stands here twice."""
        return [column for words in (*self.personal.values(), self.plain) for column in words.split()]


MONTH = timedelta(days=30)
AS_LONG_AS_THE_ACCOUNT = Period(24 * MONTH, "the last time this person was here, after two warnings")
AFTER_CLOSING = Period(6 * MONTH, "the request closed")
AFTER_LEAVING = Period(6 * MONTH, "the moment it was for")
TWO_YEARS = Period(24 * MONTH, "somebody asked for it")
A_YEAR = Period(12 * MONTH, "it was written")
ACCESS = Period(24 * MONTH, "it was written")
AFTER_SENDING = Period(MONTH, "it was sent")
A_VISIT = Period(MONTH, "the visit")
LOGGED_IN = Period(3 * MONTH, "the last time this browser was here")
A_DAY = Period(timedelta(days=1), "it was written")
AS_LONG_AS_THE_ROLE = Period(MONTH, "the role ended")

TABLES: dict[str, Table] = {
    # -- the heart
    "requests_app.HelpRequest": Table(
        {AFTER_CLOSING: "author_id owner_id street title text place_text"},
        "id municipality_id village_id category part help_on help_at needed_by minutes place slots slots_taken"
        " match_mode volunteer_at_once offers_waiting audience status version created_at posted_at opened_at"
        " closed_at hidden_at policy_id rung ladder_since volunteers_first after_circle waves_walked waves_asked"
        " next_at owner_deadline_at owner_word_at ask_needed_at needed_asked_at",
    ),
    "requests_app.RequestAddress": Table({AFTER_CLOSING: "address"}, "help_request_id"),
    "requests_app.PickUp": Table(
        {AFTER_CLOSING: "helper_id contact_id member_id noted_name agreed_at"},
        "id help_request_id slot deed version taken_at ended_at end times_agreed remind_at author_phone_at"
        " helper_phone_at",
    ),
    "requests_app.CircleContact": Table(
        {AS_LONG_AS_THE_ACCOUNT: "owner_id name email phone fingerprint added_at"}, "id erased_at"
    ),
    "requests_app.CircleInvite": Table(
        {AFTER_CLOSING: "contact_id told_at answer answered_at stands_by_at"}, "id help_request_id"
    ),
    "requests_app.CircleMail": Table({A_DAY: "owner_id fingerprint at"}, "id"),
    "requests_app.CircleRefusal": Table({TWO_YEARS: "fingerprint at erase_at"}),
    "requests_app.ConversationMessage": Table({AFTER_CLOSING: "author_id text key"}, "id pick_up_id kind at"),
    "requests_app.ProposedMoment": Table(
        {AFTER_CLOSING: "by_id moment_at"}, "id pick_up_id made_at answer answered_at"
    ),
    "requests_app.Offer": Table(
        {AFTER_CLOSING: "helper_id member_id"}, "id help_request_id deed made_at held_at answer answered_at"
    ),
    "requests_app.Reserve": Table(
        {AFTER_CLOSING: "helper_id"}, "id help_request_id made_at was_asked asked_at answer_before end ended_at"
    ),
    "requests_app.GroupAsk": Table(plain="id help_request_id group_id put_at"),
    "requests_app.RequestAsk": Table({A_YEAR: "ask_id"}, "id help_request_id"),
    "requests_app.Event": Table(
        {AFTER_CLOSING: "by_id"}, "id municipality_id help_request_id kind status road policy_id params at"
    ),
    "requests_app.DueMark": Table(plain="id low_at looked_back_at"),
    "requests_app.SpareOffer": Table(
        {AFTER_LEAVING: "author_id title note"},
        "id municipality_id village_id kind what places places_taken leaves_at version posted_at withdrawn_at"
        " hidden_at",
    ),
    "requests_app.SparePlace": Table({AFTER_LEAVING: "taker_id wish"}, "id spare_id slot what taken_at ended_at"),
    "requests_app.Heartbeat": Table(plain="name at"),
    "requests_app.Policy": Table(
        {AS_LONG_AS_THE_ROLE: "created_by_id"},
        "id municipality_id category version created_at switched_off_at first_wave first_wave_within_a_day"
        " between_waves contact first_wave_after between_waves_after contact_after goals caps widen_share circle"
        " circle_after office_hours group group_after skips_neighbours skips_groups skips_volunteers",
    ),
    "requests_app.PolicyTrial": Table(
        {AS_LONG_AS_THE_ROLE: "created_by_id"},
        "id municipality_id category inhabitants seed source world policies based_on_id created_at state progress"
        " attempts lease_until finished_at results became_id chosen",
    ),
    # Figures hold no persons; to whom a number belongs cannot be seen, and small ones are not published.
    "requests_app.MonthFigures": Table(
        plain="id municipality_id village_id category month_on made_at closed asked neighbour group volunteer team"
        " nobody not_needed known_24 open_24 known_48 open_48 asks yes waits"
    ),
    "requests_app.QuarterToShare": Table(plain="id municipality_id quarter_on made_at numbers"),
    "requests_app.FiguresCounted": Table(plain="municipality_id at"),
    "requests_app.UsualWait": Table(plain="id village_id category requests half most made_at"),
    # -- volunteers
    "volunteers.Volunteer": Table(
        {
            AS_LONG_AS_THE_ACCOUNT: "user_id village_id categories suits where transport languages buddy light"
            " week_limit month_limit paused_until resting_until silences certificate_seen_on certificate_until_on"
            " joined_at approved_at talk_first_at retired_at ended_at"
        },
        "id municipality_id pause_word_at certificate_word_at check_at retire_at",
    ),
    "volunteers.Ask": Table(
        {A_YEAR: "volunteer_id subject chance reasons figures asked_at answer answered_at"}, "id municipality_id wave"
    ),
    "volunteers.Job": Table({A_YEAR: "volunteer_id subject on taken_at given_back_at"}, "id"),
    # -- villages
    "villages.ContactPerson": Table(
        {AS_LONG_AS_THE_ROLE: "user_id name phone hours hours_en away_from_on away_until_on stand_in_id"},
        "id municipality_id",
    ),
    "villages.PostcodeArea": Table(plain="id municipality_id pc4 place lat lon"),
    "villages.Village": Table(
        plain="id municipality_id name slug kind shares_name pc4s lat lon contact_person_id usual_contact_id"
        " switched_on_at quiet_from quiet_until quiet_days quiet_on_holidays skips_neighbours skips_groups"
        " skips_volunteers group_categories letter_code letter_code_until"
    ),
    "villages.Residency": Table(
        {
            AS_LONG_AS_THE_ACCOUNT: "user_id village_id street proof claimed_at confirmed_at confirmed_by_id"
            " expires_at ended_at board_seen_at"
        },
        "id municipality_id",
    ),
    "villages.Place": Table(plain="id municipality_id village_id name address meets"),
    "villages.Group": Table(plain="id place_id name categories ended_at"),
    "villages.Host": Table({AS_LONG_AS_THE_ACCOUNT: "group_id user_id"}, "id"),
    # A first name without an account is erased as soon as that person leaves the group.
    "villages.Member": Table({AS_LONG_AS_THE_ACCOUNT: "group_id user_id name joined_at left_at"}, "id"),
    "villages.CodeAttempt": Table({A_DAY: "user_id ip at"}, "id"),
    "villages.Tally": Table(plain="village_id neighbours open_requests"),
    # -- moderation, messages, people
    "moderation.Decision": Table({A_YEAR: "subject reason by_id"}, "id municipality_id subject_kind kind at"),
    "moderation.Report": Table(
        {A_YEAR: "subject about_id reporter_id reason text answer handled_by_id"},
        "id municipality_id subject_kind at answer_before outcome handled_at",
    ),
    "moderation.Block": Table({AS_LONG_AS_THE_ACCOUNT: "by_id other_id kind at"}, "id"),
    "notifications.Message": Table(
        {AFTER_SENDING: "user_id address params key failure read_at"},
        "id municipality_id kind channel created_at state not_before urgent attempts sent_at message_id",
    ),
    "notifications.PushSubscription": Table(
        {AS_LONG_AS_THE_ACCOUNT: "user_id endpoint p256dh auth device created_at last_ok_at"}, "id"
    ),
    "notifications.Digest": Table({AS_LONG_AS_THE_ACCOUNT: "user_id every next_at told_until"}),
    "accounts.Municipality": Table(plain="id code name province"),
    "accounts.User": Table(
        {
            AS_LONG_AS_THE_ACCOUNT: "password last_login email first_name phone language date_joined quiet_from"
            " quiet_until quiet_days muted"
        },
        "id is_superuser is_staff is_active",
    ),
    "accounts.StaffRole": Table({AS_LONG_AS_THE_ROLE: "user_id kind"}, "id municipality_id"),
    # -- tables of others
    "accounts.User_groups": Table({AS_LONG_AS_THE_ROLE: "user_id group_id"}, "id"),
    "accounts.User_user_permissions": Table({AS_LONG_AS_THE_ROLE: "user_id permission_id"}, "id"),
    "auth.Permission": Table(plain="id name content_type_id codename"),
    "auth.Group": Table(plain="id name"),
    "auth.Group_permissions": Table(plain="id group_id permission_id"),
    "contenttypes.ContentType": Table(plain="id app_label model"),
    "sessions.Session": Table({LOGGED_IN: "session_key session_data"}, "expire_date"),
    "admin.LogEntry": Table(
        {ACCESS: "user_id object_id object_repr change_message"}, "id action_time content_type_id action_flag"
    ),
    "account.EmailAddress": Table({AS_LONG_AS_THE_ACCOUNT: "user_id email verified primary"}, "id"),
    "account.EmailConfirmation": Table({A_VISIT: "email_address_id key created sent"}, "id"),
    "mfa.Authenticator": Table({AS_LONG_AS_THE_ROLE: "user_id type data created_at last_used_at"}, "id"),
}

# Tables that no model knows: Django's list of migrations, and its cache, which counts who tries to log in how often.
WITHOUT_MODEL: dict[str, Table] = {
    "django_migrations": Table(plain="id app name applied"),
    "samsam_cache": Table({A_DAY: "cache_key value"}, "expires"),
}


def faults() -> list[str]:
    """Columns that are not declared, declared twice, or declared and gone; empty when all is well."""
    there = {model._meta.label: set(_columns(model)) for model in _models()}
    found = [f"{label} is not here (any more)" for label in TABLES.keys() - there.keys()]
    for label, columns in sorted(there.items()):
        declared = TABLES.get(label, Table()).columns()
        found += [f"{label}.{column} is not declared" for column in sorted(columns - set(declared))]
        found += [f"{label}.{column} is not here (any more)" for column in sorted(set(declared) - columns)]
        found += [f"{label}.{column} is declared twice" for column in declared if declared.count(column) > 1]
    return found


def _models() -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def _columns(model: type[Model]) -> Iterator[str]:
    for column in model._meta.local_concrete_fields:
        yield column.attname
