/** Dice that fall the same way each time they are thrown with the same seed. */
export class Dice {
  constructor(private seed: number) {}

  /** below gives a whole number from 0 to n-1. */
  below(n: number): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }

  /** one gives one of several things. */
  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }

  /** chance is true once in n times. */
  chance(n: number): boolean {
    return this.below(n) === 0;
  }
}
