"""Archives are written while they are sent, under names that every system takes, with cells that compute nothing."""

from __future__ import annotations

import unicodedata
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import PureWindowsPath

import pytest

from assess.services.file_names import slug
from assess.services.report_archives import Handed, pieces
from assess.services.spreadsheets import csv_bytes, guarded

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def handed(name, number=0):
    reference = f"R-2222-{number:04}"
    return Handed(name, reference, "hiring", "en", NOW, sha256="0" * 64, content=b"%PDF" + bytes(1_000))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Cora Candidate", "Cora-Candidate"),
        ("Ελένη Παπαδοπούλου", "Ελένη-Παπαδοπούλου"),
        ("Наталья Щукина", "Наталья-Щукина"),
        ("ليلى العلي", "ليلى-العلي"),
        ("नेहा शर्मा", "नेहा-शर्मा"),
        ("José O’Neill-Núñez", "José-O-Neill-Núñez"),
        ("李 小龍", "李-小龍"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\CON.pdf", "C-CON-pdf"),
        ("Cora\u202egpj.exe", "Coragpj-exe"),
        ("\u2067Cora\u2069\u200b\ufeff", "Cora"),
        ('Cora\x00\r\n\t:*?"<>|Candidate', "Cora-Candidate"),
        ("\ud800", "person"),
        (" ... ", "person"),
        ("\u3164\u115f", "person"),
        ("", "person"),
    ],
)
def test_names_keep_their_letters_in_any_script_and_nothing_else(name, expected):
    assert slug(name) == expected


@pytest.mark.parametrize("letter", ["x", "é", "ش", "\U00020000", "e\u0301"])
def test_long_names_are_cut_between_letters_and_fit_into_any_folder(letter):
    found = slug(letter * 500)
    assert 100 < len(found.encode()) <= 120
    assert set(unicodedata.normalize("NFC", letter)) == set(found)
    assert len(handed(letter * 500).file.encode()) < 200


def test_names_are_unique_whatever_people_are_called():
    names = ["Cora Candidate", "cora-candidate", "CORA/CANDIDATE", "CON", "nul.", "", "."]
    archive = b"".join(pieces([handed(name, n) for n, name in enumerate(names)], dated=NOW, zone="UTC"))
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        found = opened.namelist()[:-1]
    assert len({name.casefold() for name in found}) == len(names)
    assert not [name for name in found if PureWindowsPath(name).is_reserved() or name.count(".") != 1]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "=HYPERLINK(1)"])
def test_cells_that_would_compute_are_guarded(text):
    assert guarded(text) == f"'{text}"
    assert f"'{text.strip()[:1]}" in csv_bytes([[text]]).decode("utf-8-sig").replace("'\t", "'").replace(
        "'\r", "'"
    ).replace("' ", "'")


@pytest.mark.parametrize("text", ["", "Cora", "1+1", "a=b", "O'Neill", "Ελένη"])
def test_other_cells_stay_as_they_are(text):
    assert csv_bytes([[text, "x"]]).decode("utf-8-sig") == f"{text},x\r\n"


def test_one_report_at_a_time_is_taken_and_none_after_the_reader_has_gone():
    taken = []

    def source():
        for number in range(500):
            taken.append(number)
            yield handed("Cora", number)

    stream = pieces(source(), dated=NOW, zone="UTC")
    for number in range(3):
        piece = next(stream)
        assert taken == list(range(number + 1))
        assert len(piece) < 1_300  # a report and its head, and nothing that was sent before
    stream.close()
    assert len(taken) == 3


def test_same_contents_give_the_same_bytes_and_other_clocks_other_times():
    contents = [handed("Cora"), Handed("Finn", reason="There is no report yet.")]
    berlin, again, apia = (
        b"".join(pieces(contents, dated=NOW, zone=zone)) for zone in ("Europe/Berlin",) * 2 + ("Pacific/Apia",)
    )
    assert berlin == again != apia
    with zipfile.ZipFile(BytesIO(berlin)) as opened:
        assert [info.date_time[3:5] for info in opened.infolist()] == [(11, 30)] * 2
