// Randomness that a number makes repeatable (mulberry32), so that a day that went wrong can be lived again.
export class Chance {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  // From 0 to just below 1.
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(end) {
    return Math.floor(this.next() * end);
  }

  between(from, end) {
    return from + this.below(end - from);
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}
