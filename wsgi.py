"""The application for any WSGI server: ``gunicorn wsgi:app``."""

from assess.web import create_app

app = create_app()
