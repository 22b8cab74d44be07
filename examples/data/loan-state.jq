# The state of a loan application: {status, amount, offers, handled_by}.
.event as {eventType: $type, actorId: $actor, payload: $payload}
| ($type | split(".")[0]) as $step
| {status: null, amount: null, offers: {}, handled_by: []} + .state
| .amount = ($payload."case:AMOUNT_REQ" | tonumber)
# A_… says where the application stands, and O_… what became of an offer; W_… is work on it.
| if $step | startswith("A_") then .status = ($step[2:] | ascii_downcase) else . end
| if $step | startswith("O_") then .offers[$step[2:] | ascii_downcase] += 1 else . end
# Everybody who touched it, in the order in which they first did.
| if $actor == "anonymous" or (.handled_by | any(. == $actor)) then . else .handled_by += [$actor] end
