"""Training what finds and reads: data drawn from questions written over news, and the models in torch."""

__all__ = ()
