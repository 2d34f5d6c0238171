-- title: The same agent again
-- order: 30
-- hook: assign
-- A customer who comes back within a talk goes to the agent he knows. If that one is busy the chat waits twenty
-- seconds for him, and then goes to anybody.

local patience = 20

function assign(session, agents)
  if not session.last_agent then return nil end
  for i = 1, #agents do
    if agents[i].id == session.last_agent then return agents[i].id, "knows this customer" end
  end
  if session.waiting_s < patience then
    return false, "waits " .. patience .. " s for whom the customer knows"
  end
end
