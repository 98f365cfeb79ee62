"""Protects the way in and out, with a real provider: where somebody wanted to go, what they may see
there, and that nothing is left for the next person at the same browser.
"""

import json
import re
import subprocess
import sys
from urllib.parse import quote, unquote
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser import attacks
from tests.browser.conftest import LAPTOP
from tests.browser.visits import CHROMIUM_FLAGS, free_port, ready
from tests.conftest import copy_of
from tests.support.signed_in import GRANTS, District, cookie_of


@pytest.fixture(scope="module")
def provider():
    """A provider of OpenID Connect that vouches for the accounts of GRANTS, by its address."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port)]
    for account in [*GRANTS, "stranger@district.test"]:
        name = account.partition("@")[0]
        command += ["--user-claims", f'{{"sub": "{name}", "email": "{account}"}}']
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def district(sample_home, provider, tmp_path_factory):
    home = copy_of(sample_home, tmp_path_factory.mktemp("district") / "home")
    served = District(home, tmp_path_factory.mktemp("served"), free_port(), provider)
    yield served
    served.stop()
    assert "Traceback" not in served.log.read_text()


@pytest.fixture
def person(tabs, browser_type, browser_type_launch_args):
    """A browser of their own, as the others keep what somebody signed in to."""
    flags = [*CHROMIUM_FLAGS, attacks.CHROMIUM_NAMES]
    with browser_type.launch(**browser_type_launch_args | {"args": flags}) as browser:
        yield browser.new_context(**LAPTOP).new_page()


def sign_in(page, name: str) -> None:
    page.get_by_role("link", name="Sign in", exact=True).click()
    page.locator("input[name=sub]").fill(name)
    page.keyboard.press("Enter")


def test_from_a_link_to_its_page_and_out_again(district, person):
    refused = []
    person.on("console", lambda message: refused.append(message.text)
              if "Content Security Policy" in message.text else None)  # fmt: skip
    person.goto(f"{district.url}/causes?school=Birch+Elementary")
    expect(person.get_by_text("Sign in with your school account.")).to_be_visible()
    sign_in(person, "team")
    person.wait_for_url(re.compile(r"/causes"))
    ready(person)
    assert "Birch Elementary" in person.get_by_role("heading", level=1).inner_text()
    expect(person.get_by_role("radio", name="For staff")).to_be_checked()
    person.goto(f"{district.url}/causes?school=Cedar+Middle")
    ready(person)
    expect(person.get_by_text("asks for “Cedar Middle”, which is no choice")).to_be_visible()
    # A file that a page made is for who is signed in.
    with person.expect_download() as taken:
        person.get_by_text("Take this to a meeting").first.click()
        person.get_by_role("button", name="PNG, 1600 × 900").first.click()
    assert district.asked("/" + taken.value.url.split("/", 3)[3])[0] == 401
    person.get_by_role("button", name="Sign out").click()
    # The provider ends what it knows of, and sends the person back.
    person.get_by_role("button", name="End session").click()
    expect(person.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    person.goto(f"{district.url}/students")
    expect(person.get_by_text("Sign in with your school account.")).to_be_visible()
    assert not refused, "the policy lets through all that a page needs"
    said = [unquote(cookie["value"]) for cookie in person.context.cookies(district.url)]
    assert said and "team@district.test" not in said, "nor a name for the next one"


@pytest.mark.slow
def test_a_page_that_lies_open_is_emptied_when_its_sign_in_ended_elsewhere(district, person):
    person.clock.install()
    person.goto(f"{district.url}/students")
    sign_in(person, "team")
    person.wait_for_url(re.compile(r"/students"))
    ready(person)
    person.get_by_role("radiogroup", name="View").get_by_text("With names", exact=True).click()
    person.get_by_label("In their words").click()
    person.keyboard.type("Half a sentence, which holds nobody up")
    kept = person.context.cookies(district.url)
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in kept)
    person.clock.fast_forward(21_000)
    person.wait_for_timeout(500)
    assert person.get_by_role("heading", level=1).count(), "it stays as long as it may"
    district.asked("/auth/logout", cookie)
    person.clock.fast_forward(21_000)
    expect(person.get_by_text("You were signed out.")).to_be_visible()
    person.go_back()
    assert "Half a sentence" not in person.content(), "nothing of it is left in the browser"


def test_who_has_no_role_is_told_whom_to_ask(district, person):
    person.goto(f"{district.url}/students")
    sign_in(person, "stranger")
    expect(person.get_by_text("stranger@district.test, and have no role here yet")).to_be_visible()
    assert "Students" not in person.locator("body").inner_text()


@pytest.mark.slow
def test_a_role_of_the_provider_counts_from_one_sign_in_to_the_next(district, provider, person):
    def says(groups: list[str]) -> None:
        claims = {"email": "grouped@district.test", "groups": groups}
        asked = Request(f"{provider}/users/grouped", json.dumps(claims).encode(), method="PUT")
        asked.add_header("Content-Type", "application/json")
        assert urlopen(asked).status < 300

    says(["Teams", "Birch staff"])
    person.goto(f"{district.url}/causes")
    sign_in(person, "grouped")
    person.wait_for_url(re.compile(r"/causes"))
    ready(person)
    assert "Birch Elementary" in person.get_by_role("heading", level=1).inner_text()
    says(["Others"])
    other = person.context.browser.new_context(**LAPTOP).new_page()
    other.goto(district.url)
    sign_in(other, "grouped")
    expect(other.get_by_text("nothing that your provider says of you is one")).to_be_visible()


@pytest.mark.slow
def test_an_admin_gives_a_role_and_it_counts_at_once(district, person):
    person.goto(f"{district.url}/accounts")
    sign_in(person, "admin")
    person.wait_for_url(re.compile(r"/accounts"))
    ready(person)
    person.get_by_role("radiogroup").get_by_text("For staff").click()
    person.get_by_text("Give a role").click()
    person.get_by_role("textbox", name="Account").fill("Stranger@district.test")
    person.get_by_role("button", name="Give this role").click()
    expect(person.get_by_text("is viewer from now on.")).to_be_visible()
    other = person.context.browser.new_context(**LAPTOP).new_page()
    other.goto(district.url)
    sign_in(other, "stranger")
    ready(other)
    expect(other.get_by_role("radio", name="For everybody")).to_be_checked()
    assert other.get_by_role("radio").count() == 1, "a viewer has no other view"
    assert urlopen(f"{district.url}/health").status == 200


@pytest.mark.slow
def test_other_sites_get_nothing_of_who_is_signed_in(district, person):
    """From this machine, so that the browser sends an admin's cookies along; of another name; and
    of a name that points to this server, which then is the page's own origin."""
    name, _, value = cookie_of("admin@district.test", district.url).partition("=")
    person.context.add_cookies([{"name": name, "value": value, "url": district.url}])
    known = attacks.open_with_a_file(person, f"{district.url}/chronic_absence")
    rebound = district.url.replace("localhost", attacks.REBOUND)
    with attacks.another_site() as port:
        elsewhere = {f"http://{site}:{port}/": 403 for site in attacks.SITES}
        for address, refused in {**elsewhere, f"{rebound}/": 421}.items():
            base = rebound if refused == 421 else district.url
            page = person.context.new_page()
            page.goto(address)
            learnt = attacks.attack(page, base, known)
            assert len(learnt.answered) >= 10 and set(learnt.answered) == {refused}, address
            if refused == 403:
                assert not any(learnt.by.values()), (address, learnt.by)
            assert learnt.by["open a connection"] == ""
            page.goto(f"{address}?frame={quote(base + '/students', safe='')}")
            assert not [frame for frame in page.frames[1:] if frame.url.startswith(base)]
            page.close()
        person.goto(f"http://{attacks.OTHER_SITE}:{port}/?link={district.url}/auth/logout")
        person.get_by_role("link").click()
        expect(person.get_by_text("A page of another site asked for this.")).to_be_visible()
    assert district.asked("/signed-in", f"{name}={value}")[0] == 200, "nobody signed them out"
