-- Ends what is left of a removed record, once its index entries are gone.
-- KEYS: record
-- ARGV: 1 token
-- Answers 1, or 0 when the lock is another's.
local lock = redis.call('HGET', KEYS[1], 'l')
if not lock or string.match(lock, ':(.*)$') ~= ARGV[1] then
  return 0
end

redis.call('DEL', KEYS[1])
return 1
