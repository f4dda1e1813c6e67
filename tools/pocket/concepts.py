"""Concept table: what each image set's class is called, what it is a kind of, and how it may be worded."""

import os
import re

WN = os.environ.get("WORDNET", "/usr/share/wordnet")

# super-category -> (parents, WordNet lemma, sense number or None, other wordings)
S = {}


def sup(name, parents="", wn=None, sense=1, alt=""):
    S[name] = dict(
        parents=[p for p in parents.split(",") if p],
        wn=wn or name.replace(" ", "_"),
        sense=sense,
        alt=[a for a in alt.split(",") if a],
    )


sup("animal", alt="creature")
sup("mammal", "animal")
sup("bird", "animal")
sup("fish", "animal")
sup("reptile", "animal")
sup("amphibian", "animal", sense=3)
sup("insect", "animal", alt="bug")
sup("spider", "animal", alt="arachnid")
sup("crustacean", "animal", alt="shellfish")
sup("dog", "mammal", alt="domestic dog,puppy,canine")
sup("cat", "mammal", alt="domestic cat,kitty,house cat,feline")
sup("big cat", "mammal", alt="wild cat,large feline")
sup("monkey", "mammal")
sup("ape", "mammal")
sup("bear", "mammal")
sup("snake", "reptile")
sup("lizard", "reptile")
sup("turtle", "reptile", sense=2, alt="tortoise")
sup("frog", "amphibian", alt="toad")
sup("salamander", "amphibian")
sup("butterfly", "insect")
sup("beetle", "insect")
sup("shark", "fish")
sup("dinosaur", "reptile")
sup("sheep", "mammal")
sup("antelope", "mammal")
sup("marine animal", "animal", wn="zz", alt="sea creature")
sup("whale", "mammal", sense=2)
sup("vehicle", alt="means of transport")
sup("car", "vehicle", alt="automobile,auto,motorcar")
sup("truck", "vehicle", alt="lorry,motortruck")
sup("bus", "vehicle", alt="autobus,coach,motorbus")
sup("train", "vehicle", alt="railroad train,locomotive")
sup("bicycle", "vehicle", alt="bike,cycle")
sup("motorcycle", "vehicle", alt="motorbike")
sup("aircraft", "vehicle")
sup("airplane", "aircraft", alt="aeroplane,plane,jet")
sup("boat", "vehicle", alt="watercraft")
sup("ship", "vehicle", alt="vessel")
sup("sailboat", "boat", alt="sailing boat")
sup("food", alt="something to eat", sense=2)
sup("fruit", "food,plant part", wn="edible_fruit")
sup("vegetable", "food")
sup("dessert", "food", alt="sweet")
sup("drink", "food", wn="beverage", alt="beverage")
sup("dish", "food", sense=2, alt="meal")
sup("plant part", wn="zz")
sup("plant", sense=2)
sup("flower", "plant", alt="blossom")
sup("tree", "plant")
sup("dairy product", "food", wn="dairy_product")
sup("building", alt="edifice,architecture", wn="building")
sup("structure", alt="construction")
sup("furniture", wn="furniture", alt="piece of furniture")
sup("chair", "furniture,seat")
sup("seat", "furniture", sense=3)
sup("table", "furniture", sense=2)
sup("clothing", wn="clothing", alt="garment,clothes")
sup("footwear", "clothing", sense=2)
sup("hat", "clothing", alt="headgear")
sup("shirt", "clothing")
sup("musical instrument", wn="musical_instrument", alt="instrument")
sup("device", alt="gadget")
sup("electronic device", "device", wn="electronic_equipment", alt="electronics")
sup("tool", sense=1)
sup("container")
sup("kitchenware", wn="kitchen_utensil", alt="kitchen utensil")
sup("weapon")
sup("toy", sense=1, alt="plaything")
sup("sports equipment", wn="sports_equipment")
sup("ball", "sports equipment")
sup("lamp", sense=1)
sup("timepiece", "device", alt="clock")
sup("person", alt="human")
sup("landscape", wn="geological_formation", alt="outdoor scene,nature,scenery")
sup("room", alt="indoor scene,interior")
sup("cartoon", alt="cartoon character,drawing")
sup("sign")

EVAL_SUPER = [
    "animal",
    "vehicle",
    "food",
    "plant",
    "building",
    "clothing",
    "furniture",
    "musical instrument",
    "landscape",
    "room",
    "person",
    "tool",
]


def P(txt):
    out = {}
    for l in txt.strip().split("\n"):
        k, v = l.split(":")
        n, p = (v.split("|") + [""])[:2]
        out[k.strip()] = ([x.strip() for x in n.split(",")], [x.strip() for x in p.split(",") if x.strip()])
    return out


CIFAR10 = P("""airplane: airplane
automobile: car
bird: bird
cat: cat
deer: deer|mammal
dog: dog
frog: frog
horse: horse,pony|mammal
ship: ship
truck: truck""")
HCAP = P("""airplane: airplane
airplane in the sky flying left: airplane
boat: boat
seaplane: seaplane,floatplane|airplane
truck: truck
motorcycle: motorcycle
train: train
bicycle: bicycle
lion: lion|big cat
horse: horse
domestic cat: cat
plant: potted plant,houseplant|plant
bus-motorbus: bus
motorbus: bus
bus: bus
bedroom: bedroom|room
car: car
elephant: elephant|mammal
dog: dog
smiling dog: dog
dog with closed eyes: dog
bridge: bridge|structure
living room: living room,lounge|room
conference room: conference room,meeting room|room
vertical river: river|landscape
giraffe: giraffe|mammal
parrot: parrot|bird
bird: bird""")
NAT = P("""airplane: airplane
car: car
cat: cat
dog: dog
flower: flower
fruit: fruit
motorbike: motorcycle
person: face,human face|person""")
INTEL = P("""buildings: building
forest: forest,woods|landscape
glacier: glacier,ice field|landscape
mountain: mountain,mountains|landscape
sea: sea,ocean|landscape
street: street,city street|landscape""")
FLOW = P("""daisy: daisy|flower
dandelion: dandelion|flower
rose: rose|flower
sunflower: sunflower|flower
tulip: tulip|flower""")
CLOTH = P("""t-shirt: t-shirt,tee shirt|shirt
dress: dress,gown|clothing
pants: pants,trousers,jeans|clothing
longsleeve: long-sleeved shirt,sweatshirt,sweater|shirt
shirt: shirt
shorts: shorts,short pants|clothing
shoes: shoe,shoes|footwear
outwear: coat,jacket|clothing
hat: hat
skirt: skirt|clothing""")
GROC = P("""Apple: apple|fruit
Avocado: avocado|fruit
Banana: banana|fruit
Kiwi: kiwi,kiwifruit|fruit
Lemon: lemon|fruit
Lime: lime|fruit
Mango: mango|fruit
Melon: melon|fruit
Nectarine: nectarine|fruit
Orange: orange|fruit
Papaya: papaya|fruit
Passion-Fruit: passion fruit|fruit
Peach: peach|fruit
Pear: pear|fruit
Pineapple: pineapple|fruit
Plum: plum|fruit
Pomegranate: pomegranate|fruit
Red-Grapefruit: grapefruit|fruit
Satsumas: satsuma,mandarin orange,tangerine|fruit
Juice: carton of juice,juice|drink
Milk: carton of milk,milk|dairy product,drink
Oatghurt: yoghurt,yogurt|dairy product
Oat-Milk: carton of milk|drink
Sour-Cream: sour cream|dairy product
Sour-Milk: sour milk|dairy product
Soyghurt: yoghurt|dairy product
Soy-Milk: carton of milk|drink
Yoghurt: yoghurt|dairy product
Asparagus: asparagus|vegetable
Aubergine: aubergine,eggplant|vegetable
Cabbage: cabbage|vegetable
Carrots: carrots,carrot|vegetable
Cucumber: cucumber|vegetable
Garlic: garlic|vegetable
Ginger: ginger root,ginger|vegetable
Leek: leek|vegetable
Mushroom: mushroom|vegetable
Onion: onion|vegetable
Pepper: bell pepper,pepper|vegetable
Potato: potato|vegetable
Red-Beet: beet,beetroot|vegetable
Tomato: tomato|vegetable
Zucchini: zucchini,courgette|vegetable""")
CALT = P("""Faces: face,human face|person
Faces_easy: face|person
Leopards: leopard|big cat
Motorbikes: motorcycle
accordion: accordion|musical instrument
airplanes: airplane
anchor: anchor|device
ant: ant|insect
barrel: barrel,cask|container
bass: bass|fish
beaver: beaver|mammal
binocular: binoculars|device
bonsai: bonsai|tree
brain: brain
brontosaurus: brontosaurus|dinosaur
buddha: buddha,buddha statue
butterfly: butterfly
camera: camera|electronic device
cannon: cannon|weapon
car_side: car
ceiling_fan: ceiling fan,fan|device
cellphone: cell phone,mobile phone,cellular telephone|electronic device
chair: chair
chandelier: chandelier|lamp
cougar_body: cougar,puma,mountain lion|big cat
cougar_face: cougar|big cat
crab: crab|crustacean
crayfish: crayfish|crustacean
crocodile: crocodile|reptile
crocodile_head: crocodile|reptile
cup: cup,mug|container
dalmatian: dalmatian|dog
dollar_bill: dollar bill,banknote,money
dolphin: dolphin|whale,marine animal
dragonfly: dragonfly|insect
electric_guitar: electric guitar,guitar|musical instrument
elephant: elephant|mammal
emu: emu|bird
euphonium: euphonium|musical instrument
ewer: ewer,pitcher,jug|container
ferry: ferry|ship
flamingo: flamingo|bird
flamingo_head: flamingo|bird
garfield: garfield|cartoon
gerenuk: gerenuk|antelope
gramophone: gramophone,record player|device
grand_piano: grand piano,piano|musical instrument
hawksbill: hawksbill turtle,sea turtle|turtle
headphone: headphones,earphones|electronic device
hedgehog: hedgehog|mammal
helicopter: helicopter,chopper|aircraft
ibis: ibis|bird
inline_skate: inline skate,roller skate,rollerblade|footwear,sports equipment
joshua_tree: joshua tree|tree
kangaroo: kangaroo|mammal
ketch: ketch|sailboat
lamp: table lamp|lamp,furniture
laptop: laptop,laptop computer,notebook computer|electronic device
llama: llama|mammal
lobster: lobster|crustacean
lotus: lotus|flower
mandolin: mandolin|musical instrument
mayfly: mayfly|insect
menorah: menorah,candlestick
metronome: metronome|device
minaret: minaret,tower|building
nautilus: nautilus|marine animal
octopus: octopus|marine animal
okapi: okapi|mammal
pagoda: pagoda,temple|building
panda: panda,giant panda|bear
pigeon: pigeon,dove|bird
pizza: pizza|dish
platypus: platypus|mammal
pyramid: pyramid|building
revolver: revolver,pistol,gun|weapon
rhino: rhinoceros,rhino|mammal
rooster: rooster,cock,chicken|bird
saxophone: saxophone|musical instrument
schooner: schooner|sailboat
scissors: scissors|tool
scorpion: scorpion|animal
sea_horse: seahorse|fish
snoopy: snoopy|cartoon
soccer_ball: soccer ball,football|ball
stapler: stapler|tool
starfish: starfish,sea star|marine animal
stegosaurus: stegosaurus|dinosaur
stop_sign: stop sign|sign
strawberry: strawberry|fruit
sunflower: sunflower|flower
tick: tick|animal
trilobite: trilobite,fossil|animal
umbrella: umbrella
watch: watch,wristwatch|timepiece
water_lilly: water lily|flower
wheelchair: wheelchair|chair
wild_cat: wildcat|mammal
windsor_chair: windsor chair|chair
wrench: wrench,spanner|tool
yin_yang: yin yang symbol,yin and yang""")
# Tiny-ImageNet names that are better known under another word, plus extra words
TIN_FIX = {
    "n02509815": "red panda",
    "n03201208": "dining table",
    "n02124075": "Egyptian cat",
    "n04285008": "sports car",
    "n02814533": "station wagon",
    "n03100240": "convertible",
    "n04399382": "teddy bear",
    "n02917067": "bullet train",
    "n04146614": "school bus",
    "n03444034": "go-kart",
    "n02769748": "backpack",
    "n04254777": "sock",
    "n04532106": "vestment",
    "n03796401": "moving van",
    "n04465501": "tractor",
    "n04487081": "trolleybus",
    "n02909870": "bucket",
    "n04099969": "rocking chair",
    "n07747607": "orange",
    "n07753592": "banana",
    "n07734744": "mushroom",
    "n07720875": "bell pepper",
    "n07768694": "pomegranate",
    "n07749582": "lemon",
    "n07873807": "pizza",
    "n02504458": "African elephant",
    "n02129165": "lion",
    "n09193705": "alp",
    "n09332890": "lakeside",
    "n09428293": "seashore",
    "n09246464": "cliff",
    "n09256479": "coral reef",
    "n01882714": "koala",
    "n01910747": "jellyfish",
}
TIN_EXTRA = {
    "alp": "mountain",
    "African elephant": "elephant",
    "seashore": "beach",
    "teddy bear": "teddy,stuffed animal",
    "moving van": "van",
    "cliff": "rock face",
}
TIN_PARENT = {
    "red panda": "bear",
    "dining table": "table",
    "refrigerator": "device",
    "broom": "tool",
    "drumstick": "tool",
    "thatch": "building",
    "barbershop": "room",
    "butcher shop": "room",
    "confectionery": "room",
    "acorn": "plant part",
    "lampshade": "lamp",
    "teddy bear": "toy",
    "sports car": "car",
    "convertible": "car",
    "limousine": "car",
    "station wagon": "car",
    "moving van": "truck",
    "school bus": "bus",
    "trolleybus": "bus",
    "bullet train": "train",
    "African elephant": "elephant",
    "alp": "mountain",
    "seashore": "landscape,sea",
    "lakeside": "landscape",
    "cliff": "landscape",
    "coral reef": "landscape",
    "lifeboat": "boat",
    "gondola": "boat",
    "triumphal arch": "structure",
    "suspension bridge": "bridge",
    "steel arch bridge": "bridge",
    "viaduct": "bridge",
    "sandal": "footwear",
    "pizza": "dish",
    "lion": "big cat",
    "cougar": "big cat",
    "goldfish": "fish",
    "tarantula": "spider",
    "black widow": "spider",
    "guacamole": "dish",
    "ice cream": "dessert",
    "ice lolly": "dessert",
    "espresso": "drink",
    "rocking chair": "chair",
    "folding chair": "chair",
    "orangutan": "ape",
    "chimpanzee": "ape",
    "brown bear": "bear",
    "jellyfish": "marine animal",
    "sea slug": "marine animal",
    "dugong": "marine animal",
    "spiny lobster": "lobster",
    "American lobster": "lobster",
    "bighorn": "sheep",
    "rugby ball": "ball",
    "basketball": "ball",
    "volleyball": "ball",
    "comic book": "",
    "computer keyboard": "electronic device",
    "desktop computer": "electronic device",
    "iPod": "electronic device",
    "cellular telephone": "electronic device",
    "tractor": "vehicle",
    "go-kart": "vehicle",
    "jinrikisha": "vehicle",
    "mashed potato": "dish",
    "meat loaf": "dish",
    "potpie": "dish",
}


class WordNet:
    def __init__(s, d=WN):
        s.syn, s.idx = {}, {}
        for l in open(d + "/data.noun", encoding="latin-1"):
            if l[0] == " ":
                continue
            f = l.split("|")[0].split()
            n = int(f[3], 16)
            lem = [f[4 + 2 * i].replace("_", " ") for i in range(n)]
            q = 4 + 2 * n
            c = int(f[q])
            q += 1
            hy = []
            for i in range(c):
                if f[q] in ("@", "@i"):
                    hy.append(f[q + 1])
                q += 4
            s.syn[f[0]] = (lem, hy)
        for l in open(d + "/index.noun", encoding="latin-1"):
            if l[0] == " ":
                continue
            f = l.split()
            s.idx[f[0]] = f[-int(f[2]) :]

    def anc(s, o, seen=None):
        seen = set() if seen is None else seen
        for h in s.syn[o][1]:
            if h not in seen:
                seen.add(h)
                s.anc(h, seen)
        return seen

    def sense(s, lemma, n=1):
        v = s.idx.get(lemma.lower())
        return v[n - 1] if v and len(v) >= n else None


LATIN = re.compile(r"(us|is|a|um|ae|i|es|ans|ens|or|ix|ax|yx|on|os|as)$")


def lemmas(wn, off):
    L, keep = wn.syn[off][0], []
    for i, w in enumerate(L):
        p = w.split(" ")
        if i and w[0].isupper() and (len(p) > 1 and p[1][:1].islower() and LATIN.search(p[-1]) or "genus" in w):
            continue
        if w not in keep:
            keep.append(w)
    return keep[:4]


class Table:
    """names: concept -> list of wordings; up: concept -> set of all ancestors; off: concept -> WordNet offsets it covers"""

    def __init__(s):
        s.names, s.par, s.off, s.wnid = {}, {}, {}, {}

    def add(s, name, alts=(), parents=()):
        n = s.names.setdefault(name, [name])
        [n.append(a) for a in alts if a and a not in n]
        p = s.par.setdefault(name, set())
        p.update(x for x in parents if x and x != name)
        return name

    def close(s):
        def up(c, seen):
            for p in s.par.get(c, ()):
                if p not in seen:
                    seen.add(p)
                    up(p, seen)
            return seen

        s.up = {c: up(c, set()) for c in s.names}


def build(wnids, wn):
    t = Table()
    so = {}
    for n, d in S.items():
        t.add(n, d["alt"], d["parents"])
        o = wn.sense(d["wn"], d["sense"])
        if o:
            so[o] = n
            t.off[n] = o
    for o2, n in (
        ("02121808", "cat"),
        ("02127808", "big cat"),
        ("02084071", "dog"),
        ("02958343", "car"),
        ("01639765", "frog"),
        ("02470325", "ape"),
        ("01661091", "reptile"),
        ("04490091", "truck"),
        ("03790512", "motorcycle"),
        ("13134947", "fruit"),
        ("07705931", "fruit"),
        ("07707451", "vegetable"),
        ("00021265", "food"),
        ("07555863", "food"),
        ("07570720", "food"),
        ("03405725", "furniture"),
        ("04530566", "boat"),
        ("04194289", "ship"),
        ("02691156", "airplane"),
        ("03051540", "clothing"),
        ("09287968", "landscape"),
        ("01772222", "spider"),
        ("01976957", "crustacean"),
        ("01661818", "reptile"),
        ("09366762", "landscape"),
        ("04105893", "room"),
    ):
        so.setdefault(o2, n)
    sets = dict(
        cifar10=CIFAR10,
        hcaptcha=HCAP,
        natural=NAT,
        intel=INTEL,
        flowers=FLOW,
        clothing=CLOTH,
        grocery=GROC,
        caltech101=CALT,
    )
    lab = {}
    for k, m in sets.items():
        for c, (n, p) in m.items():
            lab[k, c] = t.add(n[0], n[1:], p)
    for w in wnids:
        o = w[1:]
        if o not in wn.syn:
            continue
        L = lemmas(wn, o)
        n = TIN_FIX.get(w, L[0])
        n = {"orangutan": "orangutan", "bee": "bee"}.get(n, n)
        for q in list(t.names):  # same thing under another set's name
            if w not in TIN_FIX and q not in S and q in L:
                n = q
        par = [x for x in TIN_PARENT.get(n, "").split(",") if x]
        if n in S:
            par = []
        par += [so[a] for a in wn.anc(o) if a in so and so[a] != n]
        if n in ("lampshade", "acorn", "cougar"):
            par = [p for p in par if p not in ("clothing", "fruit", "cat")]
        if "car" in par or "truck" in par or "bus" in par:
            par.append("vehicle")
        if "vehicle" in par or w == "n04465501":
            par = [p for p in par if p != "container"]
        t.add(n, [l for l in L if l not in S and (len(l) > 2)] + TIN_EXTRA.get(n, "").split(","), par)
        lab["tinyimagenet", w] = n
        t.wnid[w] = n
        t.off.setdefault(n, o)
    # names of a broader concept are not a wording of the narrower one, nor shared by two concepts
    t.close()
    for c, n in t.names.items():
        t.names[c] = [x for i, x in enumerate(n) if i == 0 or x not in t.names]
    t.so = so
    return t, lab
