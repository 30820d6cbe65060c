//! A disk whose plug can be pulled: a file with an ext4 on it, mounted through a loop device. Pulling the plug is the ioctl
//! `FS_IOC_GOINGDOWN` without a flush of the journal: from that moment nothing more reaches the file, as if power had gone.
//! What was not flushed before is lost; the next mount replays the journal.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Waits for a line on its standard input, then stops the file system that its argument lies on. The number is
/// `FS_IOC_GOINGDOWN`, the flag 2 is `FS_GOING_DOWN_NOLOGFLUSH`.
const CUTTER: &str = r#"open(F, "<", $ARGV[0]) or die "open: $!"; $| = 1; print "armed\n"; <STDIN>;
    my $flag = pack("L", 2); defined(ioctl(F, 0x8004587D, $flag)) or die "ioctl: $!"; print "cut\n";"#;

pub struct Disk {
    image: PathBuf,
    mount: PathBuf,
    mounted: bool,
}

/// A plug in somebody's hand.
pub struct Plug(Child);

/// Why there can be no such disk here, if so. Tries one, because rights and loop devices show only then.
pub fn unavailable() -> Option<String> {
    if !crate::postgres::is_root() {
        return Some("needs root, for a loop device and a mount".to_owned());
    }
    let folder = tempfile::tempdir().ok()?;
    let tried = Disk::try_make(folder.path(), 16).and_then(|mut disk| {
        disk.try_plug()?.pull();
        disk.unmount();
        Ok(())
    });
    tried.err().map(|why| format!("no disk can be cut off here: {why}"))
}

impl Disk {
    /// Makes an empty disk below this folder and mounts it.
    pub fn make(folder: &Path, mebibytes: u64) -> Self {
        Self::try_make(folder, mebibytes).unwrap_or_else(|why| panic!("{why}"))
    }

    fn try_make(folder: &Path, mebibytes: u64) -> Result<Self, String> {
        let mut disk = Self { image: folder.join("disk.img"), mount: folder.join("disk"), mounted: false };
        std::fs::create_dir_all(&disk.mount).map_err(|e| e.to_string())?;
        let file = std::fs::File::create(&disk.image).map_err(|e| e.to_string())?;
        file.set_len(mebibytes * 1024 * 1024).map_err(|e| e.to_string())?;
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&disk.image))?;
        disk.try_mount()?;
        Ok(disk)
    }

    fn try_mount(&mut self) -> Result<(), String> {
        // `commit=300`: the file system's own five-second flush must not save what nobody flushed.
        run(Command::new("mount").args(["-t", "ext4", "-o", "loop,commit=300"]).arg(&self.image).arg(&self.mount))?;
        self.mounted = true;
        Ok(())
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.mount
    }

    /// Takes the plug in hand, so that pulling it takes no time.
    pub fn plug(&self) -> Plug {
        self.try_plug().unwrap_or_else(|why| panic!("{why}"))
    }

    fn try_plug(&self) -> Result<Plug, String> {
        let mut command = Command::new("perl");
        command.args(["-e", CUTTER]).arg(&self.mount).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut plug = Plug(command.spawn().map_err(|e| format!("perl: {e}"))?);
        plug.hears("armed")?;
        Ok(plug)
    }

    /// Takes it off and mounts it again, which replays its journal. Whoever had files open must be gone.
    pub fn remount(&mut self) {
        self.unmount();
        self.try_mount().unwrap_or_else(|why| panic!("{why}"));
    }

    pub fn unmount(&mut self) {
        let until = Instant::now() + Duration::from_secs(20);
        while self.mounted {
            match run(Command::new("umount").arg(&self.mount)) {
                Ok(()) => self.mounted = false,
                Err(why) => {
                    assert!(Instant::now() < until, "{why}");
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg("-l").arg(&self.mount).status();
        }
    }
}

impl Plug {
    /// Pulls it; when this returns, nothing more is written.
    pub fn pull(mut self) {
        let mut hand = self.0.stdin.take().expect("its standard input");
        hand.write_all(b"\n").expect("the cutter listens");
        self.hears("cut").unwrap_or_else(|why| panic!("{why}"));
    }

    fn hears(&mut self, word: &str) -> Result<(), String> {
        let mut line = String::new();
        if let Some(out) = self.0.stdout.as_mut() {
            // One word is said at a time, so that the reader's buffer holds nothing back.
            BufReader::new(out).read_line(&mut line).map_err(|e| e.to_string())?;
        }
        if line.trim() == word { Ok(()) } else { Err(format!("the cutter said {line:?} instead of {word}")) }
    }
}

impl Drop for Plug {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let out = command.stdin(Stdio::null()).output().map_err(|e| format!("{command:?}: {e}"))?;
    let said = String::from_utf8_lossy(&out.stderr);
    if out.status.success() { Ok(()) } else { Err(format!("{}: {}", command.get_program().display(), said.trim())) }
}
