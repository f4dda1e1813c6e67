"""
Train a byte-level BPE in CLIP's own format, on the caption wordings and common English nouns and adjectives (WordNet's).

python tools/pocket/vocab.py --table SHARDS/table.json --out tools/pocket/tok [--wordnet /usr/share/wordnet]
"""

import argparse
import json
import os
import random

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

import captions as K

PATTERN = r"""'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""
BOS, EOS = "<|startoftext|>", "<|endoftext|>"
CHECK = [
    "a photo of a cat.",
    "A zebra eating a Hot-Dog at the skateboard park, 2024!",
    "photo of a golden retriever puppy",
    "xylophonist",
]


def shell(model):
    """CLIP's normalisation and splitting around a BPE model."""
    t = Tokenizer(model)
    t.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    split = pre_tokenizers.Split(Regex(PATTERN), behavior="removed", invert=True)
    t.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    t.decoder = decoders.ByteLevel()
    return t


def words(wordnet):
    """(word, weight) of the nouns and adjectives that WordNet has counted or that have three senses."""
    for name in ("index.noun", "index.adj"):
        for line in open(f"{wordnet}/{name}", encoding="latin-1"):
            if line[0] == " ":
                continue
            p = line.split()
            word, senses, pointers = p[0], int(p[2]), int(p[3])
            tagged = int(p[4 + pointers + 1])
            if word.isalpha() and len(word) < 14 and (tagged > 0 or senses >= 3):
                yield word, 1 + min(tagged, 4)


def corpus_of(table, wordnet):
    rnd = random.Random(0)
    corpus = []
    for i, names in enumerate(table["names"]):
        for name in names:
            corpus += [name] * 40
        for _ in range(30):
            corpus.append(K.caption(table, i, rnd))
    for captions in table["captions"]:
        corpus += captions
    for word, weight in words(wordnet):
        corpus += [word] * (2 * weight)
    return corpus


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--table", required=True, help="table.json of prepare.py")
    a.add_argument("--out", required=True)
    a.add_argument("--size", type=int, default=6144)
    a.add_argument("--wordnet", default="/usr/share/wordnet", help="folder of Debian's wordnet-base")
    args = a.parse_args()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trained = shell(models.BPE(end_of_word_suffix="</w>", unk_token=EOS))
    trainer = trainers.BpeTrainer(
        vocab_size=args.size - 2,
        initial_alphabet=alphabet,
        end_of_word_suffix="</w>",
        show_progress=False,
        min_frequency=1,
    )
    trained.train_from_iterator(corpus_of(json.load(open(args.table)), args.wordnet), trainer)
    merges = [tuple(m) for m in json.loads(trained.to_str())["model"]["merges"]]

    # CLIP's order: the 256 bytes, the same at the end of a word, the merges, BOS, EOS.
    vocabulary = list(alphabet) + [c + "</w>" for c in alphabet]
    have, keep = set(vocabulary), []
    for x, y in merges:
        if len(vocabulary) >= args.size - 2:
            break
        if x in have and y in have and x + y not in have:
            vocabulary.append(x + y)
            have.add(x + y)
            keep.append((x, y))
    vocabulary += [BOS, EOS]
    ids = {w: i for i, w in enumerate(vocabulary)}
    t = shell(
        models.BPE(
            vocab=ids,
            merges=keep,
            end_of_word_suffix="</w>",
            unk_token=EOS,
            continuing_subword_prefix="",
            fuse_unk=False,
        )
    )
    t.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in (BOS, EOS)])
    t.post_processor = processors.RobertaProcessing(
        (EOS, ids[EOS]), (BOS, ids[BOS]), trim_offsets=False, add_prefix_space=False
    )

    os.makedirs(args.out, exist_ok=True)
    t.save(args.out + "/tokenizer.json")
    config = dict(
        tokenizer_class="CLIPTokenizer",
        bos_token=BOS,
        eos_token=EOS,
        pad_token=EOS,
        unk_token=EOS,
        model_max_length=32,
        do_lower_case=True,
        clean_up_tokenization_spaces=True,
    )
    json.dump(config, open(args.out + "/tokenizer_config.json", "w"), indent=1)
    print("vocabulary", len(ids), "merges", len(keep))
    for text in CHECK:
        print(t.encode(text).tokens)


if __name__ == "__main__":
    main()
