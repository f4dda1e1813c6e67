//! The classes of well-known data sets, which people chose with care: nothing is said of them but what is true.

use semblance_labels::{Context, check};

use crate::said::of;

const CIFAR_10: &str = "airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck";

const CIFAR_100: &str = "apple, aquarium fish, baby, bear, beaver, bed, bee, beetle, bicycle, bottle, bowl, boy, bridge, bus, \
    butterfly, camel, can, castle, caterpillar, cattle, chair, chimpanzee, clock, cloud, cockroach, couch, crab, crocodile, cup, \
    dinosaur, dolphin, elephant, flatfish, forest, fox, girl, hamster, house, kangaroo, keyboard, lamp, lawn mower, leopard, lion, \
    lizard, lobster, man, maple tree, motorcycle, mountain, mouse, mushroom, oak tree, orange, orchid, otter, palm tree, pear, \
    pickup truck, pine tree, plain, plate, poppy, porcupine, possum, rabbit, raccoon, ray, road, rocket, rose, sea, seal, shark, \
    shrew, skunk, skyscraper, snail, snake, spider, squirrel, streetcar, sunflower, sweet pepper, table, tank, telephone, television, \
    tiger, tractor, train, trout, tulip, turtle, wardrobe, whale, willow tree, wolf, woman, worm";

/// As OpenAI's CLIP writes them (`data/prompts.md` of its repository).
const CALTECH_101: &str = "off-center face, centered face, leopard, motorbike, accordion, airplane, anchor, ant, barrel, bass, beaver, \
    binocular, bonsai, brain, brontosaurus, buddha, butterfly, camera, cannon, side of a car, ceiling fan, cellphone, chair, \
    chandelier, body of a cougar cat, face of a cougar cat, crab, crayfish, crocodile, head of a  crocodile, cup, dalmatian, \
    dollar bill, dolphin, dragonfly, electric guitar, elephant, emu, euphonium, ewer, ferry, flamingo, head of a flamingo, garfield, \
    gerenuk, gramophone, grand piano, hawksbill, headphone, hedgehog, helicopter, ibis, inline skate, joshua tree, kangaroo, ketch, \
    lamp, laptop, llama, lobster, lotus, mandolin, mayfly, menorah, metronome, minaret, nautilus, octopus, okapi, pagoda, panda, \
    pigeon, pizza, platypus, pyramid, revolver, rhino, rooster, saxophone, schooner, scissors, scorpion, sea horse, \
    snoopy (cartoon beagle), soccer ball, stapler, starfish, stegosaurus, stop sign, strawberry, sunflower, tick, trilobite, umbrella, \
    watch, water lilly, wheelchair, wild cat, windsor chair, wrench, yin and yang symbol";

fn said(classes: &str) -> Vec<String> {
    let labels: Vec<&str> = classes.split(", ").map(str::trim).collect();
    let pieces = of(&check(&labels, &Context::default()).unwrap());
    let named = pieces.into_iter().map(|(kind, at)| {
        let names: Vec<&str> = at.iter().map(|&at| labels[at]).collect();
        format!("{kind}: {}", names.join(", "))
    });
    let mut named: Vec<String> = named.collect();
    named.sort();
    named
}

#[test]
fn nothing_is_said_of_cifar_10() {
    assert_eq!(said(CIFAR_10), [""; 0]);
}

/// Of each word Alex Krizhevsky's classes have one sense alone, which the word does not say.
#[test]
fn of_cifar_100_five_words_have_several_looks() {
    let true_ones = [
        "senses: keyboard", // a computer's or a piano's
        "senses: mouse",    // an animal or a computer's
        "senses: ray",      // a fish or of light
        "senses: seal",     // an animal or of wax
        "senses: tank",     // of an army or for water
    ];
    assert_eq!(said(CIFAR_100), true_ones);
}

#[test]
fn of_caltech_101_only_what_is_true_is_said() {
    let true_ones = [
        "contained: chair, wheelchair",    // WordNet: a chair
        "contained: chair, windsor chair", // WordNet: a straight chair
        "senses: bass",                    // a fish in the data set, or an instrument
        "senses: tick",                    // an animal in the data set, or a mark
    ];
    assert_eq!(said(CALTECH_101), true_ones);
}
