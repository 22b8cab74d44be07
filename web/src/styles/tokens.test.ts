import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const TOKENS = readFileSync(new URL("tokens.css", import.meta.url), "utf8");

/** What text may have to be read on (WCAG 2.2, 1.4.3). */
const RATIO_MIN = 4.5;

const THEMES = ["light", "dark"] as const;

/** A token's lightness, chroma and hue in one theme. */
function colour(name: string, theme: (typeof THEMES)[number]): [number, number, number] {
  const value = new RegExp(`--${name}: light-dark\\(oklch\\(([^)]+)\\), oklch\\(([^)]+)\\)\\)`).exec(TOKENS);
  const parts = value?.[theme === "light" ? 1 : 2]?.split(" ").map(Number);
  if (parts?.length !== 3) throw new Error(`tokens.css has no --${name}`);
  return parts as [number, number, number];
}

/** Relative luminance; the matrices are those of CSS Color 4, section 10.2. */
function luminance([lightness, chroma, hue]: [number, number, number]): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (linear: number) => Math.min(1, Math.max(0, linear));
  const red = clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(text: string, surface: string, theme: (typeof THEMES)[number]): number {
  const [x, y] = [luminance(colour(text, theme)), luminance(colour(surface, theme))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const SURFACES = ["surface", "panel", "raised", "hover", "sunken", "accent-tint"];
const TEXTS = [
  "text",
  "text-second",
  "text-faint",
  "accent",
  "accent-strong",
  "json-string",
  "json-number",
  "json-boolean",
];
const STATUSES = ["good", "warn", "bad"];

test.each(THEMES)("every text of the %s theme can be read on every surface", (theme) => {
  const pairs = TEXTS.flatMap((text) => SURFACES.map((surface) => [text, surface] as const));
  const onStatus = STATUSES.flatMap((status) =>
    ["text", "text-second", "text-faint", "json-string", "json-number", status].map(
      (text) => [text, `${status}-tint`] as const,
    ),
  );
  const onPanels = STATUSES.flatMap((status) =>
    ["surface", "panel", "raised"].map((surface) => [status, surface] as const),
  );
  const weak = [...pairs, ...onStatus, ...onPanels, ["on-accent", "accent"] as const]
    .map(([text, surface]) => ({ text, surface, ratio: contrast(text, surface, theme) }))
    .filter(({ ratio }) => ratio < RATIO_MIN)
    .map(({ text, surface, ratio }) => `${text} on ${surface}: ${ratio.toFixed(2)}`);
  expect(weak).toEqual([]);
});

test.each(THEMES)("the hue of every type stands out from the surfaces of the %s theme", (theme) => {
  for (let hue = 0; hue < 24; hue += 1) {
    for (const surface of SURFACES) expect(contrast(`hue-${hue}`, surface, theme)).toBeGreaterThan(3);
  }
});
