//! Folding stretches of many streams at once, so that they share the round trips to the processes.

use annals_event::RecordedEvent;
use annals_jq::Batch;

use super::Fold;
use super::engine::{Engine, fold_payloads};
use super::jq_fold::folding_input;
use super::ready::{ReadyEvent, given};
use crate::jq::JqReducer;
use crate::rules::Reducer;
use crate::value::Value;

/// The events of one stream with which a fold goes on.
pub(crate) struct Stretch {
    pub(crate) fold: Fold,
    pub(crate) events: Vec<RecordedEvent>,
    /// The length of the text of the state before them.
    pub(crate) state_bytes: usize,
}

/// A stretch behind its upcasters; no events where one of them failed.
struct ReadyStretch {
    fold: Fold,
    ready: Option<Vec<ReadyEvent>>,
}

impl Stretch {
    /// About how many bytes it takes, the state included.
    pub(crate) fn bytes(&self) -> usize {
        let texts = |event: &RecordedEvent| {
            let texts = [event.payload.value(), event.metadata.value()].into_iter().flatten();
            texts.map(|text| text.as_str().len()).sum::<usize>()
        };
        self.state_bytes + self.events.iter().map(texts).sum::<usize>()
    }
}

impl Engine {
    /// Folds stretches of streams that have the same reducer. There is no fold where something failed: folded alone,
    /// such a stretch tells what.
    pub(crate) async fn fold_together(
        &self,
        reducer: &Reducer,
        stretches: Vec<Stretch>,
    ) -> Vec<Option<Fold>> {
        let mut stretches = self.ready_together(reducer, stretches).await;
        match reducer {
            Reducer::Jq(jq) => self.states_together(jq, &mut stretches).await,
            Reducer::Merge | Reducer::Replace => {
                for ReadyStretch { fold, ready } in &mut stretches {
                    let folded = |ready: &mut Vec<ReadyEvent>| {
                        fold_payloads(reducer, &fold.stream, &mut fold.state, ready).is_ok()
                    };
                    *ready = ready.take_if(folded);
                }
            }
        }
        let folded = |ReadyStretch { mut fold, ready }| {
            let ready: Vec<ReadyEvent> = ready?;
            fold.note_all(&ready);
            Some(fold)
        };
        stretches.into_iter().map(folded).collect()
    }

    async fn ready_together(&self, reducer: &Reducer, stretches: Vec<Stretch>) -> Vec<ReadyStretch> {
        let all: Vec<&RecordedEvent> = stretches.iter().flat_map(|stretch| &stretch.events).collect();
        let Ok(mut upcasts) = self.upcast(&all).await else {
            let without = |Stretch { fold, .. }: Stretch| ReadyStretch { fold, ready: None };
            return stretches.into_iter().map(without).collect();
        };
        let failed = upcasts.all_failed();
        let mut end = 0;
        let ready = |Stretch { fold, events, .. }: Stretch| {
            let begin = end;
            end += events.len();
            let is_ready = failed.range(begin..end).next().is_none();
            let ready = events.into_iter().zip(begin..).map(|(event, index)| {
                let given = given(reducer, &event, upcasts.take(index));
                ReadyEvent { event, given }
            });
            ReadyStretch { fold, ready: is_ready.then(|| ready.collect()) }
        };
        stretches.into_iter().map(ready).collect()
    }

    /// Has a program fold each stretch in one record of a batch.
    async fn states_together(&self, jq: &JqReducer, stretches: &mut [ReadyStretch]) {
        let mut batch = Batch::new(jq.last());
        let mut sent: Vec<&mut ReadyStretch> = Vec::with_capacity(stretches.len());
        for stretch in stretches {
            let Some(ready) = stretch.ready.as_ref().filter(|ready| !ready.is_empty()) else { continue };
            let input = folding_input(&stretch.fold.state.to_string(), ready);
            match batch.push(&input, &[]) {
                Ok(()) => sent.push(stretch),
                Err(_) => stretch.ready = None,
            }
        }
        if batch.is_empty() {
            return;
        }
        let mut results = self.workers.run(jq.last(), batch).await.unwrap_or_default().into_iter();
        for stretch in sent {
            let state = match results.next() {
                Some(Ok(outputs)) => match outputs.as_slice() {
                    [state] => Value::parse(state).ok(),
                    _ => None,
                },
                Some(Err(_)) | None => None,
            };
            match state {
                Some(state) => stretch.fold.state = state,
                None => stretch.ready = None,
            }
        }
    }
}
