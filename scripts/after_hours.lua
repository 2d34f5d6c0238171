-- title: After hours
-- kind: rule
-- order: 1000
-- hook: after_hours
-- What a customer is told while nobody is there: the message of the queue, or when that ends, in his language, and that
-- he may leave his address where the queue takes messages.
-- Other scripts that answer after_hours come first.

local texts = {
  en = {
    closed = "We are closed right now.",
    holiday = "We are closed for a holiday today.",
    no_agents = "Nobody is at the desk right now.",
    closing = "We close soon and cannot take more chats today.",
    back = " We are back %s.",
    ask = " Leave your message and your e-mail address, and we answer as soon as we are back.",
  },
  de = {
    closed = "Wir haben gerade geschlossen.",
    holiday = "Heute ist bei uns Feiertag.",
    no_agents = "Gerade ist niemand da.",
    closing = "Wir schließen gleich und können heute keine Chats mehr annehmen.",
    back = " Wir sind %s wieder da.",
    ask = " Hinterlassen Sie Ihre Nachricht und Ihre E-Mail-Adresse, dann melden wir uns.",
  },
}

function after_hours(session, schedule)
  if schedule.text then
    return { text = schedule.text, ask = schedule.ask, ticket = true }
  end
  local t = texts[session.language] or texts.en
  local said = t[schedule.reason] or t.closed
  if schedule.next_open then
    said = said .. t.back:format(schedule.next_open.text)
  end
  if schedule.ask then
    said = said .. t.ask
  end
  return { text = said, ask = schedule.ask, ticket = true }
end
