//! What is tested, in this order.

use anyhow::Result;

use crate::Page;
use crate::describe;
use crate::engine::{running, speed};
use crate::r#match::{averages, formats, hints, labels, layout, matrix, pictures, results, why};
use crate::measure::{self, others};
use crate::models::{downloads, kept, loaded, shared};
use crate::organise;
use crate::search::{files, killed, library, teaching, view};
use crate::site::{accessible, hosting, offline, views};
use crate::teach;

/// One thing that people do. What it is given is the page, opened at the site with an empty storage.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Page) -> Result<()>,
    /// Texts that an entry in the console may hold in this case, because the case provokes it.
    pub(crate) provoked: &'static [&'static str],
}

const fn case(name: &'static str, run: fn(&Page) -> Result<()>) -> Case {
    Case { name, run, provoked: &[] }
}

/// On a plain host the page is loaded once more, for its isolation: the browser may be fetching its icon just then.
const ICON_LEFT: &[&str] = &["Error while trying to use the following icon from the Manifest"];

pub(crate) const CASES: &[Case] = &[
    case("the server sends the right headers", hosting::headers),
    case("the server shows nothing outside of the site", hosting::nothing_outside),
    case("photographs are recognised as the reference says", pictures::recognised),
    case("the samples get the labels that the reference gives them", pictures::samples_match),
    case("labels are added, edited and removed", labels::edited),
    case("a template changes the result, a broken one does not", labels::template),
    case("one label shows its cosine", labels::one),
    case("many labels, some strange", labels::many),
    case("the matrix adds up", matrix::adds_up),
    case("results are exported", results::exported),
    case("results are copied", results::copied),
    case("a link carries labels and template", results::shared),
    case("the keyboard alone does everything", labels::keyboard),
    case("words of one label are averaged", averages::words),
    case("80 templates are averaged", averages::templates),
    case("the page's labels are checked, and mended with one click", hints::mended),
    case("the page's labels are checked without a model", hints::without_model),
    case("the page's labels are checked by the keyboard alone", hints::keyboard),
    case("a card shows where the evidence lies", why::shown),
    case("a card that was asked why is left alone", why::left),
    case("a card is asked why by the keyboard alone", why::keyboard),
    case("ten bad files, one good", pictures::bad_files),
    case("every kind of picture", pictures::kinds),
    case("TIFFs and turned pictures have the pixels that went in", formats::pixels),
    case("a folder is dropped", pictures::folder),
    case("pictures are picked", pictures::picked),
    case("a picture is pasted", pictures::pasted),
    case("a camera snapshot", pictures::camera),
    Case {
        name: "a picture by its address",
        run: pictures::address,
        provoked: &[
            "some/sub/path/assets/samples/cat.jpg",
            "a request failed: \"net::ERR_FAILED\" (\"Image\")",
        ],
    },
    case("samples are one click away", pictures::samples),
    case("pictures are removed", pictures::removed),
    case("a load is cancelled, pictures wait meanwhile", running::cancelled),
    case("the network goes off", running::network_off),
    Case {
        name: "loads the model with the network off",
        run: running::loaded_without_network,
        // Whether the site has newer weights is asked, in vain.
        provoked: &["net::ERR_EMPTY_RESPONSE", "net::ERR_INTERNET_DISCONNECTED"],
    },
    case("the model is stored and not fetched again", running::stored),
    case("the panel lists every request", running::requests),
    case("what runs is said", running::facts),
    Case {
        name: "the library as its documentation says",
        run: running::library,
        provoked: &["/models/absent/manifest.json"],
    },
    case("every build computes the same", speed::builds),
    case("threads run where the page is isolated", speed::threads),
    case("labels' vectors are kept, and forgotten", speed::kept_texts),
    case("int8 is compared with f32", speed::fidelity),
    case("memory stays flat over many pictures", speed::many_pictures),
    Case {
        name: "seeded downloads with faults end with the right bytes or a clear error",
        run: downloads::seeded,
        provoked: &["/packed/", "/hub/", "a request failed:"],
    },
    case("a storage that hangs keeps nobody waiting", downloads::hanging_storage),
    Case {
        name: "the page opens with the network off after one visit",
        run: offline::opened_without_network,
        provoked: &["net::ERR_EMPTY_RESPONSE", "net::ERR_INTERNET_DISCONNECTED"],
    },
    Case {
        name: "a newer version is offered, and taken when it is asked for",
        run: offline::updated,
        provoked: &["net::ERR_EMPTY_RESPONSE"],
    },
    case("a site that is half deployed is never mixed", offline::half_deployed),
    case("the page opens with the storage full", offline::full),
    Case { name: "the page can be installed", run: offline::installable, provoked: ICON_LEFT },
    case("a large model: killed on its way, gone on with, used without the network", loaded::resumed),
    case("two tabs want a model at once", kept::two_tabs),
    case("several loads of a model are one", shared::one_load),
    case("an update is given up, and nothing of it stays", shared::update_given_up),
    case("a bundle is not what its manifest says as a whole", shared::whole_hash),
    case("models that are loaded count for the memory", shared::memory_taken),
    case("damaged pieces are fetched again", kept::repaired),
    case("a full disk", kept::full_disk),
    Case {
        name: "repositories of the hub",
        run: kept::repositories,
        provoked: &["/hub/api/models/tests/absent"],
    },
    case("models of this machine: a file, a zip, a folder", loaded::local),
    case("stored models are verified, exported, deleted and imported", kept::shelf),
    case("a model that is too large", loaded::too_large),
    case("switching models keeps pictures and labels", loaded::switched),
    case("a library of pictures is searched", library::searched),
    case("a folder of a library is opened again", library::kept),
    case("a library is open several times", library::shared),
    case("the page is killed while pictures are added", killed::survived),
    case("a library from elsewhere: the same to the last bit, damaged, written anew", files::same_everywhere),
    case("pictures of a folder are found by words, by a picture, by both", view::found),
    Case {
        name: "a folder that changed is added again, and all is there without the network",
        run: view::reopened,
        provoked: &["net::ERR_EMPTY_RESPONSE", "net::ERR_INTERNET_DISCONNECTED"],
    },
    case("the storage is full while a folder is added", view::full),
    case("a library is exported, deleted and imported", view::carried),
    case("results leave as files and lists", view::selected),
    case("pictures that were found become a class", teaching::found),
    case("a library is searched by the keyboard alone", view::keyboard),
    case("three classes are taught, mended, calibrated, kept and run elsewhere", teach::view::whole),
    case("classes are taught by the keyboard alone", teach::view::keyboard),
    case("answers that were checked calibrate probabilities", teach::check::calibrated),
    case("systems are measured side by side, exported, and measured again", measure::accuracy::whole),
    case("pictures are measured by a list, a broken one is named", measure::accuracy::listed),
    case("the library measures, compares and checks labels", measure::accuracy::library),
    case("labels are checked, mended and tried", measure::labels::mended),
    case("pictures are compared with what is usual, and templates", others::domain_whole),
    case("words for groups are probed", others::bias_whole),
    case("labels are checked by the keyboard alone", measure::labels::keyboard),
    case("the library tags pictures", organise::library::tagged),
    case("the library finds duplicates, groups and places on a map", organise::library::sorted),
    case("the library goes by rules, facets and gaps", organise::library::ruled),
    case("frames are taken from a film", organise::library::frames),
    case("pictures are tagged, tags are rejected and leave as files", organise::view::tags),
    case("duplicates are found, selected and listed", organise::view::duplicates),
    case("groups are made finer, pictures are taken from the map", organise::view::groups),
    case("a rule is written, applied, marked and kept", organise::view::rules),
    case("what rules hide and tag is hidden and tagged elsewhere", organise::view::acted),
    case("a shop sorts its pictures and looks for gaps", organise::view::shop),
    case("a film's moments are found by words", organise::view::video),
    case("tags are rejected by the keyboard alone", organise::view::keyboard),
    case("the library writes what Hugging Face writes", describe::writing::library),
    case("a model that writes is foretold, paused, gone on with and checked", describe::writing::view),
    case("the library describes and answers", describe::library),
    case("a picture is described, phrases are removed, forbidden and one's own", describe::phrases_change),
    case("three kinds of question are asked, and changed", describe::questions),
    case("many pictures are described, and leave as files", describe::batch),
    case("a picture is described and asked about by the keyboard alone", describe::keyboard),
    Case { name: "a plain host, under a sub-path", run: hosting::sub_path, provoked: ICON_LEFT },
    case("360 pixels are wide enough", layout::narrow),
    case("nothing jumps while the model loads", layout::steady),
    case("a matrix that goes on says so", matrix::goes_on),
    Case { name: "a second view is a folder and a line", run: views::registered, provoked: views::MISSING },
    Case {
        name: "no state of the page has an accessibility fault",
        run: accessible::everywhere,
        provoked: &["models/absent/manifest.json", "net::ERR_ABORTED"],
    },
];
