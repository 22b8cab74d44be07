import { Copy } from "lucide-react";
import { useLog } from "@/client/ClientContext";
import type { EventRecord } from "@/client/types";
import { writePrettyJson } from "@/json/node";
import { readJson } from "@/json/read";
import { ActionMenu } from "@/parts/ActionMenu";
import { copyText } from "@/parts/copyText";
import { commandLine, curlLine } from "./commandLines";

/** Copies an event as JSON, or what asks for it outside of the browser. */
export function CopyEventMenu({ event }: { event: EventRecord }) {
  const { name, log } = useLog();
  const copy = (text: string) => () => void copyText(text);
  const actions = [
    { id: "json", label: "Copy as JSON", run: copy(eventJson(event)) },
    { id: "payload", label: "Copy payload", note: "byte for byte", run: copy(event.payloadText ?? "") },
    { id: "curl", label: "Copy as curl", run: copy(curlLine(log.eventAddress(event.eventId))) },
    { id: "cli", label: "Copy as command", note: "annals show", run: copy(commandLine(name, "show", [event.eventId])) },
    { id: "link", label: "Copy link", run: copy(location.href) },
  ];
  return (
    <ActionMenu label="Copy" actions={actions} look="plain" aria-label="Copy this event">
      <Copy />
    </ActionMenu>
  );
}

/** The event in the API's form, with the producer's JSON in place of the text that holds it. */
function eventJson({ payloadText, metadataText, ...event }: EventRecord): string {
  const node = readJson(JSON.stringify(event));
  if (node.kind !== "object") return "";
  const texts = [
    ["payload", payloadText],
    ["metadata", metadataText],
  ] as const;
  const members = texts.flatMap(([name, text]) =>
    text === undefined ? [] : [{ name, value: readJson(text || "{}") }],
  );
  return writePrettyJson({ kind: "object", members: [...node.members, ...members] });
}
