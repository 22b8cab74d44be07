import { Link } from "@tanstack/react-router";
import { ACCESS_LOG, pagesFor } from "@/addresses/pages";
import { useLogName } from "@/addresses/useLogName";
import { useCaller } from "@/session/CallerContext";
import { Mark } from "./Mark";
import styles from "./Rail.module.css";
import { Who } from "./Who";

/** The navigation: at the left, and on small screens at the bottom. */
export function Rail() {
  const caller = useCaller();
  const log = useLogName();
  return (
    <nav className={styles.rail} aria-label="Pages">
      <Link to="/" className={styles.brand} aria-label="Annals, overview">
        <Mark />
        <span className={styles.label}>Annals</span>
      </Link>
      <ul className={styles.pages}>
        {pagesFor(caller.roles).map(({ path, label, icon: Icon }) => (
          <li key={path}>
            <Link
              to={path}
              className={styles.page}
              search={path === "/access" ? { log: ACCESS_LOG } : log === ACCESS_LOG ? { log: undefined } : {}}
              activeProps={{ "aria-current": "page" }}
              activeOptions={{ exact: path === "/", includeSearch: false }}
            >
              <Icon aria-hidden="true" />
              <span className={styles.label}>{label}</span>
            </Link>
          </li>
        ))}
      </ul>
      <Who />
    </nav>
  );
}
