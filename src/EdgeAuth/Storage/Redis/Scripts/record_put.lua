-- Writes records with their index entries in one step, where one server has all the keys. It takes several groups, each written whole or not at all. It
-- writes what is new, and what keeps its entries; a group in which it finds anything else is left to the locks.
-- KEYS: of each group: [witness], then of each record: record, [expiries, where the sweeper must know of it], order of each entry's index, beside which its
--       expiry is found
-- ARGV: of each group: now, version that the witness must have | '', number of records, then of each record: condition: '' | 'a' | 'v<version>', index,
--       payload, version, expiry | '', time to live, ms | '', what the expiries name it | '', '1' it is a Key, number of entries, then of each entry: member,
--       expiry | ''
-- Answers a letter for each group: d done, r refused, o other; the last two with nothing of it written.
local adds, most = {}, 2000
local function add(key, score, member)
  local list = adds[key]
  if not list or #list > most then
    if list then
      redis.call(unpack(list))
    end

    list = {'ZADD', key}
    adds[key] = list
  end

  list[#list + 1] = score
  list[#list + 1] = member
end

local function skip(key, at)
  local entries = tonumber(ARGV[at + 8])
  return key + 1 + entries + ((ARGV[at + 6] ~= '' and ARGV[at + 4] ~= '') and 1 or 0), at + 9 + 2 * entries
end

local function check(key, at, now, kept)
  local found = redis.call('HMGET', KEYS[key], 'v', 'e', 'i', 'l', 'u')
  local version, expiry, index, lock, noted = found[1], found[2], found[3], found[4], found[5]
  local condition, swept = ARGV[at], ARGV[at + 6] ~= ''
  local exists = version and not (expiry and tonumber(expiry) <= now)
  if (exists and condition == 'a') or (string.sub(condition, 1, 1) == 'v' and not (exists and version == string.sub(condition, 2))) then
    return 'r'
  end

  if not version then
    return (index or lock or noted) and 'o' or 'd'
  end

  kept[at] = true
  local was_swept = index or (ARGV[at + 7] == '1' and expiry)
  local same = (index or '') == ARGV[at + 1] and not lock and not noted
  if was_swept or swept then
    same = same and was_swept and swept and (expiry or '') == ARGV[at + 4] and exists
  end

  return same and 'd' or 'o'
end

local function write(key, at, is_kept)
  local record, index, expiry, life, named, entries = KEYS[key], ARGV[at + 1], ARGV[at + 4], ARGV[at + 5], ARGV[at + 6], tonumber(ARGV[at + 8])
  local fields = {'HSET', record, 'd', ARGV[at + 2], 'v', ARGV[at + 3]}
  if expiry ~= '' then
    fields[7], fields[8] = 'e', expiry
  end

  if index ~= '' then
    fields[#fields + 1] = 'i'
    fields[#fields + 1] = index
  end

  redis.call(unpack(fields))
  if is_kept and expiry == '' then
    redis.call('HDEL', record, 'e')
  end

  if life ~= '' then
    redis.call('PEXPIRE', record, life)
  elseif is_kept then
    redis.call('PERSIST', record)
  end

  if is_kept then
    return
  end

  key = key + 1
  if named ~= '' and expiry ~= '' then
    add(KEYS[key], expiry, named)
    key = key + 1
  end

  at = at + 9
  for _ = 1, entries do
    add(KEYS[key], '0', ARGV[at])
    if ARGV[at + 1] ~= '' then
      add(string.sub(KEYS[key], 1, -2) .. 'x', ARGV[at + 1], ARGV[at])
    end

    key = key + 1
    at = at + 2
  end
end

local answers, key, at = {}, 1, 1
while at <= #ARGV do
  local now, witness, records = tonumber(ARGV[at]), ARGV[at + 1], tonumber(ARGV[at + 2])
  local answer, kept = 'd', {}
  if witness ~= '' then
    local found = redis.call('HMGET', KEYS[key], 'v', 'e')
    if found[1] ~= witness or (found[2] and tonumber(found[2]) <= now) then
      answer = 'r'
    end

    key = key + 1
  end

  at = at + 3
  local first_key, first = key, at
  for _ = 1, records do
    if answer ~= 'r' then
      local found = check(key, at, now, kept)
      answer = (found ~= 'd') and found or answer
    end

    key, at = skip(key, at)
  end

  if answer == 'd' then
    local this_key, this = first_key, first
    for _ = 1, records do
      write(this_key, this, kept[this])
      this_key, this = skip(this_key, this)
    end
  end

  answers[#answers + 1] = answer
end

for _, list in pairs(adds) do
  redis.call(unpack(list))
end

return table.concat(answers)
