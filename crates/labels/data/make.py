#!/usr/bin/env python3
"""Makes the data of the crate `semblance-labels` from lists that others keep. The files in hand/ are written by hand; nothing here is
edited by hand.

    apt-get install wordnet-base scowl; npm pack cldr-annotations-full@48.2.0; tar xzf cldr-annotations-full-48.2.0.tgz
    python3 make.py --cldr package [--pocket FOLDER] [--check]     exit 1 with --check when something differs from what lies here
    python3 make.py --cldr package --candidates                    words with concrete senses of several kinds, for hand/senses.txt

wordnet.txt   the nouns of WordNet 3.0 that people use for pictures. A line is a synset, in the order of a walk down the tree of
              hypernyms: a letter for its depth ("A" for the root), one for its lexicographer file, and its lemmas with commas between
              them. A lemma is followed by the place of this synset among its senses where that is not the first, and by a letter for
              how often SemCor has that sense: "a" for never (left out), and then floor(log2(count)) from "B". A further hypernym is
              ">" and the number of its line.
              After an empty line irregular plurals: "mice mouse".
english.txt   words that are English: of SCOWL's sizes up to 60, without those that inflection makes of others. A line is a character
              for how many letters it shares with the line before ("0", "1", …), and the others. Common words, then after an empty
              line the rest, then names.
foreign.txt   "=de", then words of that language, each with the English one behind a tab, or nothing.
pocket.txt    the words of the captions that the model `pocket` was trained on with pictures.
"""
import argparse, collections, json, os, re, sys

HERE = os.path.dirname(os.path.abspath(__file__))
HAND = os.path.join(HERE, 'hand')
# Lexicographer files whose things can be seen: attribute, animal, artifact, body, food, group, location, object, person, phenomenon,
# plant, shape, substance. Acts are kept where they are sports or games.
SEEN = {5, 6, 8, 13, 14, 15, 17, 18, 19, 20, 25, 27}
# Those of which compounds are kept that SemCor has not: animal, artifact, food, object, plant.
COMPOUNDS = {5, 6, 13, 17, 20}
LANGUAGES = 'de fr es it pt nl'.split()


def hand(name):
    return [l for l in open(os.path.join(HAND, name), encoding='utf-8').read().split('\n') if l and not l.startswith('#')]


# SCOWL

def scowl(folder, kinds, size):
    words = set()
    for dialect in ('english', 'american', 'british', 'british_z'):
        for kind in kinds:
            for s in (10, 20, 35, 40, 50, 55, 60, 70, 80):
                path = f'{folder}/{dialect}-{kind}.{s}'
                if s <= size and os.path.exists(path):
                    words |= set(open(path, encoding='latin-1').read().split())
    return words


def stems(word):
    """What a word may be an inflection of; `dictionary.rs` undoes the same."""
    for end, puts in (("'s", ['']), ('ies', ['y']), ('es', ['', 'e']), ('s', ['']), ('ied', ['y']), ('ed', ['', 'e']), ('ing', ['', 'e']), ('ers', ['', 'e']), ('er', ['', 'e']), ('est', ['', 'e']), ('ly', [''])):
        if word.endswith(end):
            for put in puts:
                stem = word[:-len(end)] + put
                if len(stem) > 2 and not (put == '' and end in ('ed', 'ing', 'er', 'ers', 'est') and re.fullmatch('[^aeiou][aeiou][^aeiouwxy]', stem)):
                    yield stem
                    if not put and len(stem) > 3 and stem[-1] == stem[-2]:
                        yield stem[:-1]


def bases(words):
    return {w for w in words if not any(s in words for s in stems(w))}


def front(words):
    last, out = '', []
    for w in sorted(words):
        n = 0
        while n < min(len(w), len(last), 60) and w[n] == last[n]:
            n += 1
        out.append(chr(ord('0') + n) + w[n:])
        last = w
    return '\n'.join(out) + '\n'


def english(folder, lemmas):
    plain = lambda ws: {w for w in ws if re.fullmatch(r'[a-zà-ÿœ]+', w) and len(w) > 1}
    common = plain(scowl(folder, ['words'], 35))
    rest = plain(scowl(folder, ['words'], 60)) | {p for l in lemmas for p in l.split() if re.fullmatch('[a-z]+', p) and len(p) > 2}
    names = plain({w.lower().removesuffix("'s") for w in scowl(folder, ['upper', 'proper-names'], 60)})
    rest = bases(rest | common)
    common = rest & common
    rest -= common | lemmas                                  # those are looked up there
    names = {n for n in names if n not in common and n not in rest and not any(s in common for s in stems(n))}
    return '\n'.join(front(part) for part in (common, rest, names))


# WordNet

class WordNet:
    def __init__(self, folder):
        self.lemmas, self.up, self.file, self.senses, self.count = {}, {}, {}, {}, {}
        for line in open(folder + '/data.noun', encoding='latin-1'):
            if line[0] == ' ':
                continue
            f = line.split('|')[0].split()
            n = int(f[3], 16)
            q = 4 + 2 * n
            self.file[f[0]] = int(f[1])
            self.lemmas[f[0]] = [f[4 + 2 * i].replace('_', ' ') for i in range(n)]
            pointers = [f[q + 1 + 4 * i:q + 5 + 4 * i] for i in range(int(f[q]))]
            self.up[f[0]] = [p[1] for p in pointers if p[0] in ('@', '@i')]
        for line in open(folder + '/index.noun', encoding='latin-1'):
            if line[0] != ' ':
                f = line.split()
                self.senses[f[0].replace('_', ' ')] = f[-int(f[2]):]
        for line in open(folder + '/cntlist.rev', encoding='latin-1'):
            key, rank, count = line.split()
            lemma, rest = key.split('%')
            if rest[0] == '1':
                lemma = lemma.replace('_', ' ')
                if int(rank) > len(self.senses.get(lemma, ())):
                    continue
                self.count[lemma, self.senses[lemma][int(rank) - 1]] = int(count)

    def played(self, synset):
        """Whether it is a sport or a game."""
        return self.file[synset] == 4 and ({'sport', 'game'} & set(self.lemmas[synset]) or any(map(self.played, self.up[synset])))

    def total(self, lemma):
        return sum(self.count.get((lemma, s), 0) for s in self.senses[lemma])


def kept(wn, known, rare):
    """[(lemma, its place among the lemma's senses, synset)]"""
    for lemma, senses in wn.senses.items():
        written = {l for s in senses for l in wn.lemmas[s] if l.lower() == lemma}
        words = lemma.replace('-', ' ').split()
        total = wn.total(lemma)
        if not re.fullmatch(r"[a-z' -]+", lemma) or len(words) > (3 if total else 2) or len(lemma) < 2:
            continue
        if not (total or lemma in rare or all(w in known or w.rstrip('s') in known for w in words)):
            continue
        if not total and len(words) > 1 and not {wn.file[s] for s in senses} & COMPOUNDS:
            continue
        name = lemma not in written                          # only with a capital: a place, a person, a breed
        for place, s in enumerate(senses, 1):
            count = wn.count.get((lemma, s), 0)
            proper = lemma not in wn.lemmas[s]
            if proper and wn.file[s] in (18, 14, 15) and not (count and wn.file[s] == 15):
                continue
            if proper and not name and not count:
                continue
            if wn.file[s] in SEEN or wn.played(s) or count or (place == 1 and len(words) == 1):
                yield lemma, place, s


def wordnet(wn, known, rare):
    at = collections.defaultdict(list)
    for lemma, place, s in kept(wn, known, rare):
        count = wn.count.get((lemma, s), 0)
        at[s].append(lemma + (str(place) if place > 1 else '') + (chr(ord('A') + count.bit_length()) if count else ''))
    need = set()
    def climb(s):
        if s not in need:
            need.add(s)
            for h in wn.up[s]:
                climb(h)
    for s in at:
        climb(s)
    down = collections.defaultdict(list)
    for s in sorted(need):
        for h in wn.up[s][:1]:
            down[h].append(s)
    lines, number, more = [], {}, []
    def walk(s, depth):
        number[s] = len(lines)
        lines.append(chr(ord('A') + depth) + chr(ord('A') + wn.file[s] - 3) + ','.join(sorted(at[s])))
        more.extend((s, h) for h in wn.up[s][1:])
        for d in down[s]:
            walk(d, depth + 1)
    for root in sorted(s for s in need if not wn.up[s]):
        walk(root, 0)
    for s, h in more:
        lines[number[s]] += f'>{number[h]}'
    return lines, {l for l, _, _ in kept(wn, known, rare)}


def plurals(folder, lemmas):
    out = []
    for line in open(folder + '/noun.exc'):
        many, one = line.split()[:2]
        many, one = many.replace('_', ' '), one.replace('_', ' ')
        if one in lemmas and many != one and re.fullmatch('[a-z ]+', many):
            out.append(f'{many} {one}')
    return sorted(set(out) | {'people person', 'persons person'})


# Languages

def foreign(cldr, english_words):
    read = lambda l: json.load(open(f'{cldr}/annotations/{l}/annotations.json', encoding='utf-8'))['annotations']['annotations']
    en = read('en')
    by = {l: {} for l in LANGUAGES}
    for line in hand('words.txt'):
        word, rest = line.split(': ')
        cells = rest.split()
        assert len(cells) == len(LANGUAGES), line
        for language, cell in zip(LANGUAGES, cells):
            for one in cell.split('/'):
                if one != '-':
                    by[language].setdefault(one, word)
    for line in hand('little.txt'):
        language, words = line.split(': ')
        for one in words.split():
            by[language].setdefault(one, '')
    for language in LANGUAGES:
        for emoji, names in read(language).items():
            word = names.get('tts', [''])[0].lower()
            means = en.get(emoji, {}).get('tts', [''])[0].lower()
            if re.fullmatch(r'[^\W\d_]{3,}(-[^\W\d_]+)*', word) and re.fullmatch('[a-z]+( [a-z]+)?', means) and word != means:
                by[language].setdefault(word, means)
    # What is written as in English can't tell the language alone: marked, so that it counts only among others that do.
    out = []
    for language in LANGUAGES:
        out.append('=' + language)
        for word, means in sorted(by[language].items()):
            if word != means and not (not means and word in english_words):
                out.append(word + ('\t' + means if means else ''))
    return '\n'.join(out) + '\n'


# pocket

def pocket(folder):
    sys.path.insert(0, folder + '/recipe')
    import captions
    table = json.load(open(folder + '/data/table.json'))
    source = open(folder + '/recipe/words.py', encoding='utf-8').read()
    also = eval(re.search(r'^ALSO = (\{.*\})$', source, re.M).group(1))
    texts = [n for names in table['names'] for n in names] + [a for v in also.values() for a in v.split(',')]
    texts += captions.TEMPL + [c for cs in table['captions'] for c in cs] + ['a type of', 'a kind of', 'two', 'some', 'an']
    words = {w for t in texts for w in re.findall(r"[a-z]+", t.lower()) if len(w) > 1 or w == 'a'}
    return '\n'.join(sorted(words)) + '\n'


def candidates(wn):
    for lemma, senses in sorted(wn.senses.items(), key=lambda x: -wn.total(x[0])):
        total = wn.total(lemma)
        files = {wn.file[s]: wn.count.get((lemma, s), 0) for s in reversed(senses) if wn.file[s] in SEEN - {14}}
        if len(files) > 1 and (total > 3 and sorted(files.values())[-2] >= .1 * total):
            print(lemma, total, files)


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--wordnet', default='/usr/share/wordnet')
    a.add_argument('--scowl', default='/usr/share/dict/scowl')
    a.add_argument('--cldr', required=True)
    a.add_argument('--pocket')
    a.add_argument('--check', action='store_true')
    a.add_argument('--candidates', action='store_true')
    A = a.parse_args()
    wn = WordNet(A.wordnet)
    if A.candidates:
        return candidates(wn)
    known, rare = scowl(A.scowl, ['words'], 60), scowl(A.scowl, ['words'], 70)
    lines, lemmas = wordnet(wn, known, rare)
    words = scowl(A.scowl, ['words'], 60) | lemmas
    made = {
        'wordnet.txt': '\n'.join(lines) + '\n\n' + '\n'.join(plurals(A.wordnet, lemmas)) + '\n',
        'english.txt': english(A.scowl, lemmas),
        'foreign.txt': foreign(A.cldr, words),
    }
    if A.pocket:
        made['pocket.txt'] = pocket(A.pocket)
    differs = False
    for name, text in made.items():
        path = os.path.join(HERE, name)
        old = open(path, encoding='utf-8').read() if os.path.exists(path) else None
        if text != old:
            differs = True
            print(name, 'differs' if A.check else f'written, {len(text.encode())} bytes')
            if not A.check:
                open(path, 'w', encoding='utf-8').write(text)
    return int(A.check and differs)


if __name__ == '__main__':
    sys.exit(main())
