//! What a measurement costs: CPU time and memory of processes, as Linux counts them.

use std::fs;
use std::time::Duration;

use crate::failure::Failure;
use crate::proc::{self, Stat};

/// Linux shows CPU time in hundredths of a second to every program, whatever it counts in itself.
const TICK: Duration = Duration::from_millis(10);

/// CPU time that `root` and all it started have used so far, those that have ended included.
pub(super) fn used_by_family(root: u32) -> Duration {
    let processes = proc::all();
    let mut pids = proc::family(root, &processes);
    pids.push(root);
    let ticks = processes.iter().filter(|stat| pids.contains(&stat.pid)).map(used).sum();
    duration(ticks)
}

fn used(stat: &Stat) -> u64 {
    stat.own_ticks + stat.reaped_ticks
}

fn duration(ticks: u64) -> Duration {
    TICK * u32::try_from(ticks).unwrap_or(u32::MAX)
}

/// Memory of a process that is in RAM now, in bytes.
pub(super) fn resident_bytes(pid: u32) -> Option<u64> {
    kilobytes(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?, "VmRSS:")
}

/// The most memory that a process ever had in RAM, in bytes.
pub(super) fn most_resident_bytes(pid: u32) -> Option<u64> {
    kilobytes(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?, "VmHWM:")
}

/// From now on, [`most_resident_bytes`] tells of what comes.
pub(super) fn forget_most_resident(pid: u32) -> Result<(), Failure> {
    // `proc(5)`: 5 resets the peak.
    let refs = format!("/proc/{pid}/clear_refs");
    fs::write(refs, "5").map_err(Failure::io("reset the peak of a process's memory"))
}

fn kilobytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        let status = "Name:\tx\nVmHWM:\t 900 kB\nVmRSS:\t    512 kB\n";
        assert_eq!(kilobytes(status, "VmRSS:"), Some(512 * 1024));
        assert_eq!(kilobytes(status, "VmHWM:"), Some(900 * 1024));
    }

    #[test]
    fn a_process_without_memory_of_its_own_has_none() {
        assert_eq!(kilobytes("Name:\tkthreadd\n", "VmRSS:"), None);
    }

    #[test]
    fn a_tick_is_a_hundredth_of_a_second() {
        assert_eq!(duration(150), Duration::from_millis(1500));
    }

    #[test]
    fn work_shows_in_the_cpu_time_of_its_process() {
        let own = std::process::id();
        let before = used_by_family(own);
        let mut number = 1_u64;
        while used_by_family(own) < before + 2 * TICK {
            for _ in 0..100_000 {
                number = std::hint::black_box(number.wrapping_mul(6_364_136_223_846_793_005));
            }
        }
        assert!(resident_bytes(own).unwrap() > 0);
    }
}
