//! For TypeScript: a fresh project, in both ways in which a program's imports are looked for today.

use anyhow::{Result, ensure};

use crate::Stage;
use crate::project::{fresh, tool};

/// `--module` and `--moduleResolution`.
const WAYS: &[(&str, &str)] = &[("esnext", "bundler"), ("nodenext", "nodenext")];

pub(crate) fn check(stage: &Stage) -> Result<()> {
    let folder = fresh(stage, "types", &[])?;
    for (module, resolution) in WAYS {
        let mut words =
            vec!["--noEmit", "--strict", "--target", "es2023", "--lib", "es2023,dom,dom.iterable"];
        words.extend(["--types", "", "--module", module, "--moduleResolution", resolution]);
        let right = tool(&folder, "tsc", &[&words[..], &["right.ts"]].concat());
        right.map_err(|error| error.context(format!("moduleResolution {resolution}")))?;
        // It would pass as well if the types were not found at all and everything were `any`.
        let Err(wrong) = tool(&folder, "tsc", &[&words[..], &["wrong.ts"]].concat()) else {
            anyhow::bail!("moduleResolution {resolution}: what is wrong is not seen");
        };
        let wrong = format!("{wrong:#}");
        for line in [4, 5, 6, 7] {
            ensure!(wrong.contains(&format!("wrong.ts({line},")), "line {line} of wrong.ts:\n{wrong}");
        }
    }
    Ok(())
}
