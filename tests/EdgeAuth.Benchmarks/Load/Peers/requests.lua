-- Sends requests that carry the credentials of the file in TOKENS in turn, each line after SCHEME; with FRESH set, credentials that were never sent before:
-- a line and a number. With BODY, or BODY_SIZE, they are POSTs. With PACE a connection waits so many milliseconds on average before each request.
-- Prints one line of figures when it is done.
local requests, lines, count, sent = {}, {}, 0, 0
local scheme, fresh, start, pace = os.getenv("SCHEME"), os.getenv("FRESH"), os.time(), tonumber(os.getenv("PACE"))
local body = os.getenv("BODY") or (os.getenv("BODY_SIZE") and string.rep("x", tonumber(os.getenv("BODY_SIZE")))) or nil

local function format(credential)
  local headers = { ["Authorization"] = scheme .. credential, ["Host"] = wrk.headers["Host"], ["Accept"] = "*/*" }
  if body then headers["Content-Type"] = os.getenv("BODY") and "application/x-www-form-urlencoded" or "application/octet-stream" end
  return wrk.format(body and "POST" or "GET", wrk.path, headers, body)
end

function init(args)
  for line in io.lines(os.getenv("TOKENS")) do
    count = count + 1
    lines[count] = line
    requests[count] = format(line)
    -- Each request is kept whole.
    if body and #body * count > 16 * 1024 * 1024 then break end
  end
end

function request()
  sent = sent + 1
  local i = (sent - 1) % count + 1
  if fresh then return format(string.format("%s%d%08d", lines[i], start, sent)) end
  return requests[i]
end

if pace then
  function delay()
    return math.floor(2 * pace * math.random() + 0.5)
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
