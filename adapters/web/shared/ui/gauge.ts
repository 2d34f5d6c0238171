export type Heat = "cool" | "warm" | "hot";

/** How much of the allowed time may pass before it is warm; when all of it has, it is hot. */
const warmFrom = 0.8;

/** The heat of a share of the allowed time. */
export const heatOf = (share: number): Heat => (share >= 1 ? "hot" : share >= warmFrom ? "warm" : "cool");
