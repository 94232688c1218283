-- Sends requests that carry the credentials of the file in TOKENS in turn, each line after "SCHEME "; with FRESH set, credentials that were never sent
-- before: a line and a number. Prints one line of figures when it is done.
local requests, lines, count, sent = {}, {}, 0, 0
local scheme, fresh, start = os.getenv("SCHEME"), os.getenv("FRESH"), os.time()

local function format(credential)
  return wrk.format("GET", wrk.path, { ["Authorization"] = scheme .. credential, ["Host"] = wrk.headers["Host"], ["Accept"] = "*/*" })
end

function init(args)
  for line in io.lines(os.getenv("TOKENS")) do
    count = count + 1
    lines[count] = line
    requests[count] = format(line)
  end
end

function request()
  sent = sent + 1
  local i = (sent - 1) % count + 1
  if fresh then return format(string.format("%s%d%08d", lines[i], start, sent)) end
  return requests[i]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
