-- title: Round robin
-- kind: strategy
-- hook: assign
-- The agents of a queue get chats in turn, whoever of them has room. The turn is kept in the store, so it goes on
-- after a restart, and with several servers too.

function assign(session, agents)
  local key = "last/" .. session.queue
  local last = store.get(key) or ""
  local next = agents[1]
  for i = 1, #agents do
    if agents[i].id > last then
      next = agents[i]
      break
    end
  end
  store.set(key, next.id)
  return next.id, "next in turn"
end
