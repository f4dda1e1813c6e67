//! What the classes are called to a CLIP.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use semblance_prompts::imagenet_classes;

/// Instead of a file's name: the 1,000 classes of ImageNet as CLIP's authors call them.
pub const IMAGENET: &str = "imagenet";
/// How many those are.
pub const IMAGENET_CLASSES: usize = 1000;

/// One label a class, in the classes' order. Without a source the class's own name, `_` as a space; a file has one line a class.
///
/// Errors: the file cannot be read, has another number of lines or a blank one; the classes are not ImageNet's.
pub fn read(source: Option<&str>, classes: &[String]) -> Result<Vec<String>> {
    match source {
        None => Ok(classes.iter().map(|class| class.replace('_', " ").trim().to_owned()).collect()),
        Some(IMAGENET) => {
            check_imagenet(classes, "--labels imagenet")?;
            Ok(imagenet_classes().into_iter().map(str::to_owned).collect())
        }
        Some(file) => {
            let text = fs::read_to_string(Path::new(file)).with_context(|| {
                format!("--labels {file} could not be read (a file, or the word {IMAGENET})")
            })?;
            let text = text.trim_start_matches('\u{feff}').trim_end();
            let lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
            ensure!(
                lines.len() == classes.len(),
                "--labels {file} has {} lines for {} classes; it needs one a class, in the order of their sorted names",
                lines.len(),
                classes.len()
            );
            if let Some(at) = lines.iter().position(String::is_empty) {
                anyhow::bail!(
                    "--labels {file}: line {} is blank, so class “{}” has no name",
                    at + 1,
                    classes[at]
                );
            }
            Ok(lines)
        }
    }
}

/// Refuse classes that are not named as ImageNet's folders are (`n01440764`), all of them: their sorted order is then that of the
/// class numbers.
pub fn check_imagenet(classes: &[String], who: &str) -> Result<()> {
    let is_wnid = |class: &String| {
        class
            .strip_prefix('n')
            .is_some_and(|rest| rest.len() == 8 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let fitting = classes.iter().filter(|class| is_wnid(class)).count();
    ensure!(
        classes.len() == IMAGENET_CLASSES && fitting == classes.len(),
        "{who} needs ImageNet's {IMAGENET_CLASSES} classes, in folders named as theirs (n01440764 …); here are {} classes, {fitting} of them named so",
        classes.len()
    );
    Ok(())
}
