//! The binary `annals`: a log on the command line.
//!
//! This crate only wires parts together and prints: what an event is, how it is stored, queried, imported and
//! proven stands in the crates below. It is a library only so that its readers of foreign text can be fuzzed.

#[cfg(annals_unproven)]
compile_error!("a build without hashing is for measuring the price of the proof alone, and proves nothing");

mod closed_pipe;
mod command;
mod config;
mod exit;
mod failure;
mod filter;
#[doc(hidden)]
pub mod fuzzing;
mod global;
mod output;
mod progress;
mod shell;
mod signed;
mod when;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::command::{
    aggregates, append, backup, bench, blame, checkpoint, completions, config as configuration, copy, demo,
    diff, events, explain, export, grant, history, import, jq_worker, key, migrate, receipt, recover,
    reducers, repair, replay, restore, serve, show, snapshot, snapshots, state, stats, tail, tiles, token,
    undo, verify,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::shell::Shell;

/// A provable log of everything that happened
///
/// Keeps every state change in one order, exactly as it was written; anyone can query it and check that nothing
/// in it was altered.
///
/// Exit codes: 0 done, 2 usage, 3 some input was not stored, 4 conflict, 5 not found, 6 verification failed,
/// 7 store unavailable, corrupt or not one of Annals. 'annals explain CODE' explains every error.
#[derive(Parser)]
#[command(name = "annals", version, max_term_width = 110)]
struct Annals {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one, made when the program starts")]
enum Command {
    #[command(flatten)]
    OnLog(LogCommand),
    Serve(serve::ServeArgs),
    Demo(demo::DemoArgs),
    Token(token::TokenArgs),
    Bench(bench::BenchArgs),
    Explain(explain::ExplainArgs),
    Config(configuration::ConfigArgs),
    Completions(completions::CompletionsArgs),
    #[command(hide = true)]
    BenchClients(bench::clients::BenchClientsArgs),
    #[command(hide = true)]
    JqWorker(jq_worker::JqWorkerArgs),
}

/// The commands that work on a log.
#[derive(Subcommand)]
enum LogCommand {
    Append(append::AppendArgs),
    Import(import::ImportArgs),
    Events(events::EventsArgs),
    Show(show::ShowArgs),
    Aggregates(aggregates::AggregatesArgs),
    History(history::HistoryArgs),
    State(state::StateArgs),
    Diff(diff::DiffArgs),
    Blame(blame::BlameArgs),
    Replay(replay::ReplayArgs),
    Undo(undo::UndoArgs),
    Snapshot(snapshot::SnapshotArgs),
    Snapshots(snapshots::SnapshotsArgs),
    Reducers(reducers::ReducersArgs),
    Export(export::ExportArgs),
    Stats(stats::StatsArgs),
    Tail(tail::TailArgs),
    Checkpoint(checkpoint::CheckpointArgs),
    Receipt(receipt::ReceiptArgs),
    Verify(verify::VerifyArgs),
    Tiles(tiles::TilesArgs),
    Repair(repair::RepairArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Migrate(migrate::MigrateArgs),
    Copy(copy::CopyArgs),
    Grant(grant::GrantArgs),
    Key(key::KeyArgs),
    Recover(recover::RecoverArgs),
}

/// Does what the arguments of the process say, and prints it.
pub fn main() -> ExitCode {
    let outcome = match Annals::try_parse() {
        Ok(annals) => run(annals),
        Err(error) => return refuse(&error),
    };
    match outcome {
        Ok(()) => Exit::Done.into(),
        Err(failure) => {
            failure.tell();
            failure.exit().into()
        }
    }
}

/// What the crates below have to remark while they work, such as an index that cannot be written, goes to stderr.
fn tell_warnings() {
    let told = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::WARN);
    told.with_writer(std::io::stderr).with_target(false).without_time().init();
}

fn run(Annals { global, command }: Annals) -> Result<(), Failure> {
    // A server says more, in the form that is configured for it.
    if !matches!(command, Command::Serve(_)) {
        tell_warnings();
    }
    match command {
        Command::OnLog(command) => {
            let shell = Shell::new(&global)?;
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.map_err(Failure::Input)?.block_on(run_on_log(command, &shell))
        }
        Command::Serve(args) => serving()?.block_on(serve::run(args, &global)),
        Command::Demo(args) => serving()?.block_on(demo::run(args, &Shell::new(&global)?)),
        Command::Token(args) => token::run(args, &Shell::new(&global)?),
        Command::Bench(args) => bench::run(args, &Shell::new(&global)?),
        // What explains also works where the configuration is what is wrong.
        Command::Explain(args) => explain::run(&args, &Shell::to_explain(&global)),
        Command::Config(args) if args.is_manual() => configuration::run(&args, &Shell::to_explain(&global)),
        Command::Config(args) => configuration::run(&args, &Shell::new(&global)?),
        Command::Completions(args) => completions::run(&args, Annals::command()),
        Command::BenchClients(args) => bench::clients::run(&args),
        Command::JqWorker(args) => jq_worker::run(&args),
    }
}

/// A runtime with a thread for each core: others wait for the answers.
fn serving() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Input)
}

async fn run_on_log(command: LogCommand, shell: &Shell) -> Result<(), Failure> {
    match command {
        LogCommand::Append(args) => append::run(args, shell).await,
        LogCommand::Import(args) => import::run(args, shell).await,
        LogCommand::Events(args) => events::run(args, shell).await,
        LogCommand::Show(args) => show::run(args, shell).await,
        LogCommand::Aggregates(args) => aggregates::run(args, shell).await,
        LogCommand::History(args) => history::run(args, shell).await,
        LogCommand::State(args) => state::run(args, shell).await,
        LogCommand::Diff(args) => diff::run(args, shell).await,
        LogCommand::Blame(args) => blame::run(args, shell).await,
        LogCommand::Replay(args) => replay::run(args, shell).await,
        LogCommand::Undo(args) => undo::run(args, shell).await,
        LogCommand::Snapshot(args) => snapshot::run(args, shell).await,
        LogCommand::Snapshots(args) => snapshots::run(args, shell).await,
        LogCommand::Reducers(args) => reducers::run(args, shell).await,
        LogCommand::Export(args) => export::run(args, shell).await,
        LogCommand::Stats(args) => stats::run(args, shell).await,
        LogCommand::Tail(args) => tail::run(args, shell).await,
        LogCommand::Checkpoint(args) => checkpoint::run(args, shell).await,
        LogCommand::Receipt(args) => receipt::run(args, shell).await,
        LogCommand::Verify(args) => verify::run(args, shell).await,
        LogCommand::Tiles(args) => tiles::run(args, shell).await,
        LogCommand::Repair(args) => repair::run(args, shell).await,
        LogCommand::Backup(args) => backup::run(args, shell).await,
        LogCommand::Restore(args) => restore::run(args, shell).await,
        LogCommand::Grant(args) => grant::run(args, shell).await,
        LogCommand::Copy(args) => copy::run(args, shell).await,
        LogCommand::Migrate(args) => migrate::run(args, shell).await,
        LogCommand::Key(args) => key::run(args, shell).await,
        LogCommand::Recover(args) => recover::run(args, shell).await,
    }
}

/// Answers arguments that are none: with the help that was asked for, or with what is wrong.
fn refuse(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that has seen enough, as in `| head`, is no failure.
        let _ = error.print();
        return Exit::Done.into();
    }
    let text = error.render().ansi().to_string();
    let what = text.split_once("error:").map_or(text.as_str(), |(_, what)| what);
    let what = what.trim_end().trim_start_matches("\u{1b}[0m");
    anstream::eprintln!("{}:{what}\n  help: 'annals explain usage' says more", Failure::heading("usage"));
    Exit::Usage.into()
}
