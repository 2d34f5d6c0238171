---@meta

-- What scripts find in Baton, for editors. It is written from the server's own list; do not change it by hand.

---@class Session
---@field id string The id of the chat.
---@field queue string The name of its queue.
---@field channel string Where the customer is: web, widget, api ...
---@field subject string? What it is about, in a few words.
---@field language string? The customer's language: en, de ...
---@field priority string low, normal, high or urgent.
---@field tags table A set: session.tags.vip is true or nil.
---@field skills string[] What the agent should be able to do; session.skills.refund is true or nil.
---@field preferred_agent string? The id of the agent that the bot asked for.
---@field customer SessionCustomer Who the customer is; no address and no number.
---@field waiting_s number For how many seconds it has waited.
---@field last_agent string? The id of who had this customer's chat before.
---@field reason SessionReason Why a person is wanted.
---@field context any What the bot passed on, as it came.

---@class SessionCustomer
---@field id string The id of the customer.
---@field name string? How the customer is called.
---@field returning boolean Has had a chat before.

---@class SessionReason
---@field code string As a word: customer_request, low_confidence, sentiment ...
---@field text string? As a sentence.

---@class Agent
---@field id string What assign gives back.
---@field name string The agent's name.
---@field status string available or busy.
---@field active number How many chats the agent has.
---@field capacity number How many the agent may have.
---@field load number The chats and the places that open offers hold.
---@field skills string[] What the agent can do; agent.skills.refund is true or nil.
---@field languages string[] What the agent speaks; agent.languages.de is true or nil.
---@field queue_rank number The place of this queue among the agent's queues; 1 is the first.
---@field last_assigned_s number How many seconds ago the agent last got a chat; -1 is never.
---@field online_s number For how many seconds the agent has had this status.

---@class Ctx
---@field attempt number 1 the first time that an agent is looked for, then 2, 3 ...
---@field trigger string? Why: new, timeout, declined, transfer or agent_free.
---@field counter number Counts the decisions of this script in this queue from 1; it goes on when the decision is kept.
---@field settings table The script's settings.
---@field now CtxNow The moment of the question, in the company's time zone.

---@class CtxNow
---@field unix number Seconds since 1970.
---@field year number 2026.
---@field month number 1 to 12.
---@field day number 1 to 31.
---@field hour number 0 to 23.
---@field min number 0 to 59.
---@field wday number 1 is Monday, 7 is Sunday.
---@field tz string The name of the time zone.

---@class Message
---@field id string The id of the message.
---@field text string What was written.
---@field from string customer, agent or bot.
---@field language string? The language of the text.
---@field has_attachment boolean A file came with it.
---@field at number When, in seconds since 1970.

---@class Schedule
---@field reason string Why nobody is there: closed, holiday, no_agents, or closing when the wait would outlast the opening.
---@field text string? The queue's own message in the customer's language.
---@field ask string? Is email where the queue takes messages for later.
---@field timezone string The time zone of the hours.
---@field next_open ScheduleNextOpen? When somebody is there again, if that is known.

---@class ScheduleNextOpen
---@field unix number In seconds since 1970.
---@field text string In words for the customer.

---@class Event
---@field type string What has happened: session.ended ...
---@field at number When, in seconds since 1970.
---@field session Session The chat as it is now.
---@field actor EventActor Who did it.
---@field data any What the event carries.

---@class EventActor
---@field role string customer, agent, bot, system ...
---@field id string? The id of who did it.
---@field name string? The name of who did it.

-- Who gets this chat? Give an agent's id, and why; nil is no opinion, and false lets the chat wait for one minute at most.
---@alias Hook.assign fun(session: Session, agents: Agent[], ctx: Ctx): string|false|nil, string?

-- How urgent is it? Give "low", "normal", "high" or "urgent"; nil is no opinion.
---@alias Hook.prioritise fun(session: Session, ctx: Ctx): string?

-- What is a customer told while nobody is there? Give a text, or a table with text and perhaps ask = "email", close = true, ticket = true.
---@alias Hook.after_hours fun(session: Session, schedule: Schedule, ctx: Ctx): string|table|nil

-- Which queue takes a chat that has waited too long? Give its name; nil leaves the chat where it is.
---@alias Hook.overflow fun(session: Session, ctx: Ctx): string?

-- What is this message about? Give a list of at most 20 tags.
---@alias Hook.tag fun(session: Session, message: Message, ctx: Ctx): string[]|nil

-- Is there an automatic answer while the customer waits? Give a text of at most 4 KiB.
---@alias Hook.reply fun(session: Session, message: Message, ctx: Ctx): string?

-- Take note of what has happened. What it gives back is not looked at.
---@alias Hook.on_event fun(event: Event, ctx: Ctx)

-- Lines for the script's log, 100 a call.
log = {}

-- Values that last. They are kept when the decision is, and all servers share them.
store = {}

-- JSON as text.
json = {}

-- Text in any language.
text = {}

-- Regular expressions as Go has them: they never run away.
re = {}

-- The time of the question. Nothing here knows any other, so the same question is answered alike again.
time = {}

-- The script's settings, by name.
settings = {}

-- Files of a plugin; a script has none.
assets = {}

-- time and clock of Lua, from the time of the question.
os = {}

--- Adds a line to the log.
---@param text any
function log.info(text) end

--- Adds a line with a warning to the log.
---@param text any
function log.warn(text) end

--- Gives the value of a key, or default.
---@param key string
---@param default? any
---@return any
function store.get(key, default) end

--- Keeps a value of at most 4 KiB as JSON, for ttl seconds or for good.
---@param key string
---@param value any
---@param ttl? number
function store.set(key, value, ttl) end

--- Adds to a number and gives the sum; a missing one is 0.
---@param key string
---@param by? number
---@param ttl? number
---@return number
function store.incr(key, by, ttl) end

--- Takes a key away.
---@param key string
function store.del(key) end

--- Writes a value as JSON, the names of objects sorted.
---@param value any
---@return string
function json.encode(value) end

--- Reads JSON. A null is nil.
---@param text string
---@return any
function json.decode(text) end

--- In small letters.
---@param text string
---@return string
function text.lower(text) end

--- In capital letters.
---@param text string
---@return string
function text.upper(text) end

--- Without white space around it.
---@param text string
---@return string
function text.trim(text) end

--- Its words, in small letters.
---@param text string
---@return string[]
function text.words(text) end

--- Says whether part is in text, in small letters or capitals.
---@param text string
---@param part string
---@return boolean
function text.contains(text, part) end

--- Gives the first of the phrases that is in text as whole words, or nil.
---@param text string
---@param phrases string[]
---@return string?
function text.has_any(text, phrases) end

--- Says whether the expression is found in text.
---@param text string
---@param expression string
---@return boolean
function re.match(text, expression) end

--- Gives the first match and its groups, or nil.
---@param text string
---@param expression string
---@return string?
---@return string? ...
function re.find(text, expression) end

--- Gives all matches.
---@param text string
---@param expression string
---@return string[]
function re.find_all(text, expression) end

--- Replaces all matches; $1 is the first group.
---@param text string
---@param expression string
---@param replacement string
---@return string
function re.replace(text, expression, replacement) end

--- The time of the question in seconds since 1970.
---@return number
function time.now() end

--- unix, year, month, day, hour, min, sec, wday (1 is Monday), yday and tz of a time, in a named zone or the company's.
---@param unix? number
---@param zone? string
---@return table
function time.parts(unix, zone) end

--- Writes a time as strftime does: %Y-%m-%d %H:%M.
---@param layout string
---@param unix? number
---@param zone? string
---@return string
function time.format(layout, unix, zone) end

--- The time of the question, or that of a table with year, month and day.
---@param parts? table
---@return number
function os.time(parts) end

--- How far the script has come; it measures no time.
---@return number
function os.clock() end

--- Translates a text of a plugin; a script's texts stay as they are.
---@param text string
---@return string
function t(text) end

--- Adds a line to the log.
---@param ... any
function print(...) end
