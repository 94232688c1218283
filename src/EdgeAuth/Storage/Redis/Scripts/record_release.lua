-- Lets go of a record's lock. What has no content and no entries is gone with it.
-- KEYS: record
-- ARGV: 1 token  2 entries that stay noted | ''
-- Answers 1, or 0 when the lock is another's.
local lock = redis.call('HGET', KEYS[1], 'l')
if not lock or string.match(lock, ':(.*)$') ~= ARGV[1] then
  return 0
end

if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], 'l', 'u')
else
  redis.call('HDEL', KEYS[1], 'l')
  redis.call('HSET', KEYS[1], 'u', ARGV[2])
end

return 1
