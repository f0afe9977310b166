"""The application for any WSGI server: ``gunicorn wsgi:app``."""

from assess.web import production

app = production()
