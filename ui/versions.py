"""What an answer was made with, for whoever looks at it later."""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from qa.answer import Answer

if TYPE_CHECKING:
    from index import Library


def versions(library: "Library", answer: Answer) -> dict[str, str]:
    """Name Khabar's version, the encoder, the chunking, who wrote the answer, and the state of the library."""
    stats = library.stats()
    try:
        khabar = version("khabar")
    except PackageNotFoundError:
        # Run from its folder, without being installed.
        khabar = "not installed"
    return {
        "khabar": khabar,
        "encoder": stats.encoder,
        "chunking": stats.chunking,
        "writer": answer.writer,
        "generation": str(answer.generation),
    }
