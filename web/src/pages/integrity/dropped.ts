import { looksLikeReceipt } from "@/proof/receiptFile";

/** Texts of files that somebody dropped, told apart by what is in them. */
export interface DroppedFiles {
  readonly receipt?: string;
  readonly eventFile?: string;
  readonly checkpoint?: string;
  readonly keys?: string;
  /** What was made nothing of. */
  readonly refused?: string | undefined;
}

/** The formats are a few kilobytes; whatever is greater is something else, and is not read. */
const BYTES_MAX = 4_000_000;

/** Reads dropped files. Nothing leaves the browser. */
export async function readDropped(files: FileList): Promise<DroppedFiles> {
  let found: DroppedFiles = { refused: undefined };
  for (const file of files) {
    const kind = file.size > BYTES_MAX ? undefined : kindOf(await file.text());
    if (kind === undefined) {
      found = { ...found, refused: `${file.name} is neither a receipt, an event file, a checkpoint nor a public key.` };
    } else {
      found = { ...found, ...kind };
    }
  }
  return found;
}

function kindOf(text: string): DroppedFiles | undefined {
  if (looksLikeReceipt(text)) return { receipt: text };
  if (text.startsWith("{") && text.includes('"opening"')) return { eventFile: text };
  if (text.includes("\n\n\u2014 ")) return { checkpoint: text };
  if (/^[^\s+]+\+[0-9a-f]{8}\+\S+\s*$/im.test(text)) return { keys: text };
  return undefined;
}
