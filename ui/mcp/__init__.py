"""What the page offers to programs, as tools that language models call (MCP). Entry: `add_mcp`."""

__all__ = ()
