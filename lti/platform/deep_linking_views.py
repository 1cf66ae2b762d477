"""`/lti/organizations/{id}/deep-linking` and `/lti/deep-linking/return`: a tool chooses what its links open."""

import logging
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from lti.platform.deep_linking import choosable_deployment
from lti.platform.deep_linking_response import ResponseRefused, message_in, read_response, store_links
from lti.platform.deep_linking_state import HINT, DeepLinkingState
from lti.platform.deployments import login_url_of
from lti.platform.initiation import SignedInView
from roster.models import User

logger = logging.getLogger("lti.platform")


class DeepLinkingView(SignedInView):
    """Redirect staff to a tool, which then asks for a deep linking request."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, organization_id: int) -> HttpResponse:
        organization = self.organization()
        chosen = request.POST.get("deployment", "")
        deployment = choosable_deployment(request.user, organization, deployment_id=chosen)
        if deployment is None:
            raise Http404
        user = cast(User, request.user)
        state = DeepLinkingState.new(user.pk, deployment, organization, on=timezone.now())
        url = login_url_of(deployment, user.pk, deployment.tool.chooses_at, hint=state.encrypted(HINT))
        return HttpResponseRedirect(url)


@method_decorator(csrf_exempt, name="dispatch")  # the tool's page posts here, without a cookie of this site
class DeepLinkingReturnView(View):
    """Store the resource links that the tool returns, and show them."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        try:
            response = read_response(request.POST.get("JWT", ""), on=now)
            stored = store_links(response, on=now)
        except ResponseRefused as refusal:
            logger.info("A deep linking response was refused: %s", refusal)
            answer = render(request, "lti/deep_linking_refused.html", {"reason": str(refusal)}, status=400)
        else:
            context = {"parties": response.parties, "stored": stored, "message": message_in(response)}
            answer = render(request, "lti/deep_linking_done.html", context)
        answer.headers["Cache-Control"] = "no-store"
        return answer
