import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { AGGREGATE_PATH } from "./path";

/** The address follows at this distance: browsers refuse to change it with every step of a drag. */
const ADDRESS_MS = 200;

/** The version that is looked at: at once for whoever draws it, a moment later in the address. */
export function useMoment(last: number): [version: number, setVersion: (version: number) => void] {
  const search = useSearch({ from: AGGREGATE_PATH });
  const navigate = useNavigate({ from: AGGREGATE_PATH });
  const asked = search.version ?? last;
  const [drawn, setDrawn] = useState({ basis: asked, version: asked });
  const version = drawn.basis === asked ? drawn.version : asked;
  useEffect(() => {
    if (version === asked) return;
    const timer = setTimeout(() => {
      void navigate({ search: (known) => ({ ...known, version }), replace: true, resetScroll: false });
    }, ADDRESS_MS);
    return () => clearTimeout(timer);
  }, [version, asked, navigate]);
  // The address changes while the slider moves; what moves it stays the same function, so that rows need not be drawn anew.
  const basis = useRef(asked);
  basis.current = asked;
  const move = useCallback((next: number) => setDrawn({ basis: basis.current, version: next }), []);
  return [version, move];
}
