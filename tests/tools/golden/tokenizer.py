"""Tokenizer goldens: text → ids as Hugging Face's CLIPTokenizer gives them, cut to the context length with EOS kept."""

import gzip
import hashlib
import json
from pathlib import Path

from tokenizers import Tokenizer
from transformers import AutoTokenizer, CLIPTokenizer, PreTrainedTokenizerFast

from .store import write_json
from .texts import awkward

BOS, EOS = "<|startoftext|>", "<|endoftext|>"
OPENAI_SHA256 = "924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a"


def cases(tokenizer, context: int, texts: list[tuple[str, str]]) -> list[dict]:
    """[{group, text, ids, cut}]: `ids` with BOS and EOS, at most `context` of them; `cut`: the text was longer."""
    out = []
    for group, text in texts:
        ids = tokenizer(text, truncation=True, max_length=context)["input_ids"]
        whole = tokenizer(text)["input_ids"]
        assert len(ids) <= context and ids[0] == tokenizer.bos_token_id and ids[-1] == tokenizer.eos_token_id, text
        out.append({"group": group, "text": text, "ids": ids, "cut": len(whole) > context})
    return out


def make_small(folder: Path) -> None:
    """tokenizer/small.json: the texts in the vocabulary of models/gelu-p14, whose BOS and EOS are ids 0 and 1."""
    source = folder / "models" / "gelu-p14"
    context = json.loads((source / "config.json").read_text())["text_config"]["max_position_embeddings"]
    backend = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, bos_token=BOS, eos_token=EOS)
    made = cases(tokenizer, context, awkward(context))
    write_json(folder / "tokenizer" / "small.json", {"context": context, "bos": BOS, "eos": EOS, "cases": made})


def make_pocket(folder: Path, pocket: Path) -> None:
    """tokenizer/pocket.json, for the tokenizer.json in `pocket`."""
    context = json.loads((pocket / "config.json").read_text())["text_config"]["max_position_embeddings"]
    tokenizer = AutoTokenizer.from_pretrained(pocket)
    raw = Tokenizer.from_file(str(pocket / "tokenizer.json"))
    made = cases(tokenizer, context, awkward(context))
    # transformers rebuilds the tokenizer from its parts; the file itself must say the same.
    for case in made:
        ids = raw.encode(case["text"]).ids
        ids = ids if len(ids) <= context else ids[: context - 1] + ids[-1:]
        assert ids == case["ids"], f"tokenizer.json and transformers differ on {case['text']!r}"
    write_json(folder / "tokenizer" / "pocket.json", {"context": context, "bos": BOS, "eos": EOS, "cases": made})


def openai_tokenizer(vocabulary: Path) -> CLIPTokenizer:
    """The tokenizer of the published CLIP models, from OpenAI's bpe_simple_vocab_16e6.txt.gz."""
    if hashlib.sha256(vocabulary.read_bytes()).hexdigest() != OPENAI_SHA256:
        raise SystemExit(f"{vocabulary} is not OpenAI's vocabulary: its SHA-256 differs")
    lines = gzip.open(vocabulary, "rt", encoding="utf-8").read().split("\n")
    merges = [tuple(line.split()) for line in lines[1 : 49152 - 256 - 2 + 1]]
    # OpenAI's bytes_to_unicode: the printable bytes in their own order first, then the others.
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    alphabet = [chr(b) for b in printable] + [chr(256 + i) for i in range(256 - len(printable))]
    words = alphabet + [c + "</w>" for c in alphabet] + ["".join(m) for m in merges] + [BOS, EOS]
    return CLIPTokenizer(vocab={w: i for i, w in enumerate(words)}, merges=merges, model_max_length=77)


def make_openai(folder: Path, vocabulary: Path, save_to: Path | None) -> None:
    """tokenizer/openai.json: the same texts in the published vocabulary, which itself stays out of the repository."""
    tokenizer = openai_tokenizer(vocabulary)
    assert tokenizer("a photo of a cat")["input_ids"] == [49406, 320, 1125, 539, 320, 2368, 49407]
    write_json(
        folder / "tokenizer" / "openai.json",
        {"context": 77, "bos": BOS, "eos": EOS, "cases": cases(tokenizer, 77, awkward(77))},
    )
    if save_to:
        save_to.mkdir(parents=True, exist_ok=True)
        tokenizer.backend_tokenizer.save(str(save_to / "tokenizer.json"))


def synthetic(merges_wanted: int, special_first: bool, seed: int) -> Tokenizer:
    """
    A small tokenizer of CLIP's kind: the 512 byte symbols, some merges, BOS and EOS.

    special_first: BOS and EOS are ids 0 and 1 instead of the two last, so that pooling at the largest id
    (what a config with `eos_token_id` 2 asks for) and pooling at EOS give different answers.
    """
    corpus = ["a photo of a cat", "a picture of the dog", "one small red car", "two birds and a tree", "it's a photo"]
    alphabet = sorted(byte_alphabet())
    merges: list[tuple[str, str]] = []
    words = [w for line in corpus[seed % 2 :] for w in line.split()]
    split = [[*w[:-1], w[-1] + "</w>"] for w in words]
    while len(merges) < merges_wanted:
        counts: dict[tuple[str, str], int] = {}
        for w in split:
            for pair in zip(w, w[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        if not counts:
            break
        best = min(counts, key=lambda p: (-counts[p], p))
        merges.append(best)
        split = [merged(w, best) for w in split]
    ordered = alphabet + [c + "</w>" for c in alphabet] + ["".join(m) for m in merges]
    ordered = [BOS, EOS] + ordered if special_first else ordered + [BOS, EOS]
    pieces = {w: i for i, w in enumerate(dict.fromkeys(ordered))}
    return CLIPTokenizer(vocab=pieces, merges=merges).backend_tokenizer


def byte_alphabet() -> list[str]:
    """The 256 symbols that stand for bytes."""
    from tokenizers.pre_tokenizers import ByteLevel

    return ByteLevel.alphabet()


def merged(word: list[str], pair: tuple[str, str]) -> list[str]:
    out: list[str] = []
    i = 0
    while i < len(word):
        if tuple(word[i : i + 2]) == pair:
            out.append("".join(pair))
            i += 2
        else:
            out.append(word[i])
            i += 1
    return out
