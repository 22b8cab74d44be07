use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::contents::Survival;
use crate::disk::Disk;
use crate::names::Named;
use crate::{CUT_STATUS, own_work, raw};

impl Disk {
    /// Cuts the power. The caller holds the disk, so that nothing is written meanwhile.
    pub(crate) fn cut(&mut self) -> ! {
        // While the disk stands still, answers that are on their way arrive.
        std::thread::sleep(Duration::from_micros(self.chance.u64(..1_500)));
        if let Err(error) = own_work(|| self.leave_what_is_on_disk()) {
            raw::give_up(&format!("what is on it after the cut cannot be put down: {error}"));
        }
        raw::exit(CUT_STATUS)
    }

    fn leave_what_is_on_disk(&mut self) -> io::Result<()> {
        for contents in &mut self.files {
            let survival = Survival::drawn(&mut self.chance);
            contents.settle(survival, &mut self.chance)?;
        }
        let after = self.shadow.join("after");
        fs::create_dir(&after)?;
        for (path, named) in self.names.settle(&mut self.chance) {
            let Ok(relative) = path.strip_prefix(&self.root) else { continue };
            let place = after.join(relative);
            // Where the folder is not on disk, nothing in it is.
            if !place.parent().is_some_and(Path::is_dir) {
                continue;
            }
            match named {
                Named::Folder => fs::create_dir(&place)?,
                Named::File(number) => {
                    let kept = self.files.get(*number).and_then(|contents| contents.kept());
                    // What was never changed is as it was.
                    let linked = fs::hard_link(kept.unwrap_or(path), &place);
                    linked.map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
                }
            }
        }
        Ok(())
    }
}
