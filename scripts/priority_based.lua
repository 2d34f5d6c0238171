-- title: Priority based
-- kind: strategy
-- hook: assign
-- Chats of low and normal priority leave each agent's last place free for high and urgent ones, as long as another
-- agent has more room. Among those who may have it, the least busy gets the chat.

local function room(a) return a.capacity - a.load end

local function before(a, b)
  local x, y = a.load * b.capacity, b.load * a.capacity
  if x ~= y then return x < y end
  return a.last_assigned_s < 0 or (b.last_assigned_s >= 0 and a.last_assigned_s > b.last_assigned_s)
end

function assign(session, agents)
  local pressing = session.priority == "high" or session.priority == "urgent"
  local best, last
  for i = 1, #agents do
    local a = agents[i]
    if pressing or room(a) > 1 then
      if not best or before(a, best) then best = a end
    elseif not last or before(a, last) then
      last = a
    end
  end
  if best then
    return best.id, pressing and "urgent chats take any place" or "leaves the last places free"
  end
  return last.id, "only last places are left"
end
