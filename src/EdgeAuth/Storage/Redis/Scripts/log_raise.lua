-- A new epoch of the log, unless it is another already than the one seen.
-- KEYS: state
-- ARGV: 1 epoch seen  2 new epoch
if (redis.call('HGET', KEYS[1], 'e') or '') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'e', ARGV[2])
end

return 1
