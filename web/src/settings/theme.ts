import { createSetting } from "./setting";

export type Theme = "system" | "light" | "dark";

/** Which theme; public/theme.js reads the same key before the first paint. */
export const themeSetting = createSetting<Theme>("theme", ["system", "light", "dark"], "system");

/** Puts the theme on the document, now and whenever it changes. */
export function followTheme() {
  const apply = () => {
    const theme = themeSetting.get();
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  apply();
  themeSetting.subscribe(apply);
}
