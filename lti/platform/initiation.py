"""The page of an organization with its tools, and the start of a launch: third-party-initiated login."""

from collections import defaultdict
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views import View

from lti.models import Context, Launch, ResourceLink
from lti.platform.deep_linking import choosable_deployments
from lti.platform.deployments import deployment_in, deployments_in, login_url_of
from lti.platform.storage import STORAGE_TARGET, keep_opener, origins_of
from organizations.models import Organization
from roster.api.authentication import audience_of
from roster.models import User


class SignedInView(LoginRequiredMixin, View):
    """A page for people who are signed in."""

    login_url = reverse_lazy("lti:sign-in")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        keep_opener(response)
        return response

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
        links = links_of(organization)
        origins = origins_of((link.deployment.tool for link in links), *(link.opens for link in links))
        choosable = choosable_deployments(request.user, organization)
        context = {
            "organization": organization,
            "links": links,
            "origins": " ".join(origins),
            "choosable": choosable,
        }
        return render(request, "lti/organization.html", context)


class InitiateLoginView(SignedInView):
    """`POST /lti/organizations/{id}/launch`: redirect the person to the tool, which then asks for an id_token."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, organization_id: int) -> HttpResponse:
        organization = self.organization()
        link = link_to_open(organization, request.POST.get("deployment", ""), request.POST.get("link"))
        if link is None:
            raise Http404
        launch = start_launch(link, request.user)
        return HttpResponseRedirect(login_url(launch, lti_storage_target=STORAGE_TARGET))


def links_of(organization: Organization) -> list[ResourceLink]:
    """The resource links of an organization, and one unsaved link for each deployment that has none yet."""
    context = Context(organization=organization)
    existing: defaultdict[int, list[ResourceLink]] = defaultdict(list)
    for link in links_in(organization):
        existing[link.deployment_id].append(link)
    found = []
    for deployment in deployments_in(organization):
        found += existing[deployment.pk] or [ResourceLink(deployment=deployment, context=context)]
    return found


def link_to_open(organization: Organization, deployment_id: str, uuid: str | None) -> ResourceLink | None:
    """The resource link of a button: unsaved for a deployment that has none yet; None if there is no such link.

    A page from before the first launch names no link: the first of the deployment is meant, which was created since.
    """
    deployment = deployment_in(organization, deployment_id=deployment_id)
    if deployment is None:
        return None
    links = links_in(organization).filter(deployment=deployment)
    if uuid is not None:
        return links.filter(uuid=uuid).first() if is_uuid(uuid) else None
    return links.first() or ResourceLink(deployment=deployment, context=Context(organization=organization))


def links_in(organization: Organization) -> QuerySet[ResourceLink]:
    links = ResourceLink.objects.filter(context__organization=organization)
    return links.select_related("deployment__tool", "context").order_by("id")


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def start_launch(link: ResourceLink, user: Any) -> Launch:
    """A new launch of a person from a link. An unsaved link is saved as the untitled one of its deployment."""
    if link.pk is None:
        context = Context.objects.of(link.context.organization)
        link = ResourceLink.objects.get_or_create(deployment=link.deployment, context=context, title="")[0]
    return Launch.objects.create(resource_link=link, user=user)


def login_url(launch: Launch, **more: str) -> str:
    """The login URL of the tool, with the parameters by which it asks for the id_token of a launch."""
    link = launch.resource_link
    return login_url_of(link.deployment, launch.user_id, link.opens, hint=str(launch.uuid), **more)
