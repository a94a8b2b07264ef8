"""The people, bodies and places that articles name, and which names are one's. Entry: `names_in`, `bearers`."""

from index.names.joining import NameForm, bearers, settled_kinds
from index.names.kinds import NameKind
from index.names.mentions import VERSION as NAMES_VERSION
from index.names.mentions import NameMention, names_in

__all__ = ["NAMES_VERSION", "NameForm", "NameKind", "NameMention", "bearers", "names_in", "settled_kinds"]
