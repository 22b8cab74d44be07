/** Why something does not prove what it claims. The message is for people and says what does not fit. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

export type RefusalCode =
  | "number-malformed"
  | "hash-malformed"
  | "note-malformed"
  | "checkpoint-malformed"
  | "receipt-malformed"
  | "event-file-malformed"
  | "key-malformed"
  | "positions-differ"
  | "not-signed-by-key"
  | "signature-invalid"
  | "foreign-checkpoint"
  | "leaf-outside-tree"
  | "proof-length"
  | "root-mismatch"
  | "sizes-reversed";
