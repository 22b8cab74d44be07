//! Walking through a replay, key by key, on a terminal that the test holds in its hands.

use std::fs::File;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::workbench::{Running, Workbench};

/// A picture that does not come within this time never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A command at a terminal.
struct Terminal {
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    running: Running,
}

impl Terminal {
    fn running(bench: &Workbench, args: &[&str]) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        let theirs = || File::options().read(true).write(true).open(&name).unwrap();
        let mut command = bench.command(args);
        command.stdin(theirs()).stdout(theirs()).stderr(theirs()).env("COLUMNS", "100").env("TERM", "xterm");
        let running = Running(command.spawn().unwrap());
        let keyboard = File::from(ours);
        let mut reader = keyboard.try_clone().unwrap();
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Reading fails when the last process has closed its side.
            while let Ok(length @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { keyboard, screen, running }
    }

    /// Waits for a picture that ends in `foot`; what was shown until then, without colours.
    fn shows(&self, foot: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            let text = anstream::adapter::strip_str(&String::from_utf8_lossy(&seen)).to_string();
            if text.trim_end().ends_with(foot) {
                return text;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(bytes) => seen.extend(bytes),
                Err(error) => panic!("{foot:?} is not shown ({error}): {text}"),
            }
        }
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    fn ends(&mut self) -> bool {
        self.running.0.wait().unwrap().success()
    }
}

#[test]
fn keys_go_forwards_and_backwards_and_end_the_walk() {
    let bench = Workbench::with_orders();
    let mut terminal = Terminal::running(&bench, &["replay", "Order/1", "--step"]);
    let keys = "space next · b back · q quit";
    let first = terminal.shows(keys);
    assert!(first.contains("OrderPlaced by ann") && first.contains("+   \"total\": 99.90"), "{first}");
    terminal.press("b");
    terminal.shows("(this is as far back as it goes)");
    terminal.press(" ");
    let second = terminal.shows(keys);
    assert!(second.contains("OrderPaid") && second.contains("+   \"card\""), "{second}");
    terminal.press("n");
    terminal.shows("(this is the last event)");
    // The arrow to the left.
    terminal.press("\u{1b}[D");
    assert!(terminal.shows(keys).contains("OrderPlaced by ann"));
    terminal.press("q");
    assert!(terminal.ends());
}
