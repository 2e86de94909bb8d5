/** The tallest element that every browser lays out exactly; Firefox stops soonest. */
const tallest = 8_000_000;

/**
 * Track is one axis of a scrolled view of many lines of equal height: it turns where a scroll bar
 * stands into the line on top and back. Where all lines together are taller than an element can be,
 * the bar stands for a part of the whole, and steps of single lines are kept apart from it.
 */
export class Track {
  /** The line at the edge, with the part of it that is scrolled away. */
  top = 0;
  private scrolled = 0;

  constructor(readonly unit: number, public lines = 0, public room = 0) {}

  /** The size of the element that the bar scrolls, in px. */
  get size(): number {
    return Math.min(this.lines * this.unit, tallest);
  }

  /** Reports whether the bar is too coarse to reach every line. */
  get coarse(): boolean {
    return this.lines * this.unit > tallest;
  }

  /** The number of whole lines in view. */
  get page(): number {
    return Math.max(1, Math.floor(this.room / this.unit));
  }

  /** The greatest top. */
  get last(): number {
    return Math.max(0, this.lines - this.room / this.unit);
  }

  /** Where the bar has to stand for top, in px. */
  get position(): number {
    if (!this.coarse) {
      return this.top * this.unit;
    }
    return (this.top / this.last) * (this.size - this.room);
  }

  /** Takes where the bar stands; what we have set ourselves says nothing new. */
  scroll(position: number): void {
    if (Math.abs(position - this.scrolled) < 1.5) {
      return;
    }
    this.scrolled = position;
    this.moveTo(this.coarse ? (position / (this.size - this.room)) * this.last : position / this.unit);
  }

  moveTo(top: number): void {
    this.top = Math.min(Math.max(0, top), this.last);
  }

  /** Moves by px, as a wheel does. */
  moveBy(px: number): void {
    this.moveTo(this.top + px / this.unit);
  }

  /** Moves as little as brings a line into view. */
  reveal(line: number): void {
    if (line < this.top) {
      this.moveTo(line);
    } else if (line + 1 > this.top + this.room / this.unit) {
      this.moveTo(line + 1 - this.room / this.unit);
    }
  }

  /** Notes that the bar was set; gives where. */
  settle(): number {
    return (this.scrolled = this.position);
  }

  /** The lines in view, those seen in part too: the first, and how many. */
  window(): { first: number; count: number } {
    const first = Math.floor(this.top);
    const end = Math.min(this.lines, Math.ceil(this.top + this.room / this.unit));
    return { first, count: Math.max(0, end - first) };
  }
}
