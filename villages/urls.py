from django.urls import path

from villages import views

urlpatterns = [
    path("dorpen/", views.village_choice, name="village_choice"),
    path("welkom/", views.welcome, name="welcome"),
    path("welkom/straat/", views.welcome_street, name="welcome_street"),
    path("welkom/naam/", views.welcome_name, name="welcome_name"),
    path("welkom/klaar/", views.welcome_done, name="welcome_done"),
    path("meedoen/", views.join, name="join"),
    path("meedoen/ik-woon-hier-nog/", views.still_here, name="still_here"),
    path("meedoen/<slug:slug>/", views.join_village, name="join_village"),
    path("meedoen/<slug:slug>/wachten/", views.join_waiting, name="join_waiting"),
]
