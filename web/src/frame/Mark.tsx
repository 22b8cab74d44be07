/** The mark of Annals: a leaf of a book, stood on its point. */
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path fill="var(--accent)" d="M12 1 22 12 12 23 2 12Z" />
      <path
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="1.8"
        strokeLinecap="round"
        d="M8.4 9.6h7.2M7.4 12h9.2M8.4 14.4h7.2"
      />
    </svg>
  );
}
