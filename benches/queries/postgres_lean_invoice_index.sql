-- With statistics, as a table has that somebody looks after.
CREATE INDEX lean_by_invoice ON lean ((payload::json ->> 'invoice'));
ANALYZE lean;
