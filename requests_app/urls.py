"""Addresses of asking and helping; in Dutch, as people read them aloud."""

from django.urls import path

from requests_app.views import asking, board, changing, help_request, volunteer, wish

urlpatterns = [
    path("prikbord/", board.board, name="board"),
    path("vraag/", asking.start, name="ask"),
    path("vraag/fijn/", wish.wish, name="wish"),
    path("vraag/<int:pk>/wat/", asking.what, name="ask_what"),
    path("vraag/<int:pk>/wanneer/", asking.when, name="ask_when"),
    path("vraag/<int:pk>/wie/", asking.who, name="ask_who"),
    path("vraag/<int:pk>/nakijken/", asking.check, name="ask_check"),
    path("vraag/<int:pk>/weggooien/", asking.throw_away, name="throw_away"),
    path("vragen/<int:pk>/", help_request.page, name="help_request"),
    path("vragen/<int:pk>/ik-help/", help_request.take, name="take"),
    path("vragen/<int:pk>/afzeggen/", help_request.give_back, name="give_back"),
    path("vragen/<int:pk>/afspraak/<int:pick_up>/afzeggen/", help_request.call_off, name="call_off"),
    path("vragen/<int:pk>/gelukt/", help_request.finish, name="finish"),
    path("vragen/<int:pk>/weghalen/", help_request.withdraw, name="withdraw"),
    path("vragen/<int:pk>/terugzetten/", help_request.put_back, name="put_back"),
    path("vragen/<int:pk>/vrijwilligers/", help_request.ask_volunteers_now, name="ask_volunteers_now"),
    path("vragen/<int:pk>/veranderen/", changing.edit, name="edit"),
    path("vragen/<int:pk>/opnieuw/", asking.again, name="ask_again"),
    path("vrijwilliger/", volunteer.page, name="volunteer"),
    path("vrijwilliger/meedoen/", volunteer.sign_up, name="volunteer_sign_up"),
    path("vrijwilliger/hoe-vaak/", volunteer.change_limits, name="volunteer_limits"),
    path("vrijwilliger/pauze/", volunteer.pause, name="volunteer_pause"),
    path("vrijwilliger/pauze-voorbij/", volunteer.resume, name="volunteer_resume"),
    path("vrijwilliger/vraag/<int:pk>/nee/", volunteer.decline, name="decline"),
]
