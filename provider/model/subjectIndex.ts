interface Branch {
  readonly next: Map<string, Branch>;
  /** Who has the subject that ends here; a set of one is the usual case. */
  owners?: Set<string>;
}

/** Subjects by their tokens: finds who has one that collides with another, without comparing with all. */
export class SubjectIndex {
  readonly #root: Branch = branch();

  add(subject: string, owner: string): void {
    let at = this.#root;
    for (const token of subject.split(".")) {
      let next = at.next.get(token);
      if (!next) at.next.set(token, (next = branch()));
      at = next;
    }
    (at.owners ??= new Set()).add(owner);
  }

  /** Owners of subjects that one message could match together with `subject`, at most `most`. */
  colliding(subject: string, most = Number.POSITIVE_INFINITY): string[] {
    const found = new Set<string>();
    collide(this.#root, subject.split("."), 0, found, most);
    return [...found];
  }
}

function collide(at: Branch, tokens: readonly string[], index: number, found: Set<string>, most: number): void {
  if (found.size >= most) return;
  const token = tokens[index];
  if (token === undefined) return take(at, found, most);
  if (token === ">") return descend(at, found, most);
  const rest = at.next.get(">");
  if (rest) take(rest, found, most);
  const branches = token === "*" ? [...at.next] : [...both(at, token)];
  for (const [key, next] of branches) if (key !== ">") collide(next, tokens, index + 1, found, most);
}

function* both(at: Branch, token: string): Generator<[string, Branch]> {
  for (const key of [token, "*"]) {
    const next = at.next.get(key);
    if (next) yield [key, next];
  }
}

function descend(at: Branch, found: Set<string>, most: number): void {
  for (const next of at.next.values()) {
    if (found.size >= most) return;
    take(next, found, most);
    descend(next, found, most);
  }
}

function take(at: Branch, found: Set<string>, most: number): void {
  for (const owner of at.owners ?? []) {
    if (found.size >= most) return;
    found.add(owner);
  }
}

function branch(): Branch {
  return { next: new Map() };
}
