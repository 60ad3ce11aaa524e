from django.conf import settings
from django.urls import path

from notifications import views

urlpatterns = [
    path("berichten/", views.inbox, name="inbox"),
    path("berichten/instellingen/", views.preferences, name="preferences"),
    path("berichten/stop/<str:token>/", views.stop, name="stop"),
]
if settings.DEV_POST:
    urlpatterns += [
        path("dev/post/", views.post, name="dev_post"),
        path("dev/post/<slug:name>/", views.post_as_html, name="dev_post_html"),
    ]
