// What bench/wrk.lua does, by autocannon: node load.js URL PATHS KEY CONNECTIONS SECONDS
import { readFileSync } from "node:fs";
import autocannon from "autocannon";

const [url, file, key, connections, duration] = process.argv.slice(2);
const paths = readFileSync(file, "utf8").trim().split("\n");
let position = 0;

const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(duration),
  headers: { authorization: `Bearer ${key}` },
  requests: [{ setupRequest: (request) => ({ ...request, path: paths[position++ % paths.length] }) }],
});
const failed = result.errors + result.timeouts + result.non2xx;
console.log(JSON.stringify({
  requests: result["2xx"], seconds: result.duration, failed, median: result.latency.p50,
}));
