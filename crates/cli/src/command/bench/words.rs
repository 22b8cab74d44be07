//! What the figures say, in sentences.

use std::io::{self, Write};

use annals_benches::{Conditions, Figure, Work};

use super::table::grouped;

/// A paragraph about one figure.
pub(super) fn write(out: &mut dyn Write, figure: &Figure) -> io::Result<()> {
    let (work, part) = (figure.work, figure.part);
    write!(out, "{work}, {part}: {}", sentence(figure))?;
    if let Some(times) = beside_floors(figure) {
        write!(out, ", {times}")?;
    }
    writeln!(out, ".")
}

fn sentence(figure: &Figure) -> String {
    let more = |name: &str| figure.more.get(name).copied().unwrap_or_default();
    let rate = grouped(figure.events_per_second);
    match figure.work {
        Work::W1 | Work::W2 => {
            let slowest = figure.p999_ms.unwrap_or_default();
            let raw = figure.more.get("ratioConnections");
            let raw = raw.map(|raw| format!(", {raw:.2} times what 64 raw connections took"));
            let raw = raw.unwrap_or_default();
            format!(
                "the store took {rate} events a second, 999 of 1,000 appends within {slowest:.1} ms each{raw}"
            )
        }
        Work::W3 if figure.more.contains_key("bytesPerEvent") => {
            let bytes = grouped(more("bytesPerEvent"));
            format!("the store took {rate} events a second, with {bytes} bytes on disk for each")
        }
        Work::W3 => format!("the store took and indexed {rate} events a second"),
        Work::W4 => format!("the store gave {rate} events a second"),
        Work::W5 => {
            let (p50, per) = (figure.p50_ms.unwrap_or_default(), more("eventsPerAnswer"));
            let lean = more("p50TimesLean");
            let equal = figure.more.get("p50TimesEqual");
            let equal =
                equal.map(|equal| format!("{equal:.2} times what a raw client of the same files needs, "));
            let equal = equal.unwrap_or_default();
            format!(
                "half of the answers, of {per:.1} events on average, came within {p50:.3} ms; {equal}{lean:.2} times \
                 what a table with an index for this question needs"
            )
        }
        Work::Neighbours => {
            let (ratio, wal) = (more("ratioAlone"), more("walMebibytesMax"));
            let exported = grouped(more("exportedPerSecond"));
            format!(
                "the store took {rate} events a second, {ratio:.2} of what it took alone, while {exported} a second were \
                 exported and each new one was followed; the write-ahead log came to {wal:.0} MiB"
            )
        }
        Work::Verify => format!("{rate} events a second were verified"),
        Work::Import => {
            let ratio = more("ratioW3");
            format!(
                "{rate} events a second were read, mapped and stored, {ratio:.2} of the rate of bulk append"
            )
        }
        Work::Growth => {
            let (ratio, events) = (more("costRatioIndexed"), grouped(figure.events as f64));
            format!(
                "an append to a log of {events} events costs {ratio:.2} times what it costs at a hundredth of that"
            )
        }
        Work::H1 | Work::H2 | Work::H3 | Work::H4 | Work::H5 => sentence_over_http(figure),
    }
}

/// What a server did, beside the same in process.
fn sentence_over_http(figure: &Figure) -> String {
    let more = |name: &str| figure.more.get(name).copied().unwrap_or_default();
    let rate = grouped(figure.events_per_second);
    match figure.work {
        Work::H3 => {
            let (p50, times) = (figure.p50_ms.unwrap_or_default(), more("p50TimesInProcess"));
            format!(
                "half of the pages came within {p50:.3} ms, {times:.2} times what the store needs in process"
            )
        }
        Work::H4 => {
            let (ratio, peak) = (more("ratioInProcess"), more("serverMegabytesPeak"));
            format!(
                "the server gave {rate} events a second, {ratio:.2} of what the store gives in process, and used {peak:.0} \
                 MB at the most"
            )
        }
        Work::H5 => {
            let (subscribers, idle) = (grouped(more("subscribers")), more("megabytesIdle"));
            let slow = figure.p99_ms.unwrap_or_default();
            format!(
                "{subscribers} idle subscribers cost the server {idle:.1} MB; 99 of 100 were told of an event within \
                 {slow:.1} ms"
            )
        }
        _ => {
            let ratio = more("ratioInProcess");
            format!("the server took {rate} events a second, {ratio:.2} of what the store takes in process")
        }
    }
}

/// How the rate stands beside the floors' rates; questions are compared by their times instead.
fn beside_floors(figure: &Figure) -> Option<String> {
    let (lean, [least, greatest]) = (figure.ratio_lean?, figure.ratio_lean_spread?);
    if figure.work == Work::W5 {
        return None;
    }
    let equal = figure.ratio_equal.map(|equal| format!(" and {equal:.2} times the equal floor's"));
    Some(format!(
        "{lean:.2} times the lean floor's rate ({least:.2} to {greatest:.2}){}",
        equal.unwrap_or_default()
    ))
}

/// Under which conditions.
pub(super) fn write_conditions(out: &mut dyn Write, conditions: &Conditions) -> io::Result<()> {
    let Conditions { annals, build, system, cores, database, rounds, .. } = conditions;
    let or_unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".to_owned());
    writeln!(out, "annals         {annals}, {build} build, {database}")?;
    writeln!(out, "machine        {system}, {cores} cores, {}", or_unknown(&conditions.processor))?;
    let (usual, slow) = (conditions.sync_p50_ms, conditions.sync_p99_ms);
    let file_system = or_unknown(&conditions.file_system);
    writeln!(
        out,
        "disk           {file_system}; a sync takes {usual:.2} ms, 1 of 100 more than {slow:.2} ms"
    )?;
    let (payload, metadata) = (conditions.payload_bytes, conditions.metadata_bytes);
    let aggregates = grouped(conditions.aggregates as f64);
    writeln!(
        out,
        "events         {payload:.0} bytes of payload, {metadata:.0} of metadata, {aggregates} aggregates"
    )?;
    writeln!(out, "ids            {}", conditions.ids)?;
    writeln!(out, "not timed      {}", conditions.outside)?;
    writeln!(out, "store          {}", conditions.own)?;
    writeln!(out, "lean floor     {}", conditions.lean)?;
    if let Some(equal) = &conditions.equal {
        writeln!(out, "equal floor    {equal}")?;
    }
    writeln!(out, "rounds         {rounds}")
}
