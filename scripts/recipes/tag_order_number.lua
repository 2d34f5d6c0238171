-- title: Tag by order number
-- hook: tag
-- An order number in the customer's words (#48213, or "order 48213") becomes a tag, so that chats about one order are
-- found together.

function tag(session, message)
  local number = message.text:match("#(%d%d%d%d%d+)") or message.text:lower():match("order%s+(%d%d%d%d%d+)")
  if number then return { "order-" .. number } end
end
