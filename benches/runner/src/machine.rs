//! What a run was measured on.

use std::fmt;
use std::fs;

use serde::Serialize;

use repository::process;

/// The machine, as the operating system describes it.
#[derive(Serialize)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    /// Processes that wanted to run in the last minute, before and after; where the system counts them.
    load_before: Option<f64>,
    load_after: Option<f64>,
}

impl Machine {
    pub(crate) fn now() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { processor: processor(), cores, load_before: load(), load_after: None }
    }

    pub(crate) fn at_end(self) -> Self {
        Self { load_after: load(), ..self }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}, {} cores", self.processor, self.cores)?;
        match (self.load_before, self.load_after) {
            (Some(before), Some(after)) => write!(f, ", load average {before} before and {after} after"),
            _ => Ok(()),
        }
    }
}

fn processor() -> String {
    let linux = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mac = || process::read(process::new("sysctl").args(["-n", "machdep.cpu.brand_string"])).ok();
    let name = model_name(&linux).or_else(mac).unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    name.trim().to_owned()
}

/// Of the first processor in `/proc/cpuinfo`.
fn model_name(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_named() {
        let text = "processor\t: 0\nmodel name\t: AMD EPYC\nprocessor\t: 1\nmodel name\t: other\n";
        assert_eq!(model_name(text).as_deref(), Some("AMD EPYC"));
        assert_eq!(model_name("Hardware : x"), None);
    }
}
