-- title: After hours by country
-- order: 50
-- hook: after_hours
-- Customers of some countries get a text of their own, with the number that is answered there at night. The bot sends
-- the country in its context.

local night = {
  AT = "Wir sind %s wieder da. Dringend? +43 1 555 0100, rund um die Uhr.",
  CH = "Wir sind %s wieder da. Dringend? +41 44 555 01 00, rund um die Uhr.",
  FR = "Nous revenons %s. Urgent ? +33 1 55 50 01 00, jour et nuit.",
}

function after_hours(session, schedule)
  local country = session.context and session.context.country
  local words = country and night[country]
  if not words or not schedule.next_open then return nil end
  return { text = words:format(schedule.next_open.text), ask = "email", ticket = true }
end
