"""The WSGI application: `gunicorn -c config/gunicorn.py config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from roster.api.bodies import IgnoredBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = IgnoredBodies(get_wsgi_application())
