"""The pages of signing in that we use; each has a template of ours. What is not here is not reachable."""

from allauth.account.views import account_inactive
from django.urls import include, path

from accounts import views

urlpatterns = [
    path("", views.email, name="account_login"),
    path("", views.email, name="account_request_login_code"),
    path("code/", views.code, name="account_confirm_login_code"),
    path("niet-actief/", account_inactive, name="account_inactive"),
    path("bevestig/", views.confirm_address, name="account_email_verification_sent"),
    path("tweede-stap/", include("allauth.mfa.urls")),
]
