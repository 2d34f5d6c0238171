-- title: Who speaks the customer's language
-- order: 20
-- hook: assign
-- Only agents who speak the customer's language get the chat while one of them is free, the least busy first. An agent
-- without any languages is taken to speak none of them.

function assign(session, agents)
  if not session.language then return nil end
  local best
  for i = 1, #agents do
    local a = agents[i]
    if a.languages[session.language] and (not best or a.load * best.capacity < best.load * a.capacity) then best = a end
  end
  if best then return best.id, "speaks " .. session.language end
end
