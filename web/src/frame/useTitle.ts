import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { pageOf } from "@/addresses/pages";

/** Calls the browser's tab after the page, or after the one thing that the page is about. */
export function useTitle() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    const [, , ...about] = path.split("/").map(decodeURIComponent);
    const what = about.length > 0 ? about.join("/") : pageOf(path)?.label;
    document.title = what === undefined ? "Annals" : `${what} · Annals`;
  }, [path]);
}
