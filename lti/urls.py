"""Everything of LTI, in lower case: some clients lower-case the URLs they are given."""

from django.contrib.auth.views import LoginView
from django.urls import path, reverse_lazy

from lti.nrps.views import MembershipsView
from lti.platform.authorize import AuthorizeView
from lti.platform.configuration import ConfigurationView, KeysView
from lti.platform.deep_linking_views import DeepLinkingReturnView, DeepLinkingView
from lti.platform.initiation import InitiateLoginView, OrganizationView
from lti.platform.registration import RegisterView
from lti.platform.token import TokenView
from lti.tool.deep_linking_views import ChooseView, LinkedOrganizationView
from lti.tool.registration_views import ToolRegistrationView
from lti.tool.views import ContinueLoginView, CourseLaunchView
from lti.tool.views import LoginView as CourseLoginView

app_name = "lti"

urlpatterns = [
    path(".well-known/openid-configuration", ConfigurationView.as_view(), name="openid-configuration"),
    path("lti/token", TokenView.as_view(), name="token"),
    path("lti/jwks", KeysView.as_view(), name="jwks"),
    path("lti/authorize", AuthorizeView.as_view(), name="authorize"),
    path("lti/register", RegisterView.as_view(), name="register"),
    path("lti/contexts/<uuid:context_id>/memberships", MembershipsView.as_view(), name="memberships"),
    path("lti/organizations/<int:organization_id>/", OrganizationView.as_view(), name="organization"),
    path("lti/organizations/<int:organization_id>/launch", InitiateLoginView.as_view(), name="launch"),
    path("lti/organizations/<int:organization_id>/deep-linking", DeepLinkingView.as_view(), name="deep-linking"),
    path("lti/deep-linking/return", DeepLinkingReturnView.as_view(), name="deep-linking-return"),
    path("lti/course/login", CourseLoginView.as_view(), name="course-login"),
    path("lti/course/login/continue", ContinueLoginView.as_view(), name="course-login-continue"),
    path("lti/course/launch", CourseLaunchView.as_view(), name="course-launch"),
    path("lti/course/deep-linking", ChooseView.as_view(), name="course-choose"),
    path("lti/course/organization", LinkedOrganizationView.as_view(), name="course-organization"),
    path("lti/course/register", ToolRegistrationView.as_view(), name="course-register"),
    path(
        "lti/sign-in",
        LoginView.as_view(
            template_name="lti/sign_in.html", redirect_authenticated_user=True, next_page=reverse_lazy("front-page")
        ),
        name="sign-in",
    ),
]
