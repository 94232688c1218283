-- Begins to write a record: checks the condition, and writes at once where no index entry and no time of the sweeper changes. Otherwise takes the
-- record's lock and notes the entries that are about to be added, so that whoever comes after a crash knows what may be left of it.
-- KEYS: record
-- ARGV: 1 now  2 token  3 lock, ms  4 fence, ms  5 condition: '' | 'a' | 'v<version>'  6 index  7 '1' the sweeper must know of it
--       8 '1' may write at once  9 payload  10 version  11 expiry | ''  12 time to live, ms | ''
--       13 '1' it is a Key, whose counters go with it
-- Answers: {'refused'} | {'busy'} | {'done'} | {'locked', fence, index before, noted before, expiry before}
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local found = redis.call('HMGET', KEYS[1], 'v', 'e', 'i', 'l', 'u')
local version, expiry, index, lock, noted = found[1], found[2], found[3], found[4], found[5]
local exists = version and not (expiry and tonumber(expiry) <= tonumber(ARGV[1]))

local condition = string.sub(ARGV[5], 1, 1)
if (condition == 'a' and exists) or (condition == 'v' and not (exists and version == string.sub(ARGV[5], 2))) then
  return {'refused'}
end

if lock and tonumber(string.match(lock, '^%d+')) > ms then
  return {'busy'}
end

local swept = index or (ARGV[13] == '1' and expiry)
local same = (index or '') == ARGV[6] and not lock and not noted
if swept or ARGV[7] == '1' then
  same = same and swept and ARGV[7] == '1' and (expiry or '') == ARGV[11] and exists
end

if same and ARGV[8] == '1' then
  redis.call('HSET', KEYS[1], 'd', ARGV[9], 'v', ARGV[10])
  if ARGV[11] == '' then
    redis.call('HDEL', KEYS[1], 'e')
  else
    redis.call('HSET', KEYS[1], 'e', ARGV[11])
  end

  if ARGV[12] == '' then
    redis.call('PERSIST', KEYS[1])
  else
    redis.call('PEXPIRE', KEYS[1], ARGV[12])
  end

  return {'done'}
end

redis.call('HSET', KEYS[1], 'l', string.format('%.0f:%s', ms + ARGV[3], ARGV[2]))
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[1], 'u', (noted or '') .. ARGV[6])
end

if not version and not index then
  -- What is only a lock goes by itself.
  redis.call('PEXPIRE', KEYS[1], 600000)
end

return {'locked', string.format('%.0f', ms + ARGV[4]), index or '', noted or '', expiry or ''}
