"""The golden files of the captioners: small BLIPs of random weights, and what Hugging Face's `generate` says with them.

    python tests/tools/make_blip.py                  # write tests/golden/blip/
    python tests/tools/make_blip.py --check          # make them anew and compare
    python tests/tools/make_blip.py --full FOLDER    # a BLIP of the published base size, outside the repository; then
        SEMBLANCE_BLIP_FULL=FOLDER cargo test --release --test blip_full -- --ignored

With the versions in requirements.txt. `caption` is a BlipForConditionalGeneration whose decoder shares its table with
its output, as the published ones do, and is narrower than its image tower, as the large one's is. `vqa` is a
BlipForQuestionAnswering with an output of its own and a tokenizer that knows neither [DEC] nor [ENC].
"""

import argparse
import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BlipConfig,
    BlipForConditionalGeneration,
    BlipForQuestionAnswering,
    BlipProcessor,
    PreTrainedTokenizerFast,
)
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

# That the length is `generate`'s own is what is wanted.
warnings.filterwarnings("ignore", message="Using the model-agnostic default")
# Sums have one order, whatever the machine.
torch.set_num_threads(1)

GOLDEN = Path(__file__).parents[1] / "golden" / "blip"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PAD, UNK, CLS, SEP, MASK = range(5)
WORDS = """a an the of on in at with and is are two three dog cat bird man woman child horse car boat tree house street
beach field table chair red green blue white black small large old young sitting standing running holding playing eating
water snow grass sky picture photo what color how many where who doing animal it this that do does there it's don 's t
0 1 2 3 4 5 yes no ##s ##ing ##ed ##er ##ly ##n ##e ##a ##t ##o ##i ##r . , ? ! ' -
b c d e f g h i j k l m n o p q r s u v w x y z
""".split()
PROMPT = "a picture of"
QUESTIONS = ["What color is the dog?", "how many birds are there", "Where is it, on the beach?", "who's doing what?"]
TEXTS = [
    "a picture of",
    "A Dog, two cats!",
    "isn't it the woman's car?",
    "unbekannt Grüße don't",
    "café résumé naïve",
    "狗 on the 街",
    "  spaces\tand\nlines  ",
    "[SEP] a [MASK] dog [DEC]",
    "x" * 120 + " ok",
    "",
    "e-mail, 3.5 (red) ...",
    "\u0000a\ufffdb\u200bc",
]
# New tokens: what `generate` gives when it is asked for nothing, and more.
LENGTHS = [20, 32]


def tokenizer(added):
    """BERT's uncased tokenizer over a few words."""
    vocabulary = {token: i for i, token in enumerate(SPECIAL + list(dict.fromkeys(WORDS)))}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece(prefix="##")
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)]
    )
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), SPECIAL))
    fast = PreTrainedTokenizerFast(tokenizer_object=backend, **names)
    if added:
        fast.add_special_tokens({"additional_special_tokens": ["[DEC]", "[ENC]"]})
    return fast, len(vocabulary)


def pictures():
    """Four that look nothing like each other, none of them square, one with sharp edges."""
    draw = np.random.default_rng(7)
    y, x = np.mgrid[0:45, 0:70]
    waves = np.stack([128 + 100 * np.sin(x / 9), 128 + 100 * np.cos(y / 7), (3 * x + y) % 256], -1)
    board = np.where(((x[:40, :28] // 5 + y[:40, :28] // 5) % 2)[..., None], [230, 40, 20], [10, 60, 200])
    noise = draw.integers(0, 256, (33, 51, 3))
    blobs = np.full((60, 37, 3), 90) + 120 * (((x[:37, :60].T - 18) ** 2 + (y[:37, :60].T - 20) ** 2 < 150)[..., None])
    named = {"waves": waves, "board": board, "noise": noise, "blobs": blobs}
    return {name: Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)) for name, pixels in named.items()}


def squares(images, side):
    """The same as the model sees them, so that texts don't hang on how a half was rounded when they were resized."""
    return {f"{name}-{side}": picture.resize((side, side), Image.BICUBIC) for name, picture in images.items()}


def config(kind, words):
    vision = dict(hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=3)
    text = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2)
    if kind == "vqa":
        vision |= dict(hidden_size=32, intermediate_size=64, num_attention_heads=2)
        text |= dict(num_attention_heads=4)
    text |= dict(vocab_size=words + 2, max_position_embeddings=64)
    text |= dict(bos_token_id=words, sep_token_id=SEP, pad_token_id=PAD)
    vision |= dict(image_size=32, patch_size=8)
    return BlipConfig(
        text_config=text | dict(tie_word_embeddings=kind == "caption"),
        vision_config=vision,
        tie_word_embeddings=kind == "caption",
    )


def draw(model, seed, spread):
    """Weights whose texts are not one word over and over. `spread`: how far apart the logits are. The deeper a model is,
    the less each layer says, lest nothing be left of the tokens."""
    gain = (2 / model.config.text_config.num_hidden_layers) ** 0.5
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in sorted(model.named_parameters()):
        normal = torch.randn(tensor.shape, generator=generator)
        if name.endswith(("predictions.bias", "predictions.decoder.bias")):
            normal = 0.5 * normal
            for token in [PAD, UNK, CLS, MASK, tensor.numel() - 2, tensor.numel() - 1]:
                normal[token] = -30.0
            normal[SEP] = 3.5
        elif name.endswith(("predictions.decoder.weight", "text_decoder.bert.embeddings.word_embeddings.weight")):
            normal = spread * normal / tensor.shape[1] ** 0.5
        elif tensor.dim() == 1 and name.endswith("weight"):
            normal = 1 + 0.2 * normal
        elif tensor.dim() == 1:
            normal = 0.1 * normal
        elif "embedding" in name:
            normal = normal if "patch" not in name else normal / tensor[0].numel() ** 0.5
        elif "crossattention.output" in name:
            normal = gain * 0.8 * normal / tensor.shape[1] ** 0.5
        elif "query" in name or "key" in name:
            normal = 2.0 * normal / tensor.shape[1] ** 0.5
        else:
            normal = gain * 1.5 * normal / tensor.shape[1] ** 0.5
        tensor.data.copy_(normal)


def generate(model, processor, picture, text, beams, length):
    """One line of golden.json: all beams, best first, as `generate` has them."""
    inputs = processor(images=picture, text=text, return_tensors="pt")
    length = {} if length == LENGTHS[0] else {"max_new_tokens": length}
    found = model.generate(
        **inputs,
        **length,
        num_beams=beams,
        num_return_sequences=beams,
        do_sample=False,
        return_dict_in_generate=True,
        output_scores=True,
    )
    if beams == 1:
        chosen = model.text_decoder.compute_transition_scores(found.sequences, found.scores, normalize_logits=True)
        scores = [chosen[0].sum().item() / chosen.shape[1]]
    else:
        scores = found.sequences_scores.tolist()
    rows = []
    for ids, score in zip(found.sequences.tolist(), scores):
        # What is shorter than the longest beam is filled up.
        if SEP in ids:
            ids = ids[: ids.index(SEP) + 1]
        rows.append({"ids": ids, "text": processor.decode(ids, skip_special_tokens=True), "score": score})
    return rows


def golden(model, processor, kind, images, lengths=LENGTHS, steps=None):
    """What the model says, as golden.json and tensors; of so many steps the logits."""
    asked = QUESTIONS if kind == "vqa" else [None, PROMPT]
    cases, tensors = [], {}
    for name, picture in images.items():
        for at, text in enumerate(asked):
            for beams in [1, 3]:
                for length in lengths:
                    rows = generate(model, processor, picture, text, beams, length)
                    cases.append(
                        {"picture": name, "text": text, "beams": beams, "length": length, "sequences": rows}
                    )
            # Every step's logits along the greedy text.
            inputs = processor(images=picture, text=text, return_tensors="pt")
            ids = torch.tensor([cases[-2 * len(lengths)]["sequences"][0]["ids"]])
            with torch.inference_mode():
                seen = model.vision_model(inputs["pixel_values"])[0]
                tensors[f"{name}.image"] = seen[0].numpy()
                if kind == "vqa":
                    seen = model.text_encoder(input_ids=inputs["input_ids"], encoder_hidden_states=seen)[0]
                    tensors[f"{name}.{at}.question"] = seen[0].numpy()
                logits = model.text_decoder(input_ids=ids, encoder_hidden_states=seen).logits[0]
            tensors[f"{name}.{at}.logits"] = np.ascontiguousarray(logits[:steps].numpy())
    texts = [{"text": text, "ids": processor.tokenizer(text)["input_ids"]} for text in TEXTS]
    for line in texts:
        for skip in [True, False]:
            decoded = processor.decode(line["ids"], skip_special_tokens=skip)
            line["plain" if skip else "whole"] = decoded
    return {"kind": kind, "asked": asked, "cases": cases, "texts": texts}, tensors


def is_telling(found):
    """Whether the texts are worth comparing: of many tokens, some ended by [SEP], and beams that find another one."""
    tokens, ended, other = set(), 0, 0
    best = {}
    for case in found["cases"]:
        ids = case["sequences"][0]["ids"]
        tokens.update(ids)
        ended += ids[-1] == SEP
        best[case["picture"], case["text"], case["length"], case["beams"]] = ids
    for (picture, text, length, beams), ids in best.items():
        other += beams == 3 and ids != best[picture, text, length, 1]
    cases = len(found["cases"])
    return len(tokens) >= 20 and cases / 8 <= ended <= cases * 7 / 8 and other >= cases / 8


CLASSES = {"caption": BlipForConditionalGeneration, "vqa": BlipForQuestionAnswering}


def prepared(processor, images):
    """What resizing makes of pictures that are not as the model sees them."""
    pixels = lambda picture: processor(images=picture, return_tensors="pt")["pixel_values"][0].numpy()
    return {f"{name}.pixels": pixels(picture) for name, picture in images.items()}


def make(kind, images, folder, seeds, spread):
    """A model's folder, from the first of these seeds that gives telling texts."""
    fast, words = tokenizer(kind == "caption")
    sides = {"height": 32, "width": 32}
    processor = BlipProcessor(BlipImageProcessorPil(size=sides), fast)
    model = CLASSES[kind](config(kind, words)).eval()
    seen = squares(images, 32)
    for seed in seeds:
        draw(model, seed, spread)
        # Of the short texts first, which say soon that a seed is no good.
        if is_telling(golden(model, processor, kind, seen, LENGTHS[:1])[0]):
            found, tensors = golden(model, processor, kind, seen)
            if is_telling(found):
                break
    else:
        raise SystemExit(f"{kind}: no seed of {seeds} gives texts that are worth comparing")
    print(f"{kind}: seed {seed}")
    save(model, processor, folder, found, tensors | prepared(processor, images))


def save(model, processor, folder, found, tensors):
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    processor.image_processor.save_pretrained(folder)
    # transformers names the processor after the one that ran; published files name the first.
    file = folder / "preprocessor_config.json"
    fields = json.loads(file.read_text()) | {"image_processor_type": "BlipImageProcessor"}
    file.write_text(json.dumps(fields, indent=2) + "\n")
    processor.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "golden.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    save_file(tensors, folder / "golden.safetensors")


def make_all(folder):
    images = pictures()
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    for name, picture in (images | squares(images, 32)).items():
        picture.save(folder / "pictures" / f"{name}.png")
    make("caption", images, folder / "caption", range(1, 60), 4.0)
    make("vqa", images, folder / "vqa", range(1, 60), 4.0)


def make_full(folder):
    """Of the published base size, with random weights: 0.9 GB."""
    fast, words = tokenizer(True)
    processor = BlipProcessor(BlipImageProcessorPil(), fast)
    text = dict(num_attention_heads=12, bos_token_id=words, sep_token_id=SEP, pad_token_id=PAD)
    model = CLASSES["caption"](BlipConfig(text_config=text, vision_config={})).eval()
    draw(model, 1, 3.0)
    # What the tokenizer does not know can't be said.
    model.text_decoder.cls.predictions.bias.data[words:] = -30.0
    images = dict(list(pictures().items())[:2])
    seen = squares(images, 384)
    found, tensors = golden(model, processor, "caption", seen, LENGTHS[:1], 3)
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in (images | seen).items():
        picture.save(folder / f"{name}.png")
    save(model, processor, folder, found, tensors | prepared(processor, images))
    for case in found["cases"]:
        print(case["picture"], case["text"], case["beams"], case["sequences"][0])


def compare(made, kept):
    """Errors: a file differs; numbers may by 2e-5."""
    names = {str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()}
    # What is packed, `semblance-pack` has made of these.
    there = {str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file() and path.suffix != ".gguf"}
    assert names == there, "other files"
    for name in sorted(names):
        if name.endswith("golden.safetensors"):
            a, b = load_file(made / name), load_file(kept / name)
            assert a.keys() == b.keys(), f"{name}: other tensors"
            most = max(np.abs(a[key] - b[key]).max() for key in a)
            assert most <= 2e-5, f"{name}: {most}"
        elif name.endswith("golden.json"):
            a, b = (json.loads((folder / name).read_text()) for folder in [made, kept])
            for case in a["cases"] + b["cases"]:
                for row in case["sequences"]:
                    row["score"] = round(row["score"], 4)
            assert a == b, name
        else:
            assert (made / name).read_bytes() == (kept / name).read_bytes(), name


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare with what lies there")
    arguments.add_argument("--full", type=Path, help="write a model of the published size into this folder")
    options = arguments.parse_args()
    if options.full:
        make_full(options.full)
    elif options.check:
        with tempfile.TemporaryDirectory() as made:
            make_all(Path(made))
            compare(Path(made), GOLDEN)
    else:
        make_all(GOLDEN)
