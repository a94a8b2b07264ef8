"""The tools: what each takes, who may call it, and how a call waits for its turn."""

import asyncio
import inspect
from collections.abc import Callable, Generator, Mapping
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, validate_call
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from index.errors import AccessError, QueryError
from index.store.access.actors import acting
from index.store.access.roles import AccessGrant
from ui.page.api.endpoints import Endpoint, EndpointKind, endpoints
from ui.rest.calls import Call, gone, last_of
from ui.rest.editing import Editing

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from ui.page.app import Page

_LONGEST_NAME = 100
# Whether whoever called still waits, for the call that a thread works on.
_is_wanted: ContextVar[Callable[[], bool]] = ContextVar("is_wanted")


class Tool:
    """An endpoint that says what it takes, and takes nothing else."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = endpoint.name
        self.kind = endpoint.kind
        self._function = endpoint.function
        self._checked = validate_call(endpoint.function)

    @property
    def description(self) -> str:
        """What it does."""
        return (inspect.getdoc(self._function) or "").partition("\n")[0]

    @cached_property
    def takes(self) -> dict[str, Any]:
        """What it takes, as a JSON schema."""
        function: Any = self._function
        return TypeAdapter(function).json_schema()

    def may_be_called_by(self, role: AccessGrant) -> bool:
        """Tell whether somebody may call it who has a role."""
        try:
            self.kind.check(role)
        except AccessError:
            return False
        return True

    def run(self, arguments: Mapping[str, Any]) -> Any:
        """Do it; raises pydantic's `ValidationError` for arguments that are not as they have to be."""
        return self._checked(**arguments)


class Tools:
    """Every tool; those that ask wait among the page's questions, those of one kind of change for one another."""

    def __init__(self, assistant: "Assistant", page: "Page", ending: asyncio.Event) -> None:
        offered = endpoints(assistant, page.stories, page.web, _is_wanted.get)
        self._tools = {endpoint.name: Tool(endpoint) for endpoint in offered}
        # Each kind for itself: to withdraw an article need not wait for another's feed to be fetched.
        self._editing = {name: Editing(assistant.library) for name in self._tools}
        self._queue = page.questions
        self._ending = ending

    def of(self, role: AccessGrant) -> list[Tool]:
        """Return the tools that somebody may call who has a role."""
        return [tool for tool in self._tools.values() if tool.may_be_called_by(role)]

    async def call(self, name: str, arguments: Mapping[str, Any], request: Request) -> Any:
        """Do what a tool does once it is its turn, for whoever sent a request that the gate let in.

        Raises `QueryError` for a tool that is none, `AccessError` for one that is not for the caller, what `Tool.run`
        raises, and `HTTPException` where too many changes wait.
        """
        tool = self._tools.get(name)
        if tool is None:
            raise QueryError(f"There is no tool {name[:_LONGEST_NAME]!r}. Call one of those that are listed.")
        # Said anew: who speaks the protocol decides what a call is made in.
        with acting(request.state.actor):
            return await self._call(tool, arguments, request)

    async def _call(self, tool: Tool, arguments: Mapping[str, Any], request: Request) -> Any:
        if tool.kind.is_change:
            tool.kind.check(request.state.actor.role)
            return await self._editing[tool.name].alone(lambda: tool.run(arguments))
        if tool.kind is EndpointKind.READS:
            return await run_in_threadpool(tool.run, arguments)

        def steps(is_wanted: Callable[[], bool]) -> Generator[Any]:
            _is_wanted.set(is_wanted)
            yield tool.run(arguments)

        return await last_of(Call(self._queue, request.state.asker, steps), self._ending, gone(request))
