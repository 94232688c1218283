-- Appends changes to the log, and tells whoever listens.
-- KEYS: state, entries
-- ARGV: 1 epoch, if there is none yet  2 most entries kept  3 channel  4 what the entries begin with  5... entries
-- Answers the position of the last.
redis.call('HSETNX', KEYS[1], 'e', ARGV[1])
if #ARGV == 4 then
  return tonumber(redis.call('HGET', KEYS[1], 'n') or 0)
end

local time = redis.call('TIME')
local start = ARGV[4] .. string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)) .. ':'
for at = 5, #ARGV, 1000 do
  local entries = {}
  for i = at, math.min(at + 999, #ARGV) do
    entries[#entries + 1] = start .. ARGV[i]
  end

  redis.call('RPUSH', KEYS[2], unpack(entries))
end

redis.call('LTRIM', KEYS[2], -ARGV[2], -1)
local last = redis.call('HINCRBY', KEYS[1], 'n', #ARGV - 4)
redis.call('PUBLISH', ARGV[3], last)
return last
