import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { filterFromSearch } from "@/addresses/filter";
import { ACCESS_LOG } from "@/addresses/pages";
import { one, parseSearch, stringifySearch, wholeNumber } from "@/addresses/search";
import type { EventFilter } from "@/client/types";
import { Frame } from "@/frame/Frame";
import { NotFound } from "@/frame/NotFound";
import { RouteProblem } from "@/frame/RouteProblem";

interface RouterContext {
  readonly queries: QueryClient;
}

type Raw = Record<string, unknown>;

/** The parameters of these names that are there. */
function texts<Name extends string>(search: Raw, ...names: readonly Name[]): Partial<Record<Name, string>> {
  const found = names.flatMap((name) => {
    const value = one(search[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found) as Partial<Record<Name, string>>;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Frame,
  notFoundComponent: NotFound,
  validateSearch: (search: Raw): { log?: string | undefined } => ({ log: one(search.log) }),
  // Whoever looks at another log goes on looking at it.
  search: { middlewares: [retainSearchParams(["log"])] },
});

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("@/pages/overview/OverviewPage"), "OverviewPage"),
});

const events = createRoute({
  getParentRoute: () => root,
  path: "/events",
  validateSearch: (search: Raw): EventFilter & Partial<Record<"event" | "live", string>> => ({
    ...filterFromSearch(search),
    ...texts(search, "event", "live"),
  }),
  component: lazyRouteComponent(() => import("@/pages/events/EventsPage"), "EventsPage"),
});

const aggregates = createRoute({
  getParentRoute: () => root,
  path: "/aggregates",
  validateSearch: (search: Raw) => texts(search, "search", "type"),
  component: lazyRouteComponent(() => import("@/pages/aggregates/AggregatesPage"), "AggregatesPage"),
});

type AggregateTexts = Partial<Record<"view" | "at" | "by", string>>;

const aggregate = createRoute({
  getParentRoute: () => root,
  path: "/aggregates/$type/$id",
  validateSearch: (search: Raw): { version?: number | undefined; against?: number | undefined } & AggregateTexts => ({
    ...texts(search, "view", "at", "by"),
    version: wholeNumber(search.version),
    against: wholeNumber(search.against),
  }),
  component: lazyRouteComponent(() => import("@/pages/aggregate/AggregatePage"), "AggregatePage"),
});

const traces = createRoute({
  getParentRoute: () => root,
  path: "/traces",
  component: lazyRouteComponent(() => import("@/pages/traces/TracesPage"), "TracesPage"),
});

const trace = createRoute({
  getParentRoute: () => root,
  path: "/traces/$correlation",
  validateSearch: (search: Raw) => texts(search, "event"),
  component: lazyRouteComponent(() => import("@/pages/traces/TracePage"), "TracePage"),
});

const integrity = createRoute({
  getParentRoute: () => root,
  path: "/integrity",
  validateSearch: (search: Raw) => texts(search, "event"),
  component: lazyRouteComponent(() => import("@/pages/integrity/IntegrityPage"), "IntegrityPage"),
});

const exports = createRoute({
  getParentRoute: () => root,
  path: "/export",
  validateSearch: (search: Raw) => filterFromSearch(search),
  component: lazyRouteComponent(() => import("@/pages/export/ExportPage"), "ExportPage"),
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: "/dead-letters",
  validateSearch: (search: Raw) => texts(search, "state", "form"),
  component: lazyRouteComponent(() => import("@/pages/dead-letters/DeadLettersPage"), "DeadLettersPage"),
});

const access = createRoute({
  getParentRoute: () => root,
  path: "/access",
  // The page shows the log of accesses, and its address says so: links on it lead to events of that log.
  beforeLoad: ({ search }: { search: { log?: string | undefined } }) => {
    if (search.log !== ACCESS_LOG) throw redirect({ to: "/access", search: { ...search, log: ACCESS_LOG } });
  },
  validateSearch: (search: Raw): EventFilter & { event?: string } => ({
    ...filterFromSearch(search),
    ...texts(search, "event"),
  }),
  component: lazyRouteComponent(() => import("@/pages/access/AccessPage"), "AccessPage"),
});

const trail = createRoute({
  getParentRoute: () => root,
  path: "/trail",
  validateSearch: (search: Raw) => texts(search, "type", "order", "page", "event"),
  component: lazyRouteComponent(() => import("@/pages/trail/TrailPage"), "TrailPage"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Raw) => texts(search, "returnTo", "tour"),
  component: lazyRouteComponent(() => import("@/pages/sign-in/SignInPage"), "SignInPage"),
});

const routeTree = root.addChildren([
  overview,
  events,
  aggregates,
  aggregate,
  traces,
  trace,
  integrity,
  exports,
  deadLetters,
  access,
  trail,
  signIn,
]);

/** The addresses of the UI. Every page is a part of its own, fetched when somebody is about to go there. */
export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    // Addresses hold state such as filters: going back should find the scroll where it was, changing one should not move it.
    scrollRestoration: true,
    defaultErrorComponent: RouteProblem,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
