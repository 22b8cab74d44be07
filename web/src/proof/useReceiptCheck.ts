import { useQuery } from "@tanstack/react-query";
import { useLog } from "@/client/ClientContext";
import type { EventProof } from "@/client/types";
import { checkReceipt, type ReceiptCheck } from "./checkReceipt";
import { parseVerifierKeys } from "./verifierKey";
import { readKept } from "./watch/kept";

/** A receipt that was checked here, with the files it came as. */
export interface CheckedProof {
  readonly proof: EventProof;
  readonly check: ReceiptCheck;
}

/** Asks for an event's receipt and checks it in this browser, by the key that it trusts since its first visit. */
export function useReceiptCheck(eventId: string | undefined, isAsked: boolean) {
  const { name, log } = useLog();
  return useQuery({
    queryKey: [name, "receipt", eventId],
    enabled: isAsked && eventId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<CheckedProof> => {
      const proof = await log.receipt(eventId ?? "");
      const keys = readKept(name)?.keys ?? (await log.verifierKeys());
      return {
        proof,
        check: await checkReceipt(proof.receipt, proof.eventFile, await parseVerifierKeys(keys.join("\n"))),
      };
    },
  });
}
