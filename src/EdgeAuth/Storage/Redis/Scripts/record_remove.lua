-- Removes a record: whole where it has no index entries, else its content, with the lock taken until its entries are gone.
-- KEYS: record, [quotas of a Key]
-- ARGV: 1 now  2 token  3 lock, ms  4 fence, ms  5 condition: '' | 'v<version>'  6 '1' an expired one and what is left of one too
-- Answers: {'absent'} | {'busy'} | {'done', payload, version, expiry} | {'locked', fence, index, noted, expiry, payload, version}
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local found = redis.call('HMGET', KEYS[1], 'v', 'e', 'i', 'l', 'u', 'd')
local version, expiry, index, lock, noted, payload = found[1], found[2], found[3], found[4], found[5], found[6]
local exists = version and not (expiry and tonumber(expiry) <= tonumber(ARGV[1]))
local something = exists or (ARGV[6] == '1' and (version or index or noted))
if not something or (ARGV[5] ~= '' and version ~= string.sub(ARGV[5], 2)) then
  return {'absent'}
end

if lock and tonumber(string.match(lock, '^%d+')) > ms then
  return {'busy'}
end

if #KEYS == 2 and version then
  redis.call('DEL', KEYS[2])
end

if not index and not noted and not (#KEYS == 2 and expiry) then
  redis.call('DEL', KEYS[1])
  return {'done', payload or '', version or '', expiry or ''}
end

redis.call('HDEL', KEYS[1], 'd', 'v', 'e')
redis.call('HSET', KEYS[1], 'l', string.format('%.0f:%s', ms + ARGV[3], ARGV[2]))
return {'locked', string.format('%.0f', ms + ARGV[4]), index or '', noted or '', expiry or '', payload or '', version or ''}
