-- Sets when the sweeper removes a record, unless it is too late to say so.
-- KEYS: expiries
-- ARGV: 1 fence  2 member  3 expiry | ''
-- Answers 1, or 0 with nothing changed when it is too late.
local time = redis.call('TIME')
if time[1] * 1000 + math.floor(time[2] / 1000) > tonumber(ARGV[1]) then
  return 0
end

if ARGV[3] == '' then
  redis.call('ZREM', KEYS[1], ARGV[2])
else
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
end

return 1
