#!/usr/bin/env python3
"""Makes vocabulary.txt, several thousand everyday words for what pictures show. The lists in hand/ are written by hand; what is made is not
edited.

    apt-get install wordnet-base scowl
    python3 make.py [--pocket FOLDER] [--check]      exit 1 with --check when something differs from what lies here

Animals, plants, food and things are nouns of WordNet 3.0 (Princeton University; its licence is in ../../labels/data/LICENSE-wordnet):
those whose first sense is one of them, and that are common: a single word in SCOWL's sizes up to 35 (LICENSE-scowl, ibid.), or any lemma
that SemCor has; and the names of the concepts that pocket was trained with, which are everyday words. A synset gives its first such lemma
only. People, places, activities, materials, colours and styles are lists of our own.

A line: a letter for the kind (animal, plant, food, thing, peRson, pLace, aCtivity, Material, coloUr, Style), "·" where one of its words is
in no caption that pocket was trained on, and the word.
"""
import argparse, collections, json, os, re, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'labels', 'data'))
from make import WordNet, scowl

# Lexicographer files, and what they are here.
FILES = {5: 'a', 20: 'p', 13: 'f', 6: 't'}
# Objects of nature and parts of the body that are seen, shapes and substances are left to the lists: WordNet's are mostly terms.
HAND = [('r', 'people'), ('l', 'places'), ('c', 'activities'), ('m', 'materials'), ('u', 'colours'), ('s', 'styles')]
# Above these synsets' depth a word says next to nothing.
DEPTH = 5


def hand(name):
    return [l for l in open(os.path.join(HERE, 'hand', name + '.txt'), encoding='utf-8').read().split('\n') if l and l[0] != '#']


def depth(net, synset, known={}):
    if synset not in known:
        known[synset] = 1 + max((depth(net, up) for up in net.up[synset]), default=0)
    return known[synset]


def nouns(net, common, names, leave):
    found = collections.OrderedDict()
    for synset, lemmas in net.lemmas.items():
        kind = FILES.get(net.file[synset])
        if not kind or depth(net, synset) < DEPTH:
            continue
        for lemma in lemmas:
            low = lemma.lower()
            first = net.senses.get(low, [None])[0] == synset
            if low in leave or not first or not re.fullmatch(r"[A-Za-z][a-z' -]*[a-z]", lemma) or lemma != low and low not in names:
                continue
            often = net.count.get((low, synset), 0)
            if low in names or (low in common if ' ' not in low and '-' not in low else often > 0):
                found.setdefault(lemma, kind)
                break
    return found


def known():
    """Whether each of a term's words is in a caption that pocket was trained on, in the same form or another."""
    words = set(open(os.path.join(HERE, '..', '..', 'labels', 'data', 'pocket.txt')).read().split())
    stems = lambda w: {w, w.rstrip('s'), w[:-2] if w.endswith('es') else w, w[:-3] if w.endswith('ing') else w, w[:-3] + 'e' if w.endswith('ing') else w}
    return lambda term: all(stems(w) & words for w in re.findall('[a-z]+', term.lower().replace("'s", '')))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--wordnet', default='/usr/share/wordnet')
    parser.add_argument('--scowl', default='/usr/share/dict/scowl')
    parser.add_argument('--pocket', default=os.path.join(HERE, '..', '..', '..', '..', 'shared', 'pocket'))
    parser.add_argument('--check', action='store_true')
    options = parser.parse_args()
    net = WordNet(options.wordnet)
    common = scowl(options.scowl, ['words'], 35)
    table = json.load(open(os.path.join(options.pocket, 'data', 'table.json')))
    names = {n.lower() for all in table['names'] for n in all}
    leave = set(hand('not'))
    learnt = known()
    lines, taken = [], set()
    for kind, file in HAND:
        for word in hand(file):
            if word.lower() not in taken:
                taken.add(word.lower())
                lines.append((kind, word))
    made = nouns(net, common, names, leave)
    for word, kind in made.items():
        if word.lower() not in taken:
            taken.add(word.lower())
            lines.append((kind, word))
    order = 'apftrlmcus'
    lines.sort(key=lambda line: (order.index(line[0]), line[1].lower()))
    text = ''.join(f"{kind}{'' if learnt(word) else '·'}{word}\n" for kind, word in lines)
    path = os.path.join(HERE, 'vocabulary.txt')
    if options.check:
        if open(path, encoding='utf-8').read() != text:
            sys.exit('vocabulary.txt differs from what is made now')
        return
    open(path, 'w', encoding='utf-8').write(text)
    counts = collections.Counter(kind for kind, _ in lines)
    print(len(lines), 'words', dict(counts), sum(learnt(w) for _, w in lines), 'of them known to pocket')


if __name__ == '__main__':
    main()
