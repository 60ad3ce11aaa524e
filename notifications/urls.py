from django.conf import settings
from django.urls import path

from notifications import views

urlpatterns = [path("berichten/", views.inbox, name="inbox")]
if settings.DEV_POST:
    urlpatterns.append(path("dev/post/", views.post, name="dev_post"))
