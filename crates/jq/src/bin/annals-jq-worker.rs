//! The worker process on its own, for tests and measurements: what `annals jq-worker` does.

fn main() -> Result<(), annals_jq::WorkerMainError> {
    annals_jq::worker_main(std::io::stdin(), std::io::stdout())
}
