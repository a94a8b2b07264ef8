"""A site of somebody else's on another port, whose pages embed the widget; and a visit to it by a real browser."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser, Locator, Page

from tests.support.pages import PHONE
from tests.support.patience import PATIENCE

# The widget's roots are closed; tests and axe look into them as screen readers and people do.
_OPENED = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: 'open' }); };
"""
_PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>A site</title><script src="{khabar}widget.js" defer></script></head>
<body><main><h1>A site</h1>{body}</main></body></html>"""


class EmbeddingSite:
    """Serves one page, whose `body` is what it is given last, with a policy that allows the widget and no more."""

    def __init__(self) -> None:
        self.khabar = self.body = ""
        self.lang, self.dir = "en", "ltr"
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = _PAGE.format(**{name: getattr(site, name) for name in ("khabar", "body", "lang", "dir")})
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                host = site.khabar.rstrip("/")
                policy = f"default-src 'none'; img-src data:; script-src {host}; connect-src {host}"
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.origin = f"http://localhost:{self._server.server_port}"

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class SiteVisit:
    """An open page of the site, with what its scripts said was wrong."""

    def __init__(
        self, chromium: Browser, site: EmbeddingSite, body: str, size: dict[str, int], *, lang: str = "en",
        is_dark: bool = False, is_closed: bool = False,
    ) -> None:  # fmt: skip
        site.body, site.lang, site.dir = body, lang, "rtl" if lang == "ar" else "ltr"
        self.context = chromium.new_context(
            viewport={"width": size["width"], "height": size["height"]}, has_touch=size is PHONE, locale=lang,
            color_scheme="dark" if is_dark else "light",
        )  # fmt: skip
        if not is_closed:
            self.context.add_init_script(_OPENED)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("dialog", lambda dialog: self.errors.append(f"dialog {dialog.message}"))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(f"{site.origin}/")

    @property
    def box(self) -> Locator:
        """The question box."""
        return self.page.locator("khabar-ask textarea")

    def ask(self, question: str) -> Locator:
        """Ask, and return where the answer comes."""
        asked = self.page.locator("khabar-ask article").count()
        self.box.fill(question)
        self.box.press("Enter")
        return self.page.locator("khabar-ask article").nth(asked)

    def close(self) -> None:
        """No script failed, and nothing is left in the browser."""
        assert self.errors == [], self.errors
        assert self.context.cookies() == []
        assert self.page.evaluate("localStorage.length + sessionStorage.length") == 0
        self.context.close()
