"""The WSGI application: `gunicorn -c config/gunicorn.py config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from roster.api.request_bodies import IgnoreGetBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = IgnoreGetBodies(get_wsgi_application())
