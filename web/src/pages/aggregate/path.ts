/** Where the page of one aggregate stands. */
export const AGGREGATE_PATH = "/aggregates/$type/$id";
