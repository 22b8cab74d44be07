import type { Ref } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import styles from "./Button.module.css";

export interface ButtonProps extends AriaButtonProps {
  readonly ref?: Ref<HTMLButtonElement>;
  /** `primary` for the one thing that a page is about, `plain` inside of bars. */
  readonly look?: "normal" | "primary" | "plain" | "danger";
}

/** A button, in one of few looks. One that holds an icon alone needs an `aria-label`. */
export function Button({ look = "normal", className, ...rest }: ButtonProps) {
  return <AriaButton {...rest} className={`${styles.button} ${styles[look]} ${className ?? ""}`} />;
}
