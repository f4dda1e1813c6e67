//! What a page takes of the machine's memory, as Linux counts it for the browser's renderer process.

use std::collections::BTreeMap;
use std::fs;

use serde::Serialize;

/// Megabytes (10⁶ bytes) that are resident.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Resident {
    pub now: f64,
    /// The most there ever was.
    pub most: f64,
}

/// Of the largest renderer among the processes that this program started; none where the system doesn't say.
pub fn of_renderer() -> Option<Resident> {
    let parents: BTreeMap<u32, u32> =
        processes().filter_map(|id| Some((id, parent(&read(id, "stat")?)?))).collect();
    let own = std::process::id();
    let started =
        |id: &u32| std::iter::successors(Some(*id), |id| parents.get(id).copied()).any(|id| id == own);
    let renderers = parents.keys().copied().filter(started);
    let renderers = renderers.filter(|id| read(*id, "cmdline").is_some_and(|line| draws_pages(&line)));
    let sizes = renderers.filter_map(|id| resident(&read(id, "status")?));
    sizes.max_by(|a, b| a.now.total_cmp(&b.now))
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// A process that has ended meanwhile has no files any more.
fn read(id: u32, file: &str) -> Option<String> {
    fs::read(format!("/proc/{id}/{file}")).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Of `/proc/ID/cmdline`: a renderer, and not the one of the browser's own surface. Chromium rewrites what it was started
/// with, and puts spaces in between.
fn draws_pages(line: &str) -> bool {
    let has = |argument| line.split(['\0', ' ']).any(|word| word == argument);
    has("--type=renderer") && !has("--top-chrome-webui")
}

/// Of `/proc/ID/stat`: `ID (name) state parent …`, where a name may hold anything.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn resident(status: &str) -> Option<Resident> {
    let megabytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        Some(line.trim().strip_suffix(" kB")?.parse::<f64>().ok()? * 1024.0 / 1e6)
    };
    Some(Resident { now: megabytes("VmRSS")?, most: megabytes("VmHWM")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_says_is_read() {
        let status = "Name:\tchromium\nVmPeak:\t 9 kB\nVmHWM:\t  500000 kB\nVmRSS:\t  250000 kB\n";
        assert_eq!(resident(status), Some(Resident { now: 256.0, most: 512.0 }));
        assert_eq!(resident("Name:\tkernel thread\n"), None);
        assert!(draws_pages("/usr/lib/chromium --type=renderer --lang=en"));
        assert!(draws_pages("chromium\0--type=renderer\0"));
        assert!(!draws_pages("chromium --type=renderer --top-chrome-webui"));
        assert!(!draws_pages("chromium --type=gpu-process"));
        assert_eq!(parent("12 (a) b) S 7 12 12 0"), Some(7));
    }
}
