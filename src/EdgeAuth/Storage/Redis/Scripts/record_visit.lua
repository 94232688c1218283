-- The sweeper looks at a record. One that has expired loses its content here and its counters; it, and one that a crash left half written, is
-- locked until its index entries are right.
-- KEYS: record, [quotas of a Key]
-- ARGV: 1 now  2 token  3 lock, ms  4 fence, ms  5 '1' lock it also where nothing is wrong with it
-- Answers: {'none'} | {'busy'} | {'right'} | {'locked', fence, index, noted, expiry, '1' it lives | '0'}
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local found = redis.call('HMGET', KEYS[1], 'v', 'e', 'i', 'l', 'u')
local version, expiry, index, lock, noted = found[1], found[2], found[3], found[4], found[5]
if not version and not index and not lock and not noted then
  return {'none'}
end

if lock and tonumber(string.match(lock, '^%d+')) > ms then
  return {'busy'}
end

local lives = version and not (expiry and tonumber(expiry) <= tonumber(ARGV[1]))
if lives and not lock and not noted and ARGV[5] ~= '1' then
  return {'right'}
end

if not lives then
  redis.call('HDEL', KEYS[1], 'd', 'v', 'e')
  if #KEYS == 2 and version then
    redis.call('DEL', KEYS[2])
  end
end

redis.call('HSET', KEYS[1], 'l', string.format('%.0f:%s', ms + ARGV[3], ARGV[2]))
return {'locked', string.format('%.0f', ms + ARGV[4]), index or '', noted or '', expiry or '', lives and '1' or '0'}
