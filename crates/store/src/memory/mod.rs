/// The reference model.
pub struct MemoryStore;
