"""The page that asks who is there, before anything else is shown: plain HTML that runs no script. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from index.languages.messages import Messages
from ui.views.markup import NOTHING, element, text

# A form that was sent by this page says so by this field, and where to go on.
GO_ON = "go_on"
_LOOKS = """
:root { color-scheme: light dark; --line: #cbd5e1; --soft: #475569; --main: #0f766e; --bad: #b91c1c; --back: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --line: #475569; --soft: #cbd5e1; --main: #0f766e; --bad: #fca5a5; --back: #1e293b; }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; line-height: 1.6;
  font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans Arabic", sans-serif; }
main { box-sizing: border-box; width: min(24rem, 100vw); padding: 1.5rem; display: grid; gap: 1rem; }
h1 { font-size: 1.35rem; margin: 0; }
form { display: grid; gap: 1rem; }
label { display: grid; gap: .25rem; color: var(--soft); font-size: .9rem; }
input, button, .way { font: inherit; padding: .5rem .75rem; border-radius: .5rem; border: 1px solid var(--line); }
input { color: inherit; background: var(--back); }
button, .way { cursor: pointer; text-align: center; text-decoration: none; }
button { color: #fff; background: var(--main); border-color: var(--main); }
.way { color: inherit; }
[role=alert] { margin: 0; color: var(--bad); }
"""


@dataclass(frozen=True, slots=True)
class OtherWay:
    """Another way in than a password: the `name` of who knows people there, and the `path` that it begins at."""

    name: str
    path: str


def sign_in_html(
    words: Messages, *, go_on: str, problem: str = "", name: str = "", passwords: bool = True,
    ways: Sequence[tuple[str, str]] = (),
) -> str:  # fmt: skip
    """Return the page: a form for a name and a password where there are any, and a link for each other way.

    `go_on` is what comes after the page's "?" for who is in; a way is the name of who is asked there, and its address.
    """
    title = words.say("sign_in.title")
    told = element("p", problem, role="alert") if problem else NOTHING
    form = _form(words, go_on, name) if passwords else NOTHING
    links = [element("a", words.say("sign_in.with", name=way), class_="way", href=at) for way, at in ways]
    head = (
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width">')
        + element("title", f"{title} · Khabar")
        + Markup(f"<style>{_LOOKS}</style>")
    )
    body = element("main", element("h1", "Khabar"), told, form, *links)
    page = element("html", element("head", head), element("body", body), lang=words.language, dir=words.direction)
    return "<!doctype html>" + str(page)


def _form(words: Messages, go_on: str, name: str) -> Markup:
    # Who has typed a name already goes on with the password.
    typed = _field(
        words.say("sign_in.name"), name="username", value=name, autocomplete="username", autofocus=not name,
        dir="auto", autocapitalize="none", spellcheck="false",
    )  # fmt: skip
    secret = _field(
        words.say("sign_in.password"), type="password", name="password", autocomplete="current-password",
        autofocus=bool(name), dir="ltr",
    )  # fmt: skip
    sent = element("button", words.say("sign_in.enter"), type="submit")
    place = _input(type="hidden", name=GO_ON, value=go_on)
    return element("form", typed, secret, sent, place, method="post", action="/login")


def _field(label: str, **attributes: str | bool) -> Markup:
    return element("label", text(label), _input(required=True, **attributes))


def _input(**attributes: str | bool) -> Markup:
    # An element that has no end.
    return Markup(str(element("input", **attributes)).removesuffix("</input>"))
