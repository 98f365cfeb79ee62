"""What stands between every browser and Streamlit: headers on each answer, and nothing at all for
whoever has not signed in.

Streamlit keeps no sign-in on its server, leaves its cookie for thirty days, serves downloads to
whoever knows their address, and sends no headers of its own. So each request, and each message of
an open connection, is looked at here first. A page has its own guard behind this one (frame.py).
"""

import hashlib
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from pages.shared.door import provider
from pages.shared.door.talk import Talk, is_of_somebody, message_of
from queries import accounts
from queries.accounts import Sessions
from queries.home import home
from queries.team import Grant, StoreProblem, WrongRecord

PAGE = Path(__file__).with_name("page.html").read_text(encoding="utf-8")

USER, RETURN = "_streamlit_user", "roundtable_return"
LOGIN, LOGOUT, CALLBACK, SIGN_IN = "/auth/login", "/auth/logout", "/oauth2callback", "/sign-in"
# What an open page asks of itself, see frame.js.
SIGNED_IN = "/signed-in"
# What a sign-in needs before there is one, and whether the server is there.
HEALTH = {"/_stcore/health", "/health"}
FOR_ANYBODY = {LOGIN, LOGOUT, CALLBACK, SIGN_IN, *HEALTH}
# What a page of another site may not open even by a link: it would sign somebody in or out.
IN_AND_OUT = {LOGIN, LOGOUT, SIGN_IN}
# Where files are taken from, and sent to.
FILES = ("/media/", "/_stcore/upload_file/")
ENDED = {"type": "websocket.close", "code": 1008}
# How many sign-ins one address may begin in so many seconds: a school has one address for all.
SIGN_INS, IN_SECONDS = 60, 60

# Streamlit sets styles while it runs; the hash is of the one script in its page.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA=' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Of a file with names nothing stays on the disk of a browser; Streamlit says what may be kept.
UNLESS_SAID = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class SignIn:
    """One sign-in: the account, the role that the provider gives it, a digest of its cookie, and
    when it began (seconds since 1970)."""

    account: str | None
    given: Grant | None
    digest: str
    began: float


class NotSignedIn(Exception):
    """Why somebody gets nothing, as the page says it."""


class Guard:
    """The middleware. Raises nothing: what cannot be known lets nobody in."""

    def __init__(self, app):
        self.app = app
        self.sessions = Sessions(home(), provider.idle_seconds(), provider.longest_seconds())
        # Of the minute that is under way: how often each address began to sign in.
        self.minute, self.begun = 0, Counter[str]()
        # The open connections, each with the digest of its sign-in.
        self.talks: set[tuple[str, Talk]] = set()
        provider.GUARDED = True

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            await self._answer(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket" and provider.is_set():
            await self._talk(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope, receive, send) -> None:
        answer = (
            self._instead(HTTPConnection(scope), scope["method"]) if provider.is_set() else None
        )
        await (answer or self.app)(scope, receive, send)

    def _instead(self, asked: HTTPConnection, method: str) -> Response | None:
        """What is answered in place of Streamlit; None where it may answer itself."""
        # As Streamlit finds its way: a parsed address would leave out tabs and ends of lines.
        path, signed_in = asked.scope["path"], sign_in(asked.cookies)
        if not _is_ours(asked) and path not in HEALTH:
            return PlainTextResponse("This server has another name.", 421)
        if _is_of_another_site(asked, method):
            return PlainTextResponse("A page of another site asked for this.", 403)
        if path == LOGIN and self._is_too_often(asked):
            return PlainTextResponse("Too many sign-ins. Wait a minute.", 429)
        if path == SIGN_IN:
            return _to_provider(asked)
        if path == LOGOUT and signed_in:
            self.sessions.end(signed_in.digest, signed_in.began)
        if path in FOR_ANYBODY:
            return None
        if path == SIGNED_IN:
            return self._who_is_there(signed_in)
        wants_page = method == "GET" and "text/html" in asked.headers.get("accept", "")
        try:
            grant = self._grant(signed_in)
        except NotSignedIn as refused:
            if not wants_page:
                return PlainTextResponse("Sign in first.", 401)
            return _sign_in_page(asked, signed_in, str(refused))
        if path.startswith(FILES) and not self._was_told(signed_in, grant, path):
            return PlainTextResponse("There is no such file.", 404)
        back = _local(unquote(asked.cookies.get(RETURN, "")))
        if wants_page and path == "/" and back:
            answer: Response = RedirectResponse(back, 303)
            answer.delete_cookie(RETURN)
            return answer
        return None

    def _who_is_there(self, signed_in: SignIn | None) -> Response:
        """The account, for a page that is open: to look whether it may stay is no use of it."""
        grant = self._may_go_on(signed_in, is_use=False)
        if grant is None:
            return PlainTextResponse("Sign in first.", 401)
        return PlainTextResponse(grant.account)

    def _was_told(self, signed_in: SignIn | None, grant: Grant, path: str) -> bool:
        """Whether an open page of this sign-in knows of this file."""
        digest = signed_in and signed_in.digest
        return any(whose == digest and talk.knows(path, grant) for whose, talk in self.talks)

    def _may_go_on(self, signed_in: SignIn | None, *, is_use: bool = True) -> Grant | None:
        try:
            return self._grant(signed_in, is_use=is_use)
        except NotSignedIn:
            return None

    def _grant(self, signed_in: SignIn | None, *, is_use: bool = True) -> Grant:
        """What was granted to who asks. Raises NotSignedIn where they may not go on."""
        if signed_in is None:
            raise NotSignedIn("Sign in with your school account.")
        try:
            now = time.time()
            self._follow(signed_in, now)
            if not self.sessions.goes_on(signed_in.digest, signed_in.began, now, is_use=is_use):
                raise NotSignedIn("You were signed out. Sign in again to go on.")
            if signed_in.account is None:
                self.sessions.record(accounts.REFUSED, signed_in.digest, None)
                raise NotSignedIn(
                    "Your provider does not vouch for your address. "
                    "Tell whoever runs Roundtable in your district."
                )
            grant = accounts.grant_of(signed_in.account)
            what, role = (accounts.SIGNED_IN, grant.role) if grant else (accounts.REFUSED, "")
            self.sessions.record(what, signed_in.digest, signed_in.account, role)
        except (StoreProblem, sqlite3.Error, OSError) as problem:
            raise NotSignedIn(
                "Who may sign in cannot be read now. Tell whoever runs Roundtable."
            ) from problem
        if grant is None:
            nor = (
                ", and nothing that your provider says of you is one"
                if provider.gives_roles()
                else ""
            )
            raise NotSignedIn(
                f"You signed in as {signed_in.account}, and have no role here yet{nor}. "
                "Ask whoever runs Roundtable in your district."
            )
        return grant

    def _follow(self, signed_in: SignIn, now: float) -> None:
        """At a sign-in, before it is written down that it began, have the role be what the provider
        says. Raises NotSignedIn, and StoreProblem, sqlite3.Error or OSError."""
        digest, began = signed_in.digest, signed_in.began
        if (
            signed_in.account is None
            or not self.sessions.is_new(digest)
            or not self.sessions.goes_on(digest, began, now, is_use=False)
        ):
            return
        try:
            accounts.follow(signed_in.account, signed_in.given)
        except WrongRecord as problem:
            self.sessions.record(accounts.REFUSED, digest, signed_in.account)
            raise NotSignedIn(
                f"What your provider says of you cannot count here. {problem} "
                "Tell whoever runs Roundtable in your district."
            ) from problem

    def _is_too_often(self, asked: HTTPConnection) -> bool:
        minute, address = int(time.monotonic() // IN_SECONDS), _address(asked)
        if minute != self.minute:
            self.minute, self.begun = minute, Counter()
        self.begun[address] += 1
        return self.begun[address] > SIGN_INS

    async def _talk(self, scope, receive, send) -> None:
        """An open connection: each message that a browser sends is let through by itself."""
        asked = HTTPConnection(scope)
        signed_in = sign_in(asked.cookies)
        if (
            signed_in is None
            or not self._may_go_on(signed_in)
            or not _is_ours(asked)
            or asked.headers.get("origin") != provider.origin()
        ):
            await send(ENDED)
            return
        talk = Talk()

        async def let_through():
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                said = message_of(message.get("bytes"))
                by = said and self._may_go_on(signed_in, is_use=is_of_somebody(said))
                if said is None or by is None:
                    await send(ENDED)
                    return {"type": "websocket.disconnect", "code": 1008}
                if heard := talk.heard(said, by):
                    return {"type": "websocket.receive", "bytes": heard}

        async def tell(message):
            if message["type"] == "websocket.send":
                talk.told(message.get("bytes"))
            await send(message)

        open_one = (signed_in.digest, talk)
        self.talks.add(open_one)
        try:
            await self.app(scope, let_through, tell)
        finally:
            self.talks.discard(open_one)


def sign_in(cookies: Mapping[str, str]) -> SignIn | None:
    """The sign-in whose cookie Streamlit signed for this server; None for any other cookie."""
    secret = get_cookie_secret()

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        return None if value is None else decode_signed_value(secret, name, value.encode("latin-1"))

    try:
        written = get_cookie_with_chunks(signed, USER)
        claims: dict[str, Any] = json.loads(written or b"null") or {}
        began = float(claims.get("iat") or 0)
    except (ValueError, TypeError, UnicodeEncodeError):
        return None
    if not written or claims.get("origin") != provider.origin():
        return None
    digest = hashlib.sha256(written).hexdigest()
    return SignIn(provider.account_of(claims), provider.given(claims), digest, began)


def _is_ours(asked: HTTPConnection) -> bool:
    """Whether a request is for this server by its name: a page elsewhere may have its own name
    point here."""
    return asked.headers.get("host") == urlsplit(provider.origin()).netloc


def _is_of_another_site(asked: HTTPConnection, method: str) -> bool:
    """Whether a page elsewhere asks, as a browser says it, other than by a link that somebody
    follows to a page of ours."""
    if asked.headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return False
    how = asked.headers.get("sec-fetch-mode"), asked.headers.get("sec-fetch-dest")
    is_a_link = method == "GET" and how == ("navigate", "document")
    return not is_a_link or asked.scope["path"] in IN_AND_OUT


def _with_headers(send):
    """Send every answer with our headers, and sign-in cookies over TLS alone where there is TLS."""
    added = dict(HEADERS)
    if provider.is_encrypted():
        added["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def sending(message):
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added.items():
                headers[name] = value
            for name, value in UNLESS_SAID.items():
                headers.setdefault(name, value)
            if provider.is_encrypted():
                message["headers"] = [
                    (name, value + b"; Secure")
                    if name.lower() == b"set-cookie" and b"; secure" not in value.lower()
                    else (name, value)
                    for name, value in message["headers"]
                ]
        await send(message)

    return sending


def _to_provider(asked: HTTPConnection) -> Response:
    chosen = asked.query_params.get("with", provider.names()[0])
    if chosen not in provider.names():
        return PlainTextResponse("There is no such provider.", 404)
    token = quote(encode_provider_token(chosen), safe="")
    return RedirectResponse(f"{LOGIN}?provider={token}", 303)


def _sign_in_page(asked: HTTPConnection, signed_in: SignIn | None, words: str) -> Response:
    """The one page for whoever has not signed in; afterwards they are where they wanted to be."""
    names = provider.names()
    ways = [
        (f"{SIGN_IN}?with={quote(name)}", "Sign in" if len(names) == 1 else f"Sign in: {name}")
        for name in names
    ]
    if signed_in:
        ways.append((LOGOUT, "Sign out"))
    links = "".join(f'<a href="{escape(where)}">{escape(label)}</a>' for where, label in ways)
    page = PAGE.replace("{words}", escape(words)).replace("{links}", links)
    answer = HTMLResponse(page, 401, {"Cache-Control": "no-store"})
    wanted = _local(asked.url.path + ("?" + asked.url.query if asked.url.query else ""))
    if wanted and wanted != "/":
        answer.set_cookie(
            RETURN, quote(wanted, safe=""), max_age=600, httponly=True, samesite="lax"
        )
    return answer


def _local(address: str) -> str:
    """An address of this server, without its host; '' for one of any other."""
    where = urlsplit(address) if address.isprintable() and "\\" not in address else None
    if where is None or where.scheme or where.netloc or not address.startswith("/"):
        return ""
    return "" if address.startswith("//") or where.path in FOR_ANYBODY else address


def _address(asked: HTTPConnection) -> str:
    """Where a request comes from: a proxy on this machine says it last. One line of IPv6 has as
    many addresses as it likes, so they are one here."""
    host = asked.client.host if asked.client else ""
    told = asked.headers.get("x-forwarded-for", "")
    if told and host in ("127.0.0.1", "::1"):
        host = told.rpartition(",")[2].strip()
    try:
        is_of_a_line = isinstance(ip_address(host), IPv6Address)
    except ValueError:
        return host
    return str(ip_network(f"{host}/64", strict=False)) if is_of_a_line else host
