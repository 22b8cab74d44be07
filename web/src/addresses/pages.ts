import {
  Boxes,
  CircleGauge,
  Download,
  Eye,
  GitFork,
  List,
  type LucideIcon,
  MailWarning,
  ShieldCheck,
  UserRound,
} from "lucide-react";
import type { Role } from "@/client/types";

/** The log in which accesses are recorded. */
export const ACCESS_LOG = "access";

/** A page of the navigation. */
export interface PageEntry {
  readonly path:
    | "/"
    | "/events"
    | "/aggregates"
    | "/traces"
    | "/integrity"
    | "/export"
    | "/dead-letters"
    | "/access"
    | "/trail";
  readonly label: string;
  readonly icon: LucideIcon;
  /** The key that leads there after `g`. */
  readonly key: string;
  /** Who may see it; nobody is shown a page that the server would refuse. */
  readonly roles: readonly Role[];
}

const READS_ALL: readonly Role[] = ["auditor", "admin"];

export const PAGES: readonly PageEntry[] = [
  { path: "/", label: "Overview", icon: CircleGauge, key: "o", roles: READS_ALL },
  { path: "/events", label: "Events", icon: List, key: "e", roles: READS_ALL },
  { path: "/aggregates", label: "Aggregates", icon: Boxes, key: "a", roles: READS_ALL },
  { path: "/traces", label: "Traces", icon: GitFork, key: "t", roles: READS_ALL },
  { path: "/integrity", label: "Integrity", icon: ShieldCheck, key: "i", roles: READS_ALL },
  { path: "/export", label: "Export", icon: Download, key: "x", roles: READS_ALL },
  { path: "/dead-letters", label: "Dead letters", icon: MailWarning, key: "d", roles: ["admin"] },
  { path: "/access", label: "Access", icon: Eye, key: "c", roles: READS_ALL },
  { path: "/trail", label: "My trail", icon: UserRound, key: "m", roles: ["reader", "auditor", "admin"] },
];

/** The pages that somebody with these roles may use. */
export function pagesFor(roles: readonly Role[]): readonly PageEntry[] {
  return PAGES.filter((page) => page.roles.some((role) => roles.includes(role)));
}

/** The page of the navigation that a path belongs to; undefined for those that everybody may see. */
export function pageOf(path: string): PageEntry | undefined {
  return PAGES.find((page) =>
    page.path === "/" ? path === "/" : path === page.path || path.startsWith(`${page.path}/`),
  );
}

/**
 * What the address of a page says besides, when one goes there from `path`: the page of accesses shows their log, and
 * whoever leaves it comes back to the log of before.
 */
export function searchFor(page: PageEntry, path: string): { log?: string | undefined } {
  if (page.path === "/access") return { log: ACCESS_LOG };
  return path === "/access" ? { log: undefined } : {};
}
