/** How many hues the tokens have. */
const HUES = 24;

/**
 * The hue of an event type: always the same for a name, whatever else is in the log (FNV-1a over its UTF-16 units).
 */
export function typeHue(eventType: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < eventType.length; at += 1) {
    hash = Math.imul(hash ^ eventType.charCodeAt(at), 0x01000193);
  }
  // The low bits alone of FNV-1a tell names apart badly.
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES;
}

/** That hue as a colour, for a style or an SVG attribute. */
export const typeColor = (eventType: string): string => `var(--hue-${typeHue(eventType)})`;
