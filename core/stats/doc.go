// Package stats says what is counted and how. The log is the truth: Fold makes one Fact of each session that has
// ended, and facts are added up into pages, one for each day of the account's time zone. A page is a sum, so a fact
// that changes is taken out as it was and put in as it is, and what is added up in any order is the same, byte for
// byte. Rollup keeps facts and pages up to date and repairs them from the log; Figures answers questions from pages,
// and from what is open right now.
//
// Every figure is about the sessions that were requested on the days asked for, so that a list of those sessions,
// narrowed by the same filter, shows what is behind it. Only message volume, waiting lines and agents' time go by the
// clock: they are counted when they happen.
package stats
