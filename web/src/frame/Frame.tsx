import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { CallerProvider } from "@/session/CallerContext";
import { useSetting } from "@/settings/setting";
import { Admitted } from "./Admitted";
import { Foot } from "./Foot";
import styles from "./Frame.module.css";
import { useKeyListener } from "./keys/useKeyListener";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";
import { tourSetting } from "./tour/tour";
import { useFrameKeys } from "./useFrameKeys";
import { useTitle } from "./useTitle";

const KeysDialog = lazy(() => import("./keys/KeysDialog"));
const Tour = lazy(() => import("./tour/Tour"));

/** What stands around every page; the page for signing in stands alone. */
export function Frame() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  useKeyListener();
  if (path === "/sign-in") return <Outlet />;
  return (
    <CallerProvider>
      <FrameAroundPage />
    </CallerProvider>
  );
}

function FrameAroundPage() {
  useTitle();
  const [isKeysOpen, setKeysOpen] = useState(false);
  const isTouring = useSetting(tourSetting) !== "off";
  const search = useRef<HTMLInputElement>(null);
  useFrameKeys({ focusSearch: () => search.current?.select(), openKeys: () => setKeysOpen(true) });
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#page">
        Skip to the page
      </a>
      <Rail />
      <TopBar search={search} openKeys={() => setKeysOpen(true)} />
      <main id="page" className={styles.page} tabIndex={-1}>
        <Admitted>
          <Outlet />
        </Admitted>
      </main>
      <Foot />
      {isTouring && (
        <Suspense>
          <Tour />
        </Suspense>
      )}
      {isKeysOpen && (
        <Suspense>
          <KeysDialog onClose={() => setKeysOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
