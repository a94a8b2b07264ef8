"""Which endpoints there are, who may call them, and how Gradio offers them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from index.errors import KhabarError
from index.store.access.roles import AccessGrant
from qa.stories import StoryReader
from ui.page.api.addresses import WebEndpoints
from ui.page.api.asking import AskingEndpoints
from ui.page.api.editing import EditingEndpoints
from ui.page.api.reading import ReadingEndpoints
from ui.page.queueing.queue import QUESTIONS, caller_waits
from ui.page.sessions import Permissions

if TYPE_CHECKING:
    from index.web import Web
    from qa.assistant import Assistant


class EndpointBlocks(gr.Blocks):
    """Gradio blocks whose endpoints take what they took before they had an argument more."""

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        """Fill in the last values, which an older program does not send, where they have defaults."""
        if block_fn.api_visibility == "public":
            missing = [*inspect.signature(block_fn.fn).parameters.values()][len(inputs) :]
            inputs += [one.default for one in missing] if all(one.default is not one.empty for one in missing) else []
        super().validate_inputs(block_fn, inputs)


class EndpointKind(Enum):
    """What a function does: ask the models, in the queue of questions; read what is stored; what editors may.

    `FOLLOWS` is for those who may change all of the library, not collections alone.
    """

    ASKS = "asks"
    READS = "reads"
    EDITS = "edits"
    FOLLOWS = "follows"

    @property
    def is_change(self) -> bool:
        """Tell whether it is for editors."""
        return self in (EndpointKind.EDITS, EndpointKind.FOLLOWS)

    def check(self, role: AccessGrant) -> None:
        """Raise `AccessError` where somebody may not call such a function."""
        if self is EndpointKind.FOLLOWS:
            role.check_may_edit_everything()
        elif self is EndpointKind.EDITS:
            role.check_may_edit()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A function that programs may call by its name; everything goes in and comes out as JSON."""

    function: Callable[..., Any]
    kind: EndpointKind

    @property
    def name(self) -> str:
        """What it is called by."""
        return str(self.function.__name__)


def endpoints(
    assistant: "Assistant", stories: StoryReader, web: "Web", waits: Callable[[], Callable[[], bool]] = caller_waits
) -> list[Endpoint]:
    """Return what programs may call; `translate` is among it where there is a chat model, `stories` tells stories.

    `waits`, asked inside a call, returns what tells from then on whether whoever called still waits.
    """
    asking, reading = AskingEndpoints(assistant, stories, waits), ReadingEndpoints(assistant.library)
    editing, addresses = EditingEndpoints(assistant.library), WebEndpoints(web)
    kinds: dict[EndpointKind, list[Callable[..., Any]]] = {
        EndpointKind.ASKS: [asking.ask, asking.search, asking.story],
        EndpointKind.READS: [
            *(reading.articles, reading.article, reading.stories, reading.names, reading.mentions, reading.said)
        ],
        EndpointKind.EDITS: [editing.add, editing.remove],
        EndpointKind.FOLLOWS: [
            *(addresses.add_address, addresses.follow, addresses.pause, addresses.unfollow, addresses.feeds)
        ],
    }
    offered = [Endpoint(function, kind) for kind, functions in kinds.items() for function in functions]
    return [*offered, *([Endpoint(asking.translate, EndpointKind.ASKS)] if assistant.can_translate else [])]


def offer(assistant: "Assistant", stories: StoryReader, web: "Web", permissions: Permissions) -> None:
    """Add the endpoints to the blocks that are being laid out; those that edit are for whoever may."""
    for endpoint in endpoints(assistant, stories, web):
        function = _telling(endpoint.function)
        if endpoint.kind is EndpointKind.ASKS:
            api(function, api_name=endpoint.name, concurrency_id=QUESTIONS)
        else:
            if endpoint.kind.is_change:
                function = permissions.editing(function, check=endpoint.kind.check)
            api(function, api_name=endpoint.name)


def _telling(function: Callable[..., Any]) -> Callable[..., Any]:
    """Have the caller told in words what was wrong with a call."""

    @wraps(function)
    def call(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except KhabarError as error:
            # Gradio hands its own kind of error on to the caller, and no other.
            raise gr.Error(str(error), print_exception=False) from error

    # Without the object that the function is of.
    call.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    return call
