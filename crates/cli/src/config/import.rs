use super::concern::concern;

concern! {
    /// How files are imported.
    ImportConfig is "import" {
        /// Milliseconds that a jq program may take for one record.
        jq_record_milliseconds: u64 = 5_000;
        /// MiB of memory that a jq program may take.
        jq_memory_mib: u64 = 512;
    }
}
