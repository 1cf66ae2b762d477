// The SQL files that all peers share, prepared once per connection and shape of question.
import { readFileSync } from "node:fs";
import pg from "pg";

const DATE = 1082, TIMESTAMPTZ = 1184, BIGINT = 20;
const PARAMETER = /(?<!:):(\w+)/g;

// Days become epoch milliseconds on the wire, each once; instants are floored to milliseconds.
pg.types.setTypeParser(DATE, midnight);
pg.types.setTypeParser(TIMESTAMPTZ, milliseconds);
pg.types.setTypeParser(BIGINT, Number);

const midnights = new Map();
const statements = new Map();

export function makePool() {
  const { DATABASE_URL, CONNECTIONS } = process.env;
  return new pg.Pool({
    connectionString: DATABASE_URL,
    max: Number(CONNECTIONS),
    idleTimeoutMillis: 0,  // connections stay, as those of the others do
    options: "-c timezone=UTC",  // so that an instant is read without asking what the zone of the server is
  });
}

// The rows of a SQL file, as arrays. A line that names a parameter which `values` lacks is left out.
export async function fetch(pool, name, values) {
  const shape = `${name} ${Object.keys(values).join(" ")}`;
  if (!statements.has(shape)) statements.set(shape, prepare(name, values));
  const { text, names } = statements.get(shape);
  const result = await pool.query({ name: shape, text, values: names.map((key) => values[key]), rowMode: "array" });
  return result.rows;
}

function prepare(name, values) {
  const names = [];
  const place = (key) => {
    if (!names.includes(key)) names.push(key);
    return `$${names.indexOf(key) + 1}`;
  };
  const lines = readFileSync(new URL(`../sql/${name}.sql`, import.meta.url), "utf8").split("\n");
  const kept = lines.filter((line) => [...line.matchAll(PARAMETER)].every(([, key]) => key in values));
  return { text: kept.join("\n").replace(PARAMETER, (_, key) => place(key)), names };
}

function midnight(day) {
  let found = midnights.get(day);
  if (found === undefined) midnights.set(day, (found = startOfDay(day)));
  return found;
}

// The start of a day in the zone of the wire: midnight in UTC, moved by the zone's offset at that instant.
function startOfDay(day) {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const guess = utc - offset(utc);
  return utc - offset(guess);
}

const clock = new Intl.DateTimeFormat("en-US", {
  timeZone: process.env.WIRE_TIME_ZONE, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
  hour: "numeric", minute: "numeric", second: "numeric",
});

function offset(instant) {
  const part = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - instant;
}

// "2024-05-31 12:34:56.789012+00", as PostgreSQL prints it in UTC
function milliseconds(text) {
  const fraction = text.length > 22 ? Number(text.slice(20, text.length - 3).padEnd(3, "0").slice(0, 3)) : 0;
  return Date.UTC(
    Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10)),
    Number(text.slice(11, 13)), Number(text.slice(14, 16)), Number(text.slice(17, 19)), fraction,
  );
}
