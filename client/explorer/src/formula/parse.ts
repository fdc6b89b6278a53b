/** Formulas of the catalogue, in the syntax of SymPy and Python, as trees. */

export type Formula =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "negative"; readonly of: Formula }
  | { readonly kind: "binary"; readonly operator: Operator; readonly operands: Pair }
  | { readonly kind: "call"; readonly name: string; readonly of: readonly Formula[] }
  | { readonly kind: "element"; readonly of: Formula; readonly index: Formula }
  | { readonly kind: "cases"; readonly cases: readonly Case[]; readonly otherwise?: Formula }
  | {
      readonly kind: "sum";
      readonly of: Formula;
      readonly over: string;
      readonly in: Formula;
    };

export type Pair = readonly [Formula, Formula];
export type Operator = "+" | "-" | "*" | "/" | "**" | "&" | "|" | Relation;
export type Relation = "<" | "<=" | ">" | ">=" | "==";
export interface Case {
  readonly value: Formula;
  readonly condition: Formula;
}

/** @throws {SyntaxError} where the text is none of these formulas. */
export function parse(text: string): Formula {
  const parser = new Parser(text);
  const formula = parser.expression();
  parser.end();
  return formula;
}

const TOKEN = /\s*(\d+\.?\d*(?:e[+-]?\d+)?|[A-Za-z_]\w*|\*\*|<=|>=|==|[-+*/&|<>()[\],])/y;

// From the loosest to the tightest; all of them group from the left. Power binds tighter than a
// sign before it, and groups from the right.
const LEVELS: readonly (readonly Operator[])[] = [
  ["|"],
  ["&"],
  ["<", "<=", ">", ">=", "=="],
  ["+", "-"],
  ["*", "/"],
];

class Parser {
  readonly #tokens: string[] = [];
  #position = 0;

  constructor(text: string) {
    const end = text.trimEnd().length;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < end) {
      const start = TOKEN.lastIndex;
      const token = TOKEN.exec(text)?.[1];
      if (token === undefined) throw new SyntaxError(`${text}: no token at ${start}`);
      this.#tokens.push(token);
    }
  }

  end(): void {
    const rest = this.#peek();
    if (rest !== undefined) throw new SyntaxError(`nothing should follow; there is ${rest}`);
  }

  /** Python's `a if c else b`, or what binds tighter. */
  expression(): Formula {
    const value = this.#binary(0);
    if (!this.#accept("if")) return value;
    const condition = this.#binary(0);
    this.#expect("else");
    const otherwise = this.expression();
    return { kind: "cases", cases: [{ value, condition }], otherwise };
  }

  #binary(level: number): Formula {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#signed();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((each) => this.#accept(each));
      if (operator === undefined) return left;
      left = { kind: "binary", operator, operands: [left, this.#binary(level + 1)] };
    }
  }

  #signed(): Formula {
    if (this.#accept("-")) return { kind: "negative", of: this.#signed() };
    return this.#power();
  }

  #power(): Formula {
    const base = this.#element();
    if (!this.#accept("**")) return base;
    return { kind: "binary", operator: "**", operands: [base, this.#signed()] };
  }

  #element(): Formula {
    let of = this.#atom();
    while (this.#accept("[")) {
      of = { kind: "element", of, index: this.expression() };
      this.#expect("]");
    }
    return of;
  }

  #atom(): Formula {
    const token = this.#next();
    if (/^\d/.test(token)) return { kind: "number", text: token };
    if (token === "(") {
      const inner = this.expression();
      this.#expect(")");
      return inner;
    }
    if (!/^\w/.test(token)) throw new SyntaxError(`a term should be where ${token} is`);
    if (!this.#accept("(")) return { kind: "symbol", name: token };
    if (token === "Piecewise") return this.#piecewise();
    if (token === "sum") return this.#sum();
    const of = this.#list();
    return { kind: "call", name: token, of };
  }

  // Its opening bracket has been taken, as that of each of these.
  #list(): Formula[] {
    const list: Formula[] = [];
    while (!this.#accept(")")) {
      this.#accept("*"); // Max(*x) takes the elements of x
      list.push(this.expression());
      this.#accept(",");
    }
    return list;
  }

  #piecewise(): Formula {
    const cases: Case[] = [];
    let otherwise: Formula | undefined;
    while (!this.#accept(")")) {
      this.#expect("(");
      const value = this.expression();
      this.#expect(",");
      const condition = this.expression();
      this.#expect(")");
      this.#accept(",");
      if (condition.kind === "symbol" && condition.name === "True") otherwise = value;
      else cases.push({ value, condition });
    }
    return otherwise === undefined ? { kind: "cases", cases } : { kind: "cases", cases, otherwise };
  }

  // `sum(f(t) for t in x)`, and `for t, v in zip(x, u)`.
  #sum(): Formula {
    const of = this.expression();
    this.#expect("for");
    let over = this.#next();
    while (this.#accept(",")) over += `, ${this.#next()}`;
    this.#expect("in");
    const within = this.expression();
    this.#expect(")");
    return { kind: "sum", of, over, in: within };
  }

  #peek(): string | undefined {
    return this.#tokens[this.#position];
  }

  #next(): string {
    const token = this.#peek();
    if (token === undefined) throw new SyntaxError("the formula ends too early");
    ++this.#position;
    return token;
  }

  #accept(token: string): boolean {
    if (this.#peek() !== token) return false;
    ++this.#position;
    return true;
  }

  #expect(token: string): void {
    const found = this.#next();
    if (found !== token) throw new SyntaxError(`${token} should be where ${found} is`);
  }
}
