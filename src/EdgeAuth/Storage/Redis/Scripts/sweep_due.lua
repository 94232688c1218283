-- What the sweeper must look at: changes that began long ago, and records that have expired.
-- KEYS: pending, expiries
-- ARGV: 1 age of a mark, seconds  2 now  3 most of each
-- Answers {{member, mark, ...}, {member, expiry, ...}}.
local before = string.format('%.0f', redis.call('TIME')[1] - ARGV[1])
return {
  redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', before, 'WITHSCORES', 'LIMIT', 0, ARGV[3]),
  redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[2], 'WITHSCORES', 'LIMIT', 0, ARGV[3]),
}
