import { Clock3, Keyboard, MoonStar, Sun } from "lucide-react";
import type { RefObject } from "react";
import { Button } from "@/parts/Button";
import { Hint } from "@/parts/Hint";
import { useSetting } from "@/settings/setting";
import { zoneSetting } from "@/settings/zone";
import { LogSwitch } from "./LogSwitch";
import { SearchBox } from "./search/SearchBox";
import styles from "./TopBar.module.css";
import { toggleTheme } from "./useFrameKeys";

interface TopBarProps {
  readonly search: RefObject<HTMLInputElement | null>;
  openKeys(): void;
}

/** Which log, search, and how times and colours are shown. */
export function TopBar({ search, openKeys }: TopBarProps) {
  const zone = useSetting(zoneSetting);
  return (
    <header className={styles.bar}>
      <LogSwitch />
      <SearchBox input={search} />
      <div className={styles.switches}>
        <Hint text={zone === "utc" ? "Times are in UTC; show local time" : "Times are local; show UTC"} keys="z">
          <Button
            look="plain"
            onPress={() => zoneSetting.set(zone === "utc" ? "local" : "utc")}
            aria-label={`Times are shown in ${zone === "utc" ? "UTC" : "local time"}; change`}
          >
            <Clock3 />
            <span className={styles.zone}>{zone === "utc" ? "UTC" : "local"}</span>
          </Button>
        </Hint>
        <Hint text="Dark or light" keys="t">
          <Button look="plain" onPress={toggleTheme} aria-label="Switch between dark and light">
            <Sun className={styles.sun} />
            <MoonStar className={styles.moon} />
          </Button>
        </Hint>
        <Hint text="Keys" keys="?">
          <Button look="plain" onPress={openKeys} aria-label="Show the keys" className={styles.keys ?? ""}>
            <Keyboard />
          </Button>
        </Hint>
      </div>
    </header>
  );
}
