/**
 * A symmetric matrix M swept on a set S of its variables, R being the others:
 *
 *     −M_SS⁻¹          M_SS⁻¹ M_SR
 *     M_RS M_SS⁻¹      M_RR − M_RS M_SS⁻¹ M_SR
 *
 * Letting one variable in or out costs O(n²), whatever the size of S.
 *
 * J. Goodnight: A tutorial on the SWEEP operator. The American Statistician 33, 1979.
 */
export class Sweep {
  /** The variables that may be swept; rows and columns beyond these go along. */
  readonly variables: number;
  /** 1 for what is in S. */
  readonly inside: Uint8Array;
  /** Rows of the lower triangle. There is an even number, of which those beyond the last are 0. */
  readonly #rows: Float64Array;
  readonly #stride: number;
  readonly #column: Float64Array;

  /**
   * @param matrix [variables, variables], positive semidefinite, with a diagonal of 1 or 0
   * @param beyond the rows that go along, [variables] each
   */
  constructor(matrix: Float64Array, variables: number, ...beyond: readonly Float64Array[]) {
    const stride = 2 * Math.ceil((variables + beyond.length) / 2);
    this.variables = variables;
    this.inside = new Uint8Array(variables);
    this.#stride = stride;
    this.#rows = new Float64Array(stride * stride);
    for (let i = 0; i < variables; i++)
      this.#rows.set(matrix.subarray(i * variables, (i + 1) * variables), i * stride);
    beyond.forEach((row, at) => {
      this.#rows.set(row, (variables + at) * stride);
    });
    this.#column = new Float64Array(stride);
  }

  /** Column k of the variables, in `into`. */
  column(k: number, into: Float64Array): Float64Array {
    const rows = this.#rows;
    const stride = this.#stride;
    const count = Math.min(k, into.length);
    for (let j = 0; j < count; j++) into[j] = rows[k * stride + j]!;
    for (let i = k; i < into.length; i++) into[i] = rows[i * stride + k]!;
    return into;
  }

  /**
   * Sweeps until x ≥ 0, w ≥ 0 and xᵢwᵢ = 0, each time on the variable that is furthest off. As a rule it gets there in a
   * few more than n sweeps, but it may go round in circles or lose itself in rounding: the answer wants proof.
   *
   * @param read takes −x on S and w on R from the matrix as it is
   */
  settle(read: () => Float64Array): void {
    for (let left = 4 * this.variables + 10; left > 0; left--) {
      const off = this.#furthest(read());
      if (off < 0) return;
      this.sweep(off);
    }
  }

  /** The variable of the wrong sign that changes ½xᵀMx − bᵀx most, or −1. Those that depend on S stay out. */
  #furthest(values: Float64Array): number {
    const [rows, inside, step] = [this.#rows, this.inside, this.#stride + 1];
    let [furthest, most] = [-1, 0];
    for (let i = 0; i < this.variables; i++) {
      const sign = 2 * inside[i]! - 1;
      const off = sign * values[i]!;
      if (off <= SLACK) continue;
      // Rounding may make a pivot negative.
      const pivot = -sign * rows[i * step]!;
      const gain = pivot > DEPENDENT ? (off * off) / (pivot + NOISE) : 0;
      if (gain > most) [furthest, most] = [i, gain];
    }
    return furthest;
  }

  /** Lets k in, or out where it is in. */
  sweep(k: number): void {
    const rows = this.#rows;
    const stride = this.#stride;
    const column = this.column(k, this.#column);
    const inverse = 1 / column[k]!;
    // By two rows and two columns, which saves half of the reading.
    for (let i = 0; i < stride; i += 2) {
      const upper = i * stride;
      const lower = upper + stride;
      const a = column[i]! * inverse;
      const b = column[i + 1]! * inverse;
      for (let j = 0; j <= i; j += 2) {
        const left = column[j]!;
        const right = column[j + 1]!;
        rows[upper + j]! -= a * left;
        rows[upper + j + 1]! -= a * right;
        rows[lower + j]! -= b * left;
        rows[lower + j + 1]! -= b * right;
      }
    }
    const scale = Math.abs(inverse);
    for (let j = 0; j < k; j++) rows[k * stride + j] = column[j]! * scale;
    for (let i = k + 1; i < stride; i++) rows[i * stride + k] = column[i]! * scale;
    rows[k * stride + k] = -inverse;
    this.inside[k]! ^= 1;
  }
}

/** By how much a sign may be wrong, where the diagonal is 1. */
const SLACK = 1e-12;
/** A variable with a pivot below this, of 1, is a combination of those in S. */
const DEPENDENT = 1e-12;
/** What rounding of gradients in float32 may leave of a pivot: as a curve it is not to be trusted. */
const NOISE = 1e-6;
