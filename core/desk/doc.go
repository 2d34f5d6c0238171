// Package desk is the only thing that changes a handoff: one verb for each thing that people, bots and the
// desk itself do with a session, who may do it, and what each of them sees of it. The Dispatcher gives waiting
// sessions to agents, the Keeper keeps deadlines.
package desk
