"""The page of an organization with its tools, and the start of a launch: third-party-initiated login."""

from collections import defaultdict
from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy
from django.views import View

from lti.models import Context, Launch, ResourceLink
from lti.platform.deep_linking import choosable_deployments
from lti.platform.deployments import deployments_in, login_url_of
from lti.platform.form_post import form_post_page
from organizations.models import Organization
from roster.api.authentication import audience_of
from roster.json_text import is_text
from roster.models import User


class SignedInView(LoginRequiredMixin, View):
    """A page for people who are signed in."""

    login_url = reverse_lazy("lti:sign-in")

    def organization(self) -> Organization:
        """The organization of this page. Http404 if the person may not see it."""
        visible = Organization.objects.visible_to(audience_of(cast(User, self.request.user)))
        organization: Organization | None = visible.filter(pk=self.kwargs["organization_id"]).first()
        if organization is None:
            raise Http404
        return organization


class OrganizationView(SignedInView):
    """`GET /lti/organizations/{id}/`: a button for each tool that is used in the organization."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, organization_id: int) -> HttpResponse:
        organization = self.organization()
        choosable = choosable_deployments(request.user, organization)
        context = {"organization": organization, "links": links_of(organization), "choosable": choosable}
        return form_post_page(request, "lti/organization.html", context)


class InitiateLoginView(SignedInView):
    """`POST /lti/organizations/{id}/launch`: redirect the person to the tool, which then asks for an id_token."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, organization_id: int) -> HttpResponse:
        organization = self.organization()
        uuid = request.POST.get("link")
        links = links_of(organization, deployment_id=request.POST.get("deployment", ""))
        # A page from before the first launch names no link: the one that was created since is meant.
        link = next((link for link in links if uuid in {None, str(link.uuid)}), None)
        if link is None:
            raise Http404
        launch = start_launch(link, request.user)
        return HttpResponseRedirect(login_url(launch))


def links_of(organization: Organization, deployment_id: str | None = None) -> list[ResourceLink]:
    """The resource links of an organization, and one unsaved link for each deployment that has none yet.

    Only those of one deployment, if its id is given.
    """
    context = Context(organization=organization)
    links = ResourceLink.objects.filter(context__organization=organization)
    if deployment_id is not None:
        if not is_text(deployment_id):
            return []
        links = links.filter(deployment__deployment_id=deployment_id)
    existing: defaultdict[int, list[ResourceLink]] = defaultdict(list)
    for link in links.select_related("deployment__tool", "context").order_by("id"):
        existing[link.deployment_id].append(link)
    found = []
    for deployment in deployments_in(organization, deployment_id):
        found += existing[deployment.pk] or [ResourceLink(deployment=deployment, context=context)]
    return found


def start_launch(link: ResourceLink, user: Any) -> Launch:
    """A new launch of a person from a link. An unsaved link is saved as the untitled one of its deployment."""
    if link.pk is None:
        context = Context.objects.of(link.context.organization)
        link = ResourceLink.objects.get_or_create(deployment=link.deployment, context=context, title="")[0]
    return Launch.objects.create(resource_link=link, user=user)


def login_url(launch: Launch) -> str:
    """The login URL of the tool, with the parameters by which it asks for the id_token of a launch."""
    link = launch.resource_link
    return login_url_of(link.deployment, launch.user_id, link.opens, hint=str(launch.uuid))
