-- Reserves permits of a rate, of a quota, or of both, and takes in what was spent of earlier leases. One owner, so one slot.
--
-- KEYS[1]  the rate window: cmsgpack of { latest time in us, base in us, clock steps, { until, permits, ... }, { source, sequence, until, permits, granted at, ... } };
--          all instants but the first two are relative to the base, which keeps them short
-- KEYS[2]  the quotas of the owner: a hash; of each scope cmsgpack of { used, end in ms or -1, { source, sequence, permits, granted at in ms, ... } }
-- ARGV     1 now in ms ("" for this server's clock), 2 and ticks of 100 ns
--          rate: 3 permits per window (0 for no rate), 4 window in us, 5 waiters (0 only reports), 6 permits per second wanted, 7 shortest lease in us,
--                8 source, 9 sequence, 10 sequence of the lease reported (0 for none), 11 what was spent of it, "us since it was granted=permits ...",
--                12 clock steps when the permits given back were booked, 13 those, "instant in us=permits ..."
--          quota: 14 "lease", "return" or "", 15 scope, 16 maximum, 17 period in ticks (-1 never ends), 18 permits wanted, 19 source, 20 sequence,
--                21 and 22 source and sequence of the lease returned, 23 what is left of it
-- returns  rate: 1 granted, 2 free afterwards, 3 us until the next permit is free (-1 when nothing is booked), 4 us that the lease is valid, 5 now in us,
--                6 clock steps
--          quota: 7 granted (-1 when the rate refused: then 8 and 9 only tell how the counter stands), 8 used, 9 end in ms (-1 for never), 10 continues, 11 whether others hold leases, 12 now in ms, 13 ticks
--
-- A permit is booked under an instant that is not before its use: a lease under its deadline, what was spent of it under the instant that is reported. It counts until
-- that is a window old. Where many instants are booked, those that have passed are rounded up to a hundredth of the window.
-- A lease belongs to a source, of which there is one at a time. A call whose sequence is not higher than the one known came late: it changes nothing.

-- What is granted is granted at the end of the microsecond that the clock shows, or it would be booked before its use.
local now_ms, now_ticks, into_next
if ARGV[1] == '' then
  local t = redis.call('TIME')
  now_ms = t[1] * 1000 + math.floor(t[2] / 1000)
  now_ticks = (t[2] % 1000) * 10
  into_next = 1
else
  now_ms, now_ticks = tonumber(ARGV[1]), tonumber(ARGV[2])
  into_next = now_ticks % 10 > 0 and 1 or 0
end

local floor, max, min = math.floor, math.max, math.min

local function find(leases, width, source)
  for i = 1, #leases, width do
    if leases[i] == source then return i end
  end
end

local function remove(list, at, width)
  for i = at, #list - width do list[i] = list[i + width] end
  for _ = 1, width do list[#list] = nil end
end

-- More instants than these are rounded.
local most_exact = 64

local function rate(permits, per)
  local width = max(1, math.ceil(per / 100))
  local now = now_ms * 1000 + floor(now_ticks / 10)
  local raw = redis.call('GET', KEYS[1])
  local latest, base, steps, flat, leases = now, now, 0, {}, {}
  if raw then
    local s = cmsgpack.unpack(raw)
    latest, base, steps, flat, leases = s[1], s[2], s[3], s[4], s[5]
  end

  local source, sequence = ARGV[8], tonumber(ARGV[9])
  local stale = find(leases, 5, source)
  if stale and leases[stale + 1] >= sequence then
    return { 0, 0, -1, 0, now + into_next, steps }
  end

  local at = now - base
  local booked = {}
  local function book(instant, n)
    booked[instant] = (booked[instant] or 0) + n
  end
  local function move(to)
    local before = booked
    booked = {}
    for instant, n in pairs(before) do book(to(instant), n) end
    for i = 1, #leases, 5 do leases[i + 2] = to(leases[i + 2]) end
  end
  for i = 1, #flat, 2 do book(flat[i], flat[i + 1]) end

  if now < latest then
    -- The clock was set back: what is booked moves with it, but never to before now.
    local by = latest - now
    local function back(instant) return max(at, instant - by) end
    move(back)
    for i = 1, #leases, 5 do leases[i + 4] = back(leases[i + 4]) end
    steps = steps + 1
  end

  -- A booking counts until it is a window old; a lease is of no use once its booking is gone.
  local oldest = at - per
  for i = #leases - 4, 1, -5 do
    if leases[i + 2] <= oldest then remove(leases, i, 5) end
  end
  local known = find(leases, 5, source)
  if known then
    book(leases[known + 2], -leases[known + 3])
    if leases[known + 1] == tonumber(ARGV[10]) then
      for since, n in string.gmatch(ARGV[11], '(%d+)=(%d+)') do
        book(leases[known + 4] + tonumber(since), tonumber(n))
      end
    end
    remove(leases, known, 5)
  end
  local function rounded(instant) return math.ceil((instant + base) / width) * width - base end
  if tonumber(ARGV[12]) == steps then
    for instant, n in string.gmatch(ARGV[13], '(%d+)=(%d+)') do
      local of = tonumber(instant) - base
      if not booked[of] then of = rounded(of) end
      if booked[of] then book(of, -min(booked[of], tonumber(n))) end
    end
  end

  local used, instants = 0, 0
  for instant, n in pairs(booked) do
    if n > 0 and instant > oldest then
      used = used + n
      instants = instants + 1
    else
      booked[instant] = nil
    end
  end
  if instants > most_exact then
    move(function(instant) return instant > at and instant or rounded(instant) end)
  end

  local waiters, pace, valid, granted = tonumber(ARGV[5]), tonumber(ARGV[6]), 0, 0
  local free = permits - used
  if waiters > 0 and free > 0 then
    -- As long a lease as leaves a quarter of what is free to others; near the limit one that is as short as can be, and half of it.
    valid, granted = tonumber(ARGV[7]), min(waiters, free)
    if pace > 0 then
      for _, part in ipairs({ 0.5, 0.375, 0.25, 0.125, 0.06 }) do
        local longer = floor(per * part)
        if longer > valid and pace * longer / 1000000 <= free * 0.75 then
          valid = longer
          break
        end
      end
      local most = valid > tonumber(ARGV[7]) and free or floor(free / 2)
      granted = max(granted, min(floor(pace * valid / 1000000), most))
    end
    local from = at + into_next
    book(from + valid, granted)
    local n = #leases
    leases[n + 1], leases[n + 2], leases[n + 3], leases[n + 4], leases[n + 5] = source, sequence, from + valid, granted, from
    free = free - granted
  end

  -- When the next permit is free: as many must leave as are booked beyond the limit, and one more.
  local order = {}
  for instant in pairs(booked) do order[#order + 1] = instant end
  table.sort(order)
  local next_free, surplus = -1, max(1, 1 - free)
  flat = {}
  for _, instant in ipairs(order) do
    flat[#flat + 1] = instant
    flat[#flat + 1] = booked[instant]
    surplus = surplus - booked[instant]
    if surplus <= 0 and next_free < 0 then next_free = instant + per - at end
  end

  if #order > 0 then
    redis.call('SET', KEYS[1], cmsgpack.pack({ now, base, steps, flat, leases }), 'PX', math.ceil((order[#order] + per - at) / 1000) + 10000)
  elseif raw then
    redis.call('DEL', KEYS[1])
  end
  return { granted, max(0, free), next_free, valid, now + into_next, steps }
end

local function save_quota(scope, counter)
  redis.call('HSET', KEYS[2], scope, cmsgpack.pack(counter))
  if counter[2] < 0 then
    redis.call('PERSIST', KEYS[2])
    return
  end
  -- The key lasts as long as the longest of its periods. One without a lifetime holds a counter that never ends, or is new.
  local lasts = counter[2] - now_ms + 60000
  local left = redis.call('PTTL', KEYS[2])
  if (left >= 0 and left < lasts) or (left == -1 and redis.call('HLEN', KEYS[2]) == 1) then
    redis.call('PEXPIRE', KEYS[2], lasts)
  end
end

-- More leases of a quota than these are not remembered.
local most_leases = 1024

local function quota(scope, is_lease)
  local raw = redis.call('HGET', KEYS[2], scope)
  local counter = raw and cmsgpack.unpack(raw)
  local continues, changed = false, false

  -- The lease returned is known as long as its counter has not been started anew.
  local source, sequence = ARGV[19], tonumber(ARGV[20])
  if counter then
    local back = ARGV[21] ~= '' and find(counter[3], 4, ARGV[21])
    if back and counter[3][back + 1] == tonumber(ARGV[22]) then
      counter[1] = counter[1] - tonumber(ARGV[23])
      remove(counter[3], back, 4)
      continues, changed = true, true
    end
    local lost = source ~= '' and find(counter[3], 4, source)
    if lost then
      if counter[3][lost + 1] >= sequence then
        return { 0, counter[1], counter[2], 0, 1, now_ms, now_ticks }
      end
      -- The answer that granted it was never heard, so nothing of it was spent.
      counter[1] = counter[1] - counter[3][lost + 2]
      remove(counter[3], lost, 4)
      changed = true
    end
  end

  if not is_lease then
    if changed then save_quota(scope, counter) end
    return { 0, 0, -1, continues and 1 or 0, 0, now_ms, now_ticks }
  end

  if not counter or (counter[2] >= 0 and counter[2] <= now_ms) then
    local ends = -1
    if tonumber(ARGV[17]) >= 0 then ends = now_ms + math.ceil((now_ticks + tonumber(ARGV[17])) / 10000) end
    counter, continues = { 0, ends, {} }, false
  end

  local left = max(0, tonumber(ARGV[16]) - counter[1])
  local granted = 0
  if left > 0 then granted = min(max(1, tonumber(ARGV[18])), max(1, floor(left / 10))) end
  counter[1] = counter[1] + granted
  local leases = counter[3]
  local others = 0
  for i = 1, #leases, 4 do
    if leases[i + 2] > 0 and leases[i + 3] > now_ms - 3600000 then others = 1 end
  end
  if granted > 0 or continues then
    local n = #leases
    leases[n + 1], leases[n + 2], leases[n + 3], leases[n + 4] = source, sequence, granted, now_ms
    -- Those of nodes that are long gone; what was not spent of them stays used.
    if #leases > 4 * most_leases then remove(leases, 1, 4) end
  end
  save_quota(scope, counter)
  return { granted, counter[1], counter[2], continues and 1 or 0, others, now_ms, now_ticks }
end

local function tell_quota(scope)
  local raw = redis.call('HGET', KEYS[2], scope)
  local counter = raw and cmsgpack.unpack(raw)
  if not counter or (counter[2] >= 0 and counter[2] <= now_ms) then counter = { 0, -1 } end
  return { -1, counter[1], counter[2], 0, 0, now_ms, now_ticks }
end

local answer = { 0, 0, -1, 0, 0, 0, 0, 0, -1, 0, 0, now_ms, now_ticks }
local permits = tonumber(ARGV[3])
if permits > 0 then
  local r = rate(permits, tonumber(ARGV[4]))
  for i = 1, 6 do answer[i] = r[i] end
end
if ARGV[14] ~= '' then
  -- A request that the rate refuses starts no period, and leaves the quota's lease as it is.
  local refused = permits > 0 and answer[1] == 0
  local q = refused and tell_quota(ARGV[15]) or quota(ARGV[15], ARGV[14] == 'lease')
  for i = 1, 7 do answer[6 + i] = q[i] end
end
return answer
