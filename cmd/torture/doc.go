// Package torture breaks the real program from outside and looks whether it kept its word: it is built as users
// get it, started on SQLite and on PostgreSQL, used over its public API by people and bots at once, and killed,
// ended, frozen and run twice meanwhile. BATON_PROOF=1 asks for the full counts.
package torture
