-- Writes a record under its lock, and lets go of the lock unless entries are still to be removed: those stay noted.
-- KEYS: record, [quotas of a Key]
-- ARGV: 1 now  2 token  3 '1' let go  4 index  5 payload  6 version  7 expiry | ''  8 time to live, ms | ''
-- Answers 1, or 0 with nothing written when the lock is another's.
local found = redis.call('HMGET', KEYS[1], 'v', 'e', 'i', 'l', 'u')
local version, expiry, index, lock, noted = found[1], found[2], found[3], found[4], found[5]
if not lock or string.match(lock, ':(.*)$') ~= ARGV[2] then
  return 0
end

-- One that has expired is absent, so what follows it is a new record, with new counters.
if #KEYS == 2 and version and expiry and tonumber(expiry) <= tonumber(ARGV[1]) then
  redis.call('DEL', KEYS[2])
end

redis.call('HSET', KEYS[1], 'd', ARGV[5], 'v', ARGV[6])
if ARGV[7] == '' then
  redis.call('HDEL', KEYS[1], 'e')
else
  redis.call('HSET', KEYS[1], 'e', ARGV[7])
end

if ARGV[4] == '' then
  redis.call('HDEL', KEYS[1], 'i')
else
  redis.call('HSET', KEYS[1], 'i', ARGV[4])
end

if ARGV[3] == '1' then
  redis.call('HDEL', KEYS[1], 'l', 'u')
elseif index then
  redis.call('HSET', KEYS[1], 'u', (noted or '') .. index)
end

if ARGV[8] == '' then
  redis.call('PERSIST', KEYS[1])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[8])
end

return 1
