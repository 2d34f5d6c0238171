// Package estimate says how long a place in a line takes, as a range. It does not divide by an average: it plays the
// next hours of the queue a few hundred times, with the places that its agents have now and how long each chat in them
// has gone on, with handle times that were measured in this queue, with the patience of those ahead, and with the more
// urgent chats that may still come; the range holds what most of these times came to.
package estimate
