# One line of a loan process's log becomes one event of its application; the line itself is the payload.
{
  aggregateType: "LoanApplication",
  aggregateId: ."case:concept:name",
  eventType: [."concept:name", ."lifecycle:transition"] | join("."),
  actorId: ."org:resource",
  timestamp: ."time:timestamp"
}
