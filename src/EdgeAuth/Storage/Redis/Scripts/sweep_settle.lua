-- Forgets when a record was to be removed, unless that was set anew meanwhile.
-- KEYS: expiries
-- ARGV: 1 member  2 its score as it was read
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if score and tonumber(score) == tonumber(ARGV[2]) then
  redis.call('ZREM', KEYS[1], ARGV[1])
end

return 1
