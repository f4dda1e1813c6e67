#!/usr/bin/env python3
"""Makes banks.txt, phrases that describe a picture when commas join them behind a subject, and answers.txt, what questions by kind may be
answered with. The lists in hand/ are written by hand; what is made is not edited.

    python3 make.py [--pocket FOLDER] [--check]      exit 1 with --check when something differs from what lies here

Phrases are lists of our own, but for part of the subjects: those are also such candidates of answers as are things (kinds with "#+")
without those in hand/apart.txt, and the animals, plants, food, things, people and places of the crate `semblance-organise`'s vocabulary,
which come in part from WordNet 3.0, without those in hand/not.txt, and with British names by hand/british.txt. A subject that another
bank has is left to that one.

A line of banks.txt: a letter for the bank (subject, attribute, aCtion, place, light, medium, sTyle), "·" where pocket has no vector of it that
means something (see `grasped`), and the phrase. answers.txt: "# ", then the names that a kind has in questions, the usual one first,
with commas between; below it a candidate a line, "·" where one of its words is in no caption that pocket was trained on; then an empty line.

With --pocket, pocket's words are taken from its captions anew, and it is an error when they aren't those in ../../labels/data/pocket.txt.
Anything wrong with a list is an error: see `wrong`.
"""
import argparse, collections, importlib.util, os, re, sys, unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
CRATES = os.path.join(HERE, '..', '..')


def sibling(crate):
    """The module make.py of another crate."""
    spec = importlib.util.spec_from_file_location(crate + '_make', os.path.join(CRATES, crate, 'data', 'make.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


organise, labels = sibling('organise'), sibling('labels')
learnt = organise.known()

# The letter of a bank, its list, and how many phrases it has at least.
BANKS = [('s', 'subjects', 2500), ('a', 'attributes', 500), ('c', 'actions', 450), ('p', 'places', 500), ('l', 'light', 150),
         ('m', 'medium', 120), ('t', 'style', 350)]
ALL = 5000
KINDS = 80
# The four seasons are the fewest candidates.
FEWEST, MOST = 4, 64
WORDS = 6
# Whatever else is no letter of ASCII has been mistyped.
ACCENTS = set('éèêâûñç')
# The vocabulary's kinds that are subjects.
SUBJECTS = set('apftrl')
# Words that lead to what a phrase says.
LEADING = set('a an the in on at by with to of next near under behind beside from over its'.split())


def hand(name):
    return [l for l in open(os.path.join(HERE, 'hand', name + '.txt'), encoding='utf-8').read().split('\n') if l]


def cells(line):
    return line.split(', ')


def phrases(name):
    return [p for line in hand(name) if line[0] != '#' for p in cells(line)]


def kinds():
    """[(whether its candidates are subjects, names, candidates)]"""
    out = []
    for line in hand('answers'):
        if line[:3] == '#+ ':
            out.append((True, cells(line[3:]), []))
        elif line[:2] == '# ':
            out.append((False, cells(line[2:]), []))
        elif line[0] != '#':
            out[-1][2].extend(cells(line))
    return out


def vocabulary():
    lines = open(os.path.join(CRATES, 'organise', 'data', 'vocabulary.txt'), encoding='utf-8').read().split('\n')
    return [line[1:].removeprefix('·') for line in lines if line and line[0] in SUBJECTS]


# Names of things that pocket learnt.
NAMES = {line[1:] for line in open(os.path.join(CRATES, 'organise', 'data', 'vocabulary.txt'), encoding='utf-8').read().split('\n')
         if line and line[1] != '·'}


def british():
    return dict(line.split('\t') for line in hand('british') if line[0] != '#')


def fold(phrase):
    """The same for spellings of one phrase: "flower pot" and "flowerpot"."""
    return re.sub("[ '-]", '', phrase.lower())


def plain(phrase):
    """Without accents."""
    return ''.join(c for c in unicodedata.normalize('NFD', phrase) if not unicodedata.combining(c))


def grasped(letter, phrase):
    """Whether pocket has a vector of it that means something. It learnt names of things, each in a few captions: of what else is said of them
    it grasps single words, and names; put together they are arbitrary."""
    words = phrase.split(' ')
    while words[1:] and words[0] in LEADING:
        words = words[1:]
    rest = ' '.join(words)
    return learnt(plain(phrase)) and (letter == 's' or len(words) == 1 or rest in NAMES)


def mark(phrase):
    return ('' if learnt(plain(phrase)) else '·') + phrase


def subjects(taken):
    """The list's, then the answers', then the vocabulary's; `taken` has those of other banks."""
    out, seen = [], {fold(p) for p in taken}
    def add(phrase):
        if fold(phrase) not in seen:
            seen.add(fold(phrase))
            out.append(phrase)
    for phrase in phrases('subjects'):
        add(phrase)
    apart = set(phrases('apart'))
    for thing, _, candidates in kinds():
        for candidate in candidates if thing else ():
            if candidate not in apart:
                add(candidate)
    leave, ours = set(phrases('not')), british()
    for word in vocabulary():
        if word not in leave:
            add(ours.get(word, word))
    return out


def wrong(banks, answers):
    """What is wrong with the lists."""
    def each(where, phrase):
        if phrase != phrase.strip() or '  ' in phrase or ',' in phrase or not phrase:
            yield f'{where}: "{phrase}" has a space or a comma too many'
        if not all(c.isascii() and (c.isalnum() or c in " '-") or c in ACCENTS for c in phrase):
            yield f'{where}: "{phrase}" has an odd character'
        if len(phrase.split(' ')) > WORDS:
            yield f'{where}: "{phrase}" is too long'
        if re.match('(a|an|the) ', phrase) and where == 'subjects':
            yield f'{where}: "{phrase}" has an article'
    def twice(what, phrases):
        for phrase, n in collections.Counter(p.lower() for p in phrases).items():
            if n > 1:
                yield f'{what}: "{phrase}" {n} times'
    for letter, name, fewest in BANKS:
        if len(banks[letter]) < fewest:
            yield f'{name}: only {len(banks[letter])} phrases'
        for phrase in banks[letter]:
            yield from each(name, phrase)
    readme = open(os.path.join(HERE, 'README.md'), encoding='utf-8').read()
    for letter, name, _ in BANKS:
        row = f'| `{letter}` | {name} | {len(banks[letter])} | {sum(grasped(letter, p) for p in banks[letter])} |'
        if row not in readme:
            yield f'README.md: no row "{row}"'
    if sum(map(len, banks.values())) < ALL:
        yield 'banks.txt: too few phrases in all'
    yield from twice('banks.txt', [p for ps in banks.values() for p in ps])
    yield from twice('hand/subjects.txt', phrases('subjects'))
    things = {c for thing, _, candidates in answers if thing for c in candidates}
    for name, listed, known in ('not', phrases('not'), vocabulary()), ('apart', phrases('apart'), things), ('british', list(british()), vocabulary()):
        yield from twice(f'hand/{name}.txt', listed)
        for phrase in sorted(set(listed) - set(known)):
            yield f'hand/{name}.txt: "{phrase}" is nowhere else'
    yield from twice('names of kinds', [n for _, names, _ in answers for n in names])
    if len(answers) < KINDS:
        yield 'answers.txt: too few kinds'
    for _, names, candidates in answers:
        if not FEWEST <= len(candidates) <= MOST:
            yield f'{names[0]}: {len(candidates)} candidates'
        yield from twice(names[0], candidates)
        for text in names + candidates:
            yield from each(names[0], text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--pocket')
    parser.add_argument('--check', action='store_true')
    options = parser.parse_args()
    if options.pocket and labels.pocket(options.pocket) != open(os.path.join(CRATES, 'labels', 'data', 'pocket.txt')).read():
        sys.exit('labels/data/pocket.txt is not made of these captions')
    banks = {letter: phrases(name) for letter, name, _ in BANKS if letter != 's'}
    banks = {'s': subjects([p for ps in banks.values() for p in ps]), **banks}
    answers = kinds()
    problems = list(wrong(banks, answers))
    if problems:
        sys.exit('\n'.join(problems))
    made = {
        'banks.txt': ''.join(f"{letter}{p if grasped(letter, p) else '·' + p}\n" for letter, ps in banks.items() for p in sorted(ps, key=lambda p: (p.lower(), p))),
        'answers.txt': '\n'.join(f"# {', '.join(names)}\n" + ''.join(mark(c) + '\n' for c in candidates) for _, names, candidates in answers),
    }
    for name, text in made.items():
        path = os.path.join(HERE, name)
        if not options.check:
            open(path, 'w', encoding='utf-8').write(text)
        elif not os.path.exists(path) or open(path, encoding='utf-8').read() != text:
            sys.exit(f'{name} differs from what is made now')
    if not options.check:
        for letter, name, _ in BANKS:
            print(name, len(banks[letter]), 'of them known to pocket', sum(grasped(letter, p) for p in banks[letter]))
        every = [c for _, _, cs in answers for c in cs]
        print('in all', sum(map(len, banks.values())), '; kinds', len(answers), 'candidates', len(every), 'known to pocket', sum(mark(c) == c for c in every))


if __name__ == '__main__':
    main()
