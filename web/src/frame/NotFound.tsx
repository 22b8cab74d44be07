import { Link } from "@tanstack/react-router";
import { EmptyNotice } from "@/parts/Notice";

export function NotFound() {
  return (
    <EmptyNotice title="There is no such page">
      <p>
        The address leads nowhere. <Link to="/events">All events</Link> are a good place to start from.
      </p>
    </EmptyNotice>
  );
}
