use std::time::Instant;

use tokio::runtime::Runtime;

use super::bulk;
use super::lean_reader::LeanReader;
use super::schema::Schema;
use crate::error::{BenchError, Result};
use crate::events::{Generator, Shape};
use crate::floor::SharedEvents;
use crate::loaded::{ask_own, load, payload_paths};
use crate::own_log::OwnLog;
use crate::question::Question;
use crate::rounds::{Contender, Measured, settle};
use crate::settings::{Settings, runtime};
use crate::sql;

/// The same events in the store and in a plain table, on one server.
pub(super) struct Loaded {
    own: Option<OwnLog>,
    lean: LeanReader,
    runtime: Runtime,
    /// Dropped last, when nobody is connected any more.
    _schemas: [Schema; 2],
}

impl Loaded {
    /// Writes `count` events, untimed, into so many blocks.
    pub(super) fn with_events(
        settings: &Settings,
        shape: Shape,
        (count, blocks): (usize, usize),
    ) -> Result<Self> {
        let events: SharedEvents = Generator::new(shape).take(count)?.into();
        let runtime = runtime()?;
        let (own_schema, mut plain_schema) = (Schema::for_log(settings)?, None);
        let (own, lean) = runtime.block_on(async {
            let block_len = count.div_ceil(blocks).max(16) as u64;
            let place = own_schema.place.clone().with_block_len(block_len);
            OwnLog::open(&place, payload_paths()?).await?.close().await?;
            // So that blocks do not grow with the log.
            let (until, block_len) = ((count as u64).cast_signed(), block_len.cast_signed());
            own_schema.connect().await?.query(sql::POSTGRES_MAKE_BLOCKS, &[&until, &block_len]).await?;
            load(&place, &events, payload_paths()?).await?;
            let schema = plain_schema.insert(Schema::create(settings).await?);
            bulk::fill(schema, &events).await?;
            let lean = LeanReader::open(schema).await?;
            let own = OwnLog::open(&place, payload_paths()?).await?;
            Ok::<_, BenchError>((own, lean))
        })?;
        settle();
        let plain_schema = plain_schema.ok_or(BenchError::EndedEarly { what: "the floor" })?;
        Ok(Self { own: Some(own), lean, runtime, _schemas: [own_schema, plain_schema] })
    }

    /// Asks one contender one question after the other; the events of all answers.
    pub(super) fn ask(&self, contender: Contender, questions: &[Question]) -> Result<Measured> {
        match (contender, &self.own) {
            (Contender::Own, Some(own)) => self.runtime.block_on(ask_own(own, questions)),
            (Contender::Own, None) => Err(BenchError::EndedEarly { what: "the log" }),
            _ => self.runtime.block_on(async {
                let mut measured = Measured::default();
                for question in questions {
                    let start = Instant::now();
                    let events = self.lean.ask(question).await?;
                    measured.answered(events, start.elapsed());
                }
                Ok(measured)
            }),
        }
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        if let Some(own) = self.own.take()
            && let Err(error) = self.runtime.block_on(own.close())
        {
            eprintln!("the measured log cannot be closed: {error}");
        }
    }
}
