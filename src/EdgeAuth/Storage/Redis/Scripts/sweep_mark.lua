-- Notes that the index entries of a record are being changed, so that the sweeper looks at it if that never ends. Each change has a mark of its own.
-- KEYS: pending
-- ARGV: 1 member
redis.call('ZADD', KEYS[1], redis.call('TIME')[1], ARGV[1])
return 1
