"""Rows become readings, or a sentence each says what is wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.amount import Amount
from bot.columns import NAMES, Content, Fault, lines_of
from bot.conversion import types_of
from bot.conversions import Seen
from bot.errors import UnreadableError
from bot.goal import Measure
from bot.imports import Found, conversions_in, readings_in
from bot.pace import Course
from bot.sheet import Row, Sheet, read_csv
from bot.sheet_material import Known
from tests.support.storage_examples import make_goal

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)


def quarter(first: date, last: date) -> Course:
    return Course(baseline=0, target=40, first_day=first, last_day=last)


LAST = quarter(date(2026, 7, 1), date(2026, 9, 30))
THIS = quarter(date(2026, 10, 1), date(2026, 12, 31))
GOALS = (
    make_goal("G1", title="Trial sign-ups", course=LAST),
    make_goal("G2", title="Trial sign-ups", course=THIS),
    make_goal("G3", title="Newsletter", course=THIS),
    make_goal("G4", title="Published", course=THIS, measure=Measure.PUBLISHED),
    make_goal("G5", title="Theirs", course=THIS),
    make_goal("G6", title="Twin", course=THIS),
    make_goal("G7", title="TWIN", course=THIS),
)
KEPT = frozenset({"G1", "G2", "G3", "G4", "G6", "G7"})


def read(text: str) -> Found:
    lines = lines_of(read_csv(text.encode(), NAMES))
    assert lines.content is Content.READINGS
    return readings_in(lines, GOALS, KEPT, NOW)


def test_readings_of_goals_by_title_and_id() -> None:
    found = read("Goal;Date;Value\ntrial  SIGN-UPS;30.09.2026;12,5\nG3;2026-11-18;7\n")
    assert found.faults == ()
    assert [(one.goal_id, one.value, one.line) for one in found.readings] == [
        ("G1", 12.5, 2),
        ("G3", 7, 3),
    ]
    assert found.readings[1].at == datetime(2026, 11, 18, 22, 59, 59, tzinfo=UTC)


def test_today_s_number_is_read_now() -> None:
    (reading,) = read("goal,date,value\nG3,2026-11-19,7\n").readings
    assert reading.at == NOW


def test_the_same_reading_has_the_same_id_however_it_is_spelt_and_another_number_another() -> None:
    (first,) = read("goal,date,value\nNewsletter,2026-11-18,7\n").readings
    (again,) = read("goal;date;value;note\nG3;18.11.2026;7,00;x\n").readings
    (other,) = read("goal,date,value\nNewsletter,2026-11-18,8\n").readings
    (named,) = read("goal,date,value,external_id\nNewsletter,2026-11-18,7,row-8\n").readings
    assert first.external_id == again.external_id != other.external_id
    assert named.external_id == "row-8"


def test_all_that_is_wrong_is_told_in_one_go() -> None:
    found = read(
        "goal;date;value;colour\n"
        "Newsletter;2026-11-18;abc;red\n"
        "Nobody's;2026-11-18;1;\n"
        ";;;x\n"
        "Newsletter;2026-11-20;1;\n"
        "Newsletter;2026-09-30;1;\n"
        "Published;2026-11-18;1;\n"
        "Theirs;2026-11-18;1;\n"
        "twin;2026-11-18;1;\n"
        "Newsletter;2026-11-17;1;\n"
        "newsletter;17.11.2026;2;\n"
        "Newsletter;31.31.2026;9999999999999;\n"
    )
    assert found.unread == ("colour",)
    assert [one.line for one in found.readings] == [10]
    assert found.faults == (
        Fault(2, "value: “abc” is no number, like 1234.5."),
        Fault(3, "goal: “Nobody's” is no goal here."),
        Fault(4, "goal is missing."),
        Fault(4, "date is missing."),
        Fault(4, "value is missing."),
        Fault(5, "date: 20 Nov 2026 is yet to come."),
        Fault(6, "goal: “Newsletter” runs from 1 Oct 2026 to 31 Dec 2026; this day is outside."),
        Fault(7, "goal: “Published” is a goal that Social Desk counts itself."),
        Fault(8, "goal: “Theirs” is kept by others; they or an admin can."),
        Fault(9, "goal: “twin” is what 2 goals are called."),
        Fault(11, "says the same goal and day, or the same external_id, as line 10."),
        Fault(12, "date: “31.31.2026” is no day, like 2026-11-30."),
        Fault(12, "value is too large."),
    )


def test_a_number_that_may_be_two_is_told_unless_the_file_decides() -> None:
    (fault,) = read("goal;date;value\nNewsletter;2026-11-18;1.234\n").faults
    assert fault == Fault(2, "value: “1.234” may be 1.234 or 1234.")
    found = read("goal;date;value\nNewsletter;2026-11-18;1.234\nG2;2026-11-18;0,5\n")
    assert [one.value for one in found.readings] == [1234, 0.5]


def test_a_spreadsheet_s_own_numbers_are_taken_as_they_are() -> None:
    sheet = Sheet(("goal", "date", "value"), (Row(2, ("G3", "2026-11-18", 1234.567)),))
    (reading,) = readings_in(lines_of(sheet), GOALS, KEPT, NOW).readings
    assert reading.value == 1234.57


@pytest.mark.parametrize(
    "header, told",
    [
        ("goal,value", "does not tell which columns are which"),
        ("a,b", "does not tell"),
        ("goal,date,value,type,occurred_at", "names both kinds"),
        ("goal,date,value,Value", "“value” is there twice"),
    ],
)
def test_columns_that_do_not_tell_are_refused(header: str, told: str) -> None:
    with pytest.raises(UnreadableError, match=told):
        lines_of(read_csv(f"{header}\n1,2,3,4,5\n".encode(), NAMES))


def test_a_file_of_conversions_is_known() -> None:
    lines = lines_of(read_csv(b"Type,Occurred at,Value\nrevenue,2026-11-18,5\n", NAMES))
    assert lines.content is Content.CONVERSIONS
    assert lines.rows == ((2, {"type": "revenue", "occurred_at": "2026-11-18", "value": "5"}),)


TYPES = types_of(())


KNOWN = Known(
    goals=(), kept=frozenset(), types=TYPES, tz="Europe/Berlin", hooks={"shop": "H1", "crm": "H2"}
)


def sold(text: str) -> Found:
    lines = lines_of(read_csv(text.encode(), NAMES))
    return conversions_in(lines, KNOWN, NOW)


def test_conversions_with_what_was_seen_before() -> None:
    found = sold(
        "Type;Occurred at;Count;Value;Currency;UTM content;First touch;Last touch;Self reported\n"
        "E-mail sign-up;18.11.2026;3;;;42;LinkedIn;;a friend\n"
        "revenue;2026-11-18 14:30;;1.234,50;eur;;#7;https://example.com/post;\n"
    )
    assert found.faults == ()
    (signups, sale) = (command for _, command in found.conversions)
    assert (signups.type_key, signups.count, signups.amount) == ("signup", 3, None)
    assert signups.occurred_at == datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
    assert signups.first == Seen(platform="LinkedIn")
    assert (signups.last, signups.touched) == (Seen(post="42"), (Seen(post="42"),))
    assert signups.told == Seen(platform="a friend")
    assert sale.amount == Amount(1_234_500, "EUR")
    assert sale.occurred_at == datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
    assert (sale.first, sale.last) == (Seen(post="#7"), Seen(post="https://example.com/post"))
    assert {one.source for one in (signups, sale)} == {"file"}


def test_an_id_is_the_webhook_s_where_the_line_names_it() -> None:
    found = sold(
        "type,occurred_at,external_id,webhook\n"
        "signup,2026-11-18,7,Shop\n"
        "signup,2026-11-18,7,\n"
        "signup,2026-11-18,7,crm\n"
        "signup,2026-11-18,7,SHOP\n"
        "signup,2026-11-18,8,Till\n"
        "signup,2026-11-18,,Shop\n"
    )
    assert [command.source for _, command in found.conversions] == [
        "webhook:H1",
        "file",
        "webhook:H2",
    ]
    assert found.faults == (
        Fault(5, "external_id is the same as on line 2."),
        Fault(6, "webhook: there is none called “Till”."),
        Fault(7, "external_id is missing: by it the webhook and this file count once."),
    )


def test_conversions_alike_are_several_and_the_same_file_again_is_none() -> None:
    row = "signup,2026-11-18,42\n"
    once = sold("type,occurred_at,utm_content\n" + row)
    twice = sold("type,occurred_at,utm_content\n" + row * 2)
    german = sold("Type;Occurred at;UTM content\nE-mail sign-up;18.11.2026;42\n")

    def ids(found: Found) -> list[str]:
        return [command.external_id for _, command in found.conversions]

    assert len(set(ids(twice))) == 2
    assert ids(once) == ids(german) == ids(twice)[:1]


def test_all_that_is_wrong_with_conversions_is_told() -> None:
    found = sold(
        "type;occurred_at;count;value;currency;external_id;self_reported\n"
        "wish;2026-11-18;;;;a;\n"
        ";;;;;b;\n"
        "signup;2026-11-20;1,5;;;c;\n"
        "revenue;2026-11-18;;5,5;;d;\n"
        "signup;2026-11-18;;;;e;sam@example.com\n"
        "signup;2026-11-18;;;;f;\n"
        "signup;2026-11-17;;;;f;\n"
    )
    assert [line for line, _ in found.conversions] == [7]
    assert found.faults == (
        Fault(2, "type: There is no such type. There are: revenue, signup, download, request."),
        Fault(3, "occurred_at is missing."),
        Fault(3, "type is missing."),
        Fault(4, "count is no whole number."),
        Fault(4, "occurred_at: 20 Nov 2026 is yet to come."),
        Fault(5, "currency: This is missing: a value needs it, like EUR."),
        Fault(
            6,
            "self_reported: There is an e-mail address in it. A conversion says nothing of who it "
            "was.",
        ),
        Fault(8, "external_id is the same as on line 7."),
    )


CELLS = st.sampled_from(["G2", "Newsletter", "2026-11-18", "1/2/2026", "1,234", "5", ""]) | st.text(
    max_size=6
)


@given(st.lists(st.lists(CELLS | st.floats(allow_nan=False), max_size=5), max_size=8))
def test_each_line_is_read_or_told_and_never_both(rows: list[list[str | float]]) -> None:
    sheet = Sheet(
        ("goal", "date", "value", "external_id"),
        tuple(Row(place + 2, tuple(row)) for place, row in enumerate(rows)),
    )
    found = readings_in(lines_of(sheet), GOALS, KEPT, NOW)
    read_lines = [one.line for one in found.readings]
    told_lines = {one.line for one in found.faults}
    assert sorted({*read_lines, *told_lines}) == [row.line for row in sheet.rows]
    assert not told_lines & set(read_lines)
    assert len({one.external_id for one in found.readings}) == len(read_lines)
    assert all(one.at <= NOW and one.at > NOW - timedelta(days=200) for one in found.readings)
