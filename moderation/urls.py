from django.urls import path

from moderation import views

urlpatterns = [
    path("meld-het/<int:pk>/", views.reported, name="reported"),
    path("meld-het/<str:kind>/<int:pk>/", views.report, name="report"),
]
