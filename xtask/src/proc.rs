//! What Linux tells about processes under `/proc`. Elsewhere every list is empty.

use std::fs;

/// One line of `/proc/<pid>/stat`, as far as we read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    pub(crate) zombie: bool,
    /// CPU time of the process itself, user and system, in clock ticks.
    pub(crate) own_ticks: u64,
    /// CPU time of its children that have ended and were waited for, in clock ticks.
    pub(crate) reaped_ticks: u64,
}

impl Stat {
    pub(crate) fn of(pid: u32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// The name in the second field may hold blanks and brackets, so fields count from the last bracket.
    fn parse(line: &str) -> Option<Self> {
        let (head, tail) = line.rsplit_once(')')?;
        let fields: Vec<&str> = tail.split_ascii_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            pid: head.split_once(' ')?.0.parse().ok()?,
            zombie: *fields.first()? == "Z",
            parent: fields.get(1)?.parse().ok()?,
            own_ticks: number(11)? + number(12)?,
            reaped_ticks: number(13)? + number(14)?,
        })
    }
}

/// Whether a process exists and has not ended yet.
#[cfg(test)]
pub(crate) fn is_running(pid: u32) -> bool {
    Stat::of(pid).is_some_and(|stat| !stat.zombie)
}

/// All processes that `root` started, directly or not.
pub(crate) fn descendants(root: u32) -> Vec<u32> {
    family(root, &all())
}

/// Every process there is.
pub(crate) fn all() -> Vec<Stat> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(Stat::of)
        .collect()
}

/// The pids below `root` among `processes`, parents before children.
pub(crate) fn family(root: u32, processes: &[Stat]) -> Vec<u32> {
    let mut known = vec![root];
    let mut next = 0;
    while let Some(&parent) = known.get(next) {
        known.extend(
            processes
                .iter()
                .filter(|stat| stat.parent == parent && stat.pid != parent)
                .map(|stat| stat.pid),
        );
        next += 1;
    }
    known.split_off(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "4711 (postgres: a) b) S 17 1 1 0 -1 4194560 10 20 0 0 250 50 7 3 20 0 1 0 123 456 78";

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let expected =
            Stat { pid: 4711, parent: 17, zombie: false, own_ticks: 300, reaped_ticks: 10 };
        assert_eq!(Stat::parse(LINE), Some(expected));
    }

    #[test]
    fn a_cut_line_is_refused() {
        assert_eq!(Stat::parse("4711 (postgres) S 17 1"), None);
    }

    #[test]
    fn a_family_has_grandchildren_and_no_strangers() {
        let process =
            |pid, parent| Stat { pid, parent, zombie: false, own_ticks: 0, reaped_ticks: 0 };
        let all = [process(1, 0), process(10, 1), process(11, 10), process(12, 11), process(20, 1)];
        assert_eq!(family(10, &all), [11, 12]);
    }
}
