-- A node tells of itself. Who has said nothing for too long is forgotten.
-- KEYS: nodes, when each was seen, when each configuration was seen
-- ARGV: 1 lifetime in milliseconds  2 id  3 node  4 configuration
-- Answers {nodes, configurations}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('ZADD', KEYS[2], now, ARGV[2])
redis.call('ZADD', KEYS[3], now, ARGV[4])

-- A clock that was set back must not keep for ever what was seen before.
for _, range in ipairs({{'-inf', now - ARGV[1]}, {'(' .. (now + ARGV[1]), '+inf'}}) do
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], range[1], range[2], 'LIMIT', 0, 100)) do
    redis.call('HDEL', KEYS[1], gone)
    redis.call('ZREM', KEYS[2], gone)
  end

  redis.call('ZREMRANGEBYSCORE', KEYS[3], range[1], range[2])
end

for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, ARGV[1] * 6)
end

return {redis.call('ZCARD', KEYS[2]), redis.call('ZCARD', KEYS[3])}
