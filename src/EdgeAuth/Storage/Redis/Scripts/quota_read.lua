-- Reads a running quota.
-- KEYS[1]  the quotas of the owner (lease.lua); ARGV 1 scope, 2 now in ms ("" for this server's clock)
-- returns  used and end in ms (-1 for never); nothing when no period is running
local raw = redis.call('HGET', KEYS[1], ARGV[1])
if not raw then return nil end
local counter = cmsgpack.unpack(raw)
local now = ARGV[2]
if now == '' then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
if counter[2] >= 0 and counter[2] <= tonumber(now) then return nil end
return { counter[1], counter[2] }
