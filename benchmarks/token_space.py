"""Fit the space that token vectors are compared in, and write `index/encoding/token_space.npz`.

    python -m benchmarks.token_space [--data ../shared]

Token vectors of one language lie closer together than those that say the same in two. The difference lies almost
wholly between the languages' means (Yang et al. 2021, "A simple and effective method to eliminate the self language
bias in multilingual representations"): the directions in which the means of XQuAD's twelve languages differ are
taken out, and of what is left the principal ones are kept. No question and no answer is looked at.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.reader_data import XQUAD_LANGUAGES
from index.encoding.encoder import default_cache
from index.encoding.openvino_encoder import OpenVinoEncoder
from index.encoding.token_space import DIMENSIONS, FILE, TokenSpace
from qa.evaluation.gold import read_squad

# Every other paragraph: their tokens are many times more than there are directions to find.
STEP = 2


def fit(languages: list[NDArray[np.float32]], dimensions: int) -> TokenSpace:
    """Fit the space to the token vectors (t, d) of each language; every language counts the same."""
    means = np.stack([vectors.mean(axis=0) for vectors in languages])
    mean = means.mean(axis=0)
    _, strength, directions = np.linalg.svd(means - mean, full_matrices=False)
    apart = directions[strength > 1e-6]
    rest = np.eye(len(mean)) - apart.T @ apart
    spread = sum(((centred := (vectors - mean) @ rest).T @ centred) / len(vectors) for vectors in languages)
    _, principal = np.linalg.eigh(spread)
    return TokenSpace(mean.astype(np.float32), principal[:, ::-1][:, :dimensions].astype(np.float32))


def main() -> None:
    """Encode, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    options = parser.parse_args()
    whole = TokenSpace(np.zeros(384, np.float32), np.eye(384, dtype=np.float32))
    encoder = OpenVinoEncoder(default_cache(), space=whole)
    languages: list[NDArray[np.float32]] = []
    for language in XQUAD_LANGUAGES:
        articles = read_squad(options.data / "eval" / f"xquad.{language}.dev.json").articles[::STEP]
        languages.append(
            np.concatenate([item.tokens.vectors for item in encoder.encode_passages([a.text for a in articles])])
        )
        print(language, len(languages[-1]), flush=True)
    fit(languages, DIMENSIONS).save(Path(__file__).resolve().parents[1] / "index" / FILE)


if __name__ == "__main__":
    main()
