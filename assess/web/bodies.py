"""How large a request may be: small, but where a list of people is sent."""

from __future__ import annotations

from flask import Flask, request

LIMIT = 64 * 1024  # bytes
OF_LISTS = 4 * 1024 * 1024  # a file of 2 MB, or its seal, which is longer
LISTS = frozenset(  # endpoints that take a list of people, or long texts: a letter may take twelve bytes
    {
        "console.campaign_invitations.preview",
        "console.campaign_invitations.invite",
        "console.campaign_invitations.to_mend",
        "console.surveys.enter",
        "coaching.check_ins.write_down",
        "coaching.check_ins.one.notes",
        "coaching.feedback.rounds.comments",
        "coaching.feedback.rounds.enter",
    }
)


def init_app(app: Flask) -> None:
    """Limit what `app` reads; must come before whatever reads forms."""
    app.config.update(MAX_CONTENT_LENGTH=LIMIT, MAX_FORM_MEMORY_SIZE=LIMIT)

    @app.before_request
    def _widen() -> None:
        if request.endpoint in LISTS:
            request.max_content_length = request.max_form_memory_size = OF_LISTS
