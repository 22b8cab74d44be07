import { useCallback, useEffect, useState } from "react";

/** How long a version stands at speed 1, in milliseconds. */
const STEP_MS = 800;

export const SPEEDS = [1, 2, 4] as const;
export type Speed = (typeof SPEEDS)[number];

export interface Replay {
  readonly isPlaying: boolean;
  readonly speed: Speed;
  setSpeed(speed: Speed): void;
  toggle(): void;
  stop(): void;
}

/** Goes from version to version by itself, from the beginning if it stands at the end. */
export function useReplay(version: number, last: number, moveTo: (version: number) => void): Replay {
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(1);
  const isAtEnd = version >= last;
  useEffect(() => {
    if (!isPlaying) return;
    if (isAtEnd) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => moveTo(version + 1), STEP_MS / speed);
    return () => clearTimeout(timer);
  }, [isPlaying, isAtEnd, version, speed, moveTo]);
  const toggle = () => {
    if (!isPlaying && isAtEnd) moveTo(0);
    setPlaying(!isPlaying);
  };
  const stop = useCallback(() => setPlaying(false), []);
  return { isPlaying, speed, setSpeed, toggle, stop };
}
