-- What was appended after a position. Where the entry at that position is another than the one the reader saw there, writes were lost and others
-- took their place: a new epoch tells every reader.
-- KEYS: state, entries
-- ARGV: 1 epoch, if a new one is needed  2 position  3 how the entry at it began, '' unknown
-- Answers {epoch, first position held, last position, milliseconds now, entry, ...}.
local state = redis.call('HMGET', KEYS[1], 'e', 'n')
local epoch, last = state[1], tonumber(state[2] or 0)
local first = last - redis.call('LLEN', KEYS[2]) + 1
local after = tonumber(ARGV[2])
local differs = false
if ARGV[3] ~= '' and after >= first and after <= last then
  differs = string.sub(redis.call('LINDEX', KEYS[2], after - first), 1, #ARGV[3]) ~= ARGV[3]
end

if not epoch or differs then
  epoch = ARGV[1]
  redis.call('HSET', KEYS[1], 'e', epoch)
end

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local answer = {epoch, string.format('%.0f', first), string.format('%.0f', last), now}
if after < last then
  for _, entry in ipairs(redis.call('LRANGE', KEYS[2], math.max(0, after - first + 1), -1)) do
    answer[#answer + 1] = entry
  end
end

return answer
