package stats

// Stretches lets a test cut periods.
var Stretches = stretches
