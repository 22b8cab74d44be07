import { useNavigate, useRouterState } from "@tanstack/react-router";
import { pagesFor, searchFor } from "@/addresses/pages";
import { useCaller } from "@/session/CallerContext";
import { themeSetting } from "@/settings/theme";
import { zoneSetting } from "@/settings/zone";
import { useKeys } from "./keys/useKeys";

/** The keys that mean the same on every page. */
export function useFrameKeys({ focusSearch, openKeys }: { focusSearch(): void; openKeys(): void }) {
  const navigate = useNavigate();
  const caller = useCaller();
  const path = useRouterState({ select: (state) => state.location.pathname });
  useKeys("Anywhere", [
    { keys: "/", label: "Search", run: focusSearch },
    { keys: "?", label: "These keys", run: openKeys },
    { keys: "t", label: "Dark or light", run: toggleTheme },
    {
      keys: "z",
      label: "UTC or local time",
      run: () => zoneSetting.set(zoneSetting.get() === "utc" ? "local" : "utc"),
    },
  ]);
  useKeys(
    "Go to",
    pagesFor(caller.roles).map((page) => ({
      keys: `g ${page.key}`,
      label: page.label,
      run: () => void navigate({ to: page.path, search: searchFor(page, path) }),
    })),
  );
}

/** To the theme that is not shown at present. */
export function toggleTheme() {
  const isDark = getComputedStyle(document.documentElement).colorScheme === "dark";
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const isShownDark = themeSetting.get() === "system" ? systemIsDark : isDark;
  themeSetting.set(isShownDark ? "light" : "dark");
}
