"""Draws one page of a PDF in a process of its own, which may take so much memory and time: run as a script.

The file comes on standard input; the argument is the page's number, from 1. On standard output goes the picture, as
JPEG; nothing where there is none. It imports nothing of Khabar.
"""

import sys
from io import BytesIO

# Of the picture, in dots; a page of any size is drawn to fit.
WIDTH, HEIGHT = 1000, 3000
QUALITY = 85
# Seconds of a processor, and bytes of memory.
SECONDS, MEMORY = 20, 2 * 1024**3


def main() -> None:
    """Draw the page."""
    _limit()
    sys.stdout.buffer.write(drawn(sys.stdin.buffer.read(), int(sys.argv[1])))


def drawn(data: bytes, number: int) -> bytes:
    """Return a page as a picture that is at most 1,000 dots wide and 3,000 high; empty where there is no such page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if not 1 <= number <= len(document):
        return b""
    page = document[number - 1]
    width, height = page.get_size()
    picture = page.render(scale=min(WIDTH / max(width, 1.0), HEIGHT / max(height, 1.0))).to_pil().convert("RGB")
    made = BytesIO()
    picture.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def _limit() -> None:
    try:
        import resource
    except ImportError:
        # Not on Windows, where the time alone is limited, by whoever waits.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    main()
