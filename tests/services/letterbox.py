"""What tests of mail read it with."""

from __future__ import annotations

import re
from email.message import EmailMessage

from assess.services import jobs, mail


def write(session, row, now):
    return mail.write(session, row, base_url="http://rapport.example", sender="rapport@host.example", now=now)


def link_in(message: EmailMessage) -> str:
    return re.search(r"http://rapport\.example/take/link/(\S+)", message.get_body(("plain",)).get_content())[1]


def queued(session):
    return [job.ids["mail_id"] for job in jobs.waiting(session, "send-mail")]
