"""Addresses of asking and helping; in Dutch, as people read them aloud."""

from django.urls import path

<<<<<<< HEAD
from requests_app.views import asking, board, changing, help_request, offers, parting, volunteer
=======
from requests_app.views import asking, board, changing, going, help_request, volunteer
>>>>>>> going

urlpatterns = [
    path("prikbord/", board.board, name="board"),
    path("prikbord/ik-ga-toch/", going.everything, name="spare_offers"),
    path("ik-ga-toch/", going.post, {"kind": "going"}, name="going"),
    path("ik-heb-over/", going.post, {"kind": "sharing"}, name="sharing"),
    path("ik-ga-toch/<int:pk>/", going.page, name="spare_offer"),
    path("ik-ga-toch/<int:pk>/mee/", going.take, name="spare_take"),
    path("ik-ga-toch/<int:pk>/toch-niet/", going.give_back, name="spare_give_back"),
    path("ik-ga-toch/<int:pk>/zeg-erbij/", going.wish, name="spare_wish"),
    path("ik-ga-toch/<int:pk>/veranderen/", going.change, name="spare_change"),
    path("ik-ga-toch/<int:pk>/gaat-niet-door/", going.call_off, name="spare_call_off"),
    path("ik-ga-toch/<int:pk>/terugzetten/", going.put_back, name="spare_put_back"),
    path("vraag/", asking.start, name="ask"),
    path("vraag/<int:pk>/wat/", asking.what, name="ask_what"),
    path("vraag/<int:pk>/wanneer/", asking.when, name="ask_when"),
    path("vraag/<int:pk>/wie/", asking.who, name="ask_who"),
    path("vraag/<int:pk>/nakijken/", asking.check, name="ask_check"),
    path("vraag/<int:pk>/weggooien/", asking.throw_away, name="throw_away"),
    path("vragen/<int:pk>/", help_request.page, name="help_request"),
    path("vragen/<int:pk>/ik-help/", help_request.take, name="take"),
    path("vragen/<int:pk>/toch-niet/", offers.take_back, name="take_back_offer"),
    path("vragen/<int:pk>/voorstel/<int:offer>/ja-graag/", offers.accept, name="accept_offer"),
    path("vragen/<int:pk>/voorstel/<int:offer>/nee-dank-je/", offers.decline, name="decline_offer"),
    path("vragen/<int:pk>/afzeggen/", help_request.give_back, name="give_back"),
    path("vragen/<int:pk>/afspraak/<int:pick_up>/afzeggen/", help_request.call_off, name="call_off"),
    path("vragen/<int:pk>/gelukt/", help_request.finish, name="finish"),
    path("vragen/<int:pk>/weghalen/", help_request.withdraw, name="withdraw"),
    path("vragen/<int:pk>/terugzetten/", help_request.put_back, name="put_back"),
    path("vragen/<int:pk>/vrijwilligers/", help_request.ask_volunteers_now, name="ask_volunteers_now"),
    path("vragen/<int:pk>/veranderen/", changing.edit, name="edit"),
    path("vragen/<int:pk>/opnieuw/", asking.again, name="ask_again"),
    path("geen-contact/", parting.no_contact_list, name="no_contact_list"),
    path("geen-contact/<int:pk>/", parting.no_contact, name="no_contact"),
    path("geen-contact/<int:pk>/toch-weer/", parting.in_touch_again, name="in_touch_again"),
    path("vrijwilliger/", volunteer.page, name="volunteer"),
    path("vrijwilliger/meedoen/", volunteer.sign_up, name="volunteer_sign_up"),
    path("vrijwilliger/hoe-vaak/", volunteer.change_limits, name="volunteer_limits"),
    path("vrijwilliger/pauze/", volunteer.pause, name="volunteer_pause"),
    path("vrijwilliger/pauze-voorbij/", volunteer.resume, name="volunteer_resume"),
    path("vrijwilliger/vraag/<int:pk>/nee/", volunteer.decline, name="decline"),
]
