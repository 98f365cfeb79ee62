"""Protects the door: who has not signed in gets nothing, and nobody what is not theirs, whatever
their address, cookie, widgets or messages say. A browser signs in in browser/test_sign_in_page.py.
"""

import contextlib
import sqlite3
import sys
import time
from collections.abc import Iterable
from functools import partial
from itertools import product
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    generate_xsrf_token_string,
)

from pages.shared import frame
from pages.shared.door import provider, server
from pages.shared.door.talk import KEPT, Talk
from queries import absence, accounts
from queries.__main__ import main
from queries.accounts import Sessions
from queries.changes import INCOMING
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
    SECRET,
    USER,
    District,
    Told,
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


@pytest.mark.slow
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


def _mixed(viewer: str, admin: str) -> dict[str, str]:
    """What a viewer makes of their own cookie and of what they know of an admin's."""
    name, _, value = admin.partition("=")
    claims, _, signature = value.rpartition(".")
    own = viewer.rpartition(".")[2]
    other_name = create_signed_value(SECRET, f"{USER}_tokens", '{"email": "admin@district.test"}')
    forged = f"{name}={claims}.{own}"
    return {
        "own signature": forged,
        "own one, then a forged one": f"{viewer}; {forged}",
        "a forged one, then own": f"{forged}; {viewer}",
        "a part more": f"{viewer}; {name}__1={claims}.{own}",
        "a part alone": f"{name}__1={value}",
        "cut short": admin[:-1],
        "without a signature": f"{name}={claims}",
        "the claims changed": f"{name}=A{claims}.{signature}",
        "signed for another cookie": f"{name}={other_name.decode()}",
        "in quotation marks": f'{name}="{claims}"',
    }


def test_no_mixture_of_cookies_is_an_admins(district):
    viewer, admin = (cookie_of(f"{one}@district.test", district.url) for one in ("viewer", "admin"))
    for what, cookie in _mixed(viewer, admin).items():
        code, _, body = district.asked("/signed-in", cookie)
        assert code == 401 or body == b"viewer@district.test", what
        if code == 200:
            sent = finished(_open(district, cookie, page="accounts")).sent
            assert b"viewer@district.test" in sent and b"admin@district.test" not in sent, what


def test_a_page_of_another_address_gets_no_connection(district):
    cookie = cookie_of("admin@district.test", district.url)
    for origin in ("http://evil.test", "http://localhost:1", "null"):
        with pytest.raises(websockets.WebSocketException):
            finished(_open(district, cookie, origin))
    assert district.asked("/", cookie, Host="evil.test")[0] == 421


async def _open(district, cookie, origin=None, page="students", **address):
    async with Visitor(district, cookie, origin) as visitor:
        return await visitor.open(page, **address)


@pytest.mark.slow
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


class Admin:
    """What an admin's open pages know, whose connection stays open: a list of names, a file of what
    load found of students, a form for files with one sent, and the form that gives roles."""

    def __init__(self, pages: dict[str, Told], sent: tuple[str, str]):
        self.pages, self.students = pages, pages["students"]
        self.sent_id, self.sent_to = sent
        files = {one for told in pages.values() for one in told.files.files.keys() - told.fragments}
        self.media = [one for one in files if one.startswith("/media/")]
        self.made_when_asked = [one for one in files if "/" not in one]


async def _looks_around(district, admin: Visitor) -> Admin:
    pages = {}
    for page in ("accounts", "bring_your_data", "students", "data_health"):
        first = await admin.open(page, school=FOREIGN)
        pages[page] = await admin.open(
            page, {first.widgets["view"]: "With names"}, school=FOREIGN, view="names"
        )
    asked = BackMsg()
    asked.file_urls_request.request_id = "one"
    asked.file_urls_request.file_names.append("students.csv")
    session, last = pages["data_health"].session, pages["data_health"].files
    parts = pages["data_health"].fragments
    asked.file_urls_request.session_id = session
    to = next(iter((await admin.say(asked, "file_urls_response")).files.files))
    code, _, _ = _send_file(district, to, admin.cookie)
    assert code == 204, "who was told where to send a file may do so"
    for name in [one for one in last.files.keys() - parts if "/" not in one]:
        made = await admin.say(_make_file(session, name), "backend_operation_response")
        last.files.update(made.files.files)
    return Admin(pages, (to.rpartition("/")[2], to))


def _send_file(district, to: str, cookie: str):
    token = generate_xsrf_token_string()
    body = b"\r\n".join([b"--x", b'Content-Disposition: form-data; name="f"; filename="f.csv"',
                         b"", b"student_id", b"--x--", b""])  # fmt: skip
    said = {"Content-Type": "multipart/form-data; boundary=x", "X-Xsrftoken": token}
    cookies = f"{cookie}; _streamlit_xsrf={token}"
    return district.asked(to, cookies, "PUT", body, **said)


def _make_file(session: str, name: str) -> BackMsg:
    asked = BackMsg()
    asked.backend_operation_request.request_id = "one"
    asked.backend_operation_request.session_id = session
    asked.backend_operation_request.deferred_file.file_id = name
    return asked


def _run(page: str, school: str, **said) -> BackMsg:
    """A run of a page as its own browser asks for it, but for what is said otherwise."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = urlencode({"school": school, "view": "names"})
    for name, value in said.items():
        setattr(asked.rerun_script, name, value)
    return asked


def _with_widgets(asked: BackMsg, ids: Iterable[str], **said) -> BackMsg:
    for name in ids:
        widget = asked.rerun_script.widget_states.widgets.add(id=name)
        for kind, value in said.items():
            setattr(widget, kind, value)
    return asked


def _context(asked: BackMsg, **said: str) -> BackMsg:
    for name, value in said.items():
        setattr(asked.rerun_script.context_info, name, value)
    return asked


def _uploaded(asked: BackMsg, ids: Iterable[str], admin: Admin) -> BackMsg:
    for name in ids:
        widget = asked.rerun_script.widget_states.widgets.add(id=name)
        one = widget.file_uploader_state_value.uploaded_file_info.add()
        one.file_id, one.name, one.size = admin.sent_id, "students.csv", 10
        one.file_urls.upload_url = one.file_urls.delete_url = admin.sent_to
    return asked


def _tampered(page: str, school: str, own: Told, admin: Admin) -> dict[str, BackMsg]:
    """What a browser says that is not the one of ours, by what is wrong with it."""
    theirs = {**admin.pages["accounts"].widgets, **admin.students.widgets}
    ids = [*theirs.values(), *own.widgets.values()]
    fragments = [*sorted(admin.students.fragments), *sorted(own.fragments), "x"]
    run = partial(_run, page, school)
    messages = {
        "the script of another page": run(page_script_hash=admin.students.script),
        "the name of a file": _run("pages/students.py", school),
        "a name that goes up": _run("../pages/students", school),
        "a page that is no page": _run("shared/frame", school),
        "a school twice": run(query_string=f"school={OWN}&school={FOREIGN}&schools={FOREIGN}"),
        "a school in another case": run(query_string=f"School={FOREIGN}&school={FOREIGN.lower()}"),
        "quotation marks": run(query_string="school=' or 1=1 --&network=%00&student=*"),
        "a wall": run(query_string=f"present=yes&school={FOREIGN}&view=names"),
        "the choices of another's page": _with_widgets(run(), ids, string_value="With names"),
        "a school in each choice": _with_widgets(run(), ids, string_value=FOREIGN),
        "a number in each choice": _with_widgets(run(), ids, int_value=1),
        "a list in each choice": _with_widgets(run(), ids, json_value=f'["{FOREIGN}"]'),
        "each button pressed": _with_widgets(run(), ids, trigger_value=True),
        "each fold opened": _with_widgets(run(), ids, bool_value=True),
        "a file of another's": _uploaded(run(), ids, admin),
        "another address": _context(run(), url="http://evil.test/students?view=names"),
        "words for a clock": _context(run(), timezone="../../etc", locale=f"{FOREIGN}\x00"),
        "by itself": run(is_auto_rerun=True),
        "back and forth": run(is_history_navigation=True),
        "the caches": BackMsg(clear_cache=True),
        "the folder": BackMsg(load_git_info=True),
        "the end": BackMsg(debug_shutdown_runtime=True),
        "to run on save": BackMsg(set_run_on_save=True),
    }
    for number, name in enumerate(fragments):
        messages[f"part {number} of a page"] = run(fragment_id=name)
    for number, name in enumerate(admin.made_when_asked):
        for session in (own.session, admin.students.session):
            messages[f"file {number} for {session}"] = _make_file(session, name)
    asked = BackMsg()
    asked.file_urls_request.request_id = "one"
    asked.file_urls_request.file_names.append("x")
    asked.file_urls_request.session_id = admin.students.session
    return messages | {"where another's files go": asked}


TAMPERED = list(product([one for one in GRANTS if "admin" not in one], PAGES, (OWN, FOREIGN)))


@pytest.mark.slow
def test_no_message_shows_what_is_not_theirs(district, names, exact):
    """Beside an admin who has names of all schools open, of which the visitor knows all that only
    the admin's browser does."""

    async def all_of_them() -> int:
        said = 0
        async with Visitor(district, cookie_of("admin@district.test", district.url)) as admin:
            known = await _looks_around(district, admin)
            assert known.media and known.made_when_asked, "there is something to take"
            assert [name for name in names[FOREIGN] if name in known.students.sent]
            for account, page, school in sampled(TAMPERED, 1):
                said += await _tries_all(district, names, exact, known, account, page, school)
        return said

    before = journal.state(district.home)
    assert finished(all_of_them()) >= 30, "so many messages"
    assert journal.state(district.home) == before, "nobody wrote anything"


async def _tries_all(district, names, exact, known, account, page, school) -> int:
    role, schools = GRANTS[account]
    foreign = set(names) - set(schools if role == "team" else ())
    cookie = cookie_of(account, district.url)
    async with Visitor(district, cookie) as visitor:
        own = await visitor.open(page, school=school)
        messages = _tampered(page, school, own, known)
        for what, message in messages.items():
            told = await visitor.say(message)
            case = (account, page, school, what)
            for other in foreign:
                assert not [name for name in names[other] if name in told.sent], case
            for other in {OWN, FOREIGN} - set(schools):
                assert exact[other] not in told.sent, case
            assert b"git_info" not in told.sent and known.sent_id.encode() not in told.sent, case
            mine = {one for one in told.files.files if one.startswith("/media/")}
            assert not mine & set(known.media), case
        for address in known.media:
            assert district.asked(address, cookie)[0] == 404, (account, address)
        assert _send_file(district, known.sent_to, cookie)[0] == 404
        return len(messages) + len(known.media) + 1


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
def test_no_part_of_a_page_is_run_for_whom_it_was_drawn_before(district, names):
    """A team that becomes a viewer, with names open: its list is a part that runs by itself."""
    (role,) = [
        one
        for one in journal.read(district.home, "grant")
        if one.content.account == "two@district.test"
    ]

    async def as_viewer() -> bytes:
        async with Visitor(district, cookie_of("two@district.test", district.url)) as visitor:
            first = await visitor.open("students", school=OWN)
            view = {first.widgets["view"]: "With names"}
            shown = await visitor.open("students", view, school=OWN)
            parts = [_run("students", OWN, fragment_id=one) for one in shown.fragments]

            async def sent() -> bytes:
                return b"".join([(await visitor.say(one, "script_finished")).sent for one in parts])

            before = await sent()
            assert [name for name in names[OWN] if name in before]
            viewer = Grant("two@district.test", "viewer")
            journal.change(district.home, "the tests", role.record, role.version, viewer)
            return await sent()

    sent = finished(as_viewer())
    journal.change(district.home, "the tests", role.record, role.version + 1, role.content)
    assert not [name for there in names.values() for name in there if name in sent]
    assert b"For everybody" in sent


def test_a_part_and_a_file_are_for_whom_they_were_drawn_and_as_what_they_were_then():
    team, viewer = Grant("a@b.test", "team", (OWN,)), Grant("a@b.test", "viewer")
    offered, run, talk = ForwardMsg(), _run("students", OWN), Talk()
    offered.delta.new_element.download_button.url = "/media/roster.html"
    offered.delta.new_element.download_button.deferred_file_id = "roster"
    offered.delta.fragment_id = "list"
    begun = ForwardMsg(new_session={"name": "app.py"}).SerializeToString()
    assert talk.heard(run, team) and not talk.knows("/media/roster.html", team)
    talk.told(begun)
    talk.told(offered.SerializeToString())
    assert talk.knows("/media/roster.html", team) and talk.heard(_make_file("x", "roster"), team)
    assert not talk.knows("/media/roster.html", viewer) and not talk.knows("", team)
    assert talk.heard(_make_file("x", "roster"), viewer) is None

    def heard(grant: Grant) -> bytes | None:
        return talk.heard(_run("students", OWN, fragment_id="list"), grant)

    assert b"list" in heard(team) and b"list" not in heard(viewer)
    # What was on its way when the role changed, and then a page on which the list is not.
    talk.told(offered.SerializeToString())
    assert not talk.knows("/media/roster.html", viewer)
    talk.told(begun)
    assert b"list" not in heard(viewer)
    for number in range(2 * KEPT):
        offered.delta.new_element.download_button.url = f"/media/{number}.html"
        talk.told(offered.SerializeToString())
    assert len(talk.files) == KEPT and talk.knows(f"/media/{2 * KEPT - 1}.html", viewer)


@pytest.mark.slow
def test_what_its_writer_saw_saved_outlives_a_kill_of_the_server(sample_home, tmp_path):
    """Of `python -m tests.many_signed_in` as much as there is time for."""
    home = copy_of(sample_home, tmp_path / "home")
    day = lived(home, tmp_path, Trial(3, 0, (0, 0), writes=1, swap=False, saves=5))
    assert len(day.saved) >= 5


def test_a_page_without_the_guard_lets_nobody_in(district, tmp_path):
    """`streamlit run app.py` beside secrets that name a provider."""
    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    at.secrets["auth"] = {"redirect_uri": f"{district.url}/oauth2callback"}
    at.user = {"is_logged_in": True, "email": "admin@district.test"}
    at.run()
    assert [one.value for one in at.subheader] == ["Nobody can sign in at this server"]


@pytest.fixture
def begins(monkeypatch):
    """begins(home, account): the first page of whoever signs in and opens the server's address."""

    def open_first(home: Path, account: str) -> AppTest:
        monkeypatch.setenv("ROUNDTABLE_HOME", str(home))
        monkeypatch.setattr(provider, "GUARDED", True)
        at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
        at.secrets["auth"] = {"redirect_uri": "https://district.test/oauth2callback"}
        at.user = {"is_logged_in": True, "email": account}
        at.run()
        assert not at.exception
        return at

    return open_first


def test_a_district_begins_with_nothing_and_not_with_the_sample(tmp_path, monkeypatch, begins):
    """Whose pledges and notes would stay beside those of its own people."""
    monkeypatch.setenv("ROUNDTABLE_HOME", str(tmp_path))
    accounts.give("the tests", "admin@district.test", "admin")
    accounts.give("the tests", "viewer@district.test", "viewer")
    at = begins(tmp_path, "admin@district.test")
    assert [one.value for one in at.title] == ["There is nothing to show"]
    assert {entry.kind for entry in journal.everything(tmp_path)} == {"grant"}

    # What was brought and is not published waits for the admin alone, also before the first load.
    upload = tmp_path / INCOMING / "upload_0123456789abcdef"
    (upload / "files").mkdir(parents=True)
    (upload / "files" / "schools.csv").write_text("school_id,school_name\n")
    (upload / "load.json").write_text('{"refusals": ["x"]}')
    at = begins(tmp_path, "admin@district.test")
    assert [one.value for one in at.title] == ["Bring your data"]
    assert at.session_state["view"] == "school"
    other = begins(tmp_path, "viewer@district.test")
    assert [one.value for one in other.title] == ["There is nothing to show"]
    (upload / "load.json").write_text('{"generation": "generation_20260101_000000_000000"}')
    at = begins(tmp_path, "admin@district.test")
    assert [one.value for one in at.title] == ["There is nothing to show"]


def test_an_admin_begins_where_a_load_was_refused_and_where_files_wait_before_that(
    sample_home, tmp_path, monkeypatch, begins
):
    home = copy_of(sample_home, tmp_path / "refused")
    monkeypatch.setenv("ROUNDTABLE_HOME", str(home))
    accounts.give("the tests", "admin@district.test", "admin")
    (home / "refused").write_text(
        '{"at": "2026-11-29T10:00:00", "folder": "export", "reasons": ["x"], "more": 0}'
    )
    at = begins(home, "admin@district.test")
    assert at.title[0].value.endswith("Data health")
    (home / INCOMING / "upload_0123456789abcdef" / "files").mkdir(parents=True)
    assert begins(home, "admin@district.test").title[0].value == "Bring your data"


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


def test_it_is_written_down_who_signed_in_out_was_refused_and_expired(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("ROUNDTABLE_HOME", str(tmp_path))
    assert accounts.sign_ins(10) == []
    began = time.time()
    sessions = Sessions(tmp_path, idle=60, longest=300)
    for one in "abc":
        assert sessions.goes_on(one, began, began)
        for _ in range(3):
            sessions.record("signed in", one, f"{one}@b.test", "team")
    for _ in range(2):
        sessions.record("refused", "d", None)
        Sessions(tmp_path, idle=60, longest=300).record("refused", "e", "e@b.test")
        sessions.end("a", began)
    sessions.end("nobody", began)
    # Somebody is there all the time; of who was not, it is known then.
    for later in range(0, 361, 40):
        is_there = sessions.goes_on("b", began, began + later)
    assert not is_there and sessions.goes_on("f", began + 320, began + 361)
    told = {(one.account, one.role, one.what): one.at.timestamp() for one in accounts.sign_ins(99)}
    assert len(told) == len(accounts.sign_ins(99)) == 8
    assert {about for about in told if about[2] != "signed in"} == {
        ("a@b.test", "team", "signed out"),
        ("", "", "refused"),
        ("e@b.test", "", "refused"),
        ("b@b.test", "team", "expired"),
        ("c@b.test", "team", "expired"),
    }
    assert told["c@b.test", "team", "expired"] == pytest.approx(began + 60)
    assert told["b@b.test", "team", "expired"] == pytest.approx(began + 300)
    assert main(["sign-ins", "--last", "2"]) == 0
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()[1:]] == [
        "b@b.test",
        "c@b.test",
    ]
    monkeypatch.setattr(provider, "GUARDED", True)
    accounts.give("the tests", "admin@b.test", "admin")
    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    at.secrets["auth"] = {"redirect_uri": "https://b.test/oauth2callback"}
    at.user = {"is_logged_in": True, "email": "admin@b.test"}
    at.switch_page("pages/accounts.py")
    at.session_state["view"] = "school"
    at.run()
    assert not at.exception
    shown = at.dataframe[-1].value
    assert list(shown["What"])[:2] == ["Expired", "Expired"] and len(shown) == 8

    # Added to, never changed, and kept for 400 days.
    with contextlib.closing(sqlite3.connect(tmp_path / "sessions.sqlite")) as kept:
        for change in ("UPDATE sign_in SET account = 'z'", "DELETE FROM sign_in"):
            with pytest.raises(sqlite3.IntegrityError, match="a sign-in is"):
                kept.execute(change)
        for days in (399, 402):
            at_that_time = time.time() - days * 24 * 60 * 60
            kept.execute(
                "INSERT INTO sign_in (at, account, role, what, digest) VALUES (?, ?, ?, ?, ?)",
                (at_that_time, f"{days}@b.test", "team", "signed in", str(days)),
            )
        kept.commit()
    assert sessions.goes_on("g", began + 400, began + 400)
    left = {one.account for one in accounts.sign_ins(99)}
    assert "399@b.test" in left and "402@b.test" not in left
    (tmp_path / "sessions.sqlite").write_bytes(b"no database " * 500)
    assert main(["sign-ins"]) == 1
    assert "write a new cookie_secret" in capsys.readouterr().err


def test_a_server_writes_down_who_came_and_went(district, monkeypatch):
    monkeypatch.setenv("ROUNDTABLE_HOME", str(district.home))
    before = len(accounts.sign_ins(9999))
    came = {
        "director@district.test": {},
        "stranger@district.test": {},
        "viewer@district.test": {"email_verified": False},
    }
    for account, claims in came.items():
        cookie = cookie_of(account, district.url, **claims)
        for _ in range(2):
            district.asked("/", cookie, Accept="text/html")
        district.asked("/auth/logout", cookie)
    district.asked("/", cookie_of("director@district.test", "http://evil.test"))
    last = accounts.sign_ins(9999)
    told = [(one.account, one.role, one.what) for one in last[: len(last) - before]]
    assert told[::-1] == [
        ("director@district.test", "director", "signed in"),
        ("director@district.test", "director", "signed out"),
        ("stranger@district.test", "", "refused"),
        ("", "", "refused"),
    ]


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


# What the provider says at one sign-in after another, and the role and schools after each.
SAID = [
    (["Teams"], None),
    (["Teams", "Birch staff"], ("team", (OWN,))),
    (["Birch staff", "Teams", "Directors", "Admins"], ("director", ())),
    ([], None),
    (None, None),
    ("Admins", ("admin", ())),
    ([{"Admins": 1}, 7, "admins", " Directors "], ("director", ())),
    ({"Admins": "Admins"}, None),
]


def test_the_provider_gives_roles_and_takes_them_at_the_next_sign_in(district):
    before = ""
    for groups, role in SAID:
        cookie = cookie_of("claims@district.test", district.url, groups=groups)
        code, _, body = district.asked("/students", cookie, Accept="text/html")
        assert code == (200 if role else 401), groups
        if not role:
            assert b"nothing that your provider says of you is one" in body
        held = [one for one in journal.read(district.home, "grant")
                if one.content.account == "claims@district.test"]  # fmt: skip
        assert [(one.content.role, one.content.schools) for one in held] == [role] * bool(role)
        assert {one.who for one in held} <= {"the provider"}
        # An earlier sign-in gives nothing back.
        assert district.asked("/signed-in", before)[0] == (200 if role else 401)
        before = cookie
    assert district.asked("/signed-in", cookie_of("admin@district.test", district.url))[0] == 200


def test_what_an_admin_wrote_of_a_role_stays_whatever_the_provider_says(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDTABLE_HOME", str(tmp_path))
    account = "a@district.test"
    team, director = Grant(account, "team", (OWN,)), Grant(account, "director")
    with pytest.raises(WrongRecord, match="Somebody must be admin"):
        accounts.follow(account, director)
    accounts.follow("first@district.test", Grant("first@district.test", "admin"))
    with pytest.raises(WrongRecord, match="Somebody must be admin"):
        accounts.follow("first@district.test", None)
    for given in (director, team, None, director):
        accounts.follow(account, given)
        assert accounts.grant_of(account) == given
    accounts.give("an admin", account, "viewer")
    for given in (director, None):
        accounts.follow(account, given)
        assert accounts.grant_of(account).role == "viewer"
    accounts.give("an admin", account, "none")
    accounts.follow(account, director)
    assert accounts.grant_of(account) is None, "what was taken back stays so"


def test_a_role_that_there_is_not_is_named_before_anybody_signs_in(tmp_path, monkeypatch, capsys):
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        '[auth]\nredirect_uri = "http://localhost/x"\n[roundtable.roles]\n"Staff" = "king"\n'
    )
    monkeypatch.setattr(sys, "argv", ["server", "--secrets", str(secrets)])
    assert server.main() == 1
    assert "gives 'Staff' the role 'king'; write one of" in capsys.readouterr().err


def test_a_viewer_is_of_all_schools_in_everybodys_view_and_of_own_ones_elsewhere():
    grant = Grant("a@b.test", "team", ("S01",))
    assert accounts.viewer(grant, "share").schools is None
    assert accounts.viewer(grant, "names").schools == ("S01",)
    assert accounts.viewer(Grant("a@b.test", "admin"), "names").schools is None
