//! W5: questions with short answers.

use super::Work;
use crate::chance::Chance;
use crate::error::Result;
use crate::events::{FIRST_MICROS, Generator, STEP_MICROS, Shape, invoice};
use crate::loaded::Loaded;
use crate::question::{Aggregate, Question};
use crate::report::Figure;
use crate::rounds::{Contender, IN_FILES, Measured, side_by_side};
use crate::settings::Settings;

pub(crate) const EVENTS: usize = 1_000_000;

/// How many questions of each kind are asked in a round, but no more than there are events.
const QUESTIONS: usize = 1_000;

/// The newest so many events of an aggregate are asked for.
const LATEST: u64 = 50;

/// About a thousand events happen in this range of time, 80 of them of one type.
const RANGE_MICROS: i64 = 20_000_000;

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let loaded = Loaded::with_events(settings, Shape::Ordinary, count)?;
    let parts = ["latest 50 of an aggregate", "type and time range", "indexed payload field"];
    let ask = |contender, questions: &[Question]| loaded.ask(contender, questions);
    query_side_by_side(settings, IN_FILES, (count, parts), ask)
}

/// Has contenders answer questions to a log of `count` events; `ask` has one of them answer.
pub(crate) fn query_side_by_side(
    settings: &Settings,
    contenders: &[Contender],
    (count, parts): (usize, [&'static str; 3]),
    ask: impl Fn(Contender, &[Question]) -> Result<Measured>,
) -> Result<Vec<Figure>> {
    let mut chance = Chance::seeded(5);
    let mut draw = |question: fn(&mut Chance, u64) -> Question| -> Vec<_> {
        (0..QUESTIONS.min(count)).map(|_| question(&mut chance, count as u64)).collect()
    };
    let questions = [draw(latest), draw(type_between), draw(of_invoice)];
    let mut figures = Vec::new();
    for (part, questions) in parts.into_iter().zip(questions) {
        let rounds = side_by_side(settings, contenders, |contender| {
            // Statements are prepared and pages in memory, whoever comes first.
            ask(contender, &questions)?;
            ask(contender, &questions)
        })?;
        let figure = Figure::of(Work::W5, part, &rounds, Measured::events_per_second);
        let mut figure = figure.with_floor_latencies(&rounds);
        let events = std::mem::take(&mut figure.events);
        figure.more.insert("eventsPerAnswer", events as f64 / questions.len() as f64);
        figure.events = count as u64;
        for (floor, times) in [("leanP50Ms", "p50TimesLean"), ("equalP50Ms", "p50TimesEqual")] {
            let ratio = figure.p50_ms.zip(figure.more.get(floor)).map(|(own, floor)| own / floor);
            figure.more.extend(ratio.map(|ratio| (times, ratio)));
        }
        figures.push(figure);
    }
    Ok(figures)
}

fn latest(chance: &mut Chance, _: u64) -> Question {
    let (aggregate_type, aggregate_id) = Generator::busy_aggregate(chance);
    Question::Latest(Aggregate { aggregate_type, aggregate_id }, LATEST)
}

fn type_between(chance: &mut Chance, events: u64) -> Question {
    let from_micros = FIRST_MICROS + chance.below(events) as i64 * STEP_MICROS;
    let event_type = Generator::event_type(chance);
    Question::TypeBetween { event_type, from_micros, to_micros: from_micros + RANGE_MICROS }
}

fn of_invoice(chance: &mut Chance, events: u64) -> Question {
    Question::Invoice(invoice(chance.below(events) as usize))
}
