//! The worker process on its own, for tests: what `annals jq-worker` does.

fn main() -> Result<(), annals_jq::WorkerMainError> {
    annals_jq::worker_main(std::io::stdin(), std::io::stdout())
}
