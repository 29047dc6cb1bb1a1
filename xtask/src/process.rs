//! Calling other programs.

use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::process::Child;

use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::proc;

/// How long a program may take to leave after SIGTERM before it is killed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs a short command with our own standard streams.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(Failure::io(format!("run `{}`", describe(command))))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::Command { command: describe(command), status })
    }
}

/// Runs a short command and returns what it printed; its error stream becomes part of the failure.
pub(crate) fn read(command: &mut Command) -> Result<String, Failure> {
    let output = command.output().map_err(Failure::io(format!("run `{}`", describe(command))))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::explained(format!(
            "`{}` ended with {}\n{}",
            describe(command),
            output.status,
            complaint.trim_end()
        )));
    }
    String::from_utf8(output.stdout).map_err(|_| {
        Failure::explained(format!("`{}` printed something other than UTF-8", describe(command)))
    })
}

/// Runs a long command with our own standard streams; when we are told to stop, so are it and all it started.
pub(crate) async fn run_interruptibly(
    command: Command,
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    let name = describe(&command);
    let mut child = spawn(command)?;
    tokio::select! {
        status = child.wait() => {
            let status = status.map_err(Failure::io(format!("wait for `{name}`")))?;
            if status.success() { Ok(()) } else { Err(Failure::Command { command: name, status }) }
        }
        () = interrupt.arrives() => {
            terminate(&mut child).await;
            Err(Failure::Interrupted)
        }
    }
}

/// Starts a program that must not outlive us.
pub(crate) fn spawn(mut command: Command) -> Result<Child, Failure> {
    let name = describe(&command);
    command.stdin(Stdio::null());
    let mut command = tokio::process::Command::from(command);
    command.kill_on_drop(true).spawn().map_err(Failure::io(format!("run `{name}`")))
}

/// Asks a program and all it started to leave, waits, and kills it only if it will not go.
pub(crate) async fn terminate(child: &mut Child) {
    let Some(pid) = child.id() else { return };
    let mut pids = proc::descendants(pid);
    pids.push(pid);
    // The shell's own `kill`: small images have no program of that name.
    let mut signal = Command::new("sh");
    signal
        .args(["-c", r#"kill -TERM "$@" 2>/dev/null"#, "sh"])
        .args(pids.iter().map(ToString::to_string));
    // A pid that is gone by now makes `kill` complain; what counts is the wait below.
    let _ = signal.status();
    if tokio::time::timeout(PATIENCE, child.wait()).await.is_err() {
        eprintln!(
            "xtask: process {pid} did not leave within {} s and is killed",
            PATIENCE.as_secs()
        );
        let _ = child.kill().await;
    }
}

/// The command as a person would type it.
pub(crate) fn describe(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut text =
        program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_prints_is_returned() {
        assert_eq!(read(Command::new("sh").args(["-c", "echo hello"])).unwrap(), "hello\n");
    }

    #[test]
    fn a_failing_command_is_quoted_with_its_complaint() {
        let failure = read(Command::new("sh").args(["-c", "echo broken >&2; exit 3"])).unwrap_err();
        assert!(failure.to_string().contains("broken"), "{failure}");
    }

    #[tokio::test]
    async fn a_program_that_is_asked_to_leave_takes_its_children_along() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & wait"]);
        let mut child = spawn(command).unwrap();
        let parent = child.id().unwrap();
        while proc::descendants(parent).is_empty() {
            tokio::task::yield_now().await;
        }
        let grandchild = proc::descendants(parent)[0];

        terminate(&mut child).await;

        assert!(child.try_wait().unwrap().is_some());
        while proc::is_running(grandchild) {
            tokio::task::yield_now().await;
        }
    }
}
