//! The states of many aggregates, worked out together.

use annals_event::StreamName;

use super::History;
use super::folding::Beginning;
use crate::ahead::{Gone, Taker};
use crate::error::HistoryError;
use crate::fold::Stretch;
use crate::moment::Moment;
use crate::state_at::{Source, StateAt};

/// So many bytes of events are folded together.
const BYTES_MAX: usize = 1 << 20;

/// The state of an aggregate; none for one that is left out.
pub(super) type Answer = Result<Option<StateAt>, HistoryError>;

/// What is asked of many aggregates of one type.
pub(super) struct Asked {
    pub(super) history: History,
    pub(super) moment: Moment,
    /// The size of the log.
    pub(super) size: u64,
}

/// Aggregates whose events were read and not yet folded, in the order of their names.
#[derive(Default)]
struct Gathered {
    stretches: Vec<(Stretch, Source)>,
    bytes: usize,
}

impl Asked {
    /// Answers for each of some aggregates, in their order.
    pub(super) async fn answer(
        self,
        streams: Vec<StreamName>,
        taker: Taker<Vec<Answer>>,
    ) -> Result<(), HistoryError> {
        // Whoever does not take the answers does not need to know that there are no more.
        let _: Result<(), Gone> = self.answer_to(streams, &taker).await;
        Ok(())
    }

    async fn answer_to(&self, streams: Vec<StreamName>, taker: &Taker<Vec<Answer>>) -> Result<(), Gone> {
        let mut gathered = Gathered::default();
        for stream in streams {
            match self.begin(&stream).await {
                Ok(Some((Beginning::Here(stretch), source))) => {
                    gathered.bytes += stretch.bytes();
                    gathered.stretches.push((stretch, source));
                    if gathered.bytes >= BYTES_MAX {
                        taker.give(self.fold(std::mem::take(&mut gathered)).await).await?;
                    }
                }
                // Behind those before it, an aggregate is answered for alone whose events are not all here.
                alone => {
                    taker.give(self.fold(std::mem::take(&mut gathered)).await).await?;
                    let answer = match alone {
                        Ok(Some((beginning, source))) => self.finish(beginning, source).await,
                        Ok(None) => Ok(None),
                        Err(error) => Err(error),
                    };
                    taker.give(vec![answer]).await?;
                }
            }
        }
        taker.give(self.fold(gathered).await).await
    }

    /// Where the state of an aggregate begins; `None` for one that is left out.
    async fn begin(&self, stream: &StreamName) -> Result<Option<(Beginning, Source)>, HistoryError> {
        let history = &self.history;
        let Some(recent) = history.recent_if_any(stream, Some(self.size)).await? else { return Ok(None) };
        match history.extent(stream, self.moment, &recent).await {
            Ok(extent) => history.begin(stream, extent, recent).await.map(Some),
            Err(HistoryError::NoVersion { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn finish(&self, beginning: Beginning, source: Source) -> Answer {
        Ok(Some(self.history.finish(beginning).await?.into_state_at(source)).filter(is_there))
    }

    /// The states of what was gathered, in its order.
    async fn fold(&self, gathered: Gathered) -> Vec<Answer> {
        let (stretches, sources): (Vec<_>, Vec<_>) = gathered.stretches.into_iter().unzip();
        let streams: Vec<_> = stretches.iter().map(|stretch| stretch.fold.stream.clone()).collect();
        let Some(first) = streams.first() else { return Vec::new() };
        let engine = &self.history.engine;
        let reducer = engine.rules.reducer(&first.aggregate_type);
        let folds = engine.fold_together(reducer, stretches).await;
        let mut answers = Vec::with_capacity(folds.len());
        for ((stream, fold), source) in streams.iter().zip(folds).zip(sources) {
            answers.push(match fold {
                Some(fold) => Ok(Some(fold.into_state_at(source)).filter(is_there)),
                None => self.alone(stream).await,
            });
        }
        answers
    }

    /// The state of an aggregate, or what is wrong with it.
    async fn alone(&self, stream: &StreamName) -> Answer {
        match self.begin(stream).await? {
            Some((beginning, source)) => self.finish(beginning, source).await,
            None => Ok(None),
        }
    }
}

/// Whether an aggregate had an event by the moment asked for.
fn is_there(state: &StateAt) -> bool {
    state.last.is_some()
}
