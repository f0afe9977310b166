"""What an answer looks like when it arrives, and what is not taken for one."""

from __future__ import annotations

from uuid import UUID

import pytest

from assess.errors import InvalidValue
from assess.services.saving import Save
from assess.web.take.forms import read_answer

SENT = {
    "code": "tru-gf1",
    "value": "4",
    "revision": "1767225600000",
    "counter": "2",
    "key": "page-key-2",
    "milliseconds": "2400",
    "attempt": "0190a5b4-7c1e-7d2f-8a3b-4c5d6e7f8091",
}


def test_answer_of_the_script_is_read():
    attempt = UUID(SENT["attempt"])
    assert read_answer(SENT) == Save("tru-gf1", 4, 1_767_225_600_000, 2, "page-key-2", 2_400, attempt)


def test_page_without_a_choice_has_no_answer():
    assert read_answer({**SENT, "value": ""}) is None
    assert read_answer({name: value for name, value in SENT.items() if name != "value"}) is None


def test_each_sending_of_a_page_without_the_script_has_a_key_of_its_own():
    first, second = (read_answer({**SENT, "counter": "0"}) for _ in range(2))
    assert first.key.startswith("page-key-2-")
    assert first.key != second.key


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""),
        ("code", "TRU"),
        ("code", "tru-gf1\n"),
        ("code", "x" * 61),
        ("value", " "),
        ("value", "4\n"),
        ("value", "٤"),
        ("value", "12345"),
        ("revision", ""),
        ("revision", "-1"),
        ("revision", "9" * 16),
        ("counter", "1.0"),
        ("counter", "9999999999"),
        ("key", "short"),
        ("key", "with space"),
        ("key", "x" * 81),
        ("attempt", ""),
        ("attempt", "0190a5b4-7c1e-7d2f-8a3b-4c5d6e7f809"),
        ("attempt", "0190A5B4-7C1E-7D2F-8A3B-4C5D6E7F8091"),
        ("attempt", "0190a5b47c1e7d2f8a3b4c5d6e7f8091"),
    ],
)
def test_anything_else_is_refused(field, value):
    with pytest.raises(InvalidValue):
        read_answer({**SENT, field: value})
    without = {name: sent for name, sent in SENT.items() if name != field}
    if field != "value":
        with pytest.raises(InvalidValue):
            read_answer(without)


@pytest.mark.parametrize("said", ["", "soon", "-5", "1e3", "86400001", "99999999999999", "٤"])
def test_time_that_cannot_be_meant_is_dropped(said):
    assert read_answer({**SENT, "milliseconds": said}).milliseconds is None
