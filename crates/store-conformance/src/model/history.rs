use annals_event::{Position, StreamName, Timestamp};
use annals_store::{Append, CursorAdvance, DeadLetterState, Direction, PageRequest, Query, StreamFilter};
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;

use super::vocabulary::{advance, condition, expected_version, moment, new_event, query, stream};
use crate::build::aggregate_type;

/// Something that happens to a store, or is asked of it.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Append(Vec<Append>),
    /// Many events of one stream, so that tiles fill and indexes outgrow what is kept in memory.
    Bulk {
        stream: StreamName,
        count: u64,
    },
    Advance(CursorAdvance),
    /// The clock moves by so many microseconds.
    Clock(i64),
    Reopen,
    Read(Query, PageRequest),
    Streams {
        filter: StreamFilter,
        after: Option<StreamName>,
        limit: usize,
    },
    Statistics {
        top: usize,
    },
    Inclusion {
        index: u64,
        size: u64,
    },
    Consistency {
        from: u64,
        to: u64,
    },
    Root {
        size: u64,
    },
    PositionOf(u128),
    KeepCheckpoint {
        size: u64,
    },
    KeepSnapshot {
        stream: StreamName,
        version: u64,
        timestamp: Timestamp,
    },
    NearestSnapshot {
        stream: StreamName,
        version: Option<u64>,
        timestamp: Option<Timestamp>,
    },
    DropSnapshots(Option<StreamName>),
    KeepDeadLetter,
    SettleDeadLetter {
        id: u64,
        state: DeadLetterState,
    },
    DeadLetters {
        state: Option<DeadLetterState>,
        after: Option<u64>,
        limit: usize,
    },
    /// Everything that is listed without being asked for in particular.
    Listings,
}

impl Step {
    /// What is asked at the end of every history.
    pub(super) fn everything() -> Vec<Self> {
        let backwards =
            PageRequest { direction: Direction::Backwards, events_max: 7, ..PageRequest::default() };
        vec![
            Self::Listings,
            Self::Read(Query::all(), PageRequest::default()),
            Self::Read(Query::all(), backwards),
            Self::Streams { filter: StreamFilter::default(), after: None, limit: 1_000 },
            Self::Statistics { top: 1_000 },
        ]
    }
}

fn append() -> impl Strategy<Value = Append> {
    let events = vec(new_event(), 0..4);
    let expected = vec((stream(), expected_version()), 0..2);
    (events, expected, weighted(0.2, condition()), vec(advance(), 0..2)).prop_map(
        |(events, expected, condition, cursors)| Append {
            events,
            expected,
            condition,
            cursors,
            ..Append::default()
        },
    )
}

/// A batch; now and then an append stands in it twice.
fn batch() -> impl Strategy<Value = Vec<Append>> {
    (vec(append(), 1..4), any::<bool>(), any::<prop::sample::Index>()).prop_map(
        |(mut batch, twice, which)| {
            if twice {
                batch.push(which.get(&batch).clone());
            }
            batch
        },
    )
}

fn page_request() -> impl Strategy<Value = PageRequest> {
    let direction = select(vec![Direction::Forwards, Direction::Backwards]);
    (direction, of(0..60_u64), of(0..60_u64), 1..9_usize, select(vec![0, 100, 4 << 20])).prop_map(
        |(direction, after, size, events_max, bytes_max)| PageRequest {
            direction,
            after: after.map(Position),
            size,
            events_max,
            bytes_max,
        },
    )
}

fn catalog_step() -> impl Strategy<Value = Step> {
    let filter = (of(select(vec!["Order", "Cart"])), of(select(vec!["1", "A", "ä", "%"])));
    let streams =
        (filter, of(stream()), 0..5_usize).prop_map(|((kind, search), after, limit)| Step::Streams {
            filter: StreamFilter {
                aggregate_type: kind.map(aggregate_type),
                search: search.map(str::to_owned),
            },
            after,
            limit,
        });
    prop_oneof![streams, (0..4_usize).prop_map(|top| Step::Statistics { top }), Just(Step::Listings)]
}

fn proof_step() -> impl Strategy<Value = Step> {
    let size = || prop_oneof![3 => 0..60_u64, 1 => 0..700_u64];
    prop_oneof![
        (size(), size()).prop_map(|(index, size)| Step::Inclusion { index, size }),
        (size(), size()).prop_map(|(from, to)| Step::Consistency { from, to }),
        size().prop_map(|size| Step::Root { size }),
        (0..30_u64).prop_map(|size| Step::KeepCheckpoint { size }),
    ]
}

fn snapshot_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (stream(), 1..6_u64, moment())
            .prop_map(|(stream, version, timestamp)| Step::KeepSnapshot { stream, version, timestamp }),
        3 => (stream(), of(0..7_u64), of(moment()))
            .prop_map(|(stream, version, timestamp)| Step::NearestSnapshot { stream, version, timestamp }),
        1 => of(stream()).prop_map(Step::DropSnapshots),
    ]
}

fn dead_letter_step() -> impl Strategy<Value = Step> {
    let state = || select(vec![DeadLetterState::Open, DeadLetterState::Retried, DeadLetterState::Discarded]);
    let settled = select(vec![DeadLetterState::Retried, DeadLetterState::Discarded]);
    prop_oneof![
        Just(Step::KeepDeadLetter),
        (0..6_u64, settled).prop_map(|(id, state)| Step::SettleDeadLetter { id, state }),
        (of(state()), of(0..6_u64), 0..4_usize).prop_map(|(state, after, limit)| Step::DeadLetters {
            state,
            after,
            limit
        }),
    ]
}

/// What happens to a log in one case. Now and then it is an earlier batch once more, whose answer was lost.
pub(super) fn history() -> impl Strategy<Value = Vec<Step>> {
    let again = any::<prop::sample::Index>();
    vec((step(), weighted(0.1, again)), 1..60).prop_map(|steps| {
        let mut history: Vec<Step> = Vec::with_capacity(steps.len());
        for (step, again) in steps {
            let batches: Vec<&Step> = history.iter().filter(|step| matches!(step, Step::Append(_))).collect();
            let repeat =
                again.filter(|_| !batches.is_empty()).map(|again| again.get(&batches).to_owned().clone());
            history.push(repeat.unwrap_or(step));
        }
        history
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (stream(), 200..400_u64).prop_map(|(stream, count)| Step::Bulk { stream, count }),
        20 => batch().prop_map(Step::Append),
        2 => advance().prop_map(Step::Advance),
        5 => (-3_000..4_000_i64).prop_map(Step::Clock),
        1 => Just(Step::Reopen),
        14 => (query(), page_request()).prop_map(|(query, request)| Step::Read(query, request)),
        2 => (0..32_u128).prop_map(Step::PositionOf),
        4 => catalog_step(),
        4 => proof_step(),
        3 => snapshot_step(),
        3 => dead_letter_step(),
    ]
}
