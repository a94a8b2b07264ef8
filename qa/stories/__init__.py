"""What the articles of one event say, in quotes. Entry: `StoryReader(assistant).read(id)`."""

from qa.stories.account import Dispute, FigureSeries, StoryAccount, StoryFigure, Voice
from qa.stories.reader import StoryReader

__all__ = ["Dispute", "FigureSeries", "StoryAccount", "StoryFigure", "StoryReader", "Voice"]
