import { createSetting } from "./setting";

export type Zone = "utc" | "local";

/** In which zone times are shown. Logs speak UTC, so that is where we begin. */
export const zoneSetting = createSetting<Zone>("zone", ["utc", "local"], "utc");
