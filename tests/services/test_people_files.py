"""Lists of people, as files and as lines: what is understood, and what is said of what is not."""

from __future__ import annotations

import csv
from contextlib import suppress
from io import StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assess.errors import Refused
from assess.services.people_files import LARGEST, read_csv, read_lines
from assess.services.people_rows import SURVEYS
from assess.services.spreadsheets import csv_bytes, guarded, unguarded


def people(sheet):
    return [(each.name, each.email) for each in sheet.entries]


def problems(sheet):
    return [(each.number, each.column, each.sentence, each.value) for each in sheet.problems]


ANNA, BEN = ("Anna Able", "anna@people.example"), ("Ben Best", "ben@people.example")


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("name,email\r\nAnna Able,anna@people.example\r\nBen Best,ben@people.example\r\n", ()),
        ("E-Mail;Full name\nanna@people.example;Anna Able\nben@people.example;Ben Best", ("semicolons",)),
        ("Mail\tPerson\nanna@people.example\tAnna Able\n\nben@people.example\tBen Best", ("tabs",)),
        ('"Name","Work e-mail"\n"Anna Able","ANNA@people.example "\n"Ben Best",ben@people.example', ()),
        (
            "Last name,Dept,First name,email\nAble,Sales,Anna,anna@people.example\nBest,,Ben,ben@people.example",
            ("Not used: Dept",),
        ),
        ("sep=;\r\nname;email\r\nAnna Able;anna@people.example\r\nBen Best;ben@people.example", ("semicolons",)),
        ("Name,email,problem\nAnna Able,anna@people.example,x\nBen Best,ben@people.example,\n,,\n", ()),
    ],
    ids=[
        "plain",
        "semicolons",
        "tabs and an empty line",
        "quoted",
        "halves of names",
        "line for Excel",
        "mended file, empty rows",
    ],
)
def test_columns_go_by_their_titles_however_the_file_is_written(text, notes):
    sheet = read_csv(text.encode())
    assert people(sheet) == [ANNA, BEN]
    assert sheet.problems == ()
    assert len(sheet.notes) == len(notes)
    assert all(words in note for words, note in zip(notes, sheet.notes, strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encoding_is_recognised_and_said_where_it_is_a_guess(encoding):
    sheet = read_csv("name,email\nJürgen Große,juergen@people.example".encode(encoding))
    assert people(sheet) == [("Jürgen Große", "juergen@people.example")]
    assert ["Windows-1252" in note for note in sheet.notes] == ([True] if encoding == "cp1252" else [])


def test_further_columns_are_read_and_languages_go_by_code_or_name():
    rows = ["A,a@b.example,+49 170,007,Spanish", "B,b@b.example,'+49 171,8,ar-EG", "C,c@b.example,,,English"]
    sheet = read_csv("\n".join(["name,email,Phone number,Employee ID,Language", *rows]).encode())
    assert [(e.phone, e.employee_number, e.language) for e in sheet.entries] == [
        ("+49 170", "007", "es"),
        ("+49 171", "8", "ar"),
        ("", "", "en"),
    ]


def test_surveys_read_groups_and_no_employee_numbers():
    data = b"name,email,Team,Employee ID\nA,a@b.example,North,7"
    (entry,) = read_csv(data, SURVEYS).entries
    assert (entry.group, entry.employee_number) == ("North", "")
    (entry,) = read_csv(data).entries
    assert (entry.group, entry.employee_number) == ("", "7")


def test_every_bad_row_is_named_with_its_number_column_and_value_and_good_rows_are_kept():
    sheet = read_csv(
        "name,email,employee no,language\n"
        "Anna Able,anna@people.example,7,\n"
        ",nobody@people.example,,\n"
        "Cy,not an address,,Klingon\n"
        "Di,ANNA@people.example,8,\n"
        "Ed,ed@people.example,7,\n"
        "Able, Anna,anna@x.example,9,en,\n"
        "Flo,,,\n"
        f"{'x' * 121},x@people.example,,\n"
        "Ben Best,ben@people.example,8,\n".encode()
    )
    assert people(sheet) == [ANNA, BEN]
    assert problems(sheet) == [
        (3, "name", "There is no name.", ""),
        (4, "email", "This is no e-mail address that mail reaches.", "not an address"),
        (4, "language", "This language is not offered. Leave it empty, or write one of en, es, ar.", "Klingon"),
        (5, "email", "Row 2 has the same e-mail address.", "ANNA@people.example"),
        (6, "employee number", "Row 2 has the same employee number.", "7"),
        (
            7,
            "",
            "This row has more cells than the first one: a name with a comma needs quotation marks.",
            "Able Anna anna@x.example 9 en",
        ),
        (8, "email", "There is no e-mail address.", ""),
        (9, "name", "The name has more than 120 characters.", "x" * 121),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"name,email\n", "nobody in it"),
        (b"Anna,anna@b.example\nBen,ben@b.example", "no column for the name and the email.*Anna, anna@b.example"),
        (b"name,phone\nAnna,1", "no column for the email"),
        (b"name,e-mail,mail\nA,a@b.example,a@c.example", "hold the email: e-mail, mail"),
        (b'name,email\nA,a@b.example\n"B,b@b.example\nC,c@b.example', "After row 2.*quotation mark"),
        (b'name,email\nA,a@b.example\nB "x",b@b.example\n"C"c,c@b.example', "After row 3.*quotation mark"),
        (b"PK\x03\x04workbook", "Excel workbook"),
        (b"\x00\x01name,email", "not a text file"),
        (b"name,email\n\x81\x8d", "not a text file"),
        (b"name,email\n" + b"x" * LARGEST, "more than 2 MB"),
        (b"name,email\n" + b"A,a@b.example\n" * 5001, "5,001 people.*at most 5,000"),
    ],
)
def test_file_that_cannot_be_read_says_why_and_what_to_do(data, words):
    with pytest.raises(Refused, match=f"(?s){words}"):
        read_csv(data)


@pytest.mark.parametrize(
    "line",
    [
        "Anna Able, anna@people.example",
        "Anna Able <anna@people.example>",
        '"Anna Able" <Anna@people.example>;',
        "Anna Able\tanna@people.example",
        "Anna Able; anna@people.example",
        "anna@people.example, Anna Able",
        "  Anna Able   anna@people.example  ",
    ],
)
def test_line_is_understood_however_name_and_address_are_separated(line):
    assert people(read_lines(line)) == [ANNA]


def test_several_people_as_mail_programs_copy_them_and_empty_lines():
    text = "\nAnna Able <anna@people.example>; Ben Best <ben@people.example>\n\n , \n"
    assert people(read_lines(text)) == [ANNA, BEN]


def test_address_within_a_name_is_somebody_who_is_not_swallowed():
    for line in (
        "Ben; ben@people.example; Anna Able <anna@people.example>",
        "ben@people.example Anna <anna@people.example>",
    ):
        (problem,) = read_lines(line).problems
        assert problem.sentence == "Several addresses stand in this line. Please give each person a line."
    (problem,) = read_lines('"anna@people.example" <anna@people.example>').problems
    assert problem.sentence == "There is no name."
    assert people(read_lines("Anna Able anna@people.example <anna@people.example>")) == [ANNA]


def test_every_bad_line_is_named():
    sheet = read_lines("Anna Able, anna@people.example\n\nBen Best\nc@d.example\nE, e@f.example g@h.example\nE, a@")
    assert people(sheet) == [ANNA]
    assert [(each.number, each.column, each.sentence) for each in sheet.problems] == [
        (3, "email", "There is no e-mail address."),
        (4, "name", "There is no name."),
        (5, "", "Several addresses stand in this line. Please give each person a line."),
        (6, "email", "This is no e-mail address that mail reaches."),
    ]
    with pytest.raises(Refused, match="nobody"):
        read_lines(" \n\t\n")


def test_bad_rows_come_back_as_they_were_with_what_is_wrong_and_can_be_sent_again():
    sheet = read_csv(b"email;name;note\n;=cmd();old\nanna@people.example;Anna Able\n")
    table = sheet.to_mend(sheet.problems)
    assert table == [["email", "name", "note", "problem"], ["", "=cmd()", "old", "There is no e-mail address."]]
    back = csv_bytes(table)
    assert b"'=cmd()" in back
    again = read_csv(back)
    assert again.rows[2].cells[:3] == ("", "'=cmd()", "old")
    assert again.problems == sheet.problems
    assert again.notes == ("Not used: note.",)


TEXTS = st.text(max_size=30)
CELLS = st.one_of(TEXTS, st.emails(), st.sampled_from(["=1+1", "+49 1", "a@b.example", '"', ",", "\n", "é"]))
TITLES = st.sampled_from(["name", "First Name", "Email", "phone", "Employee no.", "Sales", "", "language"])


@settings(max_examples=150, deadline=None)
@given(st.lists(TITLES, min_size=1, max_size=5), st.lists(st.lists(CELLS, max_size=6), max_size=8))
@example(["name", "Email"], [["A\r\nB", "a@b.example"], ["\x00", ""]])
def test_any_table_is_read_whole_or_refused_in_a_sentence(titles, rows):
    file = StringIO()
    csv.writer(file).writerows([titles, *rows])
    text = file.getvalue()
    try:
        sheet = read_csv(text.encode("utf-8", "replace"))
    except Refused:
        return
    sound, bad = {each.number for each in sheet.entries}, {each.number for each in sheet.problems}
    assert sound | bad == set(sheet.rows)
    assert not sound & bad
    assert len({each.email for each in sheet.entries}) == len(sheet.entries)
    assert all(each.name and "@" in each.email for each in sheet.entries)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with suppress(Refused):
        read_csv(data)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_any_lines_are_read_whole_or_refused(text):
    try:
        sheet = read_lines(text)
    except Refused:
        return
    assert {each.number for each in (*sheet.entries, *sheet.problems)} == set(sheet.rows)


@given(TEXTS)
def test_guarded_cell_comes_back_as_it_was(text):
    assert unguarded(guarded(text)) == text or text.startswith("'")
