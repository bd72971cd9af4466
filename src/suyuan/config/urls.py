"""Every address of the console."""

from django.urls import include, path

from suyuan.api.door import api

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("", include("suyuan.web.urls")),
]
handler500 = "suyuan.web.outage.fault"
