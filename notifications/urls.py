from django.conf import settings
from django.urls import path

from notifications import push_views, views

urlpatterns = [
    path("berichten/", views.inbox, name="inbox"),
    path("berichten/nieuw/", views.unread, name="unread"),
    path("meldingen/aan/", push_views.turn_on, name="push_on"),
    path("meldingen/uit/<int:pk>/", push_views.turn_off, name="push_off"),
    path("berichten/instellingen/", views.preferences, name="preferences"),
    path("berichten/stop/<str:token>/", views.stop, name="stop"),
]
if settings.DEV_POST:
    urlpatterns += [
        path("dev/post/", views.post, name="dev_post"),
        path("dev/post/<slug:name>/", views.post_as_html, name="dev_post_html"),
    ]
