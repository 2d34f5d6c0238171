// Package core says what a handoff is: the session and its life, the people around it, the events that
// tell its story, and the few ports through which the rest of the house is reached. It imports the standard
// library and nothing else. A session changes only by the transitions of this package; who may ask for one
// is decided in core/desk.
package core
