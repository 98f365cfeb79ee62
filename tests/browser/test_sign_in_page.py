"""Protects the way in and out, with a real provider: where somebody wanted to go, what they may see
there, and that nothing is left for the next person at the same browser.
"""

import re
import subprocess
import sys
from urllib.parse import unquote
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LAPTOP
from tests.browser.visits import free_port, ready
from tests.conftest import copy_of
from tests.support.signed_in import GRANTS, District


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
    with browser_type.launch(**browser_type_launch_args) as browser:
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
