import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./Button";
import { copyText } from "./copyText";

/** Copies a text, and shows for a moment that it did. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1_200);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Button look="plain" aria-label={isCopied ? "Copied" : label} onPress={async () => setCopied(await copyText(text))}>
      {isCopied ? <Check /> : <Copy />}
    </Button>
  );
}
