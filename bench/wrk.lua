-- For wrk: asks the paths of a file in turn, with a key, and prints what happened as one line of JSON.
local requests, position = {}, 0

function init(arguments)
  local headers = { Authorization = "Bearer " .. arguments[2] }
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format('{"requests": %d, "seconds": %.6f, "failed": %d, "median": %.3f}',
    summary.requests, summary.duration / 1e6, failed, latency:percentile(50) / 1e3))
end
