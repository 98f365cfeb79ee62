"""Protects the door: who has not signed in gets nothing, and nobody what is not theirs, whatever
their address, cookie, widgets or messages say. A browser signs in in browser/test_sign_in_page.py.
"""

import time
from itertools import product
from pathlib import Path
from urllib.parse import unquote

import pytest
import websockets

from pages.shared import frame
from queries import absence, accounts
from queries.__main__ import main
from queries.accounts import Sessions
from queries.selection import Selection
from queries.team import journal
from queries.team.records import Grant, WrongRecord
from tests.browser.visits import free_port
from tests.conftest import copy_of
from tests.many_signed_in import Trial, lived
from tests.support.readers import STAFF
from tests.support.sampled import sampled
from tests.support.signed_in import (
    FOREIGN,
    GRANTS,
    OWN,
    District,
    Visitor,
    cookie_of,
    finished,
    names_by_school,
)

PROJECT = Path(__file__).resolve().parent.parent
MENU = [page for pages in frame.MENU.values() for page in pages]
PAGES = ["" if page == "app.py" else Path(page).stem for page in MENU]
# What an address may say, and what a browser may say that a widget shows.
NAMES_VIEW = {"view": "With names"}
CASES = list(product(GRANTS, PAGES, (OWN, FOREIGN)))


@pytest.fixture(scope="module")
def district(sample_home, tmp_path_factory):
    home = copy_of(sample_home, tmp_path_factory.mktemp("district") / "home")
    served = District(home, tmp_path_factory.mktemp("served"), free_port())
    yield served
    served.stop()
    assert "Traceback (most" not in served.log.read_text()


@pytest.fixture(scope="module")
def names() -> dict[str, set[bytes]]:
    return names_by_school()


@pytest.fixture(scope="module")
def exact(sample_home) -> dict[str, bytes]:
    """What no view but staff's says of a school: so many of so many, to the last student."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ROUNDTABLE_HOME", str(sample_home))
        rows = {school: absence.headline(Selection(school=school), STAFF).iloc[0]
                for school in (OWN, FOREIGN)}  # fmt: skip
    return {
        school: f"{row.students_absent:.0f} of {row.students:.0f}".encode()
        for school, row in rows.items()
    }


def test_nobody_gets_anything_without_signing_in(district):
    paths = ["", *PAGES, "_stcore/host-config", "_stcore/metrics", "_stcore/stream", "media/x.csv",
             "_stcore/upload_file/x/y", "static/js/index.js", "app/static/x", "component/x/y",
             "_stcore/agent/interact", "oauth2callback/x", "health/x", "sign-in/x", "signed-in",
             "/students", "health%09", "auth/login%0D", "health%3F", "HEALTH", "health;x",
             "health/%2e%2e/students", "http://localhost/health"]  # fmt: skip
    for path in paths:
        code, headers, body = district.asked(f"/{path}", Accept="text/html")
        assert code == 401 and b"Sign in" in body, path
        assert b"streamlit" not in body.lower(), path
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert district.asked(f"/{path}")[0] == 401, path
    for method in ("HEAD", "OPTIONS", "POST", "PUT", "get"):
        assert district.asked("/students", method=method)[0] == 401, method
    assert district.asked("/_stcore/health")[0] == district.asked("/health")[0] == 200


# What an address leaves to come back to.
RETURNS = {
    "/students?school=S02": "/students?school=S02",
    "/%5Cevil.test": "/%5Cevil.test",
    "/auth/logout/": "/auth/logout/",
    "/": None,
    "//evil.test/x": None,
    "/%2Fevil.test/x": None,
}
# What nobody left there but an attacker.
FOREIGN_RETURNS = ["%2F%2Fevil.test", "%2F%5Cevil.test", "%2F%09%2Fevil.test", "http%3A%2F%2Fx"]


def test_who_signs_in_is_sent_to_this_server_and_nowhere_else(district):
    signed = cookie_of("viewer@district.test", district.url)

    def sent_to(left: str) -> str | None:
        said = f"{signed}; roundtable_return={left}"
        return district.asked("/", said, Accept="text/html")[1].get("location")

    for path, returns in RETURNS.items():
        said = district.asked(path, Accept="text/html")[1].get("set-cookie", "")
        _, _, left = said.partition(";")[0].partition("roundtable_return=")
        assert (unquote(left) or None) == returns == (sent_to(left) if left else None), path
    assert [sent_to(left) for left in FOREIGN_RETURNS] == [None] * len(FOREIGN_RETURNS)


def test_nobody_begins_to_sign_in_more_often_than_a_school_does(district):
    def begun(times: int, address: str) -> list[int]:
        said = {"X-Forwarded-For": address}
        return [district.asked("/auth/login", **said)[0] for _ in range(times)]

    # In two minutes at most, so more than 60 in one of them; of one line of IPv6, too.
    for several in (["203.0.113.5"], ["2001:db8::1", "2001:db8::2", "evil, 2001:db8::3"]):
        codes = [code for one in several for code in begun(121 // len(several) + 1, one)]
        assert set(codes) == {302, 429}, several
    assert begun(1, "203.0.113.6") == begun(1, "2001:db8:0:1::1") == begun(1, "nonsense") == [302]


def test_an_open_page_learns_who_is_signed_in_and_does_not_prolong_it(district):
    cookie = cookie_of("two@district.test", district.url)
    assert district.asked("/signed-in", cookie)[::2] == (200, b"two@district.test")
    assert district.asked("/signed-in", cookie, Host="evil.test")[0] == 421
    district.asked("/auth/logout", cookie)
    assert district.asked("/signed-in", cookie)[0] == 401


def test_the_session_of_another_goes_on_for_nobody_else(district, names):
    """Who knows the id of an admin's open page, connected or left, gets a page of their own."""

    async def taken(is_open: bool) -> bytes:
        admin = cookie_of("admin@district.test", district.url)
        viewer = cookie_of("viewer@district.test", district.url)
        async with Visitor(district, admin) as theirs:
            first = await theirs.open("students", school=OWN)
            session = first.session
            view = {first.widgets["view"]: "With names"}
            shown = await theirs.open("students", view, school=OWN)
            assert [name for name in names[OWN] if name in shown.sent]
            if is_open:
                async with Visitor(district, viewer, session=session) as visitor:
                    return (await visitor.open("students")).sent
        async with Visitor(district, viewer, session=session) as visitor:
            return (await visitor.open("students")).sent

    for is_open in (True, False):
        sent = finished(taken(is_open))
        assert b"viewer" in sent and b"For everybody" in sent
        assert not [name for there in names.values() for name in there if name in sent]


WRONG = {
    "another server's": {"origin": "http://localhost:1"},
    "another secret's": {"secret": "a secret that this server does not have, long as it is"},
    "of yesterday": {"iat": time.time() - 86_400},
    "of tomorrow": {"iat": time.time() + 86_400},
    "without a time": {"iat": None},
    "nobody verified": {"email_verified": False},
    "of no account": {"email": ""},
    "of no role": {"email": "stranger@district.test"},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_cookie_that_is_not_a_sign_in_opens_nothing(district, case):
    said = {"account": "admin@district.test", "origin": district.url} | WRONG[case]
    cookie = cookie_of(**said)
    assert district.asked("/students", cookie, Accept="text/html")[0] == 401
    with pytest.raises(websockets.WebSocketException):
        finished(_open(district, cookie))


def test_a_page_of_another_address_gets_no_connection(district):
    cookie = cookie_of("admin@district.test", district.url)
    for origin in ("http://evil.test", "http://localhost:1", "null"):
        with pytest.raises(websockets.WebSocketException):
            finished(_open(district, cookie, origin))
    assert district.asked("/", cookie, Host="evil.test")[0] == 421


async def _open(district, cookie, origin=None, page="students", **address):
    async with Visitor(district, cookie, origin) as visitor:
        return await visitor.open(page, **address)


@pytest.mark.parametrize("account, page, school", sampled(CASES, 12))
def test_nobody_sees_what_is_not_theirs(district, names, exact, account, page, school):
    """By an address, then with every choice of the page set to the view with names, and to the
    school, by messages that no browser of ours would send."""
    role, schools = GRANTS[account]
    seen = finished(_seen(district, account, page, school))
    for number, sent in enumerate(seen):
        own = set(schools) if role == "team" else set(names) if role == "admin" else set()
        for other in set(names) - own:
            assert not [name for name in names[other] if name in sent], (number, other)
        if role == "admin" and number:
            continue
        # The first view of a team is staff's, without names; of all others everybody's.
        if number == 0:
            assert not [name for there in names.values() for name in there if name in sent]
        for other in {OWN, FOREIGN} - own:
            assert exact[other] not in sent, (number, other)


async def _seen(district, account, page, school) -> list[bytes]:
    async with Visitor(district, cookie_of(account, district.url)) as visitor:
        address = {"school": school, "view": "names", "student": "1"}
        first = await visitor.open(page, **address)
        chosen = {
            first.widgets[key]: value
            for key, value in {**NAMES_VIEW, "school": school, "schools": school}.items()
            if key in first.widgets
        }
        second = await visitor.open(page, chosen, **address)
        chosen = dict.fromkeys(first.widgets.values(), "names")
        third = await visitor.open(page, chosen, **address)
        assert first.widgets, "the page drew something"
        return [first.sent, second.sent, third.sent]


def test_a_team_sees_its_own_students_and_admins_all(district, names, exact):
    """So that the test above cannot pass for want of anything to see."""
    for account, foreign in (("team@district.test", False), ("admin@district.test", True)):
        sent = finished(_seen(district, account, "students", FOREIGN if foreign else OWN))[1]
        school = FOREIGN if foreign else OWN
        assert [name for name in names[school] if name in sent]
    sent = finished(_seen(district, "team@district.test", "", OWN))[0]
    assert exact[OWN] in sent, "a team begins in staff's view, at its own school"


def test_an_open_connection_ends_with_its_sign_in(district):
    async def goes_on_until(cookie, ended) -> None:
        async with Visitor(district, cookie) as visitor:
            await visitor.open("causes")
            ended()
            with pytest.raises(websockets.WebSocketException):
                await visitor.open("causes")

    cookie = cookie_of("two@district.test", district.url)
    finished(goes_on_until(cookie, lambda: district.asked("/auth/logout", cookie)))
    assert district.asked("/causes", cookie, Accept="text/html")[0] == 401, "signed out for good"

    def take_back() -> None:
        (one,) = [one for one in journal.read(district.home, "grant")
                  if one.content.account == "two@district.test"]  # fmt: skip
        journal.change(district.home, "the tests", one.record, one.version, None)

    role = GRANTS["two@district.test"]
    finished(goes_on_until(cookie_of("two@district.test", district.url), take_back))
    journal.add(district.home, "the tests", [Grant("two@district.test", *role)])


@pytest.mark.slow
def test_what_its_writer_saw_saved_outlives_a_kill_of_the_server(sample_home, tmp_path):
    """Of `python -m tests.many_signed_in` as much as there is time for."""
    home = copy_of(sample_home, tmp_path / "home")
    day = lived(home, tmp_path, Trial(3, 0, (0, 0), writes=1, swap=False, saves=5))
    assert len(day.saved) >= 5


def test_a_page_without_the_guard_lets_nobody_in(district, tmp_path):
    """`streamlit run app.py` beside secrets that name a provider."""
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    at.secrets["auth"] = {"redirect_uri": f"{district.url}/oauth2callback"}
    at.user = {"is_logged_in": True, "email": "admin@district.test"}
    at.run()
    assert [one.value for one in at.subheader] == ["Nobody can sign in at this server"]


def test_a_district_begins_with_nothing_and_not_with_the_sample(tmp_path, monkeypatch):
    """Whose pledges and notes would stay beside those of its own people."""
    from streamlit.testing.v1 import AppTest

    from pages.shared.door import provider

    monkeypatch.setenv("ROUNDTABLE_HOME", str(tmp_path))
    monkeypatch.setattr(provider, "GUARDED", True)
    accounts.give("the tests", "admin@district.test", "admin")
    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    at.secrets["auth"] = {"redirect_uri": "https://district.test/oauth2callback"}
    at.user = {"is_logged_in": True, "email": "admin@district.test"}
    at.run()
    assert [one.value for one in at.title] == ["There is nothing to show"]
    assert {entry.kind for entry in journal.everything(tmp_path)} == {"grant"}


def test_sessions_end_by_idleness_by_age_and_by_signing_out(tmp_path):
    def sessions() -> Sessions:
        return Sessions(tmp_path, idle=60, longest=300)

    one = sessions()
    assert one.goes_on("a", 1000, 1000)
    assert one.goes_on("a", 1000, 1059)
    assert not one.goes_on("a", 1000, 1119), "idle for as long as allowed"
    for now in range(1000, 1300, 50):
        assert one.goes_on("b", 1000, now)
    assert not one.goes_on("b", 1000, 1300), "as old as allowed"
    assert one.goes_on("c", 1300, 1300)
    one.end("c", 1300)
    assert not one.goes_on("c", 1300, 1301)
    assert not sessions().goes_on("c", 1300, 1302), "nor after the server began anew"
    assert one.goes_on("d", 1300, 1370) is False, "a cookie that was never used and lay about"
    assert one.goes_on("e", 1300, 1301) and sessions().goes_on("e", 1300, 1330)
    assert one.goes_on("f", 2000, 2000) and one.goes_on("f", 2000, 2059, is_use=False)
    assert not one.goes_on("f", 2000, 2060, is_use=False), "to look is no use"
    one.end("g", 9000)
    for now in range(3000, 9060, 60):
        assert one.goes_on(str(now), now, now)
    assert len(one._seen) < 10, "no more are kept than may go on"
    assert not one.goes_on("g", 9000, 9001), "nor does what was signed out and is not kept"


def test_there_is_always_an_admin_and_one_grant_an_account(tmp_path):
    viewer, admin = Grant("a@b.test", "viewer"), Grant("c@b.test", "admin")
    with pytest.raises(WrongRecord, match="Somebody must be admin"):
        journal.add(tmp_path, "x", [viewer])
    (name,) = journal.add(tmp_path, "x", [admin])
    journal.add(tmp_path, "x", [viewer])
    with pytest.raises(WrongRecord, match="already added"):
        journal.add(tmp_path, "x", [Grant("a@b.test", "director")])
    for content in (None, Grant("c@b.test", "viewer")):
        with pytest.raises(WrongRecord, match="Somebody must be admin"):
            journal.change(tmp_path, "x", name, 1, content)
    for wrong in (Grant("A@b.test", "viewer"), Grant("a", "viewer"), Grant("d@b.test", "team"),
                  Grant("d@b.test", "viewer", ("S01",)), Grant("d@b.test", "king")):  # fmt: skip
        with pytest.raises(WrongRecord):
            journal.add(tmp_path, "x", [wrong])


def test_roles_are_given_by_a_command_too(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ROUNDTABLE_HOME", str(tmp_path))
    assert main(["grant", "First@District.test", "viewer"]) == 2
    assert "Somebody must be admin" in capsys.readouterr().err
    assert main(["grant", "First@District.test", "admin"]) == 0
    assert main(["grant", "team@district.test", "team", "--school", "S01", "--school", "S02"]) == 0
    assert main(["grant", "team@district.test", "team", "--school", "S01"]) == 0
    capsys.readouterr()
    assert main(["grant"]) == 0
    assert capsys.readouterr().out == "first@district.test  admin\nteam@district.test  team  S01\n"
    assert main(["grant", "team@district.test", "none"]) == 0
    assert accounts.grant_of("team@district.test") is None
    assert main(["grant", "first@district.test", "none"]) == 2
    assert main(["grant", "first@district.test"]) == 2, "to ask about somebody changes nothing"
    assert accounts.grant_of("first@district.test").role == "admin"


def test_a_viewer_is_of_all_schools_in_everybodys_view_and_of_own_ones_elsewhere():
    grant = Grant("a@b.test", "team", ("S01",))
    assert accounts.viewer(grant, "share").schools is None
    assert accounts.viewer(grant, "names").schools == ("S01",)
    assert accounts.viewer(Grant("a@b.test", "admin"), "names").schools is None
