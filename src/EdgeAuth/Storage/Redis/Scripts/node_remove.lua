-- A node that ends says so.
-- KEYS: nodes, when each was seen
-- ARGV: 1 id
redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('ZREM', KEYS[2], ARGV[1])
