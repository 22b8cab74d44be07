use super::concern::concern;

concern! {
    /// How files are imported.
    ImportConfig is "import" {
        /// Milliseconds that a jq program may take for one record.
        jq_record_milliseconds: u64 = 2_000;
        /// MiB of address space that the process may take in which jq programs run, the binary included.
        jq_memory_mib: u64 = 1_024;
    }
}
