// Runs before the first paint, so that a page in the dark does not flash in white. A file of its own because the
// content security policy allows no inline scripts. src/settings/theme.ts changes the theme later.
try {
  const theme = localStorage.getItem("annals.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's theme stands.
}
