"""What a library keeps of the models that answer from it. Entry: `ModelUseTable`."""

from index.store.models.use import ModelUseTable

__all__ = ["ModelUseTable"]
