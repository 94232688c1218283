-- Appends changes to the log, and tells whoever listens.
-- KEYS: state, entries
-- ARGV: 1 epoch, if there is none yet  2 most entries kept  3 channel  4... entries
-- Answers the position of the last.
redis.call('HSETNX', KEYS[1], 'e', ARGV[1])
if #ARGV == 3 then
  return tonumber(redis.call('HGET', KEYS[1], 'n') or 0)
end

for at = 4, #ARGV, 1000 do
  redis.call('RPUSH', KEYS[2], unpack(ARGV, at, math.min(at + 999, #ARGV)))
end

redis.call('LTRIM', KEYS[2], -ARGV[2], -1)
local last = redis.call('HINCRBY', KEYS[1], 'n', #ARGV - 3)
redis.call('PUBLISH', ARGV[3], last)
return last
