-- title: Skills and the same agent again
-- kind: strategy
-- hook: assign
-- A customer comes back to the agent who had his last chat, if that one is free. Otherwise the least busy of those
-- with all the skills that the request asks for, and its language, gets the chat. While nobody with them is free the
-- chat waits, as long as the queue lets it; then whoever is free gets it.

local function able(agent, session)
  for i = 1, #session.skills do
    if not agent.skills[session.skills[i]] then return false end
  end
  return not session.language or #agent.languages == 0 or agent.languages[session.language] == true
end

local function before(a, b)
  local x, y = a.load * b.capacity, b.load * a.capacity
  if x ~= y then return x < y end
  return a.last_assigned_s < 0 or (b.last_assigned_s >= 0 and a.last_assigned_s > b.last_assigned_s)
end

function assign(session, agents)
  local best
  for i = 1, #agents do
    local a = agents[i]
    if a.id == session.preferred_agent then return a.id, "asked for by the request" end
    if a.id == session.last_agent then return a.id, "had this customer before" end
    if able(a, session) and (not best or before(a, best)) then best = a end
  end
  if best then return best.id, "has the skills and the language" end
  return false, "waits for somebody with the skills and the language"
end
