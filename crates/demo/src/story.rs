//! What is worth finding in the story. Everything else in it is as it should be: money and stock add up.

use annals_event::{EventId, StreamName, StreamVersion, Timestamp};

/// Where what went wrong was told so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    chapters: Vec<Chapter>,
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// What it is.
    pub plot: Plot,
    /// The aggregate in whose history it is found.
    pub stream: StreamName,
    /// The event that is wrong.
    pub wrong: Scene,
    /// The event that puts it right, once it is told. What is only late is not put right.
    pub corrected: Option<Scene>,
}

/// One event of a chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scene {
    /// Its identity.
    pub event_id: EventId,
    /// Its place in its stream.
    pub version: StreamVersion,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When it was recorded, as the story has it.
    pub recorded_at: Timestamp,
}

/// What goes wrong, in the order of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Plot {
    /// On the thirteenth day at 02:13, tom sets the price of the hand grinder (`Product/grinder`) to 8.90 instead of
    /// 89.00, and two customers who are awake order it before maria corrects it at 07:05. They keep their price.
    PriceAtNight,
    /// On the sixteenth day at 16:30, sofia counts a tenth of the paper filters (`Product/filters`) that there are: she
    /// forgot the other pallets. She corrects it the next day at 11:20.
    WrongCount,
    /// A French press is returned, and lena refunds 64.00 instead of 32.00, more than was ever paid
    /// (`RefundIssued` in a `Payment`). Maria takes the half back on the next day (`RefundCorrected`).
    DoubleRefund,
    /// On the twentieth day the carrier's depot is offline: what was delivered since the morning is recorded in the
    /// evening. Such events are found all over the log, one at a time; on this day they are many.
    LateDelivery,
    /// On the twenty-third day at 22:47, jonas of support raises his own limit for discounts (`User/jonas`) from 10 to 90
    /// percent, and grants 80 percent on three orders of one customer, late in the evening. Maria finds out on the
    /// twenty-seventh day, sets the limit back, and suspends him.
    OwnDiscountLimit,
}

impl Plot {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::PriceAtNight,
        Self::WrongCount,
        Self::DoubleRefund,
        Self::LateDelivery,
        Self::OwnDiscountLimit,
    ];
}

impl Story {
    /// Where something that goes wrong is told; `None` before it was.
    #[must_use]
    pub fn chapter(&self, plot: Plot) -> Option<&Chapter> {
        self.chapters.iter().find(|chapter| chapter.plot == plot)
    }

    /// Tells the first time that something is wrong.
    pub(crate) fn goes_wrong(&mut self, plot: Plot, stream: StreamName, wrong: Scene) {
        if self.chapter(plot).is_none() {
            self.chapters.push(Chapter { plot, stream, wrong, corrected: None });
        }
    }

    /// Tells how it was put right.
    pub(crate) fn is_corrected(&mut self, plot: Plot, scene: Scene) {
        if let Some(chapter) = self.chapters.iter_mut().find(|chapter| chapter.plot == plot) {
            chapter.corrected = Some(scene);
        }
    }
}
