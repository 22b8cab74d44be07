import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ClientProvider } from "@/client/ClientContext";
import { HttpClient } from "@/client/http/HttpClient";
import { asProblem } from "@/client/problem";
import { createAppRouter } from "@/router";
import { followTheme } from "@/settings/theme";
import "@/styles/index.css";

followTheme();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What was recorded does not change; what grows is asked for again by whoever shows it.
      staleTime: 30_000,
      // Asking again helps where nothing was answered, and nowhere else.
      retry: (failures, error) => failures < 3 && asProblem(error).status === 0,
    },
  },
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root");

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <ClientProvider value={new HttpClient()}>
        <RouterProvider router={createAppRouter(queries)} />
      </ClientProvider>
    </QueryClientProvider>
  </StrictMode>,
);
