import { assert } from '../assert.ts';

/** What a snapshot keeps of the texts; null where a number is free. */
export interface StoredTexts {
  readonly texts: readonly (readonly [text: string, users: number] | null)[];
  readonly free: readonly number[];
}

/** One copy of each text, by number, as long as somebody uses it. */
export class InternedTexts {
  #texts: ({ readonly text: string; users: number } | null)[] = [];
  #free: number[] = [];
  readonly #numbers = new Map<string, number>();

  take(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) {
      this.#entry(known).users += 1;
      return known;
    }
    const no = this.#free.pop() ?? this.#texts.length;
    this.#texts[no] = { text, users: 1 };
    this.#numbers.set(text, no);
    return no;
  }

  drop(no: number): void {
    const entry = this.#entry(no);
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#numbers.delete(entry.text);
    this.#texts[no] = null;
    this.#free.push(no);
  }

  at(no: number): string {
    return this.#entry(no).text;
  }

  stored(): StoredTexts {
    return { texts: this.#texts.map((entry) => entry && [entry.text, entry.users]), free: this.#free };
  }

  restore({ texts, free }: StoredTexts): void {
    this.#texts = texts.map((stored, no) => {
      if (stored === null) return null;
      const [text, users] = stored;
      this.#numbers.set(text, no);
      return { text, users };
    });
    this.#free = [...free];
  }

  #entry(no: number): { readonly text: string; users: number } {
    const entry = this.#texts[no];
    assert(entry, 'a text is in the table as long as its number is used');
    return entry;
  }
}
