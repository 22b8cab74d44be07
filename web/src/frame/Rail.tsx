import { Link, useRouterState } from "@tanstack/react-router";
import { pagesFor, searchFor } from "@/addresses/pages";
import { useCaller } from "@/session/CallerContext";
import { Mark } from "./Mark";
import styles from "./Rail.module.css";
import { Who } from "./Who";

/** The navigation: at the left, and on small screens at the bottom. */
export function Rail() {
  const caller = useCaller();
  const current = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav className={styles.rail} aria-label="Pages">
      <Link to="/" className={styles.brand} aria-label="Annals, overview">
        <Mark />
        <span className={styles.label}>Annals</span>
      </Link>
      <ul className={styles.pages}>
        {pagesFor(caller.roles).map((page) => {
          const { path, label, icon: Icon } = page;
          return (
            <li key={path}>
              <Link
                to={path}
                className={styles.page}
                search={searchFor(page, current)}
                activeProps={{ "aria-current": "page" }}
                activeOptions={{ exact: path === "/", includeSearch: false }}
              >
                <Icon aria-hidden="true" />
                <span className={styles.label}>{label}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      <Who />
    </nav>
  );
}
